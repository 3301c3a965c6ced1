"""Which cells of a table are left unsaid: those that are small, and so many others that none of them can be reckoned back."""

import random

from atlas_analysis.rates.shares import left_unsaid


def test_what_could_be_reckoned_back_is_left_unsaid_too() -> None:
    assert left_unsaid([[12, 3, 9], [20, 11, 30]]) == [[False, True, True], [False, True, True]]
    assert left_unsaid([[12, 0, 9], [20, 11, 30]]) == [[False] * 3] * 2  # nought says nothing of anybody
    for seed in range(300):
        chance = random.Random(seed)
        table = [[chance.choice((0, 1, 3, 6, 12, 40)) for _ in range(chance.randint(2, 5))] for _ in range(1)]
        table += [[chance.choice((0, 2, 4, 7, 25)) for _ in table[0]] for _ in range(chance.randint(1, 5))]
        hidden = left_unsaid(table)
        assert all(mark for row, marks in zip(table, hidden, strict=True) for cell, mark in zip(row, marks, strict=True) if 0 < cell < 5)
        assert all(sum(line) != 1 for line in [*hidden, *zip(*hidden, strict=True)]), table
