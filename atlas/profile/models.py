"""Impact assessments, analysis runs with what they said, and findings with their decisions. None is about any child. Row security: `gate/own.py`."""

import uuid

from django.db import models
from django.db.models import F, Q

from atlas.gate.models import version_field
from atlas.gate.policy import RecordKind


class ImpactAssessment(models.Model):
    """An impact assessment of what an analysis reads and says, generated from what runs, read and recorded by the privacy officer before the first run."""

    record_kind = RecordKind.RELATIONSHIP
    append_only = True

    class About(models.TextChoices):
        PROFILE = "profile", "The local profile"
        PLACES = "places", "Places and locations of concern"
        NETWORK = "network", "Links and the network picture"

    class Kind(models.TextChoices):
        PROTECTION = "protection", "Data protection impact assessment"
        EQUALITY = "equality", "Equality impact assessment"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=8, choices=About.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    fingerprint = models.CharField(max_length=64, help_text="of what runs, as it was when this was recorded")
    content = models.JSONField(help_text="the paper as it was generated: headings with their lines")
    judged_words = models.TextField(
        help_text="what whoever records it judges: whether it is needed, what could go wrong for whom, and what is done about it"
    )
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    review_on = models.DateField(help_text="no analysis runs on it after this day")

    class Meta:
        indexes = (models.Index(fields=["authority", "about", "-recorded_at"], name="impact_assessment_of"),)


class AnalysisRun(models.Model):
    """An analysis run: for which authority and period, by which method and seed, on what input (its fingerprint), and what it says: protected, and no row of a child."""

    record_kind = RecordKind.RELATIONSHIP

    class State(models.TextChoices):
        WAITING = "waiting", "Waits its turn"
        RUNNING = "running", "Is being made"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Could not be made"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(help_text="the day after the last")
    asked_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0, help_text="per cent")
    papers = models.JSONField(help_text="the fingerprint of what runs, by what its impact assessments are about")
    parameters = models.JSONField(
        help_text="all that the answer depends on beside the input: method, version, seed, shuffles, children living here"
    )
    input_fingerprint = models.CharField(max_length=64, blank=True, help_text="of the rows that were counted")
    tells_of = models.BinaryField(
        default=bytes,
        help_text="16 keyed bytes for each child and what is counted of it: a later profile may not differ by few",
    )
    content = models.JSONField(default=dict, help_text="the profile: sections with words and protected tables")
    finished_at = models.DateTimeField(null=True)
    failed_words = models.CharField(max_length=300, blank=True)
    version = version_field()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="analysis_run_period"),
            models.CheckConstraint(condition=Q(finished_at__isnull=True) | ~Q(input_fingerprint=""), name="analysis_run_fingerprint"),
        )
        indexes = (models.Index(fields=["authority", "-asked_at"], name="analysis_run_of"),)


class Finding(models.Model):
    """A finding of a profile that asks for a decision within 30 days: an action with its owner and its measure, or none, with the reason."""

    record_kind = RecordKind.RELATIONSHIP

    class Decision(models.TextChoices):
        ACTION = "action", "Something is done"
        NONE = "none", "Nothing is done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(AnalysisRun, on_delete=models.PROTECT, related_name="findings")
    section = models.CharField(max_length=20)
    key = models.CharField(max_length=80, help_text="what it is about, so that the next profile knows it again")
    words = models.TextField()
    found_at = models.DateTimeField()
    due_on = models.DateField()
    decision = models.CharField(max_length=6, choices=Decision.choices, blank=True)
    action_words = models.TextField(blank=True)
    owner = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    measure_words = models.CharField(max_length=300, blank=True, help_text="how it will be seen whether it worked")
    measured_on = models.DateField(null=True, help_text="when that is looked at")
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    version = version_field()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["run", "key"], name="finding_once"),
            models.CheckConstraint(
                condition=Q(decision="")
                | Q(decided_at__isnull=False, decided_by__isnull=False)
                & (
                    Q(decision="none") & ~Q(reason="")
                    | Q(decision="action", owner__isnull=False, measured_on__isnull=False) & ~Q(action_words="") & ~Q(measure_words="")
                ),
                name="finding_decided_whole",
            ),
        )
        indexes = (models.Index(fields=["authority", "due_on"], name="finding_waiting", condition=Q(decision="")),)
