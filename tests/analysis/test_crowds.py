"""Groups of children missing together: a planted one is told and nobody else, links alone make none, years of chance no more than stated; a slow reference."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

from atlas_analysis.networks.crowds import AT_MOST, crowds
from atlas_analysis.networks.together import WEEK, missing_together, occasions, pairs

YEAR = 52 * WEEK
Spell = tuple[str, int, int]


def table(spells: Sequence[Spell]) -> pa.Table:
    return pa.table({name: [one[at] for one in spells] for at, name in enumerate(("child", "from_minute", "until_minute"))})


def year(seed: int, *, planted: int = 0, children: int = 25) -> list[Spell]:
    """Each child on four days of its own; the planted ones on five evenings too."""
    random = np.random.default_rng(seed)
    begins = [(f"c{child:02}", int(random.integers(YEAR - 2000))) for child in range(children) for _ in range(4)]
    evenings = [
        (f"c{child:02}", week * WEEK + 6900 + int(random.integers(120))) for child in range(planted) for week in (4, 11, 19, 30, 41)
    ]
    return [(child, at, at + 420) for child, at in begins + evenings]


def test_the_planted_group_is_told_and_nobody_else() -> None:
    heard: list[int] = []
    (group,) = crowds(table(year(1, planted=4)), 0, YEAR - 1, 7, shuffles=19, tell=heard.append)
    assert group.members == ("c00", "c01", "c02", "c03")
    assert (len(group.pairs), group.p, heard[-1]) == (6, 0.05, 100)
    assert crowds(table(year(1, planted=4)), 0, YEAR - 1, 7, shuffles=19) == [group]


def test_links_alone_make_no_group() -> None:
    tied = list(combinations((f"c{child:02}" for child in range(5)), 2))
    assert crowds(table(year(2)), 0, YEAR - 1, 7, tied=tied, shuffles=19) == []


def test_years_of_chance_yield_no_more_than_stated() -> None:
    told = sum(bool(crowds(table(year(seed, children=15)), 0, YEAR - 1, 7, shuffles=19)) for seed in range(100, 120))
    assert told <= 3  # of 20, at 5 in 100


def test_the_groups_are_those_of_the_triangles_one_by_one() -> None:
    """The reference: every three of whom each two stand out; joined while two of them share two members."""
    made = table(year(3, planted=5))
    near = {(row.one, row.other) for row in pairs(occasions(made, 0, YEAR - 1), 52, 2)[0] if row.p <= AT_MOST}
    ids = sorted({one for pair in near for one in pair})
    threes = [set(three) for three in combinations(ids, 3) if all(pair in near for pair in combinations(three, 2))]
    while joined := next(((one, other) for one, other in combinations(threes, 2) if len(one & other) >= 2), None):
        threes = [one for one in threes if one not in joined] + [joined[0] | joined[1]]
    assert [set(one.members) for one in crowds(made, 0, YEAR - 1, 7, shuffles=19)] == threes


def test_what_the_engine_cannot_take_is_said() -> None:
    with pytest.raises(ValueError, match="eight weeks"):
        crowds(table(year(1)), 0, 4 * WEEK, 7)
    assert missing_together(table(year(1)), 0, YEAR - 1).tried == 300
    assert crowds(table([]), 0, YEAR - 1, 7) == []
