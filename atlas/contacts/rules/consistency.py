"""How alike decisions on like cases are: shares with intervals, small numbers left unsaid, and who differs by more than chance. Pure.

A difference says that somebody should be asked; it is no finding about a person, and never one about a child. Intervals: Wilson (1927), which
holds for small numbers and shares near nought (Newcombe, Statistics in Medicine 17, 1998). Like cases: same kind of source, concern and age band,
compared with what everybody else decided in them (indirect standardisation). Product default, not law. Source: capabilities.md row 6.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from atlas_analysis.rates.shares import SMALL, left_unsaid, wilson_interval

FALSE_ALARMS = 0.05  # the chance, when nobody differs, that anybody is named at all
FEWEST = 20  # fewer like cases than this say nothing about one decider
ACTS = frozenset({"assessment", "strategy"})


@dataclass(frozen=True)
class Counted:
    """So many decisions that are alike in all of this. `decider` is None where whoever reads may not know who it was."""

    source: str
    concern: str
    ages: str
    agency: str
    team: str
    decider: Hashable
    called: str
    is_me: bool
    level: int
    given: int | None
    outcome: str
    second: str
    many: int


@dataclass(frozen=True)
class Share:
    """`count` of `of`, with the 95 % interval (0 to 1). `count` None: left unsaid, because it or another is small."""

    count: int | None
    of: int
    low: float | None = None
    high: float | None = None

    @property
    def words(self) -> str:
        """As a person reads it: "12 of 40 (30 %; 18 % to 45 %)"."""
        if self.count is None or self.low is None or self.high is None:
            return "too few to say"
        return f"{self.count} of {self.of} ({self.count / self.of:.0%}; {self.low:.0%} to {self.high:.0%})"


def share(count: int | None, of: int) -> Share:
    """A share with its interval; a count that is None stays unsaid."""
    return Share(None, of) if count is None or not of else Share(count, of, *wilson_interval(count, of))


@dataclass(frozen=True)
class Group:
    """One agency, team or decider: how many decisions, the share of each outcome, and how often the level was another than the referrer's, and
    a second view differed. `many` None: left unsaid.
    """

    name: str
    many: int
    outcomes: tuple[Share, ...]
    other_level: Share
    second_differs: Share

    def named(self, outcomes: Sequence[str]) -> list[tuple[str, Share]]:
        """What followed that may be said, each with its share."""
        return [(label, one) for label, one in zip(outcomes, self.outcomes, strict=True) if one.count is not None]

    def unsaid(self, outcomes: Sequence[str]) -> list[str]:
        """What followed too seldom to say how often, or would give such a number away."""
        return [label for label, one in zip(outcomes, self.outcomes, strict=True) if one.count is None]


POOLED = "Others together"


def groups(rows: Iterable[Counted], name: Callable[[Counted], str], outcomes: Sequence[str]) -> list[Group]:
    """The decisions by group, in the order of their names: no league. Groups of fewer than five stand together; where that is still fewer than
    five, with the smallest other one, so that it cannot be reckoned back.
    """
    of: dict[str, list[Counted]] = defaultdict(list)
    for row in rows:
        of[name(row)].append(row)
    many = {one: sum(row.many for row in held) for one, held in of.items()}
    small = [one for one in many if many[one] < SMALL]
    if small and sum(many[one] for one in small) < SMALL and len(small) < len(many):
        small.append(min((one for one in many if one not in small), key=lambda one: (many[one], one)))
    pooled = [row for one in small for row in of.pop(one)]
    named = [(one, of[one]) for one in sorted(of)] + ([(POOLED, pooled)] if pooled else [])
    named = [(one, held) for one, held in named if sum(row.many for row in held) >= SMALL]
    outcomes_of = _said([[sum(row.many for row in held if row.outcome == outcome) for outcome in outcomes] for _, held in named])
    # Of what has two sides the other one could be reckoned back: both stand in the table, and the first alone is shown.
    other = _two_sides(named, lambda row: row.given is not None, lambda row: row.given != row.level)
    differs = _two_sides(named, lambda row: row.second != "", lambda row: row.second == "differs")
    return [
        Group(one, _many(held, lambda row: True), tuple(outcomes_of[at]), other[at][0], differs[at][0])
        for at, (one, held) in enumerate(named)
    ]


Holds = Callable[[Counted], bool]


def _many(held: Iterable[Counted], holds: Holds) -> int:
    return sum(row.many for row in held if holds(row))


def _said(table: list[list[int]]) -> list[list[Share]]:
    """Each cell as a share of its row, or left unsaid."""
    marks = left_unsaid(table)
    return [
        [share(None if unsaid else cell, sum(row)) for cell, unsaid in zip(row, hidden, strict=True)]
        for row, hidden in zip(table, marks, strict=True)
    ]


def _two_sides(named: Sequence[tuple[str, list[Counted]]], counts: Holds, holds: Holds) -> list[list[Share]]:
    of = [[row for row in held if counts(row)] for _, held in named]
    return _said([[_many(held, holds), _many(held, lambda row: not holds(row))] for held in of])


@dataclass(frozen=True)
class Measure:
    """What is compared between deciders, in words, and which decisions count."""

    words: str
    holds: Holds


MEASURES = (
    Measure("led to an assessment or a strategy discussion", lambda row: row.outcome in ACTS),
    Measure("led to nothing further", lambda row: row.outcome == "nothing_further"),
    Measure("were decided at a lower level than the referrer’s", lambda row: row.given is not None and row.level < row.given),
)


@dataclass(frozen=True)
class Unlike:
    """One decider differs from everybody else in like cases by more than chance would have it."""

    decider: Hashable
    called: str
    measure: str
    held: int
    of: int
    expected: float


def unlike(rows: Sequence[Counted]) -> list[Unlike]:
    """Who differs: by two-sided tests at a level shared out among all of them, so that with nobody differing the chance of naming anybody is at
    most `FALSE_ALARMS`. Each is compared with all others in the same cases, or, where others had too few of these, in more roughly alike ones.
    """
    deciders = {row.decider: row.called for row in rows if row.decider is not None}
    if not deciders:
        return []
    limit = NormalDist().inv_cdf(1 - FALSE_ALARMS / (2 * len(deciders) * len(MEASURES)))
    found = []
    for decider, called in sorted(deciders.items(), key=lambda one: one[1]):
        own, others = [row for row in rows if row.decider == decider], [row for row in rows if row.decider != decider]
        for measure in MEASURES:
            held, of, expected, spread = _compared(own, others, measure.holds)
            # Half a case is taken off: counts are whole, the normal curve is not.
            if of >= FEWEST and spread > 0 and max(0.0, abs(held - expected) - 0.5) > limit * spread:
                found.append(Unlike(decider, called, measure.words, held, of, expected))
    return found


LIKE: tuple[Callable[[Counted], Hashable], ...] = (
    lambda row: (row.source, row.concern, row.ages),
    lambda row: (row.source, row.concern),
    lambda row: row.concern,
)
FEWEST_OTHERS = 5


def _compared(own: Sequence[Counted], others: Sequence[Counted], holds: Callable[[Counted], bool]) -> tuple[int, int, float, float]:
    """(how many hold, of how many compared, how many were to be expected, their standard deviation: of the cases, and of the others' share)."""
    known = [(key, _tallied(others, key, holds)) for key in LIKE]
    cells: Counter[tuple[int, Hashable]] = Counter()
    held = 0
    for row in own:
        place = next((at for at, (key, tally) in enumerate(known) if tally.get(key(row), (0, 0))[1] >= FEWEST_OTHERS), None)
        if place is not None:
            cells[place, known[place][0](row)] += row.many
            held += row.many if holds(row) else 0
    expected = variance = 0.0
    for (place, cell), many in cells.items():
        count, of = known[place][1][cell]
        chance = (count + 0.5) / (of + 1)
        expected += many * chance
        variance += many * chance * (1 - chance) * (1 + many / of)
    return held, sum(cells.values()), expected, sqrt(variance)


def _tallied(
    rows: Iterable[Counted], key: Callable[[Counted], Hashable], holds: Callable[[Counted], bool]
) -> dict[Hashable, tuple[int, int]]:
    tally: dict[Hashable, tuple[int, int]] = {}
    for row in rows:
        count, of = tally.get(key(row), (0, 0))
        tally[key(row)] = count + (row.many if holds(row) else 0), of + row.many
    return tally
