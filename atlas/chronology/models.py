"""Entries of the chronology, and the pair of columns in which a moment is kept."""

from datetime import datetime
from typing import Any

from django.db import models

from atlas.chronology.kinds import WORDS, Kind
from atlas.chronology.moments import Moment, Precision
from atlas.feeds.models import Row
from atlas.gate.ageing import Ages
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind


def precision_field(**options: Any) -> "models.CharField[str, str]":
    """How exactly the moment beside it is known."""
    return models.CharField(max_length=8, choices=[(p.value, p.value) for p in Precision], **options)


def moment_of(at: datetime | None, precision: str | None) -> Moment | None:
    """The moment kept in two columns; None where nothing was said."""
    if precision == Precision.UNKNOWN:
        return Moment(None, Precision.UNKNOWN)
    return Moment(at, Precision(precision or Precision.MINUTE)) if at is not None else None


class Entry(AboutChild):
    """One thing that happened to the child: its kind, its three times, the record it came from, who wrote it down."""

    record_kind = RecordKind.CHRONOLOGY
    append_only = True
    version = None  # never altered
    # By when it happened or became known, not by when it was written down: what is carried over from before is not news. What an open task
    # hangs on is not old.
    ages = Ages(by=("happened_at", "known_at"), otherwise="recorded_at", hangs_on=("tasks.Task", "entry_id", "id", "ended_at"))

    kind = models.CharField(max_length=32, choices=[(kind.value, kind.words) for kind in Kind])
    happened_at = models.DateTimeField(null=True)
    happened_precision = precision_field(default=Precision.MINUTE)
    known_at = models.DateTimeField(null=True)
    known_precision = precision_field(default=Precision.MINUTE)
    recorded_at = models.DateTimeField()
    # Nobody in a post, where somebody without an account has answered through a one-time link, or the child spoke.
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    words = models.CharField(max_length=300, blank=True)
    # The row of the catalogue of what changes a child's life (atlas/flow.py), where it is one: what the safety plan must answer.
    event = models.CharField(max_length=5, blank=True)
    # The record that says more stands in a folder above: its label and id, for the link on the screen.
    about_label = models.CharField(max_length=60, blank=True)
    about_id = models.UUIDField(null=True)
    row = models.ForeignKey(Row, on_delete=models.PROTECT, null=True, related_name="+")
    is_historic = models.BooleanField(default=False)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "entries"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(recorded_by__isnull=False) | models.Q(kind__in=["guest_answered", "child_said", "plan_does_not_help"]),
                name="entry_recorded_by",
            ),
        )
        indexes = (
            models.Index(fields=["child", "-happened_at"], name="entry_child"),
            models.Index(fields=["about_id"], name="entry_about"),
            models.Index(fields=["child", "recorded_at"], name="entry_event", condition=~models.Q(event="")),
        )

    @property
    def happened(self) -> Moment:
        """When it happened, as exactly as it is known."""
        return moment_of(self.happened_at, self.happened_precision) or Moment(None, Precision.UNKNOWN)

    @property
    def known(self) -> Moment | None:
        """When the first agency knew."""
        return moment_of(self.known_at, self.known_precision)

    @property
    def kind_words(self) -> str:
        """What happened, as staff read it."""
        return WORDS[self.kind]
