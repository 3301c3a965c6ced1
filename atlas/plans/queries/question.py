"""What happened since somebody last read the plan against it, and what it asks: a question put to the chronology, never a flag."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from atlas.children.models import Child
from atlas.chronology.models import Entry
from atlas.clocks.models import Clock
from atlas.flow import EFFECT_WORDS, EVENT, EVENTS, PLAN_LIMITS, Effect, RiskEvent
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.plans.models import PlanLine, SafetyPlan
from atlas.plans.rules.parts import touched
from atlas.plans.rules.reviews import Freshness, freshness

BEFORE = timedelta(days=90)  # before a plan was begun: what its first version answers
PLAN_KEYS = [limit.key for limit in PLAN_LIMITS]
WITHOUT_PLAN = [event.code for event in EVENTS if event.asks_without_plan]


def unread(child: Child, plan: SafetyPlan | None, at: datetime) -> list[Entry]:
    """The entries that nobody has answered, in the order in which they happened: with a plan, all of the catalogue; without, what asks for one. What
    a clock still runs for is among them, however long ago.
    """
    since = (plan.began_at if plan else at) - BEFORE
    asked = Clock.objects.filter(child=child, outcome=Clock.Outcome.RUNNING, limit__in=PLAN_KEYS).values("started_by")
    recent = Q(recorded_at__gt=since) | Q(pk__in=asked)
    entries = Entry.objects.filter(recent, child=child, recorded_at__lte=at, plan_answer__isnull=True).exclude(event="")
    entries = entries if plan else entries.filter(event__in=WITHOUT_PLAN)
    return list(entries.order_by("happened_at", "recorded_at", "pk"))


def in_sentences(asked: Iterable[str]) -> str:
    """Each as a sentence of its own, since some are questions and some are not."""
    return " ".join(f"{words[:1].upper()}{words[1:]}{'' if words.endswith('?') else '.'}" for words in asked)


@dataclass(frozen=True)
class Happening:
    """One thing that happened and is not answered: what it asks, and the lines that it may have made untrue."""

    entry: Entry
    event: RiskEvent
    lines: tuple[PlanLine, ...] = ()

    @property
    def asks(self) -> str:
        """What it asks, in words: a sentence each."""
        return in_sentences(EFFECT_WORDS[effect] for effect in Effect if effect in self.event.effects)


@dataclass(frozen=True)
class Question:
    """What a plan is asked now. `clock`: the one that runs; None where nothing is asked with a time limit."""

    happenings: tuple[Happening, ...]
    clock: Clock | None
    broken: tuple[PlanLine, ...]
    state: Freshness

    @property
    def effects(self) -> frozenset[Effect]:
        """All that it asks."""
        return frozenset(effect for one in self.happenings for effect in one.event.effects)

    @property
    def asks_strategy(self) -> bool:
        """Whether it must be said if a strategy discussion is needed."""
        return Effect.STRATEGY in self.effects

    @property
    def asks_also(self) -> list[str]:
        """What else must be answered, in words."""
        return [EFFECT_WORDS[effect] for effect in (Effect.LEVEL, Effect.NRM, Effect.POLICE, Effect.HEALTH) if effect in self.effects]


def question_of(subject: Subject, child: Child, plan: SafetyPlan | None, lines: list[PlanLine], at: datetime) -> Question:
    """What this child's plan (or the want of one) is asked at this moment. `lines`: those in force."""
    entries = unread(child, plan, at)
    happenings = tuple(Happening(entry, EVENT[entry.event], _lines_touched(entry, lines)) for entry in entries)
    running = Clock.objects.of_child(subject, child.pk).filter(outcome=Clock.Outcome.RUNNING, limit__in=PLAN_KEYS)
    clock = running.order_by("due_at").first()
    broken = tuple(line for line in lines if is_broken(line, at))
    is_late = clock is not None and clock.is_late(at)
    state = freshness([one.event.code for one in happenings], is_late=is_late, has_broken_line=bool(broken))
    return Question(happenings, clock, broken, state)


def is_broken(line: PlanLine, at: datetime) -> bool:
    """Whether a line needs a new answer: it was said so, or its owner has left and nobody took it over (LP-4)."""
    if line.failed_at is not None:
        return True
    post = line.owner_post
    return post is not None and post.until_on is not None and post.until_on < day_of(at)


def _lines_touched(entry: Entry, lines: list[PlanLine]) -> tuple[PlanLine, ...]:
    parts, words = touched(entry.event), _names(entry.words)
    return tuple(line for line in lines if line.section in parts or words & _names(line.words))


def _names(words: str) -> frozenset[str]:
    """What looks like a name: a word with a capital that does not begin a sentence, in lower case."""
    return frozenset(
        word.strip(".,;:()“”’'\"").casefold() for before, word in zip(words.split(), words.split()[1:], strict=False)
        if word[:1].isupper() and not before.endswith((".", "!", "?", ":")) and len(word) > 2
    )  # fmt: skip
