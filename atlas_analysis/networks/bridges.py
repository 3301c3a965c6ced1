"""Through whom groups touch: how many shortest ways lead through each point, and the ties without which the network falls apart.

A number about a place in the network, not about a person's worth or danger; of a child it is shown to nobody as a list (protection.md 3.6).
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from atlas_analysis.networks.ties import Network

EXACT_TO = 20_000  # ties; beyond, from a sample with its error
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Between:
    """For each point, how many shortest ways between two others lead through it, each pair once; `error`: by how much at most each may be wrong (nought: exact)."""

    ways: np.ndarray
    error: float

    def first(self, many: int) -> tuple[np.ndarray, bool]:
        """The points with the most, and whether that they are these is sure: whether the last of them stands apart from the next by more than both errors."""
        order = np.argsort(-self.ways, kind="stable")[: many + 1]
        if len(order) <= many:
            return order, self.error == 0
        return order[:many], bool(self.ways[order[many - 1]] - self.ways[order[many]] > 2 * self.error)


def between(of: Network, seed: int = 0, samples: int | None = None) -> Between:
    """Betweenness by Brandes' method (J Math Sociol 2001; 25: 163-177): exact up to 20,000 ties, beyond by that many `samples` of the point where ways begin (1,000
    unless said), with the error that holds for all points at once with 95 % (Hoeffding's inequality; Brandes and Pich, Int J Bifurcat Chaos 2007; 17: 2303-2318).
    """
    if samples is None and len(of.one) <= EXACT_TO:
        return Between(_ways(of.starts, of.ends, np.arange(of.size)) / 2, 0.0)
    many = min(samples or 1_000, of.size)
    begin = np.random.default_rng(seed).choice(of.size, many, replace=False)
    scale = of.size / many / 2
    most = of.size * max(of.size - 2, 0) / 2
    error = most * np.sqrt(np.log(2 * of.size / (1 - CONFIDENCE)) / (2 * many))
    return Between(_ways(of.starts, of.ends, begin) * scale, float(error))


def bridging_ties(of: Network) -> np.ndarray:
    """The ties, as places in `one` and `other`, whose end would leave somebody without any way to somebody else: Tarjan, Inf Process Lett 1974; 2: 160-161."""
    return np.flatnonzero(_bridges(of.starts, of.ends, of.tie, len(of.one)))


@njit(cache=True)
def _ways(starts, ends, begin):  # type: ignore[no-untyped-def] # compiled
    size = len(starts) - 1
    total = np.zeros(size)
    depth, count, depends = np.empty(size, np.int64), np.empty(size), np.empty(size)
    order = np.empty(size, np.int64)
    for source in begin:
        depth[:] = -1
        count[:] = 0.0
        depends[:] = 0.0
        depth[source], count[source], order[0] = 0, 1.0, source
        head, tail = 0, 1
        while head < tail:
            here = order[head]
            head += 1
            for at in range(starts[here], starts[here + 1]):
                there = ends[at]
                if depth[there] < 0:
                    depth[there] = depth[here] + 1
                    order[tail] = there
                    tail += 1
                if depth[there] == depth[here] + 1:
                    count[there] += count[here]
        for back in range(tail - 1, 0, -1):
            here = order[back]
            for at in range(starts[here], starts[here + 1]):
                there = ends[at]
                if depth[there] == depth[here] - 1:
                    depends[there] += count[there] / count[here] * (1 + depends[here])
            total[here] += depends[here]
    return total


@njit(cache=True)
def _bridges(starts, ends, tie, ties):  # type: ignore[no-untyped-def] # compiled
    size = len(starts) - 1
    is_bridge = np.zeros(ties, np.bool_)
    found, low = np.full(size, -1, np.int64), np.zeros(size, np.int64)
    at, by, stack = starts[:-1].copy(), np.full(size, -1, np.int64), np.empty(size, np.int64)
    clock = 0
    for root in range(size):
        if found[root] >= 0:
            continue
        stack[0], top = root, 0
        found[root] = low[root] = clock
        clock += 1
        while top >= 0:
            here = stack[top]
            if at[here] < starts[here + 1]:
                there, edge = ends[at[here]], tie[at[here]]
                at[here] += 1
                if edge == by[here]:
                    continue
                if found[there] < 0:
                    found[there] = low[there] = clock
                    clock += 1
                    by[there] = edge
                    top += 1
                    stack[top] = there
                else:
                    low[here] = min(low[here], found[there])
            else:
                top -= 1
                if top >= 0:
                    above = stack[top]
                    low[above] = min(low[above], low[here])
                    if low[here] > found[above]:
                        is_bridge[by[here]] = True
    return is_bridge
