"""Hexagons and exact points: does the scan name the same cluster, where the hexagon is smaller than the cluster? Needs no database.

A council's year of 1,000 events at 400 places, and twenty more at six neighbouring places in the last ten days. The same scan by exact points, and by
hexagons of H3 (10: about 150 metres across; 9: 400; 8: 1,060), in the worlds where a hexagon is narrower than what was planted. A leading cluster is the
same where both begin on the same day and share at least nine in ten of their events; beside it, how much of their events they share, and how often each
holds what was planted.
"""

import sys
from collections.abc import Sequence
from datetime import date
from statistics import mean

import h3
import numpy as np
import pyarrow as pa

from atlas_analysis.hotspots import ScanResult, scan
from atlas_analysis.hotspots.hexagons import cells_of, in_hexagons
from bench.measuring import last_line, table
from bench.scan_worlds import World, a_search, world

QUICK = "--quick" in sys.argv
WORLDS, REPLICATES, PLANTED = (6, 99, 20) if QUICK else (100, 199, 20)
RESOLUTIONS = (10, 9, 8)
MIDDLE = (540_000.0, 170_000.0)  # metres on the British National Grid


def on_the_grid(made: World) -> tuple[pa.Table, pa.Table]:
    """A world's tables, its points in Bromley."""
    events, places = made.tables()
    return events, pa.table({"place": places["place"], "easting": made.points[:, 0] + MIDDLE[0], "northing": made.points[:, 1] + MIDDLE[1]})


def held(found: ScanResult, cell_of: dict[str, str] | None, events: Sequence[tuple[str, date]]) -> set[int]:
    """The events of the leading cluster, by number."""
    best = found.clusters[0].best
    there = set(best.places)
    return {
        at for at, (place, day) in enumerate(events) if (cell_of[place] if cell_of else place) in there and best.first <= day <= best.last
    }


def width(made: World) -> float:
    """Metres across what was planted."""
    points = made.points[sorted(made.planted)]
    return float(max(np.linalg.norm(one - other) for one in points for other in points))


def compared(made: World, resolution: int, exact: ScanResult) -> tuple[bool, float, bool, bool]:
    """Whether the leading cluster is the same, what share of events both hold, and whether each holds half of the planted places' events."""
    events, places = on_the_grid(made)
    rows = list(zip(events["place"].to_pylist(), events["day"].to_pylist(), strict=True))
    cell_of = dict(zip(places["place"].to_pylist(), cells_of(places, resolution, None), strict=True))
    by_cells = scan(*in_hexagons(events, places, resolution=resolution), a_search(1, REPLICATES))
    one, other = held(exact, None, rows), held(by_cells, cell_of, rows)
    planted = set(range(len(rows) - PLANTED, len(rows)))
    share = len(one & other) / len(one | other)
    is_same = share >= 0.9 and exact.clusters[0].best.first == by_cells.clusters[0].best.first
    return is_same, share, 2 * len(one & planted) >= PLANTED, 2 * len(other & planted) >= PLANTED


def main() -> None:
    """Plant, scan both ways, compare."""
    worlds = [world(1_000, 400, 7_000 + number, planted=PLANTED) for number in range(WORLDS)]
    exact = [scan(*on_the_grid(made), a_search(1, REPLICATES)) for made in worlds]
    rows, figures = [], dict[str, float]()
    for resolution in RESOLUTIONS:
        across = 2000 * h3.average_hexagon_edge_length(resolution, unit="km")
        smaller = [at for at, made in enumerate(worlds) if across < width(made)]
        told = [compared(worlds[at], resolution, exact[at]) for at in smaller]
        if not told:
            continue
        same, share, by_points, by_cells = (mean(float(one[at]) for one in told) for at in range(4))
        rows.append((resolution, f"{across:.0f}", len(told), f"{same:.2f}", f"{share:.3f}", f"{by_points:.2f}", f"{by_cells:.2f}"))
        figures |= {
            f"same_{resolution}": same,
            f"shared_{resolution}": share,
            f"found_{resolution}": by_cells,
            "found_by_points": by_points,
        }
    table(("resolution", "metres across", "worlds", "same cluster", "events shared", "planted found by points", "by hexagons"), rows)
    last_line(worlds=WORLDS, **figures)


if __name__ == "__main__":
    main()
