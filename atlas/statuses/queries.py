"""The child's statuses as the main case system holds them, and which of its facts are doubted."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, CharField, DateField, F, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.feeds.handling import Fact
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.gate.kept import Kept
from atlas.statuses.models import Conference, Disability, Family, FromMainSystem, LegalStatus, Placement, Spell
from atlas.tasks.models import Task


@dataclass(frozen=True)
class Status:
    """One fact, in words; its dates, where it has any; and when the main system last said so."""

    fact: Fact
    from_on: date | None
    until_on: date | None
    as_at: datetime

    @property
    def is_conference(self) -> bool:
        """Whether its days are when it was due and when it was held, not since when and until when."""
        return self.fact.label == Conference._meta.label


@dataclass(frozen=True)
class Doubt:
    """Why a fact is doubted: somebody said that it is wrong, or the main system no longer holds it; by whose entry, since when."""

    kind: str
    by: str
    at: datetime


DOUBTED = Task._meta.label
# table -> its columns of code, start and end
_COLUMNS: tuple[tuple[type[FromMainSystem], str, str | None, str | None], ...] = (
    (Spell, "status", "from_on", "until_on"),
    (Placement, "kind", "from_on", "until_on"),
    (LegalStatus, "code", "from_on", "until_on"),
    (Conference, "kind", "due_on", "held_on"),
    (Disability, "code", None, None),
    (Family, "number", None, None),
)


def _facts(child_id: UUID) -> "QuerySet[Any, Any]":
    first, *others = (
        model._default_manager.filter(child=child_id)
        .values_list(Value(model._meta.label), _code(model, code), _day(start), _day(end), "as_at", "pk", _plan(model))
        for model, code, start, end in _COLUMNS
    )  # fmt: skip
    return first.union(*others, _doubts(child_id), all=True)


def _doubts(child_id: UUID) -> "QuerySet[Any, Any]":
    """An open task says that a fact is doubted: in the columns of the facts, so that one statement asks both."""
    kinds = (Kind.WRONG_FACT_REPORTED, Kind.FACT_VANISHED)
    who = Concat("entry__recorded_by__user__first_name", Value(" "), "entry__recorded_by__user__last_name", output_field=CharField())
    tasks = Task.objects.filter(child=child_id, state=Task.State.OPEN, entry__kind__in=kinds)
    has_vanished = Case(When(entry__kind=Kind.FACT_VANISHED, then=Value(True)), default=Value(False), output_field=BooleanField())
    no_day = Value(None, DateField())
    return tasks.values_list(
        Value(DOUBTED), Cast(who, CharField(max_length=100)), no_day, no_day, "entry__recorded_at", "about_id", has_vanished
    )


_FACTS = Kept(_facts)


def mirrored(subject: Subject, child: Child) -> tuple[list[Status], dict[UUID, Doubt]]:
    """Every fact of the main system but who works with the child (what is open now, then what ended; the present first), and the
    facts that are doubted now, by the record that holds them. One statement.

    A conference has the day when it was due and the day when it was held; a disability and a family have none.
    """
    rows = _FACTS.values(child.pk)
    may_statuses, may_doubts = Spell.objects.may_read(subject, child.pk), Task.objects.may_read(subject, child.pk)
    statuses = [
        Status(Fact(child.pk, label, pk, _words(label, code, plan)), start, end, as_at)
        for label, code, start, end, as_at, pk, plan in rows
        if label != DOUBTED and may_statuses
    ]
    doubted = sorted((row for row in rows if row[0] == DOUBTED and may_doubts), key=lambda row: row[4])
    doubts = {about: Doubt(Kind.FACT_VANISHED if gone else Kind.WRONG_FACT_REPORTED, by, at) for _, by, _, _, at, about, gone in doubted}
    return sorted(statuses, key=lambda one: (one.until_on is not None, -(one.from_on or one.until_on or date.min).toordinal())), doubts


def codes_now(subject: Subject, child_id: UUID) -> list[tuple[str, str]]:
    """(table, code) of every fact of the main system that has not ended, as codes: statuses, placements, legal statuses, disabilities.

    By the statement of `mirrored`; empty for who may not see statuses.
    """
    if not Spell.objects.may_read(subject, child_id):
        return []
    return [
        (label, code)
        for label, code, _, end, *_ in _FACTS.values(child_id)
        if label != DOUBTED and (end is None or end > day_of(subject.at))
    ]


def _code(model: type[FromMainSystem], column: str) -> Any:
    return Cast(F(column), CharField(max_length=100))


def _day(column: str | None) -> Any:
    return F(column) if column else Value(None, DateField())


def _plan(model: type[FromMainSystem]) -> Any:
    return F("is_for_plan") if model is Conference else Cast(Value(None), BooleanField())


def _words(label: str, code: str, plan: bool | None) -> str:
    if label == Spell._meta.label:
        return str(Spell.Status(code).label)
    if label == Conference._meta.label:
        after = {True: ", with a child protection plan", False: ", without a child protection plan", None: ""}[plan]
        return f"{Conference.Kind(code).label}{after}"
    if label == Disability._meta.label:
        return f"Disability: {Disability.Code(code).label.lower()}"
    return {Placement._meta.label: "Placement ", LegalStatus._meta.label: "Legal status ", Family._meta.label: "Family "}[label] + code
