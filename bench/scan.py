"""The space-time scan: the published answer and the slow reference first, then CPU seconds, memory and growth on worlds of a council, and of London.

`python3 run.py bench scan [--quick] [--satscan PATH]`. Where SaTScan is at hand, both scan the same worlds in one run, and the ratio is printed; without it
there is no such ratio: the peer is the slow reference, which looks at every circle and window in turn, and the stored answer of SaTScan 10.3.2 (data/scan).
CPU seconds are those of a whole process, start-up and imports included. Needs no database.
"""

import json
import os
import subprocess
import sys
import time
from datetime import date, datetime
from math import log
from pathlib import Path
from typing import Any

import pyarrow as pa

from atlas_analysis.hotspots import Search, scan, slow
from atlas_analysis.hotspots.ground import lay
from atlas_analysis.hotspots.scan import shuffled
from atlas_analysis.hotspots.tables import read_events, read_places
from bench import satscan
from bench.measuring import last_line, p95, table
from bench.scan_worlds import FIRST, LAST, a_search, world

QUICK = "--quick" in sys.argv
PROGRAM = sys.argv[sys.argv.index("--satscan") + 1] if "--satscan" in sys.argv else ""
SIZES = [(1_000, 400), (3_000, 1_000)] if QUICK else [(1_000, 400), (3_000, 1_000), (10_000, 3_000), (30_000, 6_000)]
REPLICATES = 199 if QUICK else 999
GOAL = (10_000, 3_000)
NINE = "11418 11415 11419 11435 11416 11421 11451 11375 11417"
FEVER = Path(__file__).resolve().parents[2] / "shared/data/scan"


def fever_is_right() -> bool | None:
    """Whether the published example has the answer that SaTScan 10.3.2 gives; None where the file is not at hand."""
    if not FEVER.exists():
        return None
    cases = [line.split() for line in (FEVER / "NYCfever.cas").read_text().splitlines() if line.strip()]
    zips = [line.split() for line in (FEVER / "NYCfever.geo").read_text().splitlines() if line.strip()]
    days = [datetime.strptime(day, "%Y/%m/%d").date() for _, _, day in cases]  # noqa: DTZ007 - a day, no moment
    found = scan(
        pa.table({"place": [row[0] for row in cases], "events": [int(row[1]) for row in cases], "day": days}),
        pa.table(
            {"place": [row[0] for row in zips], "latitude": [float(row[1]) for row in zips], "longitude": [float(row[2]) for row in zips]}
        ),
        Search(first_day=date(2001, 11, 1), last_day=date(2001, 11, 24), seed=1, longest=7, largest_radius=3_000),
    )
    first, second = found.clusters[:2]
    print(f"fever in New York: {first.best.statistic:.6f}, {len(first.best.places)} ZIP codes from {first.best.first:%-d %B}, p {first.p:.3f}; "
          f"second {second.best.places[0]}, {second.best.statistic:.6f}. SaTScan: 3.845418, 9, 22 November, 0.242; 11372, 3.164201")  # fmt: skip
    same = f"{first.best.statistic:.6f} {second.best.statistic:.6f}" == "3.845418 3.164201"
    return same and set(first.best.places) == set(NINE.split())


def slow_is_same() -> bool:
    """Whether the slow reference has the same greatest statistics of shuffles, and how long each takes for them."""
    events, places = world(200, 50, 3).tables()
    search = a_search(3, 19)
    scan(events, places, search)  # compiled code is read
    start = time.process_time()
    fast = scan(events, places, search).maxima
    middle = time.process_time()
    where = read_places(places)
    what = read_events(events, where, FIRST, LAST)
    ground = lay(what, where, search)
    shuffles = shuffled(what, ground, search)
    slowly = [slow.greatest(ground, shuffles, number, search) for number in range(3)]
    end = time.process_time()
    print(f"200 events, 50 places, a shuffle: {(middle - start) / 20 * 1000:.1f} ms, the slow reference {(end - middle) / 3 * 1000:.0f} ms")
    return max(abs(one - other) for one, other in zip(fast, slowly, strict=False)) < 1e-9


def measured(events: int, places: int, workers: int = 1) -> dict[str, Any]:
    """What one scan in a process of its own found and took."""
    words = [sys.executable, "-m", "bench.scan_worlds", str(events), str(places), str(REPLICATES), str(workers)]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def on_two_cores(events: int, places: int) -> dict[str, Any]:
    """The largest on two workers, in seconds of the clock: only a machine with both cores free can tell."""
    start, load = time.perf_counter(), os.getloadavg()[0]
    one = measured(events, places, 2)
    whole = time.perf_counter() - start
    print(f"{events:,} events, {places:,} places on two workers: {whole:.1f} s by the clock with start-up and imports, {one['wall_s']:.1f} s the scan alone, "
          f"{one['cpu_s']:.1f} CPU s, {one['statistic']:.6f}; load before {load:.1f}")  # fmt: skip
    return {"two_workers_wall_s": whole, "two_workers_cpu_s": one["cpu_s"]}


def again() -> float:
    """CPU seconds of one more scan of a council's year in a process that has scanned before: the 95th percentile of some."""
    made, taken = world(1_000, 400, 1, planted=12), []
    tables = made.tables()
    for seed in range(3 if QUICK else 20):
        start = time.process_time()
        scan(*tables, a_search(seed, REPLICATES))
        taken.append(time.process_time() - start)
    print(f"once more, 1,000 events, 400 places, {REPLICATES} shuffles: {p95(taken):.2f} CPU s (95th percentile of {len(taken)})")
    return p95(taken)


def main() -> None:
    """Check the answers, then measure."""
    if "two" in sys.argv:
        last_line(**on_two_cores(*SIZES[-1]))
        return
    right, same = fever_is_right(), slow_is_same()
    print(f"the published answer: {'not at hand' if right is None else 'the same' if right else 'NOT THE SAME'}; the slow reference: "
          f"{'the same' if same else 'NOT THE SAME'}\n")  # fmt: skip
    rows, took, agree = [], [], [same, right is not False]
    for events, places in SIZES:
        one = measured(events, places)
        took.append(one)
        row = [
            events,
            places,
            f"{one['cpu_s']:.2f}",
            f"{one['scan_s']:.2f}",
            f"{one['peak_mib']:.0f}",
            f"{one['statistic']:.6f}",
            one["p"],
            f"{one['held']} of {one['planted']}",
        ]
        if PROGRAM:
            peer = satscan.run(PROGRAM, world(events, places, 1, planted=max(12, events // 250)), REPLICATES)
            agree.append(f"{peer.statistic:.6f}" == f"{one['statistic']:.6f}" and peer.places == set(one["places"]))
            row += [f"{peer.cpu_s:.1f}", "the same" if agree[-1] else "NOT THE SAME", f"{peer.cpu_s / one['cpu_s']:.1f}"]
        rows.append(row)
    heads = ["events", "places", "CPU s", "of the scan", "peak MiB", "statistic", "p", "planted places held"]
    table(heads + (["SaTScan CPU s", "its answer", "ratio"] if PROGRAM else []), rows)
    print(
        f"{REPLICATES} shuffles, windows of 1 to 30 days, circles to half of all events; CPU s of the whole process, and of the scan alone\n"
    )
    once_more, two = again(), on_two_cores(*SIZES[-1])
    wide = log(SIZES[-1][1] / SIZES[1 if len(SIZES) > 2 else 0][1])
    first = took[1 if len(SIZES) > 2 else 0]
    events, places = GOAL if GOAL in SIZES else SIZES[-1]
    last_line(
        events=events, places=places, cpu_s=took[SIZES.index((events, places))]["cpu_s"], same_clusters=float(all(agree)),
        growth=log(took[-1]["cpu_s"] / first["cpu_s"]) / wide, growth_of_scan=log(took[-1]["scan_s"] / first["scan_s"]) / wide,
        again_cpu_s=once_more, **two, memory_growth=log(took[-1]["peak_mib"] / first["peak_mib"]) / wide,
    )  # fmt: skip


if __name__ == "__main__":
    main()
