"""How often the scan speaks where there is nothing: the days of one world's events shuffled, and other worlds with nothing planted. Needs no database.

Each shuffle goes the whole way, from table to p, with shuffles of its own. Where nothing is, p of 0.05 or less must come in one of twenty; the peer is that
rate itself. Worlds of a council's year: 1,000 events, 400 places.
"""

import sys

import numpy as np

from atlas_analysis.hotspots import scan
from atlas_analysis.rates.shares import wilson_interval
from bench.measuring import last_line, table
from bench.scan_worlds import World, a_search, world

QUICK = "--quick" in sys.argv
SHUFFLES, SETS = (60, 20) if QUICK else (1_000, 200)
RATE = 0.05


def p_of(made: World, seed: int, replicates: int) -> float:
    """The least p of a scan."""
    found = scan(*made.tables(), a_search(seed, replicates))
    return min((cluster.p for cluster in found.clusters), default=1.0)


def main() -> None:
    """Shuffle, scan, count."""
    random, still = np.random.default_rng(21), world(1_000, 400, 21)
    shuffled = [p_of(World(still.points, still.places, random.permutation(still.days), frozenset()), n, 99) for n in range(SHUFFLES)]
    fresh = [p_of(world(1_000, 400, 5_000 + n), n, 199) for n in range(SETS)]
    rows = []
    for name, values in (("one world, its days shuffled", shuffled), ("worlds with nothing planted", fresh)):
        alarms = sum(p <= RATE for p in values)
        low, high = wilson_interval(alarms, len(values))
        quarters = ", ".join(f"{value:.2f}" for value in np.quantile(values, (0.25, 0.5, 0.75)))
        rows.append(
            (name, len(values), alarms, f"{alarms / len(values):.3f} ({low:.3f} to {high:.3f})", sum(p <= 0.01 for p in values), quarters)
        )
    table(("what", "scans", "p 0.05 or less", "share (95 %)", "p 0.01 or less", "quarters of p"), rows)
    last_line(
        shuffles=SHUFFLES, false_alarms=sum(p <= RATE for p in shuffled) / SHUFFLES, stated_rate=RATE, null_sets=SETS,
        null_sets_alarms=sum(p <= RATE for p in fresh) / SETS,
    )  # fmt: skip


main()
