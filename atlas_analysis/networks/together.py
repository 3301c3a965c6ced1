"""Which children are missing at the same time more often than their own ways of going missing would make it by chance."""

from dataclasses import dataclass
from math import comb

import numpy as np
import pyarrow as pa

from atlas_analysis.networks.ties import has
from atlas_analysis.rates.discoveries import discoveries

COLUMNS = ("child", "from_minute", "until_minute")
WEEK = 7 * 24 * 60
APART = 2 * WEEK  # episodes nearer than this belong to one occasion: one going often brings the next
Spell = tuple[int, int]
Occasions = dict[str, list[list[Spell]]]


@dataclass(frozen=True)
class Together:
    """Two children: on how many occasions they were missing at the same time, how many one would expect by chance, and how seldom chance does as much."""

    one: str
    other: str
    occasions: int
    expected: float
    p: float


@dataclass(frozen=True)
class MissingTogether:
    """Pairs that stand out, the least by chance first; how many pairs there are at all; what one must know before one reads it."""

    pairs: list[Together]
    tried: int
    caveats: tuple[str, ...]


def missing_together(episodes: pa.Table, first_minute: int, last_minute: int, at_least: int = 2) -> MissingTogether:
    """`episodes`: child (id), from_minute, until_minute (whole minutes of any one scale), in a period from first_minute to last_minute.

    By chance: each occasion of a child (episodes less than two weeks apart) is moved by a whole number of weeks around the period, so that on what days and
    at what hours, how long and how soon again each child goes missing stays, and only who else does so at that time is lost. The number of occasions in
    common is then a sum of chances that are reckoned exactly, taken as independent (Poisson binomial: Hong, Comput Stat Data Anal 2013; 59: 41-51).
    False discoveries 5 %, over all pairs (Benjamini and Hochberg 1995). Raises ValueError for missing columns, an episode that ends before it begins, or
    outside the period, and for a period shorter than eight weeks.
    """
    weeks = weeks_of(first_minute, last_minute)
    held = occasions(episodes, first_minute, last_minute)
    rows, few = pairs(held, weeks, at_least)
    tried = comb(len(held), 2)
    caveats = (f"{few} pairs were missing together on less than {at_least} occasions, and are not judged.",) if few else ()
    return MissingTogether(rows[: discoveries([row.p for row in rows], tried)], tried, caveats)


def weeks_of(first_minute: int, last_minute: int) -> int:
    """How many whole weeks a period has. Raises ValueError for fewer than eight."""
    weeks = (last_minute - first_minute + 1) // WEEK
    if weeks < 8:
        raise ValueError("In less than eight weeks nobody can tell who goes missing together by chance: take a longer period.")
    return weeks


def pairs(held: Occasions, weeks: int, at_least: int) -> tuple[list[Together], int]:
    """All pairs that were missing at the same time on so many occasions, the least by chance first; and how many were on fewer."""
    names = sorted(held)
    rows, few = [], 0
    for at, one in enumerate(names):
        for other in names[at + 1 :]:
            chances = [_common(mine, theirs, weeks) for mine in held[one] for theirs in held[other]]
            seen = sum(now for now, _ in chances)
            few += 0 < seen < at_least
            if seen >= at_least:
                shares = [share for _, share in chances if share]
                rows.append(Together(one, other, seen, sum(shares), _at_least(seen, shares)))
    rows.sort(key=lambda row: (row.p, -row.occasions, row.one, row.other))
    return rows, few


def occasions(episodes: pa.Table, first: int, last: int) -> Occasions:
    """Each child's episodes in the order of time, occasion by occasion. Raises ValueError as `missing_together` does."""
    has(episodes, COLUMNS, "episodes")
    begin, end = (np.asarray(episodes[name].to_pylist(), np.int64) for name in COLUMNS[1:])
    if (end < begin).any():
        raise ValueError(f"{int((end < begin).sum())} episodes end before they begin: correct their times first.")
    if len(begin) and (begin.min() < first or begin.max() > last):
        raise ValueError("An episode begins outside the period: give the period to which the table belongs.")
    found: Occasions = {}
    for child, since, until in sorted(zip(episodes["child"].to_pylist(), begin.tolist(), end.tolist(), strict=True)):
        held = found.setdefault(child, [])
        if held and since - held[-1][-1][1] < APART:
            held[-1].append((since, until))
        else:
            held.append([(since, until)])
    return found


def _common(mine: list[Spell], theirs: list[Spell], weeks: int) -> tuple[bool, float]:
    """Whether two occasions have a time in common, and at what share of all moves by whole weeks they would have."""
    nearest = abs(mine[0][0] % WEEK - theirs[0][0] % WEEK)
    longest = sum(until - since for since, until in (*mine, *theirs)) + APART * (len(mine) + len(theirs) - 2)
    if min(nearest, WEEK - nearest) > longest:
        return False, 0.0
    moves: set[int] = set()
    for since, until in mine:
        for other_since, other_until in theirs:
            first, last = -((other_until - since) // WEEK), (until - other_since) // WEEK
            moves.update(move % weeks for move in range(first, min(last, first + weeks - 1) + 1))
    return 0 in moves and _overlap(mine, theirs), len(moves) / weeks


def _overlap(mine: list[Spell], theirs: list[Spell]) -> bool:
    return any(since <= other_until and other_since <= until for since, until in mine for other_since, other_until in theirs)


def _at_least(seen: int, shares: list[float]) -> float:
    """The chance that so many or more of independent events with these chances happen."""
    exactly = np.zeros(seen)  # 0 to seen - 1 of them
    exactly[0], more = 1.0, 0.0
    for share in shares:
        more += exactly[-1] * share
        exactly[1:] = exactly[1:] * (1 - share) + exactly[:-1] * share
        exactly[0] *= 1 - share
    return float(min(1.0, more))
