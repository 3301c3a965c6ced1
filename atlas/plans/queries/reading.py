"""A safety plan as it is read: its lines by part, what they need, how each version differs from the one before."""

from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from functools import partial

from django.db.models import Prefetch, QuerySet

from atlas.children.models import Child
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.plans.models import EventAnswered, PlanDecision, PlanLine, PlanVersion, SafetyPlan
from atlas.plans.queries.apart import Differences, differences
from atlas.plans.queries.question import Question, is_broken, question_of
from atlas.plans.rules.parts import RECHECKED, Section
from atlas.plans.rules.reviews import VIEW_IS_OLD, is_due_again

_LINES = ("owner_post__user", "owner_post__team", "agency", "because", "added_by__user", "replaces")


def open_plan(child: Child) -> SafetyPlan | None:
    """The child's plan that is not closed."""
    plan = SafetyPlan.objects.filter(child=child, closed_at__isnull=True).first()
    if plan is not None:
        plan.child = child  # it is at hand
    return plan


@dataclass(frozen=True)
class LineRead:
    """A line as the plan's page shows it."""

    line: PlanLine
    is_broken: bool
    is_due_again: bool
    is_overdue: bool
    touched_by: tuple[str, ...]

    @property
    def needs(self) -> bool:
        """Whether somebody must do something about it."""
        return self.is_broken or self.is_due_again or self.is_overdue or bool(self.touched_by)


@dataclass(frozen=True)
class Change:
    """How one line differs between a version and the one before. `words`: (is it new, is it gone, text), word by word."""

    what: str
    line: PlanLine
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class VersionRead:
    """A version, what it changed, and what it answered."""

    version: PlanVersion
    changes: tuple[Change, ...]
    decision: PlanDecision | None
    answered: tuple[EventAnswered, ...]


@dataclass(frozen=True)
class PlanRead:
    """All that the page of a plan shows. `wants_strategy`: whoever decided last of it asked for a strategy discussion."""

    plan: SafetyPlan
    version: PlanVersion | None
    draft: PlanVersion | None
    parts: tuple[tuple[Section, tuple[LineRead, ...]], ...]
    question: Question
    versions: tuple[VersionRead, ...]
    confirmations: tuple[tuple[PlanDecision, tuple[EventAnswered, ...]], ...]
    drafted: tuple[Change, ...]
    is_view_old: bool
    apart: Differences
    wants_strategy: bool


def read_plan(subject: Subject, plan: SafetyPlan, at: datetime) -> PlanRead:
    """The plan as it stands: in force, or, before anything is agreed, as it is being made."""
    lines = list(plan.lines.select_related(*_LINES).order_by("added_at", "pk"))
    versions = list(plan.versions.select_related("agreed_by__user").order_by("-number"))
    draft = next((one for one in versions if one.agreed_at is None), None)
    version = next((one for one in versions if one.agreed_at is not None), None)
    decisions = list(_decisions(plan))
    in_force = _standing(lines, plan.number or 1)
    question = question_of(subject, plan.child, plan, in_force, at)
    read = [_read(line, question, at) for line in in_force]
    parts = tuple((section, of) for section in Section if (of := tuple(one for one in read if one.line.section == section)))
    revised = {one.number: one for one in decisions if one.kind == PlanDecision.Kind.REVISED}
    made = tuple(
        VersionRead(one, changes(lines, one.number), revised.get(one.number), _answered(revised.get(one.number)))
        for one in versions if one.agreed_at is not None
    )  # fmt: skip
    last_words = next((one.agreed_at for one in versions if one.agreed_at and one.child_words), None)
    return PlanRead(
        plan, version, draft, parts, question, made, tuple((one, _answered(one)) for one in decisions if one.kind == PlanDecision.Kind.CONFIRMED),
        changes(lines, draft.number) if draft else (), last_words is None or at - last_words > VIEW_IS_OLD,
        differences(subject, plan.child, _standing(lines, draft.number) if draft else in_force, at),
        bool(decisions) and decisions[0].strategy == PlanDecision.Strategy.YES,
    )  # fmt: skip


def _standing(lines: list[PlanLine], number: int) -> list[PlanLine]:
    return [line for line in lines if line.stands_in(number)]


def _answered(decision: PlanDecision | None) -> tuple[EventAnswered, ...]:
    return tuple(decision.answered.all()) if decision else ()


def _decisions(plan: SafetyPlan) -> "QuerySet[PlanDecision]":
    answered = EventAnswered.objects.select_related("entry").order_by("entry__happened_at")
    made = plan.decisions.select_related("decided_by__user").prefetch_related(Prefetch("answered", queryset=answered))
    return made.order_by("-decided_at")


def _read(line: PlanLine, question: Question, at: datetime) -> LineRead:
    today = day_of(at)
    touching = [one for one in question.happenings if line in one.lines]
    codes = [one.event.code for one in touching]
    return LineRead(
        line, is_broken(line, at), line.section in RECHECKED and is_due_again(line.checked_at, at, codes),
        line.due_on is not None and line.due_on < today and line.status == PlanLine.Status.OPEN,
        tuple(one.entry.kind_words for one in touching),
    )  # fmt: skip


def changes(lines: list[PlanLine], number: int) -> tuple[Change, ...]:
    """What a version changed: lines written, written anew (word by word), taken out."""
    shown = partial(sorted, key=lambda change: (list(Section).index(Section(change.line.section)), change.line.added_at))
    found = []
    for line in lines:
        if line.from_number == number and line.until_number != number:
            what = "changed" if line.replaces else "new"
            found.append(Change(what, line, _differing(line.replaces.words if line.replaces else "", line.words)))
        elif line.until_number == number and line.from_number != number and not _is_replaced(line, lines):
            found.append(Change("taken out", line, (("gone", line.words),)))
    return tuple(shown(found))


def _is_replaced(line: PlanLine, lines: list[PlanLine]) -> bool:
    return any(one.replaces_id == line.pk and one.from_number != one.until_number for one in lines)


def _differing(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """The words of a line, run by run: `same`, `gone` or `new`."""
    old, new = before.split(), after.split()
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", " ".join(old[a:b])))
            continue
        found += [(kind, " ".join(run)) for kind, run in (("gone", old[a:b]), ("new", new[c:d])) if run]
    return tuple(found)
