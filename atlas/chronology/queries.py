"""The child's chronology, in order."""

from uuid import UUID

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat

from atlas.children.models import Child
from atlas.chronology.models import Entry
from atlas.gate.context import Subject


def chronology(subject: Subject, child: Child) -> "QuerySet[Entry]":
    """What happened to the child, latest first; a thing whose time is not known stands where it was recorded."""
    return _signed(Entry.objects.of_child(subject, child.pk)).order_by("-happened_at", "-recorded_at")


def entries_about(subject: Subject, child_id: UUID, about_id: UUID) -> "QuerySet[Entry]":
    """What happened in one record about a child, latest first."""
    return _signed(Entry.objects.of_child(subject, child_id).filter(about_id=about_id)).order_by("-recorded_at")


def _signed(entries: "QuerySet[Entry]") -> "QuerySet[Entry]":
    """Each entry with the name and the agency of whoever wrote it down."""
    user = "recorded_by__user"
    return entries.annotate(
        written_by=Concat(f"{user}__first_name", Value(" "), f"{user}__last_name"), written_for=F("recorded_by__team__agency__name")
    )
