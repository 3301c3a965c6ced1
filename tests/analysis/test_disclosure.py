"""Nobody who has all that is said knows what an unsaid small cell holds to within two (protection.md 3.5)."""

import random

import numpy as np
import pytest

from atlas_analysis.rates.differencing import too_near
from atlas_analysis.rates.disclosure import attack, is_pinned, protect, rounded
from atlas_analysis.rates.shares import MOST_SMALL


def tables(seeds: int) -> list[list[list[int]]]:
    made = []
    for seed in range(seeds):
        chance = random.Random(seed)
        width, height = chance.randint(1, 6), chance.randint(1, 7)
        made.append([[chance.choice((0, 0, 1, 2, 4, 5, 7, 12, 40, 300)) for _ in range(width)] for _ in range(height)])
    return made


def test_an_attacker_with_every_total_pins_nothing_down() -> None:
    hidden = shown = 0
    for table in tables(120):
        told = protect(table)
        small = (told.counts >= 1) & (told.counts <= MOST_SMALL)
        assert told.unsaid[small].all(), table
        for cell in map(tuple, np.argwhere(small)):
            assert not is_pinned(told.counts, told.unsaid, cell) or told.unsaid.all(), (table, cell)
        hidden, shown = hidden + int(told.unsaid.sum()), shown + told.unsaid.size
    assert hidden / shown < 0.75  # a table with everything unsaid protects, and tells nothing


def test_the_attacker_of_these_tests_finds_what_can_be_found() -> None:
    told = protect([[3, 40], [25, 60]])
    careless = np.zeros_like(told.unsaid)
    careless[0, 0] = True
    assert attack(told.counts, careless, (0, 0)) == (3, 3)
    assert is_pinned(told.counts, careless, (0, 0))


def test_least_is_left_unsaid() -> None:
    told = protect([[3, 40, 8, 90], [25, 60, 9, 70], [33, 81, 90, 50]])
    assert told.secondary == 3  # the corners of one rectangle
    assert told.said()[0][:3] == [None, 40, None]
    assert told.said()[1][:3] == [None, 60, None]
    assert not protect([[0, 6], [12, 0]]).unsaid.any()  # nought says nothing of anybody


@pytest.mark.parametrize("table", [[], [[1, 2], [3]], [[-1]], [[0.5]]])
def test_what_is_no_table_of_counts_is_refused(table: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="rows of equal length"):
        protect(table)


def test_totals_are_rounded_to_ten() -> None:
    assert [rounded(count) for count in (0, 4, 5, 14, 15, 996)] == [0, 0, 10, 10, 20, 1000]


def members(first: int, last: int) -> list[bytes]:
    return [str(number).encode() for number in range(first, last)]


def test_two_groups_that_differ_by_few_are_not_both_released() -> None:
    before = [("Missing, all schools", members(0, 40)), ("Another", members(500, 540))]
    assert too_near(members(0, 40), before) == []  # the same again tells nothing more
    near = too_near(members(0, 37), before)
    assert [(one.earlier, one.only_here, one.only_there) for one in near] == [("Missing, all schools", 0, 3)]
    assert "tells of 3" in near[0].words
    assert too_near(members(0, 30), before) == []
