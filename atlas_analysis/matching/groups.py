"""Whose records belong together: one group for each person, from pairs that are joined of themselves or that people have decided."""

from collections.abc import Collection
from dataclasses import dataclass

import pyarrow as pa

from atlas_analysis.matching.standard import People

ONE_OF_EACH = (("nhs_number", "two NHS numbers"), ("upn", "two pupil numbers"), ("sex", "two sexes"))


@dataclass(frozen=True)
class Groups:
    """`of`: for each record the smallest place in its group (its own where it is alone). `refused`: pairs that would have joined two groups which cannot be one person,
    with the reason: for a person to look at.
    """

    of: tuple[int, ...]
    refused: tuple[tuple[int, int, str], ...]


def groups(people: People, pairs: pa.Table, once: Collection[str] = ()) -> Groups:
    """Join pairs, heaviest first, into groups; `pairs`: columns `left`, `right`, `weight`. Time is near linear in pairs.

    No group holds two records of a source in `once`, nor two NHS numbers, pupil numbers or sexes.
    """
    parent = list(range(people.table.num_rows))
    sources = people.table["source"].to_pylist()
    facts = {name: people.table[name].to_pylist() for name, _ in ONE_OF_EACH}
    held: dict[int, list[int]] = {}
    refused = []

    def top(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    def clash(left: list[int], right: list[int]) -> str | None:
        shared = {sources[one] for one in left} & {sources[one] for one in right} & set(once)
        if shared:
            return f"two records of {min(shared)}, which holds each person once"
        for name, words in ONE_OF_EACH:
            values = facts[name]
            if len({values[one] for one in (*left, *right)} - {None}) > 1:
                return words
        return None

    for left, right, _ in sorted(
        zip(pairs["left"].to_pylist(), pairs["right"].to_pylist(), pairs["weight"].to_pylist(), strict=True),
        key=lambda one: (-one[2], one[0], one[1]),
    ):
        a, b = sorted((top(left), top(right)))
        if a == b:
            continue
        mine, theirs = held.get(a, [a]), held.get(b, [b])
        reason = clash(mine, theirs)
        if reason:
            refused.append((left, right, reason))
            continue
        parent[b] = a
        held[a] = mine + theirs
        held.pop(b, None)
    return Groups(tuple(top(place) for place in range(len(parent))), tuple(refused))
