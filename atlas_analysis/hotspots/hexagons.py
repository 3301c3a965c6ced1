"""Hexagons: counts over ground, with rates drawn towards the whole where few live, so that a corner with two events is no hot spot."""

from collections import Counter
from dataclasses import dataclass

import h3
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.special import gammaincinv

from atlas_analysis.hotspots.tables import column, numbers, refuse_outside, refuse_wrong_degrees, refuse_wrong_grid
from atlas_analysis.rates.intervals import whole_and_spread
from atlas_analysis.rates.shares import SMALL


@dataclass(frozen=True)
class Hexagon:
    """One hexagon of H3, with what happened there beside how many might have been concerned."""

    cell: str
    events: int
    exposure: float
    rate: float | None  # events for one of exposure; None where there is none
    shrunken: float | None  # the same, drawn towards the whole
    low: float | None  # of the shrunken rate: 95 % lie between
    high: float | None
    is_small: bool  # so few events, or so little exposure, that it is not shown by itself


@dataclass(frozen=True)
class HexagonResult:
    """Hexagons by their number, and the whole that they are drawn towards."""

    hexagons: tuple[Hexagon, ...]
    resolution: int
    rate: float
    spread: float  # the variance between true rates; 0 where the differences are no more than chance makes
    caveats: tuple[str, ...]

    def above(self) -> tuple[Hexagon, ...]:
        """Hexagons whose shrunken rate is above the whole with its whole interval, highest first."""
        higher = [one for one in self.hexagons if one.low is not None and one.low > self.rate]
        return tuple(sorted(higher, key=lambda one: (-(one.shrunken or 0), one.cell)))


def hexagons(
    events: pa.Table, exposure: pa.Table, *, resolution: int = 8, within: tuple[float, float, float, float] | None = None
) -> HexagonResult:
    """Count events by hexagon and draw the rates towards the whole (empirical Bayes).

    `events`: coordinates, `easting` and `northing` or `latitude` and `longitude`. `exposure`: the same, and `exposure`, the number that might be concerned
    there (children, beds, visits): hexagons are those of either table. `resolution`: of H3; 8 is about 0.7 square kilometres, 9 about 0.1.
    `within`: see tables.read_points. Raises ValueError for input that cannot be right.
    Sources: Clayton and Kaldor, Biometrics 1987; 43: 671-81; moments as Marshall, Appl Stat 1991; 40: 283-94.
    """
    if not 0 <= resolution <= 15:
        raise ValueError("The resolution of H3 is a number from 0 to 15.")
    if events.num_rows == 0 or exposure.num_rows == 0:
        raise ValueError("The tables of events and of exposure must not be empty.")
    might = numbers(exposure, "exposure", "exposure")
    if (might < 0).any() or might.sum() == 0:
        raise ValueError("Exposure is a number of nought or more, and not nought everywhere.")
    happened = Counter(cells_of(events, resolution, within))
    concerned: dict[str, float] = {}
    for cell, number in zip(cells_of(exposure, resolution, within), might, strict=True):
        concerned[cell] = concerned.get(cell, 0.0) + float(number)
    cells = sorted(set(happened) | set(concerned))
    counts, sizes = np.array([happened[cell] for cell in cells]), np.array([concerned.get(cell, 0.0) for cell in cells])
    rate, spread = whole_and_spread(counts[sizes > 0], sizes[sizes > 0])
    rows = tuple(hexagon(cell, int(count), float(size), rate, spread) for cell, count, size in zip(cells, counts, sizes, strict=True))
    return HexagonResult(rows, resolution, rate, spread, caveats(counts, sizes, spread))


def cells_of(table: pa.Table, resolution: int, within: tuple[float, float, float, float] | None) -> list[str]:
    """The hexagon of each row."""
    if {"easting", "northing"} <= set(table.column_names):
        first, second = numbers(table, "easting", "points"), numbers(table, "northing", "points")
        if (np.abs(first) <= 180).all() and (np.abs(second) <= 180).all():
            raise ValueError("“easting” and “northing” look like degrees, not metres. Name degrees “latitude” and “longitude”.")
        refuse_wrong_grid(first, second)
        pair = ("easting", "northing")
        longitude, latitude = Transformer.from_crs(27700, 4326, always_xy=True).transform(first, second)
    else:
        first, second = numbers(table, "latitude", "points"), numbers(table, "longitude", "points")
        refuse_wrong_degrees(first, second)
        pair, latitude, longitude = ("latitude", "longitude"), first, second
    if within is not None:
        refuse_outside(first, second, within, pair)
    return [h3.latlng_to_cell(north, east, resolution) for north, east in zip(latitude, longitude, strict=True)]


def in_hexagons(
    events: pa.Table, places: pa.Table, *, resolution: int = 9, within: tuple[float, float, float, float] | None = None
) -> tuple[pa.Table, pa.Table]:
    """The tables that `scan` takes, with hexagons for places: each event in the hexagon of its place, each hexagon at its middle. What kind a place is, and its
    population, is not kept. Raises ValueError for input that cannot be right, and for an event at a place that is not in the table.
    """
    cell = dict(zip(column(places, "place", "places"), cells_of(places, resolution, within), strict=True))
    named = column(events, "place", "events")
    strange = sorted({str(place) for place in named if place not in cell})
    if strange:
        raise ValueError(
            f"{len(strange)} places of events are not in the table of places, the first {strange[0]!r}. Add them, with their points."
        )
    kept = sorted(set(cell.values()))
    middles = [h3.cell_to_latlng(one) for one in kept]
    moved = pa.array([cell[place] for place in named], pa.string())
    return (
        events.set_column(events.column_names.index("place"), "place", moved),
        pa.table({"place": kept, "latitude": [north for north, _ in middles], "longitude": [east for _, east in middles]}),
    )


def hexagon(cell: str, count: int, size: float, rate: float, spread: float) -> Hexagon:
    """One hexagon: its rate where there is exposure, and where it probably lies, given all the others."""
    is_small = 0 < count < SMALL or 0 < size < 10
    if size == 0:
        return Hexagon(cell, count, size, None, None, None, None, is_small)
    if spread == 0 or rate == 0:
        return Hexagon(cell, count, size, count / size, rate, rate, rate, is_small)
    shape, per = rate * rate / spread + count, rate / spread + size
    low, high = gammaincinv(shape, (0.025, 0.975)) / per
    return Hexagon(cell, count, size, count / size, shape / per, float(low), float(high), is_small)


def caveats(counts: NDArray[np.int64], sizes: NDArray[np.float64], spread: float) -> tuple[str, ...]:
    """What whoever reads it must know."""
    said = []
    if spread == 0:
        said.append("The hexagons differ no more than chance makes them: none is above the others.")
    nowhere = int(counts[sizes == 0].sum())
    if nowhere:
        said.append(f"{nowhere} of {counts.sum()} events lie in hexagons without exposure, which have no rate.")
    if counts.max() * 5 >= counts.sum() and counts.sum() >= 10:
        said.append(f"{counts.max()} of {counts.sum()} events lie in one hexagon: is it where they happened, or where they are reported?")
    said.append("Intervals take the whole rate and the spread as known, so they are a little too narrow.")
    return tuple(said)
