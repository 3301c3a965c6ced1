"""Groups of children of whom many pairs are missing at the same time, where more of them are than in any year that is shuffled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from atlas_analysis.networks.together import WEEK, Occasions, Together, occasions, pairs, weeks_of

AT_MOST = 0.005  # how seldom chance does as much with a pair, for it to be looked at as part of a group
FEWEST = 3
Pair = tuple[str, str]


@dataclass(frozen=True)
class Crowd:
    """A group: its members by id; the pairs of them that were missing at the same time; and at what share of the shuffled years (the year itself counted) any
    group had as many such pairs.
    """

    members: tuple[str, ...]
    pairs: tuple[Together, ...]
    p: float


def crowds(
    episodes: pa.Table, first_minute: int, last_minute: int, seed: int, *, tied: Sequence[Pair] = (), shuffles: int = 99, p: float = 0.05,
    tell: Callable[[int], None] = lambda percent: None,
) -> list[Crowd]:  # fmt: skip
    """The groups that stand out, the largest first; the same for the same seed. `episodes` and the period as `missing_together` takes them; `tied`: pairs of whom
    the record says that they are tied, which hold a group together and do not count for it; `tell`: is told how many per cent are done.

    A pair is looked at where chance does as much in 5 of 1,000; three pairs of three children make a group, and groups with a pair in common are one (clique
    percolation: Palla et al., Nature 2005; 435: 814-818). A group is told where at most a share `p` of the years in which each occasion is moved by whole weeks drawn
    anew have any group of as many pairs (the largest of each: right for all groups at once, as in Nichols and Holmes, Hum Brain Mapp 2002; 15: 1-25). So
    six children of whom each pair alone might be chance are told together. Raises ValueError as `missing_together`.
    """
    weeks = weeks_of(first_minute, last_minute)
    held = occasions(episodes, first_minute, last_minute)
    found = _groups(held, weeks, tied)
    if not found:
        return []
    random, largest = np.random.default_rng(seed), []
    for number in range(shuffles):
        made = _groups(_moved(held, weeks, first_minute, random), weeks, tied)
        largest.append(max((len(rows) for _, rows in made), default=0))
        tell((number + 1) * 100 // shuffles)
    told = [Crowd(members, rows, (1 + sum(one >= len(rows) for one in largest)) / (shuffles + 1)) for members, rows in found]
    return sorted((one for one in told if one.p <= p), key=lambda one: (-len(one.pairs), one.members))


def _moved(held: Occasions, weeks: int, first: int, random: np.random.Generator) -> Occasions:
    """Each occasion at the same day and hour of another week."""
    made: Occasions = {}
    for child in sorted(held):
        of = []
        for occasion in held[child]:
            begins = occasion[0][0]
            by = (begins - first + int(random.integers(weeks)) * WEEK) % (weeks * WEEK) + first - begins
            of.append([(since + by, until + by) for since, until in occasion])
        made[child] = of
    return made


def _groups(held: Occasions, weeks: int, tied: Sequence[Pair]) -> list[tuple[tuple[str, ...], tuple[Together, ...]]]:
    """All groups with the pairs in them that were missing at the same time."""
    rows = {(row.one, row.other): row for row in pairs(held, weeks, 2)[0] if row.p <= AT_MOST}
    near: dict[str, set[str]] = {}
    for one, other in (*rows, *tied):
        if one != other:
            near.setdefault(one, set()).add(other)
            near.setdefault(other, set()).add(one)
    triangles = [
        (one, other, third)
        for one in sorted(near)
        for other in sorted(near[one])
        if one < other
        for third in sorted(near[one] & near[other])
        if other < third
    ]
    found = [({*three}, {frozenset(side) for side in (three[:2], three[1:], three[::2])}) for three in triangles]
    merged: list[tuple[set[str], set[frozenset[str]]]] = []
    for members, sides in found:
        meets = [one for one in merged if one[1] & sides]
        merged = [one for one in merged if not one[1] & sides]
        merged.append((members.union(*(one[0] for one in meets)), sides.union(*(one[1] for one in meets))))
    groups = []
    for members, sides in merged:
        within = tuple(row for pair, row in sorted(rows.items()) if frozenset(pair) in sides)
        if len(members) >= FEWEST and len(within) >= FEWEST:
            groups.append((tuple(sorted(members)), within))
    return groups
