"""A leaked export names its exporter (protection.md table A, A12): 20 leaks of each kind and size, each among many exports.

No peer marks a list so: the figure to reach is 18 of 20, the goal 20 of 20; and nobody else may ever be named.
"""

import random
import sys
import time

import django

from bench.measuring import last_line, table

django.setup()

from tests.sharing.leaks_drill import ATTACKS, LEAKS, drilled, exporters  # noqa: E402

QUICK = "--quick" in sys.argv
AMONG = 500 if QUICK else 5000
SIZES = (2, 8) if QUICK else (1, 2, 3, 4, 8, 16, 32)


def main() -> None:
    """Leak, ask, and print how many were named."""
    among, start, wrong = exporters(AMONG, random.Random(3)), time.perf_counter(), 0
    rows, figures = [], {}
    for attack in ATTACKS:
        for size in SIZES:
            done = drilled(attack, size, among)
            wrong += done.wrong
            rows.append((attack.__name__.replace("_", " "), size, f"{done.named} of {LEAKS}", done.wrong))
            figures[f"{attack.__name__}_{size}"] = done.named
    table(("leak", "rows", "named", "wrongly named"), rows)
    print(f"among {AMONG} exports")
    last_line(**figures, wrong=wrong, among=AMONG, seconds=time.perf_counter() - start)


main()
