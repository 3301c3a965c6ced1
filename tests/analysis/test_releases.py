"""Two releases of the same table: whoever has both does not find few, nor who came between (protection.md table G, G4; figures: `bench releases`)."""

import random

import numpy as np
import pytest

from atlas_analysis.rates.disclosure import protect
from atlas_analysis.rates.releases import attacked, protect_after


def pairs(seeds: int) -> list[tuple[list[list[int]], list[list[int]]]]:
    made = []
    for seed in range(seeds):
        chance = random.Random(seed)
        width, height = chance.randint(2, 4), chance.randint(2, 4)
        first = [[chance.choice((0, 1, 3, 5, 7, 12, 40)) for _ in range(width)] for _ in range(height)]
        second = [list(row) for row in first]
        for _ in range(chance.choice((1, 3, 8, 20))):
            second[chance.randrange(height)][chance.randrange(width)] += 1
        made.append((first, second))
    return made


def test_the_attacker_finds_the_one_child_who_came_between_two_careless_releases() -> None:
    before, after = [[12, 40], [25, 60]], [[12, 41], [25, 60]]
    found = list(attacked(protect(before), protect(after)))
    assert found  # nothing small stands in either; the difference alone is of one child
    assert {kind for kind, *_ in found} == {"came"}
    assert all(low == high == holds == 1 for _, holds, low, high in found)


def test_beside_the_earlier_release_nothing_small_is_found_within_two() -> None:
    said = cells = 0
    for before, after in pairs(14):
        earlier = protect(before)
        told = protect_after(after, earlier)
        small = (told.counts >= 1) & (told.counts <= 5)
        assert told.unsaid[small].all()
        for kind, holds, low, high in attacked(earlier, told):
            if not told.unsaid.all():
                assert holds - low > 2 or high - holds > 2, (before, after, kind, holds)
        said, cells = said + int((~told.unsaid).sum()), cells + told.unsaid.size
    assert said / cells > 0.1  # a table with everything unsaid protects, and tells nothing


def test_the_same_again_is_said_as_before() -> None:
    table = [[3, 40, 8], [25, 60, 9], [33, 81, 90]]
    assert np.array_equal(protect_after(table, protect(table)).unsaid, protect(table).unsaid)


@pytest.mark.parametrize(("after", "words"), [([[9, 9]], "not of the same rows"), ([[9, 9], [9, 8]], "less than it was")])
def test_what_does_not_follow_an_earlier_table_is_refused(after: list[list[int]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        protect_after(after, protect([[9, 9], [9, 9]]))
