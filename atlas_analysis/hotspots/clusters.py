"""From the best cylinder round each place to clusters: strongest first, none that shares ground with a stronger, ties said."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atlas_analysis.hotspots.ground import Ground, units_ago
from atlas_analysis.hotspots.kernel import statistic
from atlas_analysis.hotspots.results import Cluster, Cylinder
from atlas_analysis.hotspots.search import Search
from atlas_analysis.hotspots.tables import Events

ALIKE = 1e-9  # statistics closer than this are the same
MOST_TIES = 20


def clusters(found: NDArray[Any], maxima: NDArray[Any], ground: Ground, events: Events, search: Search) -> tuple[Cluster, ...]:
    """Clusters that share no place, as SaTScan reports them by default. `found`: per centre (statistic, k, window), or (…, first, last)."""
    kept: list[Cylinder] = []
    ties: dict[int, list[Cylinder]] = {}
    owner = np.full(len(found), -1)  # which cluster holds each place
    for centre, members, furthest in candidates(found, ground):
        value = found[centre, 0]
        if value <= 0 or (len(kept) == search.most_clusters and value < kept[-1].statistic - ALIKE):
            break
        meets = owner[members].max() if owner[centre] < 0 else owner[centre]
        if meets < 0 and len(kept) < search.most_clusters:
            owner[members] = len(kept)
            kept.append(cylinder(centre, members, furthest, found[centre], ground, events, search))
        elif meets >= 0 and abs(kept[meets].statistic - value) <= ALIKE and len(ties.setdefault(meets, [])) < MOST_TIES:
            one = cylinder(centre, members, furthest, found[centre], ground, events, search)
            if all(not same(one, other) for other in (kept[meets], *ties[meets])):
                ties[meets].append(one)
    return tuple(cluster(one, ties.get(index, []), maxima, search) for index, one in enumerate(kept))


def candidates(found: NDArray[Any], ground: Ground) -> Iterator[tuple[int, NDArray[Any], int]]:
    """Centres with the places of their best circle and its radius in millimetres: strongest first, of equals the smallest circle first.
    Places beyond the last where anything is expected belong to no circle.
    """
    rounded = np.round(found[:, 0], 9)
    order = np.argsort(-rounded, kind="stable")
    for _, run in groupby(order, key=lambda centre: rounded[centre]):
        rows = []
        for centre in run:
            members = ground.circles(np.array([centre])).order[0, : int(found[centre, 1]) + 1]
            far = ground.millimetres(np.array([centre]))[0][members]
            furthest = int(far[ground.weight[members] > 0].max(initial=0))
            rows.append((int(centre), members[far <= furthest], furthest))
        yield from sorted(rows, key=lambda row: (row[2], row[0]))


def same(one: Cylinder, other: Cylinder) -> bool:
    """Whether two cylinders hold the same places and days, seen from whatever centre."""
    return set(one.places) == set(other.places) and (one.first, one.last) == (other.first, other.last)


def cylinder(
    centre: int, members: NDArray[Any], furthest: int, row: NDArray[Any], ground: Ground, events: Events, search: Search
) -> Cylinder:
    """The cylinder of a row of what was found, counted again from the events themselves."""
    newest, oldest = (len(ground.share) - 1 - int(row[3]), len(ground.share) - 1 - int(row[2])) if search.looking_back else (0, int(row[2]))
    ago = units_ago(events.days, search)
    count = int((np.isin(events.places, members) & (ago >= newest) & (ago <= oldest)).sum())
    expected = float(ground.weight[members].sum() * ground.share[newest : oldest + 1].sum())
    return Cylinder(
        places=tuple(ground.places.names[place] for place in members), centre=ground.places.names[centre], radius=ground.metres(furthest),
        first=max(search.first_day, search.last_day - timedelta(days=(oldest + 1) * search.unit - 1)),
        last=search.last_day - timedelta(days=newest * search.unit), events=count, expected=expected,
        statistic=statistic(count, expected, ground.total),
    )  # fmt: skip


def cluster(one: Cylinder, ties: list[Cylinder], maxima: NDArray[Any], search: Search) -> Cluster:
    """A cylinder with its p: of the shuffles and the truth itself, the share that shows one as strong somewhere."""
    p = float((1 + (maxima >= one.statistic - ALIKE).sum()) / (1 + len(maxima)))
    return Cluster(one, p, None if search.looking_back else search.unit / p, tuple(ties))
