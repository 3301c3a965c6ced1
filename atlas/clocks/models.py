"""A clock: one time limit running for one child because of one entry. And the dated rows by which time limits are set here."""

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from atlas.chronology.models import Entry, precision_field
from atlas.chronology.moments import Precision
from atlas.clocks.calendar import Override
from atlas.clocks.rules import AMOUNTS, MOST_LOCALLY, Amount, MissedReason, Rank, TimeLimit
from atlas.gate.ageing import Ages
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind


class Clock(AboutChild):
    """A time limit that started: its rule and version, its deadline (earliest and latest where the start is not exact), its end.

    Outcome: `in time` where it stopped by the earliest deadline, `late` after the latest, `not known` between the two.
    """

    record_kind = RecordKind.WORK
    open_to_tick = True
    ages = Ages(by=("stopped_at",))

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
    limit_version = models.CharField(max_length=100)
    limit_name = models.CharField(max_length=120)
    started_by = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="started_clocks")
    started_at = models.DateTimeField(null=True)
    started_precision = precision_field(default=Precision.MINUTE)
    due_at = models.DateTimeField(null=True, help_text="the earliest deadline")
    due_latest_at = models.DateTimeField(null=True)
    why = models.TextField()
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


class DayRange(Func):
    """The days from one to another, both in; none where the second is the day before the first."""

    function = "DATERANGE"
    template = "%(function)s(%(expressions)s + 1)"
    output_field = DateRangeField()


class LocalLimit(models.Model):
    """A time limit that one authority set for itself, from a day on: tighter than the national one, or instead of Atlas's default.

    Never edited: the next one ends the one before. One that was replaced before its first day ends on the day before it, and
    was never in force. It says nothing of any child.
    """

    append_only: ClassVar[bool] = True
    ends_by: ClassVar[str] = "valid_until"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    limit = models.CharField(max_length=40)
    count = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16, choices=[(unit, f"{unit}s".capitalize()) for unit in AMOUNTS])
    source = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    set_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(count__gte=1, count__lte=MOST_LOCALLY), name="local_limit_amount"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from") - timedelta(days=1)), name="local_limit_ends_after_start"
            ),
            ExclusionConstraint(
                name="local_limit_no_overlap",
                expressions=[
                    ("authority", RangeOperators.EQUAL),
                    ("limit", RangeOperators.EQUAL),
                    (DayRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
        )  # fmt: skip

    @property
    def allowed(self) -> Amount:
        """The amount of time that it allows."""
        return AMOUNTS[self.unit](self.count)

    def instead_of(self, limit: TimeLimit) -> TimeLimit:
        """As the rule that judges in place of this one."""
        return replace(
            limit, allowed=self.allowed, rank=Rank.LOCAL, source=self.source, valid_from=self.valid_from, valid_until=self.valid_until,
            authority=self.authority.name, authority_code=self.authority.code, instead_of=limit,
        )  # fmt: skip

    def holds(self, today: date) -> str:
        """Whether it is in force, in the words of the screen."""
        if self.valid_until is not None and self.valid_until < self.valid_from:
            return "Replaced before it began"
        if self.valid_from > today:
            return "To come"
        return "In force" if self.valid_until is None or self.valid_until >= today else "Ended"


class BankHolidayChange(models.Model):
    """A day proclaimed as a bank holiday, or no longer one, since the calendar was made. The last one for a day stands.

    It judges what starts after it was recorded; a clock that runs already keeps its deadline and its words (ADR 11).
    """

    append_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)  # the order in which they were recorded
    day = models.DateField()
    is_holiday = models.BooleanField()
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=200)
    changed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    @property
    def override(self) -> Override:
        """As the calendar takes it."""
        return Override(self.day, self.is_holiday, self.name)
