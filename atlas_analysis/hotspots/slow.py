"""The scan as one would tell it: every place, every circle, every window, one after the other. For tests, and for whoever would check an answer by reading.

Takes hours where the fast one takes seconds. It shares with it the reading of tables and the shuffles drawn, and nothing of the search itself.
"""

from math import log

import numpy as np

from atlas_analysis.hotspots.ground import Ground
from atlas_analysis.hotspots.kernel import Happened
from atlas_analysis.hotspots.search import Search


def likelihood(count: int, expected: float, total: int) -> float:
    """Kulldorff's log likelihood ratio; 0 where no more happened than expected."""
    if count <= expected:
        return 0.0
    rest = (total - count) * log((total - count) / (total - expected)) if total > count else 0.0
    return count * log(count / expected) + rest


def circles_of(centre: int, ground: Ground) -> list[list[int]]:
    """The circles round a place, each a list of places, from the smallest to the largest allowed."""
    far = ground.millimetres(np.array([centre]))[0]
    found = []
    for radius in sorted(set(far.tolist())):
        inside = [place for place in range(len(far)) if far[place] <= radius]
        if radius > ground.far or sum(ground.weight[place] for place in inside) > ground.most:
            break
        found.append(inside)
    return found


def windows(search: Search, units: int) -> list[tuple[int, int]]:
    """The windows as (first, last) unit of time: forward as so many units ago, 0 the last; back from the beginning."""
    if not search.looking_back:
        return [(0, oldest) for oldest in range(search.longest)]
    return [(first, last) for first in range(units) for last in range(first, min(units, first + search.longest))]


def greatest(ground: Ground, happened: Happened, data_set: int, search: Search) -> float:
    """The greatest statistic of one data set: of what happened, or of a shuffle."""
    starts, units = happened.starts[data_set], len(ground.share)
    share = ground.share[::-1] if search.looking_back else ground.share
    best = 0.0
    for centre in range(len(ground.weight)):
        for inside in circles_of(centre, ground):
            times = [int(happened.ages[event]) for place in inside for event in range(starts[place], starts[place + 1])]
            for first, last in windows(search, units):
                count = sum(first <= time <= last for time in times)
                if count >= search.least_events:
                    expected = sum(ground.weight[place] for place in inside) * sum(share[first : last + 1])
                    best = max(best, likelihood(count, expected, ground.total))
    return best
