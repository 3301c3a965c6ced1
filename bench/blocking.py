"""Blocking recall: of two records of the same person, how often they are set beside each other at all; and what that takes, beside every record with every other.

`python3 run.py bench blocking 10000 100000` (a side; `--quick`: 10,000). The invented people of bench/linkage.py; what no key brings together, no weight can save.
"""

import sys
import time

import numpy as np

from atlas_analysis.matching.keys import candidates
from atlas_analysis.matching.standard import put_in_one_form
from bench.invented import AT, two_sides
from bench.measuring import last_line, table

SIZES = [10_000] if "--quick" in sys.argv else [int(part) for part in sys.argv[1:] if part.isdigit()] or [10_000, 100_000]
SEEDS = (101, 202, 303)


def met(side: int, seed: int) -> dict[str, float]:
    """The share of true pairs that are compared, how many pairs are compared for each record, and the CPU seconds."""
    records, truth = two_sides(side, seed)
    people = put_in_one_form(records, AT)
    start = time.process_time()
    one, other, _ = candidates(people, np.repeat([1, 2], side))
    worked = time.process_time() - start
    who = np.asarray(truth)
    true = len(who) - len(set(truth))
    same = int((who[one] == who[other]).sum())
    return {"recall": same / true, "missed": true - same, "true": true, "pairs_a_record": len(one) / len(who), "cpu_s": worked}


def main() -> None:
    """Each size and seed in turn."""
    rows, figures = [], dict[str, float]()
    for side in SIZES:
        for seed in SEEDS if side <= 100_000 else SEEDS[:1]:
            found = met(side, seed)
            rows.append(
                (
                    side,
                    seed,
                    f"{found['recall']:.4f}",
                    found["missed"],
                    found["true"],
                    f"{found['pairs_a_record']:.2f}",
                    f"{side / 2:,.0f}",
                    f"{found['cpu_s']:.1f}",
                )
            )
            figures[f"recall_{side}_{seed}"] = found["recall"]
    table(("a side", "seed", "recall", "missed", "true pairs", "pairs a record", "all with all", "cpu s"), rows)
    last_line(**figures)


main()
