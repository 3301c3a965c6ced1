"""The scan looking back, inner part: windows that may begin and end on any day, in circles round a few centres, against all shuffles.

It walks every circle, but weighs only windows that gained an event, begin and end on days with events, and hold as many as must be (see kernel.py).
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from atlas_analysis.hotspots.kernel import Circles, Happened, Numbers, rung_of, statistic


class Spells(NamedTuple):
    """What a count must reach in a window that begins and ends anywhere."""

    need: Numbers  # (rungs, levels, lengths): by the window of each length that expects least
    before: Numbers  # (units + 1) the share of all events expected before each unit of time
    total: float


@njit(cache=True, nogil=True)
def weigh_round(found: Numbers, counts: Numbers, time: int, k: int, size: float, level: int, bars: Spells) -> None:
    """Let the windows that hold this unit of time raise what is found: (statistic, k, first, last)."""
    longest = bars.need.shape[2]
    around = counts[max(0, time - longest + 1) : time + longest].sum()
    if around < bars.need[rung_of(found[0], bars.need), level, 0]:
        return
    left = 0
    for first in range(time, max(-1, time - longest), -1):
        left += counts[first]
        if counts[first] == 0:
            continue
        count = left
        for last in range(time, min(len(counts), first + longest)):
            if last > time:
                count += counts[last]
            if counts[last] > 0 and count >= bars.need[rung_of(found[0], bars.need), level, last - first]:
                value = statistic(count, size * (bars.before[last + 1] - bars.before[first]), bars.total)
                if value > found[0]:
                    found[0], found[1], found[2], found[3] = value, k, first, last


@njit(cache=True, nogil=True)
def walk_back(found: Numbers, drawn: Circles, g: int, starts: Numbers, times: Numbers, bars: Spells, counts: Numbers) -> None:
    """Go outward from one centre place by place, and weigh in each circle the windows that gained an event."""
    counts[:] = 0
    since = 0  # places whose events have not been weighed yet
    for k in range(drawn.within[g, -1]):
        place = drawn.order[g, k]
        for event in range(starts[place], starts[place + 1]):
            counts[times[event]] += 1
        if k + 1 < drawn.within[g, -1] and drawn.size[g, k + 1] == drawn.size[g, k]:
            continue
        for new in range(since, k + 1):
            for event in range(starts[drawn.order[g, new]], starts[drawn.order[g, new] + 1]):
                weigh_round(found, counts, times[event], k, drawn.size[g, k], drawn.level[g, place], bars)
        since = k + 1


@njit(cache=True, nogil=True)
def sweep_back(best: Numbers, drawn: Circles, happened: Happened, bars: Spells) -> None:
    """Raise the greatest statistic of each shuffle by the circles round these centres."""
    counts, found = np.empty(len(bars.before) - 1, np.int32), np.zeros(4)
    for shuffle in range(len(best)):
        found[0] = best[shuffle]
        for g in range(len(drawn.order)):
            walk_back(found, drawn, g, happened.starts[shuffle], happened.ages, bars, counts)
        best[shuffle] = found[0]


@njit(cache=True, nogil=True)
def best_back(drawn: Circles, happened: Happened, bars: Spells) -> Numbers:
    """Of one data set, the best cylinder round each centre: rows of (statistic, k, first, last)."""
    counts, found = np.empty(len(bars.before) - 1, np.int32), np.zeros((len(drawn.order), 4))
    for g in range(len(drawn.order)):
        walk_back(found[g], drawn, g, happened.starts[0], happened.ages, bars, counts)
    return found
