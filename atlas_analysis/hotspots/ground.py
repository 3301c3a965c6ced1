"""What a scan stands on and no shuffle changes: places, what each should hold, the sizes of circles, and the time that each window expects."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atlas_analysis.hotspots import kernel
from atlas_analysis.hotspots.kernel import Circles
from atlas_analysis.hotspots.search import Search
from atlas_analysis.hotspots.tables import EARTH, Events, Places

GROUP = 3  # centres that are bounded together
RUNGS = 64  # of statistics, up to 32
FAR = 1 << 40  # millimetres: further than anything on Earth
STRIDE = 1.0  # standard deviation of the count, from one class of sizes to the next
NEAR = 8  # places: circles that hold fewer, in the mean, are walked outright
MOST_LEVELS = 250

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ground:
    """See `lay`."""

    places: Places
    weight: Floats  # (places) the events expected at each over the whole period
    share: Floats  # (units) the share of all events that is expected in each unit of time, the last unit first
    edges: Floats  # the least weight of each class of circles
    total: int
    near: int
    far: int  # millimetres
    most: float  # the weight of the largest circle
    groups: tuple[NDArray[np.int64], ...]

    def circles(self, centres: NDArray[np.int64]) -> Circles:
        """The circles round these centres. Only these are held in memory, which therefore grows with the places and not with their square."""
        bits = len(self.places.names).bit_length()
        keys = (self.millimetres(centres) << bits) | np.arange(len(self.places.names))
        keys.sort(axis=1)
        return kernel.circles(keys, bits, self.weight, self.far, self.most, self.edges)

    def millimetres(self, centres: NDArray[np.int64]) -> NDArray[np.int64]:
        """The straight distance from each centre to each place, rounded so that places equally far are so in spite of the last bit."""
        apart = self.places.points[centres][:, None] - self.places.points[None]
        return np.rint(np.sqrt((apart * apart).sum(-1)) * 1000).astype(np.int64)

    def metres(self, straight: int) -> float:
        """A straight distance in millimetres as one on the ground."""
        return float(2 * EARTH * np.arcsin(straight / 2000 / EARTH)) if self.places.globe else straight / 1000


def lay(events: Events, places: Places, search: Search) -> Ground:
    """Lay the ground. Raises ValueError where the places have no population and the model needs one."""
    total = len(events.places)
    weight = weights(events, places, search)
    share = shares(events, search)
    in_window = max(share[first : first + search.longest].sum() for first in range(len(share) if search.looking_back else 1))
    most = total * search.largest_share
    edges = classes(weight, float(in_window), most, whole=search.model == "permutation")
    near = min(max(1, int(np.searchsorted(edges, NEAR * total / len(places.names), "right"))), len(edges))
    radius = search.largest_radius
    if radius is not None and places.globe:
        radius = 2 * EARTH * np.sin(min(radius / 2 / EARTH, np.pi / 2))
    far = FAR if radius is None else round(radius * 1000)
    groups = tuple(neighbours(places.points, np.arange(len(places.names))))
    return Ground(places, weight, share, edges, total, near, far, most, groups)


def weights(events: Events, places: Places, search: Search) -> Floats:
    """The events expected at each place over the whole period: as many as there were, or by population."""
    if search.model == "permutation":
        return np.bincount(events.places, minlength=len(places.names)).astype(float)
    if places.population is None or places.population.sum() == 0:
        raise ValueError("The Poisson model needs a column “population” in the table of places. Without one, use the permutation model.")
    none = int((places.population[events.places] == 0).sum())
    if none:
        raise ValueError(f"{none} events happened at places with a population of nought. Correct it, or leave those places out.")
    return places.population * len(events.places) / places.population.sum()


def units_ago(days: NDArray[np.int64], search: Search) -> NDArray[np.int64]:
    """How many units of time before the last unit."""
    return ((search.last_day - search.first_day).days - days) // search.unit


def shares(events: Events, search: Search) -> Floats:
    """The share of all events that is expected in each unit: as there were, or by its length."""
    length = (search.last_day - search.first_day).days + 1
    days = events.days if search.model == "permutation" else np.arange(length)
    found = np.bincount(units_ago(days, search), minlength=-(-length // search.unit))
    return found / found.sum()


def classes(weight: Floats, in_window: float, most: float, *, whole: bool) -> Floats:
    """The least weight of each class of circles: steps of a part of the standard deviation of what the longest window holds."""
    stride = STRIDE
    while True:
        edges = [float(weight[weight > 0].min())]
        while edges[-1] <= most and len(edges) <= MOST_LEVELS:
            step = stride * np.sqrt(edges[-1] / max(in_window, 1e-9))
            edges.append(edges[-1] + (max(1.0, np.floor(step)) if whole else step))
        if len(edges) <= MOST_LEVELS:
            return np.array(edges[:-1] or edges)
        stride *= 1.5


def neighbours(points: Floats, these: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Places in groups of near neighbours: halved along the longer side until few are left."""
    if len(these) <= GROUP:
        return [these]
    side = int(np.ptp(points[these], axis=0).argmax())
    these = these[np.argsort(points[these, side], kind="stable")]
    half = -(-len(these) // GROUP) // 2 * GROUP or GROUP
    return neighbours(points, these[:half]) + neighbours(points, these[half:])
