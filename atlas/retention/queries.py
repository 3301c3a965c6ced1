"""Which classes are in force, what stands of holds, and when a child's record may go; as far as the acting post may ask."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connections
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from atlas.agencies.models import Authority
from atlas.retention.models import DueRecord, ErasureCertificate, Hold, RetentionClass, RetentionDate, RetentionForecast, RetentionRun
from atlas.retention.rules import Due, Event, Facts, Group, due

SAMPLE = 10


@dataclass(frozen=True)
class Reckoned:
    """A child's record as it is reckoned: `one`, the same for every record of the child; when it is due; which holds keep it."""

    child: UUID
    one: UUID
    facts: Facts
    due: Due
    held_by: tuple[UUID, ...]


def _in_force(authority: Authority, day: date) -> "QuerySet[RetentionClass]":
    """Every class that is or was in force; of those of one group, the last holds."""
    rows = RetentionClass.objects.filter(Q(authority=authority) | Q(authority=None), from_on__lte=day)
    return rows.order_by(F("authority").asc(nulls_first=True), "from_on", F("set_at").asc(nulls_first=True), "pk")


def classes_in_force(authority: Authority, day: date) -> dict[Group, RetentionClass]:
    """The class of each group in force on that day: the authority's own where it set one, the latest of them; otherwise the one that came with Atlas."""
    return {row.for_whom: row for row in _in_force(authority, day).select_related("set_by__user")}


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


def reckoned(authority: Authority, day: date, child: UUID | None = None) -> list[Reckoned]:
    """Every child for whom an authority is responsible (or one of them), by the classes in force on that day. Of whoever may not ask: nobody."""
    kept = {row.for_whom: row.kept for row in _in_force(authority, day)}
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


def runs(authority: Authority) -> "QuerySet[RetentionRun]":
    """The runs of an authority, the latest first."""
    return RetentionRun.objects.filter(authority=authority).select_related("selected_by__user", "agreed_by__user").order_by("-selected_at")


def set_aside(authority: Authority) -> "QuerySet[DueRecord]":
    """What is set aside, what is erased soonest first."""
    return (
        DueRecord.objects.filter(authority=authority, state=DueRecord.State.SET_ASIDE)
        .select_related("run")
        .order_by("erase_on", "due_on", "pk")
    )


def certificates(authority: Authority) -> "QuerySet[ErasureCertificate]":
    """What was erased, the latest first."""
    rows = ErasureCertificate.objects.filter(authority=authority).select_related(
        "record__run__agreed_by__user", "record__run__selected_by__user"
    )
    return rows.order_by("-erased_at", "pk")


def forecasts(authority: Authority) -> list[RetentionForecast]:
    """The latest forecast of each month to come."""
    latest = RetentionForecast.objects.filter(authority=authority).order_by("-counted_on").values("counted_on")[:1]
    return list(RetentionForecast.objects.filter(authority=authority, counted_on=latest).order_by("month"))


def sample_of(run: RetentionRun) -> list[DueRecord]:
    """Ten of a run to look at, spread evenly over it."""
    keys = list(run.records.order_by("due_on", "pk").values_list("pk", flat=True))
    step = max(1, len(keys) // SAMPLE)
    return list(run.records.filter(pk__in=keys[::step][:SAMPLE]).order_by("due_on", "pk"))
