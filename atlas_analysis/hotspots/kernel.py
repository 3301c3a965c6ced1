"""The fast scan, inner part: circles round a few centres at a time, against all shuffles.

Why it is fast. (1) What a circle holds over the whole period never changes when days are shuffled, so what it should hold in a window is fixed, and the
count that it must reach to beat the best so far is a whole number known beforehand (`needed`). (2) Only events in the longest window can raise a count.
(3) Centres are taken in groups of near neighbours. A place counts for a group's circles of a size as soon as it lies in one of that size round any of its
centres; where even that many events are too few, no circle of that size round any of them can win, and none is looked at. Where they are enough, what
lies beyond each centre's own circles is taken away, and only what then still may win is reckoned circle by circle. (4) Small circles, where a bound is of
no use, are walked outright: few places lie in them.
Nothing is left out by chance: what is skipped is shown to be no better, so the greatest statistic of each shuffle is exact.
"""

from math import log
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Numbers = NDArray[Any]
NONE = 1e-9  # where nothing at all happened in a window, nothing is expected, and no count comes either
STEP = 0.5  # between the rungs of the ladder of statistics that `needed` is kept for


class Circles(NamedTuple):
    """The circles round a group of g centres, over p places."""

    order: Numbers  # (g, p) places from near to far
    size: Numbers  # (g, p) the weight of the circle that ends there, alike for places equally far
    level: Numbers  # (g, p) by place: the size class of the first circle that holds it; as many as there are classes where none does
    within: Numbers  # (g, levels) how many places the circles up to each size class hold
    joint: Numbers  # (p) the least level over the group
    margin: Numbers  # (g, levels + 1) where in `beyond` the places begin that count for the group at a level and lie in no such circle of this centre
    beyond: Numbers  # places


class Happened(NamedTuple):
    """The events in the longest window, of one data set or of many shuffles of it; a set's events stand place by place."""

    starts: Numbers  # (sets, p + 1) where the events of each place begin
    places: Numbers  # of each event
    ages: Numbers  # of each event: units of time before the last


class Bars(NamedTuple):
    """What a count must reach."""

    need: Numbers  # (rungs, levels, windows): the least count at which a circle of the level's least weight reaches the rung
    fractions: Numbers  # (windows) the share of all events that is expected in each window
    total: float  # all events
    near: int  # levels below this are walked outright


@njit(cache=True, nogil=True)
def statistic(count: float, expected: float, total: float) -> float:
    """The log likelihood ratio of Kulldorff (J R Stat Soc A 2001; 164: 61-72) for more events than expected; 0 where there are no more."""
    if count <= expected:
        return 0.0
    outside = total - count
    rest = outside * log(outside / (total - expected)) if outside > 0 else 0.0
    return count * log(count / expected) + rest


@njit(cache=True, nogil=True)
def needed(rungs: int, edges: Numbers, fractions: Numbers, total: float, least: int) -> Numbers:
    """The table of `Bars.need` for levels that begin at these weights; `least` events are needed in any case."""
    counts = np.empty((rungs, len(edges), len(fractions)), np.int32)
    for level in range(len(edges)):
        for window in range(len(fractions)):
            expected = max(edges[level] * fractions[window], NONE)
            count = max(least, int(expected) + 1)
            for rung in range(rungs):
                high, leap = count, 1
                while high <= total and statistic(high, expected, total) < rung * STEP:
                    count, high, leap = high + 1, high + leap, leap * 2
                high = min(high, int(total) + 1)
                while count < high:
                    middle = (count + high) // 2
                    if statistic(middle, expected, total) >= rung * STEP:
                        high = middle
                    else:
                        count = middle + 1
                counts[rung, level, window] = count
    return counts


@njit(cache=True, nogil=True)
def margins(level: Numbers, joint: Numbers, levels: int) -> tuple[Numbers, Numbers]:
    """`Circles.margin` and `Circles.beyond`."""
    many = np.zeros((len(level), levels), np.int64)
    for g in range(len(level)):
        for place in range(len(joint)):
            for lev in range(joint[place], level[g, place]):
                many[g, lev] += 1
    margin, at = np.zeros((len(level), levels + 1), np.int64), 0
    beyond = np.empty(many.sum(), np.int32)
    for g in range(len(level)):
        for lev in range(levels):
            margin[g, lev] = at
            at += many[g, lev]
        margin[g, levels] = at
        upto = margin[g].copy()
        for place in range(len(joint)):
            for lev in range(joint[place], level[g, place]):
                beyond[upto[lev]] = place
                upto[lev] += 1
    return margin, beyond


@njit(cache=True, nogil=True)
def circles(keys: Numbers, bits: int, weight: Numbers, far: int, most: float, edges: Numbers) -> Circles:
    """Draw the circles, to a distance and a weight, from sorted keys (distance in millimetres, then place in so many bits)."""
    group, places = keys.shape
    order, size = np.empty((group, places), np.int32), np.zeros((group, places))
    level, within = np.full((group, places), len(edges), np.uint8), np.zeros((group, len(edges)), np.int32)
    for g in range(group):
        held, first, lev = 0.0, 0, 0
        while first < places:
            end, distance = first, keys[g, first] >> bits
            while end < places and keys[g, end] >> bits == distance:
                order[g, end] = keys[g, end] & ((1 << bits) - 1)
                held += weight[order[g, end]]
                end += 1
            if held > most or distance > far:
                break
            while lev + 1 < len(edges) and edges[lev + 1] <= held:
                lev += 1
            size[g, first:end] = held
            for k in range(first, end):
                level[g, order[g, k]] = lev
            within[g, lev:] = first = end
    joint = level[0].copy()
    for g in range(1, group):
        joint = np.minimum(joint, level[g])
    margin, beyond = margins(level, joint, len(edges))
    return Circles(order, size, level, within, joint, margin, beyond)


@njit(cache=True, nogil=True)
def rung_of(value: float, need: Numbers) -> int:
    """The highest rung not above a statistic."""
    return min(int(value / STEP), len(need) - 1)


@njit(cache=True, nogil=True)
def weigh(found: Numbers, counts: Numbers, k: int, size: float, level: int, bars: Bars) -> None:
    """Let a circle's counts by age raise what is found: (statistic, k, window)."""
    need, count = bars.need[rung_of(found[0], bars.need), level], 0
    for window in range(len(counts)):
        count += counts[window]
        if count >= need[window]:
            value = statistic(count, size * bars.fractions[window], bars.total)
            if value > found[0]:
                found[0], found[1], found[2] = value, k, window


@njit(cache=True, nogil=True)
def walk(
    found: Numbers, drawn: Circles, g: int, reach: int, asked: Numbers, starts: Numbers, ages: Numbers, bars: Bars, counts: Numbers
) -> None:
    """Go outward from one centre through so many places, and weigh each circle of the asked levels that gained an event."""
    counts[:] = 0
    held = new = 0
    for k in range(reach):
        place = drawn.order[g, k]
        for event in range(starts[place], starts[place + 1]):
            counts[ages[event]] += 1
            new += 1
        if new > 0 and (k + 1 == reach or drawn.size[g, k + 1] != drawn.size[g, k]):
            held += new
            new = 0
            level = drawn.level[g, place]
            if asked[level] and held >= bars.need[rung_of(found[0], bars.need), level, 0]:
                weigh(found, counts, k, drawn.size[g, k], level, bars)


@njit(cache=True, nogil=True)
def reaches(counts: Numbers, need: Numbers) -> bool:
    """Whether counts by age reach, in some window, what is needed there."""
    count = 0
    for window in range(len(counts)):
        count += counts[window]
        if count >= need[window]:
            return True
    return False


@njit(cache=True, nogil=True)
def promising(level: Numbers, places: Numbers, ages: Numbers, need: Numbers, near: int, upto: Numbers, may: Numbers) -> bool:
    """Whether the circles of some level from `near` on might hold events enough; `may` says of which, `upto` holds counts by level and age."""
    levels, windows = need.shape
    upto[:] = 0
    for event in range(len(places)):
        upto[level[places[event]], ages[event]] += 1
    held, some = 0, False
    for lev in range(levels):
        for age in range(windows):
            held += upto[lev, age]
            if lev > 0:
                upto[lev, age] += upto[lev - 1, age]
        may[lev] = lev >= near and held >= need[lev, 0] and reaches(upto[lev], need[lev])
        some = some or may[lev]
    return some


@njit(cache=True, nogil=True)
def look_closer(
    found: Numbers, drawn: Circles, g: int, level: int, most: Numbers, starts: Numbers, ages: Numbers, bars: Bars, counts: Numbers
) -> None:
    """Of one centre and level: take from the group's counts what lies beyond this centre's circles, and where enough is left weigh them one by one."""
    first, end = drawn.within[g, level - 1], drawn.within[g, level]
    if first == end:
        return
    counts[:] = most
    for index in range(drawn.margin[g, level], drawn.margin[g, level + 1]):
        place = drawn.beyond[index]
        for event in range(starts[place], starts[place + 1]):
            counts[ages[event]] -= 1
    if not reaches(counts, bars.need[rung_of(found[0], bars.need), level]):
        return
    for k in range(first, end):
        for event in range(starts[drawn.order[g, k]], starts[drawn.order[g, k] + 1]):
            counts[ages[event]] -= 1
    gained = False
    for k in range(first, end):
        for event in range(starts[drawn.order[g, k]], starts[drawn.order[g, k] + 1]):
            counts[ages[event]] += 1
            gained = True
        if gained and (k + 1 == end or drawn.size[g, k + 1] != drawn.size[g, k]):
            weigh(found, counts, k, drawn.size[g, k], level, bars)
            gained = False


@njit(cache=True, nogil=True)
def sweep(best: Numbers, drawn: Circles, happened: Happened, bars: Bars) -> None:
    """Raise the greatest statistic of each shuffle by the circles round these centres."""
    levels, windows = bars.need.shape[1:]
    upto, counts, found = np.empty((levels + 1, windows), np.int32), np.empty(windows, np.int32), np.zeros(3)  # one more for places outside
    may, small = np.empty(levels, np.bool_), np.arange(levels) < bars.near
    for shuffle in range(len(best)):
        starts = happened.starts[shuffle]
        places, ages = happened.places[starts[0] : starts[-1]], happened.ages[starts[0] : starts[-1]]
        found[0] = best[shuffle]
        for g in range(len(drawn.order)):
            walk(found, drawn, g, drawn.within[g, bars.near - 1], small, starts, happened.ages, bars, counts)
        if promising(drawn.joint, places, ages, bars.need[rung_of(found[0], bars.need)], bars.near, upto, may):
            for level in range(bars.near, levels):
                for g in range(len(drawn.order)):
                    if may[level]:
                        look_closer(found, drawn, g, level, upto[level], starts, happened.ages, bars, counts)
        best[shuffle] = found[0]


@njit(cache=True, nogil=True)
def best_of_each(drawn: Circles, happened: Happened, bars: Bars) -> Numbers:
    """Of one data set, the best cylinder round each centre: rows of (statistic, k, window)."""
    levels, windows = bars.need.shape[1:]
    found, counts, every = np.zeros((len(drawn.order), 3)), np.empty(windows, np.int32), np.ones(levels, np.bool_)
    for g in range(len(drawn.order)):
        walk(found[g], drawn, g, drawn.within[g, -1], every, happened.starts[0], happened.ages, bars, counts)
    return found
