"""Which classes are in force, what stands of holds, and when a child's record may go; as far as the acting post may ask."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connections
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from atlas.agencies.models import Authority
from atlas.retention.models import Hold, RetentionClass, RetentionDate
from atlas.retention.rules import Due, Event, Facts, Group, due


@dataclass(frozen=True)
class Reckoned:
    """A child's record as it is reckoned: `one`, the same for every record of the child; when it is due; which holds keep it."""

    child: UUID
    one: UUID
    facts: Facts
    due: Due
    held_by: tuple[UUID, ...]


def classes_in_force(authority: Authority, day: date) -> dict[Group, RetentionClass]:
    """The class of each group in force on that day: the authority's own where it set one, the latest first; otherwise the one that came with Atlas."""
    rows = RetentionClass.objects.filter(Q(authority=authority) | Q(authority=None), from_on__lte=day).select_related("set_by__user")
    latest = rows.order_by(F("authority").asc(nulls_first=True), "from_on", F("set_at").asc(nulls_first=True), "pk")
    return {row.for_whom: row for row in latest}


def classes_to_come(authority: Authority, day: date) -> "QuerySet[RetentionClass]":
    """What the authority has set that is not in force yet."""
    return RetentionClass.objects.filter(authority=authority, from_on__gt=day).select_related("set_by__user").order_by("from_on", "set_at")


def holds(authority: Authority) -> "QuerySet[Hold]":
    """Every hold of an authority: those that stand first, the one to be looked at soonest before the others. `look_on`: by when."""
    rows = Hold.objects.filter(authority=authority).annotate(look_on=Coalesce(Max("reviews__review_on"), F("review_on")))
    return rows.select_related("child", "agency", "placed_by__user", "lifted_by__user").order_by(
        F("lifted_at").desc(nulls_first=True), "look_on", "pk"
    )


def hold_with_people() -> "QuerySet[Hold]":
    """Holds with what their page names."""
    return Hold.objects.select_related("authority", "child", "agency", "placed_by__user")


def reckoned(
    authority: Authority, day: date, child: UUID | None = None, classes: Mapping[Group, RetentionClass] | None = None
) -> list[Reckoned]:
    """Every child for whom an authority is responsible (or one of them), by the classes in force on that day. Of whoever may not ask: nobody."""
    kept = {group: row.kept for group, row in (classes or classes_in_force(authority, day)).items()}
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT child, one, born_on, died_on, is_open, groups, days, ends, held_by FROM gate_retention_facts(%s, %s)",
            [authority.pk, child],
        )
        rows = cursor.fetchall()
    found = []
    for child_id, one, born_on, died_on, is_open, groups, days, ends, held_by in rows:
        facts = Facts(
            frozenset(Group(group) for group in groups), born_on, died_on, is_open,
            {Event(event): on for event, on in _dates(days)}, {Group(group): on for group, on in _dates(ends)},
        )  # fmt: skip
        found.append(Reckoned(child_id, one, facts, due(facts, kept), tuple(held_by)))
    return found


def _dates(held: str) -> list[tuple[str, date]]:
    return [(name, date.fromisoformat(on)) for name, on in json.loads(held).items()]


def dates_of(child: UUID) -> "QuerySet[RetentionDate]":
    """What was written down from paper about one child, the latest first."""
    return RetentionDate.objects.filter(child=child).select_related("recorded_by__user").order_by("-recorded_at")


def holds_named(keys: Iterable[UUID]) -> "QuerySet[Hold]":
    """These holds."""
    return Hold.objects.filter(pk__in=list(keys)).order_by("placed_at")
