"""Near repeats: does one event make another near by and soon after more likely than chance does?"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numba import njit
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from atlas_analysis.hotspots.tables import EARTH, column, read_points

Numbers = NDArray[Any]


@dataclass(frozen=True)
class NearRepeats:
    """Pairs of events so far apart, in metres and days (from the first up to, and not at, the second), beside what chance alone makes of them."""

    metres: tuple[float, float]
    days: tuple[float, float]
    pairs: int
    expected: float  # were time and place unconnected: exact, not drawn
    p: float  # of the shuffles and the truth itself, the share with as many pairs or more

    @property
    def times_expected(self) -> float | None:
        """How many times as many as expected; None where none are."""
        return self.pairs / self.expected if self.expected else None


@dataclass(frozen=True)
class NearRepeatsResult:
    """A cell for each band of distance and of days, in that order, with what was looked at."""

    cells: tuple[NearRepeats, ...]
    events: int
    shuffles: int
    seed: int
    caveats: tuple[str, ...]


def near_repeats(
    events: pa.Table, *, metres: tuple[float, ...] = (0, 200, 400), days: tuple[float, ...] = (0, 7, 14), shuffles: int = 199, seed: int
) -> NearRepeatsResult:
    """Knox's test: pairs close in place and time, beside shuffles of the times.

    `events`: columns `at` (moment) or `day` (date), and coordinates (see tables.read_points). `metres`, `days`: the edges of the bands, rising.
    Each band has its own p; with several bands one in twenty is below 0.05 by chance. Raises ValueError for input that cannot be right.
    Sources: Knox, Appl Stat 1964; 13: 25-29; with shuffles Mantel, Cancer Res 1967; 27: 209-20; near repeats Townsley and others,
    Br J Criminol 2003; 43: 615-33.
    """
    for name, edges in (("metres", metres), ("days", days)):
        if len(edges) < 2 or edges[0] < 0 or any(low >= high for low, high in pairwise(edges)):
            raise ValueError(f"The edges of {name} must rise from nought or more, and be two at least.")
    if shuffles < 19:
        raise ValueError("At least 19 shuffles are needed.")
    points, globe = read_points(events)
    times = moments(events)
    if len(times) < 2:
        raise ValueError(f"{len(times)} events make no pair.")
    first, second, band = close_pairs(points, metres, globe=globe)
    return NearRepeatsResult(cells(first, second, band, times, metres, days, shuffles, seed), len(times), shuffles, seed, caveats(points))


def moments(events: pa.Table) -> NDArray[np.float64]:
    """When each happened, in days since whichever day."""
    name = "at" if "at" in events.column_names else "day"
    values = column(events, name, "events")
    if not all(isinstance(value, date) for value in values):
        raise ValueError(f"In the table of events, “{name}” must be a date or a moment, not text.")
    if len({isinstance(value, datetime) and value.tzinfo is not None for value in values}) > 1:
        raise ValueError(f"In the table of events, some moments in “{name}” have a time zone and some have none.")
    whole = [value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC) for value in values]
    return np.array([value.replace(tzinfo=value.tzinfo or UTC).timestamp() / 86_400 for value in whole])


def close_pairs(points: Numbers, metres: tuple[float, ...], *, globe: bool) -> tuple[Numbers, Numbers, Numbers]:
    """Pairs of events less than the last edge apart, and the band of each; found by a tree, so that not every pair is looked at."""
    far = 2 * EARTH * np.sin(metres[-1] / 2 / EARTH) if globe else metres[-1]
    pairs = cKDTree(points).query_pairs(far, output_type="ndarray")
    apart = np.sqrt(((points[pairs[:, 0]] - points[pairs[:, 1]]) ** 2).sum(1))
    apart = 2 * EARTH * np.arcsin(apart / 2 / EARTH) if globe else apart
    kept = (apart >= metres[0]) & (apart < metres[-1])
    return pairs[kept, 0], pairs[kept, 1], np.searchsorted(metres, apart[kept], "right") - 1


@njit(cache=True, nogil=True)
def tally(first: Numbers, second: Numbers, band: Numbers, times: Numbers, edges: Numbers, bands: int) -> Numbers:
    """Pairs by band of distance and of days."""
    found = np.zeros((bands, len(edges) - 1), np.int64)
    for pair in range(len(first)):
        days = abs(times[first[pair]] - times[second[pair]])
        if days < edges[0]:
            continue
        for cell in range(len(edges) - 1):
            if days < edges[cell + 1]:
                found[band[pair], cell] += 1
                break
    return found


def cells(
    first: Numbers,
    second: Numbers,
    band: Numbers,
    times: Numbers,
    metres: tuple[float, ...],
    days: tuple[float, ...],
    shuffles: int,
    seed: int,
) -> tuple[NearRepeats, ...]:
    """Each cell with what chance makes of it: expected exactly (pairs near in place, times the share of all pairs near in time), p by shuffles."""
    random, bands, edges = np.random.default_rng(seed), len(metres) - 1, np.array(days, dtype=float)
    truth = tally(first, second, band, times, edges, bands)
    as_many = np.ones_like(truth)
    for _ in range(shuffles):
        as_many += tally(first, second, band, random.permutation(times), edges, bands) >= truth
    near, ordered = np.bincount(band, minlength=bands), np.sort(times)
    upto = [sum(np.searchsorted(ordered, time + edge, "left") - index - 1 for index, time in enumerate(ordered)) for edge in edges]
    everyone = len(times) * (len(times) - 1) / 2
    return tuple(
        NearRepeats(
            (metres[row], metres[row + 1]), (days[column], days[column + 1]), int(truth[row, column]),
            float(near[row] * (max(0, upto[column + 1]) - max(0, upto[column])) / everyone), float(as_many[row, column] / (shuffles + 1)),
        )
        for row in range(bands) for column in range(len(days) - 1)
    )  # fmt: skip


def caveats(points: Numbers) -> tuple[str, ...]:
    """What whoever reads it must know."""
    _, many = np.unique(points, axis=0, return_counts=True)
    alike = int(many[many > 1].sum())
    if alike * 10 < len(points):
        return ()
    return (
        f"{alike} of {len(points)} events lie on a point with others (at most {many.max()}): if points were snapped together, near repeats are partly that.",
    )
