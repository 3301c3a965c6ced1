"""The two halves of a missing episode: what the police's own system says of it, where that differs from ours, and how it was settled."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from atlas.chronology.models import Entry, moment_of, precision_field
from atlas.chronology.moments import Moment, Precision
from atlas.feeds.models import Row
from atlas.gate.models import version_field
from atlas.missing.codes import Grade, PoliceStatus
from atlas.missing.models.episode import AboutMissing, Episode
from atlas.missing.rules.agreement import Differs


class PoliceReport(AboutMissing):
    """What a force's own system says of one missing episode, as it last delivered it. What it said before stands in the earlier rows."""

    authority_columns: ClassVar[tuple[str, ...]] = ("responsible_authority", "host_authority")

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="police_reports")
    responsible_authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    host_authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    force = models.CharField(max_length=60)
    source_key = models.CharField(max_length=100, unique=True)
    force_reference = models.CharField(max_length=60, blank=True)
    reported_at = models.DateTimeField()
    reported_precision = precision_field(default=Precision.MINUTE)
    returned_at = models.DateTimeField(null=True)
    returned_precision = precision_field(default=Precision.UNKNOWN)
    status = models.CharField(max_length=3, choices=PoliceStatus.choices, blank=True)
    grade = models.CharField(max_length=4, choices=Grade.choices, blank=True)
    as_at = models.DateTimeField(help_text="when the force wrote it")
    received_at = models.DateTimeField()
    is_undone = models.BooleanField(default=False, help_text="its delivery was undone")
    row = models.ForeignKey(Row, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["episode"], name="police_report_episode"),)

    @property
    def reported(self) -> Moment:
        """When the force says that the child was reported missing."""
        return Moment(self.reported_at, Precision(self.reported_precision))

    @property
    def returned(self) -> Moment | None:
        """When the force says that the child was back."""
        return moment_of(self.returned_at, self.returned_precision)


class Stands(models.TextChoices):
    """What stands, once a person has answered a difference."""

    POLICE = "police", "What the police say stands"
    COUNCIL = "council", "What the council says stands"
    OTHER = "other", "Neither: another time stands"
    ERROR = "error", "There was no such missing episode: it was recorded in error"


class Difference(AboutMissing):
    """The police's and the council's record of one missing episode differ in one thing: a question, which one person answers once."""

    authority_columns: ClassVar[tuple[str, ...]] = ("responsible_authority", "host_authority")

    class In(models.TextChoices):
        START = Differs.START, "Time of the report"
        RETURN = Differs.RETURN, "Time of the return"
        TYPE = Differs.TYPE, "Missing, or away"
        GRADE = Differs.GRADE, "Police grade"
        BACK_POLICE = Differs.BACK_POLICE, "Back, by the police’s record alone"
        BACK_COUNCIL = Differs.BACK_COUNCIL, "Back, by the council’s record alone"
        ONLY_POLICE = Differs.ONLY_POLICE, "Only the police have it"
        ONLY_COUNCIL = Differs.ONLY_COUNCIL, "Only the council has it"

    class State(models.TextChoices):
        OPEN = "open", "To be answered"
        ANSWERED = "answered", "Answered"
        AGREED = "agreed", "The records agree by now"

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="differences")
    responsible_authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    host_authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    police_report = models.ForeignKey(PoliceReport, on_delete=models.PROTECT, null=True, related_name="+")
    differs = models.CharField(max_length=12, choices=In.choices)
    police_at = models.DateTimeField(null=True)
    police_precision = precision_field(default=Precision.UNKNOWN)
    council_at = models.DateTimeField(null=True)
    council_precision = precision_field(default=Precision.UNKNOWN)
    police_says = models.CharField(max_length=10, blank=True)
    council_says = models.CharField(max_length=10, blank=True)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    stands = models.CharField(max_length=8, choices=Stands.choices, blank=True)
    reason = models.TextField(blank=True, help_text="why, and how it is known")
    settled_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+", help_text="the answer")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["episode", "differs"], condition=Q(state="open"), name="difference_asked_once"),
            models.CheckConstraint(
                condition=Q(state="answered", settled_at__isnull=False, answered_by__isnull=False) & ~Q(stands="") & ~Q(reason="")
                | Q(state="agreed", settled_at__isnull=False, answered_by__isnull=True)
                | Q(state="open", settled_at__isnull=True, answered_by__isnull=True),
                name="difference_answered_by_whom",
            ),
        )
        indexes = (models.Index(fields=["responsible_authority", "found_at"], name="difference_open", condition=Q(state="open")),)

    @property
    def police(self) -> Moment | None:
        """The police's time, where the question is of a time."""
        return moment_of(self.police_at, self.police_precision)

    @property
    def council(self) -> Moment | None:
        """The council's time, where the question is of a time."""
        return moment_of(self.council_at, self.council_precision)


class ReportCorrection(AboutMissing):
    """The recorded time of a report was changed: from what to what, by whom, why. Appended; the earlier time is kept here."""

    append_only = True
    version = None  # never altered
    authority_columns: ClassVar[tuple[str, ...]] = ("responsible_authority", "host_authority")

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="report_corrections")
    responsible_authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    host_authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    from_precision = precision_field(default=Precision.MINUTE)
    to_at = models.DateTimeField()
    to_precision = precision_field(default=Precision.MINUTE)
    reason = models.TextField()
    corrected_at = models.DateTimeField()
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")


class Comparison(models.Model):
    """One day's comparison of an authority's missing episodes with the police's: how many stood side by side, and how many agreed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    compared_at = models.DateTimeField()
    episodes = models.PositiveIntegerField(help_text="of both sides together")
    agreed = models.PositiveIntegerField()
    asked = models.PositiveIntegerField(help_text="new differences")
    version = version_field()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["authority", "day"], name="comparison_once_a_day"),)
