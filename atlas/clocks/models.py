"""A clock: one time limit running for one child because of one entry."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from atlas.chronology.models import Entry, precision_field
from atlas.chronology.moments import Precision
from atlas.clocks.rules import MissedReason
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind


class Clock(AboutChild):
    """A time limit that started: its rule and version, its deadline (earliest and latest where the start is not exact), its end.

    Outcome: `in time` where it stopped by the earliest deadline, `late` after the latest, `not known` between the two.
    """

    record_kind = RecordKind.WORK
    open_to_tick = True

    class Outcome(models.TextChoices):
        RUNNING = "running", "Running"
        IN_TIME = "in_time", "In time"
        LATE = "late", "Late"
        NOT_KNOWN = "not_known", "Not known: the time was not recorded exactly"
        STOPPED = "stopped", "Stopped: no longer needed"

    authority = models.ForeignKey(
        "agencies.Authority", on_delete=models.PROTECT, related_name="+", help_text="whose ladder a missed one climbs"
    )
    limit = models.CharField(max_length=40)
    limit_version = models.CharField(max_length=80)
    limit_name = models.CharField(max_length=120)
    started_by = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="started_clocks")
    started_at = models.DateTimeField(null=True)
    started_precision = precision_field(default=Precision.MINUTE)
    due_at = models.DateTimeField(null=True, help_text="the earliest deadline")
    due_latest_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=500)
    about_label = models.CharField(max_length=60, blank=True)
    about_id = models.UUIDField(null=True)
    stopped_by = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="stopped_clocks")
    stopped_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.RUNNING)
    is_historic = models.BooleanField(default=False)
    overdue_noticed_at = models.DateTimeField(null=True)
    missed_reason = models.CharField(max_length=16, choices=MissedReason.choices, blank=True)
    missed_words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome="running", stopped_at__isnull=True) | Q(~Q(outcome="running"), stopped_at__isnull=False),
                name="clock_stopped_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(due_latest_at__gte=F("due_at")) | Q(due_at__isnull=True), name="clock_latest_after_earliest"
            ),
        )
        indexes = (
            models.Index(fields=["due_latest_at"], name="clock_running", condition=Q(outcome="running", overdue_noticed_at__isnull=True)),
            models.Index(fields=["child", "limit"], name="clock_child"),
            models.Index(fields=["about_id"], name="clock_about"),
        )

    def is_late(self, at: datetime) -> bool:
        """Whether it is certainly past its deadline at that moment, or ended late."""
        if self.outcome != self.Outcome.RUNNING:
            return self.outcome == self.Outcome.LATE
        return self.due_latest_at is not None and at > self.due_latest_at
