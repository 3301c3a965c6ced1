"""The way between two, as the service asks it link by link, beside the engine's on the same network: as long, over links that stand and are open to the reader."""

from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import patch
from uuid import UUID

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.network import queries
from atlas.network.models import Link
from atlas_analysis.networks.ways import shortest_way
from tests.analysis.given_networks import of_edges

DAY = date(2026, 6, 1)
REVIEWS = (date(2026, 12, 1), date(2026, 5, 1))  # stands on the day; has lapsed
SIZE = 9


@st.composite
def networks(draw: Any) -> tuple[list[tuple[int, int]], list[bool], set[int]]:
    """Links between nine children, whether each stands, and who is hidden from the reader."""
    pair = (
        st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1))
        .map(lambda one: (min(one), max(one)))
        .filter(lambda one: one[0] != one[1])
    )
    pairs = draw(st.lists(pair, unique=True, max_size=14))
    return pairs, [draw(st.integers(0, 4)) > 0 for _ in pairs], draw(st.sets(st.integers(2, SIZE - 1), max_size=3))


def key(number: int) -> queries.Key:
    """A child of that number."""
    return "child", UUID(int=number)


@given(networks())
@settings(max_examples=150, deadline=None)
def test_a_way_is_as_long_as_the_engines_and_as_open(drawn: tuple[list[tuple[int, int]], list[bool], set[int]]) -> None:
    """From the first child to the second. The engine knows no longest way; the service asks at most four links."""
    pairs, stands, hidden = drawn
    links = [
        Link(pk=UUID(int=100 + number), child_id=UUID(int=one), other_child_id=UUID(int=other), added_at=datetime(2026, 1, 1, tzinfo=UTC),
             review_on=REVIEWS[0] if is_standing else REVIEWS[1])
        for number, ((one, other), is_standing) in enumerate(zip(pairs, stands, strict=True))
    ]  # fmt: skip

    def links_at(_: Any, points: set[queries.Key]) -> list[Link]:
        """As row security gives them: a link of which an end is hidden is not there."""
        shut = {key(number) for number in hidden}
        return [link for link in links if (ends := set(queries.ends_of(link))) & points and not ends & shut]

    with patch.object(queries, "links_at", links_at):
        asked = queries.way_between(None, key(0), key(1), DAY)  # type: ignore[arg-type]
    may_see = np.array([number not in hidden for number in range(SIZE)])
    engines = shortest_way(
        of_edges([pair for pair, is_standing in zip(pairs, stands, strict=True) if is_standing], SIZE), "0", "1", may_see
    )
    if engines is None or len(engines) > queries.FARTHEST:
        assert asked is None
        return
    assert asked is not None
    assert len(asked) == len(engines)
    here = key(0)
    for link in asked:  # each leads on, stands, and ends at nobody hidden
        one, other = queries.ends_of(link)
        assert here in (one, other) and link.stands_on(DAY)
        here = other if here == one else one
        assert here[1].int not in hidden
    assert here == key(1)
