"""What was done of the steps while a child is missing, and who was told."""

from django.db import models
from django.db.models import Q

from atlas.missing.codes import HowTold
from atlas.missing.models.episode import AboutMissing, Episode


class StepTaken(AboutMissing):
    """A step of the timetable was done: which, when, what came of it, who says so. Appended; a step may be done again."""

    append_only = True
    version = None  # never altered

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="steps_taken")
    step = models.CharField(max_length=40)
    step_name = models.CharField(max_length=120)
    taken_at = models.DateTimeField()
    words = models.TextField(blank=True)
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "steps taken"
        indexes = (models.Index(fields=["episode"], name="step_taken_episode"),)


class PersonTold(AboutMissing):
    """Somebody was told that the child is missing: who, by whom, when, how. Appended."""

    append_only = True
    version = None  # never altered

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="told")
    who = models.CharField(max_length=24, help_text="which of those who must be told")
    name_words = models.CharField(max_length=120, help_text="the name of whoever was spoken with")
    how = models.CharField(max_length=10, choices=HowTold.choices)
    told_at = models.DateTimeField()
    words = models.TextField(blank=True)
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "people told"
        indexes = (models.Index(fields=["episode"], name="person_told_episode"),)


class NotToldYet(AboutMissing):
    """A manager's decision not to tell a parent yet, with its reason, until somebody of that rank lifts it."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="not_told_yet")
    whom_words = models.CharField(max_length=120, help_text="which parent, or both")
    reason = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_because = models.TextField(blank=True)
    lifted_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "not told yet"
        constraints = (models.UniqueConstraint(fields=["episode"], condition=Q(lifted_at__isnull=True), name="not_told_yet_one_live"),)
