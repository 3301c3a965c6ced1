"""After a child is back: the police's prevention interview, what repeated, and the quality check of a sampled return interview."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from atlas.chronology.models import moment_of, precision_field
from atlas.chronology.moments import Moment, Precision
from atlas.missing.codes import PointAnswer, PreventionMode, YesNo
from atlas.missing.models.episode import AboutMissing, Episode
from atlas.missing.models.interview import AboutInterview, ReturnInterview


class PreventionInterview(AboutMissing):
    """The police saw the child on return: safe, harmed, what is needed now. Not the return interview, and never counted as it."""

    append_only = True
    version = None  # never altered

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="prevention_interviews")
    held_at = models.DateTimeField(null=True)
    held_precision = precision_field(default=Precision.MINUTE)
    mode = models.CharField(max_length=12, choices=PreventionMode.choices)
    held_by_words = models.CharField(max_length=120, help_text="the officer, and the force")
    seen_alone = models.CharField(max_length=8, choices=YesNo.choices)
    sexual_harm = models.CharField(max_length=8, choices=YesNo.choices, help_text="is sexual harm possible?")
    advice_words = models.TextField(blank=True, help_text="whom the officer asked for advice before any detailed talk, and what they said")
    clothing_kept = models.CharField(max_length=8, choices=YesNo.choices)
    injury_words = models.TextField(blank=True)
    where_words = models.TextField(blank=True, help_text="where the child was, and with whom")
    said_words = models.TextField(blank=True, help_text="what the child told, in the child's words")
    crime_reference = models.CharField(max_length=60, blank=True)
    referral_words = models.TextField(blank=True)
    next_time_words = models.TextField(blank=True, help_text="what should be known next time")
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["episode"], name="prevention_interview_episode"),)

    @property
    def held(self) -> Moment | None:
        """When the child was seen."""
        return moment_of(self.held_at, self.held_precision)


class RepeatTrigger(AboutMissing):
    """A rule on repeated episodes was met: which, by which episodes, and what a person decided of it. It is asked once while it waits."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="repeat_triggers")
    rule = models.CharField(max_length=16)
    episodes = ArrayField(models.UUIDField(), help_text="the episodes that were counted, the one that met the rule last")
    fired_at = models.DateTimeField()
    decision_words = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["child", "rule"], condition=Q(decided_at__isnull=True), name="repeat_trigger_asked_once"),
        )
        indexes = (models.Index(fields=["episode"], name="repeat_trigger_episode"),)


class QualityCheck(AboutInterview):
    """A return interview that was drawn by chance for a check of its quality: five points, each yes, partly or no. For the coordinator."""

    interview = models.OneToOneField(ReturnInterview, on_delete=models.PROTECT, related_name="quality_check")
    drawn_at = models.DateTimeField()
    drawn_words = models.CharField(max_length=60, help_text="the seed and the rate by which it was drawn, so that it can be drawn again")
    causes = models.CharField(max_length=8, choices=PointAnswer.choices, blank=True)
    harm = models.CharField(max_length=8, choices=PointAnswer.choices, blank=True)
    places_people = models.CharField(max_length=8, choices=PointAnswer.choices, blank=True)
    wishes = models.CharField(max_length=8, choices=PointAnswer.choices, blank=True)
    follow_up = models.CharField(max_length=8, choices=PointAnswer.choices, blank=True)
    checked_words = models.TextField(blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["drawn_at"], name="quality_check_waiting", condition=Q(checked_at__isnull=True)),)
