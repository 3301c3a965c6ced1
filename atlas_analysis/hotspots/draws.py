"""Shuffles: what chance alone would have made of the same events."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from atlas_analysis.hotspots.kernel import Happened

Numbers = NDArray[np.int64]


def pack(sets: list[tuple[Numbers, Numbers]], places: int) -> Happened:
    """Events of several sets, each a pair of places and times, in the form that the kernels read."""
    starts, where, when, before = np.empty((len(sets), places + 1), np.int32), [], [], 0
    for number, (place, time) in enumerate(sets):
        order = np.lexsort((time, place))
        starts[number] = before + np.searchsorted(place[order], np.arange(places + 1))
        where.append(place[order].astype(np.int32))
        when.append(time[order].astype(np.uint16))
        before += len(place)
    return Happened(starts, np.concatenate(where), np.concatenate(when))


def permuted(place: Numbers, time: Numbers, before: int, times: int, seed: int) -> Iterator[tuple[Numbers, Numbers]]:
    """Shuffles of the space-time permutation (Kulldorff and others, PLoS Med 2005; 2: e59): each place keeps its number of events, and each unit of
    time its own, but which event fell when is chance. Only events of a time below `before` are given.
    """
    random = np.random.default_rng(seed)
    kept = np.sort(time[time < before])
    for _ in range(times):
        yield place[random.choice(len(place), len(kept), replace=False)], kept


def drawn_anew(
    weight: NDArray[np.float64], total: int, share: NDArray[np.float64], before: int, times: int, seed: int
) -> Iterator[tuple[Numbers, Numbers]]:
    """As many events again, each at a place by its share of the population and in a unit of time by its length (Kulldorff's Poisson model, given the total).
    `share` is of each unit of time. Only events of a time below `before` are given.
    """
    random = np.random.default_rng(seed)
    chance, upto = weight / weight.sum(), np.cumsum(share[:before])
    for _ in range(times):
        many = random.binomial(total, min(1.0, upto[-1]))
        time = np.minimum(np.searchsorted(upto, random.random(many) * upto[-1], "right"), before - 1)
        yield random.choice(len(weight), many, p=chance), time
