"""What must be done now in an episode: which steps are done, next and late; who has been told; which legal powers fit. Asked once for its page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from atlas.clocks.models import Clock
from atlas.clocks.queries import bank_holidays_changed, in_force
from atlas.clocks.rules import Deadline
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.missing.models import Episode, NotToldYet, PersonTold, StepTaken
from atlas.missing.rules.repeats import DUTIES
from atlas.missing.rules.steps import STEP, Step, steps_for, why_meet_at_once
from atlas.missing.rules.telling import Facts, MustBeTold, must_be_told
from atlas.statuses.models import LegalStatus, Placement, Spell
from atlas.statuses.queries import codes_now
from atlas.statuses.rules import Power, is_gap, powers

NEXT_SHOWN = 2


@dataclass(frozen=True)
class StepNow:
    """One step as its line says it: when it is due, and what was done."""

    step: Step
    due: Deadline | None
    why: str
    taken: StepTaken | None
    is_late: bool


@dataclass(frozen=True)
class ToldNow:
    """One who must be told, with what was recorded of it."""

    must: MustBeTold
    told: PersonTold | None


@dataclass(frozen=True)
class DutyNow:
    """One standing duty for a looked-after child, with what was recorded of it in this episode."""

    key: str
    name: str
    when: str
    source: str
    taken: StepTaken | None


@dataclass(frozen=True)
class Todo:
    """What the top of an episode's page says, and what is folded under it."""

    steps: tuple[StepNow, ...]
    told: tuple[ToldNow, ...]
    not_told_yet: NotToldYet | None
    powers: tuple[Power, ...]
    is_gap: bool
    meet_at_once: tuple[str, ...]
    duties: tuple[DutyNow, ...]

    @property
    def late(self) -> list[StepNow]:
        """The steps that are past and not done, the oldest first."""
        return [one for one in self.steps if one.is_late]

    @property
    def next(self) -> list[StepNow]:
        """The next steps that are still to come."""
        return [one for one in self.steps if one.taken is None and not one.is_late][:NEXT_SHOWN]

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(one.taken is not None for one in self.steps)

    @property
    def untold(self) -> list[ToldNow]:
        """Who must be told, for certain, and is not recorded as told."""
        return [one for one in self.told if one.told is None and not one.must.is_asked]


def what_now(subject: Subject, episode: Episode, clocks: Iterable[Clock]) -> Todo:
    """What must be done now. `clocks`: those of the episode; statuses are as far as whoever asks may see them."""
    codes = codes_now(subject, episode.child_id)
    legal = frozenset(code for label, code in codes if label == LegalStatus._meta.label)
    age, profile = episode.child.age_on(day_of(subject.at)), getattr(episode.child, "missing_profile", None)
    facts = Facts(
        frozenset(code for label, code in codes if label == Spell._meta.label), legal,
        frozenset(code for label, code in codes if label == Placement._meta.label),
        episode.responsible_authority_id != episode.host_authority_id, age, frozenset(episode.risk_factors),
    )  # fmt: skip
    held, taken = not_told_yet(episode) if episode.is_open else None, steps_taken(episode)
    has_marker = profile is not None and profile.exploitation_marked_at is not None
    at_once = why_meet_at_once(grade=episode.grade, age=age, has_marker=has_marker, risk_factors=episode.risk_factors)
    return Todo(
        tuple(steps_now(episode, clocks, taken, subject.at)), tuple(told_now(episode, facts)), held, tuple(powers(legal, age)), is_gap(legal, age),
        tuple(at_once) if episode.is_open else (), tuple(_duties(taken)) if "looked_after" in facts.statuses or legal else (),
    )  # fmt: skip


def _duties(taken: dict[str, StepTaken]) -> list[DutyNow]:
    return [DutyNow(key, name, when, source, taken.get(key)) for key, name, when, source in DUTIES]


def not_told_yet(episode: Episode) -> NotToldYet | None:
    """The decision not to tell a parent that stands now."""
    return NotToldYet.objects.filter(episode=episode, lifted_at__isnull=True).select_related("decided_by__user").first()


def steps_taken(episode: Episode) -> dict[str, StepTaken]:
    """Each step, and each standing duty, that was done: the first time."""
    rows = StepTaken.objects.filter(episode=episode).select_related("recorded_by__user").order_by("-taken_at", "pk")
    return {row.step: row for row in rows}


def steps_now(episode: Episode, clocks: Iterable[Clock], taken: dict[str, StepTaken], at: datetime) -> list[StepNow]:
    """The steps of the episode in their order; once the child is back, only those that were done."""
    running = {clock.limit: clock for clock in clocks if clock.limit in STEP}
    if not episode.is_open:
        return [
            StepNow(STEP[key], None, "", row, is_late=False)
            for key, row in sorted(taken.items(), key=lambda one: one[1].taken_at)
            if key in STEP
        ]
    lines = [
        _line(step, episode, running.get(step.key), taken.get(step.key), at)
        for step in steps_for(episode.reported_at, bank_holidays_changed())
    ]
    return sorted(lines, key=lambda one: (one.due is None, one.due.latest if one.due else at))


def _line(step: Step, episode: Episode, clock: Clock | None, taken: StepTaken | None, at: datetime) -> StepNow:
    rule, changes = in_force(step.limit, episode.responsible_authority_id, episode.reported)
    due, why = rule.due(episode.reported, changes), rule.explain(episode.reported, changes)
    if clock is not None and clock.due_at is not None and clock.due_latest_at is not None:  # a clock that runs keeps its deadline
        due, why = Deadline(clock.due_at, clock.due_latest_at), clock.why
    return StepNow(step, due, why, taken, is_late=taken is None and due is not None and due.latest < at)


def told_now(episode: Episode, facts: Facts) -> list[ToldNow]:
    """Who must be told, and the last time that somebody was; the police, where their reference is on the episode."""
    rows = PersonTold.objects.filter(episode=episode).select_related("recorded_by__user").order_by("told_at", "pk")
    told = {row.who: row for row in rows}
    return [ToldNow(one, told.get(one.key)) for one in must_be_told(facts) if one.key != "police" or not episode.police_reference]
