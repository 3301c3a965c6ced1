"""The shortest way from one to another, tie by tie, through those alone whom the viewer may see."""

from dataclasses import dataclass

import numpy as np
from numba import njit

from atlas_analysis.networks.ties import Network


@dataclass(frozen=True)
class Step:
    """One step: from whom, to whom, by which row of the table of ties: there stand kind, source and dates, which say why."""

    one: str
    other: str
    row: int


def shortest_way(of: Network, first: str, last: str, may_see: np.ndarray | None = None) -> list[Step] | None:
    """The steps of one shortest way, none where both are the same, None where there is no way. `may_see`: for each point, whether the viewer may see it: somebody
    hidden is no bridge, and that there would be a way through them is not told.

    Raises ValueError for an id that is not there: also for one that is hidden, in the same words.
    """
    seen = np.ones(of.size, bool) if may_see is None else np.asarray(may_see, bool)
    if seen.shape != (of.size,):
        raise ValueError("Say for each point of the network whether it may be seen.")
    begin, end = of.place(first), of.place(last)
    if not (seen[begin] and seen[end]):
        raise ValueError("There is nobody and nothing of that id in this network.")
    if begin == end:
        return []
    came, by, met = _search(of.starts, of.ends, of.tie, seen, begin, end)
    if met < 0:
        return None
    return [*_walk(of, came[0], by[0], met, begin)[::-1], *_back(of, came[1], by[1], met, end)]


def _walk(of: Network, came: np.ndarray, by: np.ndarray, met: int, begin: int) -> list[Step]:
    steps, here = [], met
    while here != begin:
        before = int(came[here])
        steps.append(Step(of.ids[before], of.ids[here], int(of.of_table[by[here]])))
        here = before
    return steps


def _back(of: Network, came: np.ndarray, by: np.ndarray, met: int, end: int) -> list[Step]:
    steps, here = [], met
    while here != end:
        following = int(came[here])
        steps.append(Step(of.ids[here], of.ids[following], int(of.of_table[by[here]])))
        here = following
    return steps


@njit(cache=True)
def _search(starts, ends, tie, seen, begin, end):  # type: ignore[no-untyped-def] # compiled
    """From both ends at once, the smaller side first: who was reached from whom, by which tie, on each side; and where the two met (-1: nowhere)."""
    size = len(starts) - 1
    came, by = np.full((2, size), -1, np.int64), np.full((2, size), -1, np.int64)
    depth = np.full((2, size), -1, np.int64)
    queue = np.empty((2, size), np.int64)
    head, tail = np.zeros(2, np.int64), np.ones(2, np.int64)
    for side in range(2):
        queue[side, 0] = begin if side == 0 else end
        depth[side, queue[side, 0]] = 0
    best, met = size + 1, -1
    while head[0] < tail[0] and head[1] < tail[1]:
        side = 0 if tail[0] - head[0] <= tail[1] - head[1] else 1
        level = depth[side, queue[side, head[side]]]
        if level + depth[1 - side, queue[1 - side, head[1 - side]]] + 1 >= best:
            break
        while head[side] < tail[side] and depth[side, queue[side, head[side]]] == level:
            here = queue[side, head[side]]
            head[side] += 1
            for at in range(starts[here], starts[here + 1]):
                there = ends[at]
                if not seen[there] or depth[side, there] >= 0:
                    continue
                depth[side, there], came[side, there], by[side, there] = level + 1, here, tie[at]
                queue[side, tail[side]] = there
                tail[side] += 1
                if depth[1 - side, there] >= 0 and level + 1 + depth[1 - side, there] < best:
                    best, met = level + 1 + depth[1 - side, there], there
    return came, by, met
