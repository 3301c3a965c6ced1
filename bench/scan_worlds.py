"""Worlds for the benchmarks of the scan: places in towns, some busy and most not, events evenly through a year, and, if asked, something planted.

`python -m bench.scan_worlds EVENTS PLACES REPLICATES [WORKERS]` scans one in this process, and prints its answer and its CPU seconds, from before the first import.
"""

import json
import resource
import sys
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atlas_analysis.hotspots import ScanResult, Search, scan

FIRST, LAST, DAYS = date(2025, 1, 1), date(2025, 12, 31), 365


@dataclass(frozen=True)
class World:
    """Places with points in metres, and the place and day of each event."""

    points: NDArray[np.float64]
    places: NDArray[np.int64]
    days: NDArray[np.int64]
    planted: frozenset[int]

    def tables(self) -> tuple[pa.Table, pa.Table]:
        """The tables that the scan takes."""
        day = pa.array([FIRST + timedelta(days=int(day)) for day in self.days], pa.date32())
        names = pa.array([f"p{place}" for place in range(len(self.points))])
        where = pa.table({"place": names, "x": self.points[:, 0], "y": self.points[:, 1]})
        return pa.table({"place": names.take(pa.array(self.places)), "day": day}), where


def world(events: int, places: int, seed: int, *, planted: int = 0, at: int = 6, last: int = 10, end: int = DAYS) -> World:
    """`planted` more events at `at` neighbouring places of middling business, in the `last` days before day `end`."""
    random = np.random.default_rng(seed)
    towns = random.normal(0, 6_000, (max(1, places // 40), 2))
    points = towns[random.integers(0, len(towns), places)] + random.normal(0, 900, (places, 2))
    busy = random.gamma(0.8, 1, places)
    where, day = random.choice(places, events, p=busy / busy.sum()), random.integers(0, DAYS, events)
    if not planted:
        return World(points, where, day, frozenset())
    middle = np.argsort(busy)[int(places * random.uniform(0.3, 0.8))]
    there = np.argsort(((points - points[middle]) ** 2).sum(1), kind="stable")[:at]
    where = np.concatenate([where, random.choice(there, planted)])
    day = np.concatenate([day, end - 1 - random.integers(0, last, planted)])
    return World(points, where, day, frozenset(there.tolist()))


def a_search(seed: int, replicates: int, **other: object) -> Search:
    """Windows of 1 to 30 days up to the last day, circles to half of all events: as performance.md section 6."""
    return Search(**{"first_day": FIRST, "last_day": LAST, "seed": seed, "replicates": replicates, **other})  # type: ignore[arg-type]


def hits(found: ScanResult, planted: frozenset[int], p: float) -> bool:
    """Whether a cluster that chance makes less often holds at least half of what was planted."""
    names = {f"p{place}" for place in planted}
    return any(2 * len(names & set(cluster.best.places)) >= len(names) for cluster in found.found(p))


def main() -> None:
    """Scan one world and say what it took."""
    events, places, replicates, workers = (int(word) for word in (*sys.argv[1:], "1")[:4])
    made = world(events, places, 1, planted=max(12, events // 250))
    tables, before, began = made.tables(), time.process_time(), time.perf_counter()
    found = scan(*tables, a_search(1, replicates, workers=workers))
    took, wall = time.process_time() - before, time.perf_counter() - began
    use = resource.getrusage(resource.RUSAGE_SELF)
    peak = next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    first = found.clusters[0]
    print(json.dumps({
        "cpu_s": use.ru_utime + use.ru_stime, "scan_s": took, "wall_s": wall, "peak_mib": peak / 1024, "statistic": first.best.statistic, "p": first.p,
        "places": sorted(first.best.places), "first": first.best.first.isoformat(),
        "held": len({f"p{n}" for n in made.planted} & set(first.best.places)), "planted": len(made.planted),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
