"""Where the points of a small network stand: each by itself, the same every time, as far from the middle as the shortest way is long."""

from itertools import combinations
from math import dist, hypot

import numpy as np
import pytest

from atlas_analysis.networks.rings import rings


def drawn(points: int, ties: int, seed: int) -> list[tuple[str, str]]:
    random = np.random.default_rng(seed)
    return [(f"p{a:03}", f"p{b:03}") for a, b in random.integers(0, points, (ties, 2)).tolist()]


def slowly(middle: str, ties: list[tuple[str, str]], most: int) -> dict[str, int]:
    """How many ties each is from the middle: every tie looked at, step by step."""
    far = {middle: 0}
    for step in range(1, most + 1):
        here = {one for one, at in far.items() if at == step - 1}
        for one, other in ties:
            for a, b in ((one, other), (other, one)):
                if a in here and b not in far:
                    far[b] = step
    return far


@pytest.mark.parametrize("seed", range(5))
def test_each_stands_on_the_ring_of_its_shortest_way_and_on_nobody(seed: int) -> None:
    ties = drawn(60, 90, seed)
    placed = rings("p000", ties)
    assert {one: at.ring for one, at in placed.items()} == slowly("p000", ties, 2)
    assert all(hypot(at.x, at.y) == pytest.approx(at.ring, abs=1e-5) for at in placed.values())
    assert all(dist((a.x, a.y), (b.x, b.y)) > 0.01 for a, b in combinations(placed.values(), 2))
    assert all(placed[at.through].ring == at.ring - 1 for at in placed.values() if at.ring)


def test_the_same_ties_give_the_same_picture_in_whatever_order() -> None:
    ties = drawn(30, 50, 7)
    assert rings("p000", ties) == rings("p000", [(other, one) for one, other in reversed(ties)])


def test_alone_and_what_cannot_be_reached() -> None:
    assert set(rings("a", [])) == {"a"}
    assert set(rings("a", [("a", "a"), ("a", "b"), ("c", "d")])) == {"a", "b"}
