"""The child's statuses as the main case system holds them, and which of its facts are doubted."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, CharField, DateField, F, Value
from django.db.models.functions import Cast, Concat

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.feeds.handling import Fact
from atlas.gate.context import Subject
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


# table -> its columns of code, start and end
_COLUMNS: tuple[tuple[type[FromMainSystem], str, str | None, str | None], ...] = (
    (Spell, "status", "from_on", "until_on"),
    (Placement, "kind", "from_on", "until_on"),
    (LegalStatus, "code", "from_on", "until_on"),
    (Conference, "kind", "due_on", "held_on"),
    (Disability, "code", None, None),
    (Family, "number", None, None),
)


def statuses_of(subject: Subject, child: Child) -> list[Status]:
    """What is open now, and what ended: every fact of the main system but who works with the child; the present first. One statement.

    A conference has the day when it was due and the day when it was held; a disability and a family have none.
    """
    first, *others = (
        model.objects.of_child(subject, child.pk).values_list(Value(model._meta.label), _code(model, code), _day(start), _day(end), "as_at", "pk", _plan(model))
        for model, code, start, end in _COLUMNS
    )  # fmt: skip
    found = [
        Status(Fact(child.pk, label, pk, _words(label, code, plan)), start, end, as_at)
        for label, code, start, end, as_at, pk, plan in first.union(*others, all=True)
    ]
    return sorted(found, key=lambda one: (one.until_on is not None, -(one.from_on or one.until_on or date.min).toordinal()))


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


@dataclass(frozen=True)
class Doubt:
    """Why a fact is doubted: somebody said that it is wrong, or the main system no longer holds it; by whose entry, since when."""

    kind: str
    by: str
    at: datetime


def doubts_of(subject: Subject, child: Child) -> dict[UUID, Doubt]:
    """The facts about a child that are doubted now, by the record that holds them: an open task says so. One statement."""
    kinds = (Kind.WRONG_FACT_REPORTED, Kind.FACT_VANISHED)
    tasks = Task.objects.of_child(subject, child.pk).filter(state=Task.State.OPEN, entry__kind__in=kinds).order_by("entry__recorded_at")
    who = Concat("entry__recorded_by__user__first_name", Value(" "), "entry__recorded_by__user__last_name")
    columns = tasks.values_list("about_id", "entry__kind", who, "entry__recorded_at")
    return {about_id: Doubt(kind, by, at) for about_id, kind, by, at in columns}
