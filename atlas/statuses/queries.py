"""The child's statuses as the main case system holds them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Value

from atlas.children.models import Child
from atlas.gate.context import Subject
from atlas.statuses.models import LegalStatus, Placement, Spell


@dataclass(frozen=True)
class Status:
    """One dated fact, in words, and when the main system wrote it."""

    words: str
    from_on: date
    until_on: date | None
    as_at: datetime


def statuses_of(subject: Subject, child: Child) -> list[Status]:
    """What is open now, and what ended: spells, placements, legal statuses; the present first. One statement."""
    dates = ("from_on", "until_on", "as_at")
    spells, places, legal = (
        model.objects.of_child(subject, child.pk).values_list(Value(kind), F(column), *dates)
        for model, kind, column in ((Spell, "", "status"), (Placement, "Placement ", "kind"), (LegalStatus, "Legal status ", "code"))
    )
    found = [
        Status(f"{kind}{code}" if kind else str(Spell.Status(code).label), from_on, until_on, as_at)
        for kind, code, from_on, until_on, as_at in spells.union(places, legal, all=True)
    ]
    return sorted(found, key=lambda one: (one.until_on is not None, -one.from_on.toordinal()))
