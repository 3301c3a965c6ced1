"""The child's chronology, in order."""

from uuid import UUID

from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Coalesce, Concat

from atlas.children.models import Child
from atlas.chronology.models import Entry
from atlas.gate.context import Subject
from atlas.gate.kept import Kept
from atlas.gate.policy import RECENT

SHOWN = 30  # entries on a page


def chronology(subject: Subject, child: Child, before: int = 0) -> list[Entry]:
    """What happened to the child, latest first, after so many; one more than a page shows, so that one sees whether there are more.
    A thing whose time is not known stands where it was recorded.
    """
    if not Entry.objects.may_read(subject, child.pk):
        return []
    return list(_chronology(child.pk)[before : before + SHOWN + 1]) if before else _LATEST.rows(child.pk)


def recent_days(subject: Subject, child_id: UUID) -> int | None:
    """Of how many days the subject reads what happened to the child; None where all of it, or nothing."""
    return RECENT.days if Entry.objects.only_recent(subject, child_id) else None


def _chronology(child_id: UUID) -> "QuerySet[Entry]":
    return _signed(Entry.objects.filter(child=child_id)).order_by("-happened_at", "-recorded_at", "pk")


_LATEST = Kept(lambda child_id: _chronology(child_id)[: SHOWN + 1])


def entries_about(subject: Subject, child_id: UUID, about_id: UUID) -> "QuerySet[Entry]":
    """What happened in one record about a child, latest first."""
    return _signed(Entry.objects.of_child(subject, child_id).filter(about_id=about_id)).order_by("-recorded_at", "pk")


def _signed(entries: "QuerySet[Entry]") -> "QuerySet[Entry]":
    """Each entry with the name and the agency of whoever wrote it down."""
    user = "recorded_by__user"
    return entries.annotate(
        written_by=Case(
            When(recorded_by__isnull=True, then=Value("Somebody without an account")),
            default=Concat(f"{user}__first_name", Value(" "), f"{user}__last_name"),
        ),
        written_for=Coalesce("recorded_by__team__agency__name", Value("through a one-time link")),
    )
