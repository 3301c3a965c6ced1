"""The night after a whole linking: 1,000 of the records changed (addresses, telephones, names, dates put right or gone), and only what they touch is compared again.

`python3 run.py bench nightly 1000000` (records in all, half of either side; 20,000 and 100 changes in the short form). The peer is linking the whole again:
the same groups are wanted, at a hundredth of its CPU. The whole is: one form, link, group, by a model that is there; learning is not in it. Making the
kept linking ready (once) is told apart.
"""

import random
import sys
import time
from typing import Any

import numpy as np
import pyarrow as pa

from atlas_analysis.matching.deciding import Decision
from atlas_analysis.matching.groups import groups
from atlas_analysis.matching.linking import link
from atlas_analysis.matching.model import learn
from atlas_analysis.matching.renewing import Kept
from atlas_analysis.matching.standard import People, put_in_one_form
from bench.invented import AT, table_of, two_sides
from bench.measuring import last_line, table

QUICK = "--quick" in sys.argv
COUNT = 20_000 if QUICK else next((int(part) for part in sys.argv[1:] if part.isdigit()), 1_000_000)
CHANGES = 100 if QUICK else 1_000
ONCE = ("council", "police")
COLUMNS = ("postcode", "telephone", "surname", "forenames", "date_of_birth")
SEED = 404


def changed(records: pa.Table, seed: int) -> tuple[list[int], list[dict[str, Any]]]:
    """Which records change, and what they are then: one thing is somebody else's, or gone."""
    chance = random.Random(seed)
    places = sorted(chance.sample(range(records.num_rows), CHANGES))
    beside = records.take(pa.array(chance.sample(range(records.num_rows), CHANGES))).to_pylist()
    rows = records.take(pa.array(places)).to_pylist()
    return places, [
        {**row, (name := chance.choice(COLUMNS)): None if name in COLUMNS[:2] and chance.random() < 0.3 else other[name]}
        for row, other in zip(rows, beside, strict=True)
    ]


def by_group(of: np.ndarray) -> np.ndarray:
    """The least record of each record's group."""
    least = np.full(int(of.max()) + 1, len(of))
    np.minimum.at(least, of, np.arange(len(of)))
    return least[of]


def whole(records: pa.Table, model: Any) -> tuple[People, Any, Any]:
    """Everybody linked and grouped."""
    people = put_in_one_form(records, AT)
    linkage = link(people, model, once=ONCE)
    return people, linkage, groups(people, linkage.decided(Decision.AUTOMATIC), ONCE)


def main() -> None:
    """Link, keep, change, renew; link the whole again; compare."""
    records, _ = two_sides(COUNT // 2, SEED)
    model = learn(put_in_one_form(two_sides(10_000, SEED + 1)[0], AT), seed=1)
    people, linkage, _ = whole(records, model)
    begun = time.process_time()
    kept = Kept(people, model, linkage, once=ONCE)
    ready = time.process_time() - begun
    del people, linkage
    rows = []
    for night in range(2):
        places, now = changed(records, SEED + night)
        begun = time.process_time()
        done = kept.renew(put_in_one_form(table_of(now), AT))
        renewed = time.process_time() - begun
        stay = np.setdiff1d(np.arange(COUNT), places)
        records = pa.concat_tables([records.take(pa.array(stay)), table_of(now)])  # the order in which the kept linking has them
        begun = time.process_time()
        found = whole(records, model)[2]
        again = time.process_time() - begun
        mine = by_group(np.searchsorted(np.flatnonzero(kept.stands), kept.of[kept.stands]))
        same = float((mine == by_group(np.array(found.of))).mean())
        rows.append(
            (
                night + 1,
                f"{renewed:.2f}",
                f"{again:.1f}",
                f"{again / renewed:.0f}",
                done.compared,
                done.decided,
                done.grouped,
                f"{same:.6f}",
            )
        )
    table(
        (
            "night",
            "cpu s",
            "the whole, cpu s",
            "times",
            "pairs compared",
            "decided again",
            "records grouped again",
            "records in the same group",
        ),
        rows,
    )
    print(f"making the kept linking ready: {ready:.1f} cpu s")
    last_line(records=COUNT, changed=CHANGES, cpu_s=renewed, whole_cpu_s=again, ratio=again / renewed, same_groups=same, ready_cpu_s=ready)


if __name__ == "__main__":
    main()
