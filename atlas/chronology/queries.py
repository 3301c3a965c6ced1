"""The child's chronology, in order."""

from django.db.models import QuerySet

from atlas.children.models import Child
from atlas.chronology.models import Entry
from atlas.gate.context import Subject


def chronology(subject: Subject, child: Child) -> "QuerySet[Entry]":
    """What happened to the child, latest first; a thing whose time is not known stands where it was recorded."""
    entries = Entry.objects.visible_to(subject).filter(child=child)
    return entries.select_related("recorded_by__user", "recorded_by__team__agency").order_by("-happened_at", "-recorded_at")
