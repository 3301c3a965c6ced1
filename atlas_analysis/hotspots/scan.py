"""The space-time scan: where and since when more happens than chance alone explains, with how sure that is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atlas_analysis.hotspots import draws, kernel, spells
from atlas_analysis.hotspots.clusters import clusters
from atlas_analysis.hotspots.ground import RUNGS, Ground, lay, units_ago
from atlas_analysis.hotspots.kernel import Bars, Circles, Happened
from atlas_analysis.hotspots.reporting import set_apart
from atlas_analysis.hotspots.results import ScanResult
from atlas_analysis.hotspots.search import Search
from atlas_analysis.hotspots.spells import Spells
from atlas_analysis.hotspots.tables import Events, Places, read_events, read_places

PILOT = 16  # shuffles whose greatest statistics say where to begin with the others
BEGIN = 0.8  # of the least of these

Progress = Callable[[float], None]
Also = Callable[[NDArray[Any], Circles], None]


def quietly(share: float) -> None:
    """Tell nobody."""


def scan(events: pa.Table, places: pa.Table, search: Search, progress: Progress = quietly) -> ScanResult:
    """Look for places and days with more events than chance explains.

    `events`: columns `place` (text), `day` (date), perhaps `events` (how many alike) and `event` (its number: a second delivery is not counted).
    `places`: columns `place` (text), coordinates (see tables.read_points), perhaps `kind` (text) and `population`.
    `progress` is told the share done, from 0 to 1. The same input and search give the same answer, with any number of workers.
    Raises ValueError, in words that say what to do, for input that cannot be right.
    Sources: Kulldorff, Commun Stat Theory Methods 1997; 26: 1481-96 and J R Stat Soc A 2001; 164: 61-72 (Poisson, looking forward);
    Kulldorff and others, PLoS Med 2005; 2: e59 (permutation); Kleinman and others, Am J Epidemiol 2004; 159: 217-24 (recurrence interval).
    """
    search.check()
    where = read_places(places, search.within)
    what = read_events(events, where, search.first_day, search.last_day)
    recent = (search.last_day - search.first_day).days + 1 - search.longest * search.unit
    what, apart = set_apart(what, where, search.reporting_kinds, search.reporting, recent)
    if len(what.places) < max(2, search.least_events):
        raise ValueError(f"{len(what.places)} events are too few to look for more than chance among them.")
    ground = lay(what, where, search)
    found, maxima = look(what, ground, search, progress)
    return ScanResult(
        clusters=clusters(found, maxima, ground, what, search), events=ground.total, places=len(where.names), first_day=search.first_day,
        last_day=search.last_day, replicates=search.replicates, seed=search.seed, maxima=tuple(maxima.tolist()), scans_a_day=search.scans_a_day,
        apart=apart, caveats=(*what.caveats, *caveats(what, where, ground, search)),
    )  # fmt: skip


def look(events: Events, ground: Ground, search: Search, progress: Progress) -> tuple[NDArray[Any], NDArray[Any]]:
    """The best cylinder round each place, and the greatest statistic of each shuffle."""
    shuffles = shuffled(events, ground, search)
    own = happened(events, ground, search)
    bars: Any = spells_of(ground, search) if search.looking_back else bars_of(ground, search)
    best_of, sweep = (spells.best_back, spells.sweep_back) if search.looking_back else (kernel.best_of_each, kernel.sweep)
    found = np.empty((len(ground.weight), 4 if search.looking_back else 3))

    def first(group: NDArray[Any], drawn: Circles) -> None:
        found[group] = best_of(drawn, own, bars)

    def raised(which: NDArray[Any], floor: float, share: Progress, also: Also = no_more) -> NDArray[Any]:
        best, some = np.full((search.workers, len(which)), floor), some_of(shuffles, which)

        def work(worker: int) -> None:
            mine = ground.groups[worker :: search.workers]
            for number, group in enumerate(mine):
                drawn = ground.circles(group)
                also(group, drawn)
                best[worker] = best.max(axis=0)  # what another has come to meanwhile is a bar here, too
                sweep(best[worker], drawn, some, bars)
                if worker == 0:
                    share(number / len(mine))

        with ThreadPoolExecutor(search.workers) as pool:
            list(pool.map(work, range(search.workers)))
        return best.max(axis=0)

    pilot = raised(np.arange(PILOT), 0.0, quietly, first)
    return found, greatest(raised, pilot, search, progress)


def no_more(group: NDArray[Any], drawn: Circles) -> None:
    """Nothing else is done with a group's circles."""


def some_of(shuffles: Happened, which: NDArray[Any]) -> Happened:
    """Some of the shuffles."""
    return Happened(shuffles.starts[which], shuffles.places, shuffles.ages)


def greatest(
    raised: Callable[[NDArray[Any], float, Progress], NDArray[Any]], pilot: NDArray[Any], search: Search, progress: Progress
) -> NDArray[Any]:
    """The greatest statistic of each shuffle: most of the least of the first few is where to begin with the others; where none was above, again from nothing."""
    floor = BEGIN * float(pilot.min())
    maxima = np.concatenate([pilot, raised(np.arange(PILOT, search.replicates), floor, progress)])
    low = np.flatnonzero(maxima[PILOT:] <= floor) + PILOT
    if len(low):
        maxima[low] = raised(low, 0.0, quietly)
    return maxima


def times_of(events: Events, ground: Ground, search: Search) -> tuple[NDArray[np.int64], int]:
    """The unit of time of each event, and the first that is of no account: units ago looking forward, units from the beginning looking back."""
    ago = units_ago(events.days, search)
    return (len(ground.share) - 1 - ago, len(ground.share)) if search.looking_back else (ago, search.longest)


def happened(events: Events, ground: Ground, search: Search) -> Happened:
    """What did happen, in the form that the kernels read."""
    time, before = times_of(events, ground, search)
    return draws.pack([(events.places[time < before], time[time < before])], len(ground.weight))


def shuffled(events: Events, ground: Ground, search: Search) -> Happened:
    """What chance alone would have made of it."""
    time, before = times_of(events, ground, search)
    if search.model == "permutation":
        sets = draws.permuted(events.places, time, before, search.replicates, search.seed)
    else:
        share = ground.share[::-1] if search.looking_back else ground.share
        sets = draws.drawn_anew(ground.weight, ground.total, share, before, search.replicates, search.seed)
    return draws.pack(list(sets), len(ground.weight))


def bars_of(ground: Ground, search: Search) -> Bars:
    """What a count must reach in windows that end with the last unit."""
    fractions = np.cumsum(ground.share[: search.longest])
    need = kernel.needed(RUNGS, ground.edges, fractions, float(ground.total), search.least_events)
    return Bars(need, fractions, float(ground.total), ground.near)


def spells_of(ground: Ground, search: Search) -> Spells:
    """What a count must reach in windows that end with any unit: by the one of each length that expects least, and has an event at all."""
    before = np.concatenate([[0.0], np.cumsum(ground.share[::-1])])
    least = [before[length:] - before[:-length] for length in range(1, search.longest + 1)]
    fractions = np.array([part[part > 1e-12].min() for part in least]) * (1 - 1e-12)
    return Spells(kernel.needed(RUNGS, ground.edges, fractions, float(ground.total), search.least_events), before, float(ground.total))


def caveats(events: Events, places: Places, ground: Ground, search: Search) -> list[str]:
    """What whoever reads the answer must know."""
    said = []
    counts = np.bincount(events.places, minlength=len(places.names))
    for place in np.flatnonzero(ground.weight > ground.most):
        said.append(
            f"{places.names[place]} alone expects more than {search.largest_share:.0%} of all events, so it lies in no circle and cannot be found."
        )
    busy = int(counts.argmax())
    if counts[busy] * 5 >= ground.total and ground.weight[busy] <= ground.most:
        said.append(
            f"{counts[busy]} of {ground.total} events happened at one place, {places.names[busy]}: is it where they happened, or where they are reported?"
        )
    distinct = len(np.unique(places.points, axis=0))
    if distinct < len(places.names):
        said.append(f"{len(places.names)} places lie on {distinct} points: what lies on one point is found together.")
    if search.scans_a_day > 1 and not search.looking_back:
        said.append(f"{search.scans_a_day} such searches are made each day; chance alone shows p below 0.01 in one of them about once in "
                    f"{100 / search.scans_a_day:.0f} days.")  # fmt: skip
    return said
