"""Children of one council who are recorded twice: how many of those planted the nightly search puts before a person, how many others it asks about for nothing,
and what it takes, beside an exact comparison of name and date of birth. Invented people (bench/invented.py), with twins, brothers and namesakes.

`--quick`: 10,000 children with three seeds. Two in a hundred are recorded again by somebody who typed what was said on the telephone, without numbers.
"""

import sys
import time
from typing import Any

from atlas.linkage.comparing import compare
from atlas.linkage.rules import paired
from bench.invented import AT, COUNCIL, Agency, Clerk, Town
from bench.measuring import last_line, table

SIZES = (10_000,) if "--quick" in sys.argv else (10_000, 40_000)
SEEDS = (101, 202, 303)
TYPED = Agency("typed", {"sex": 0.97, "postcode": 0.8, "telephone": 0.45}, 1.0)
EVERY = 50


def council(size: int, seed: int) -> tuple[list[dict[str, Any]], set[tuple[str, str]]]:
    """The records of a council's children, and which pairs are of one child."""
    town = Town(seed)
    bodies = town.people(size)
    first, again = Clerk(COUNCIL, town, seed), Clerk(TYPED, town, seed)
    rows: list[dict[str, Any]] = [{**first.record(body), "source": "name 1", "id": f"c{number:06}"} for number, body in enumerate(bodies)]
    twice = range(0, size, EVERY)
    rows += [{**again.record(bodies[number]), "source": "name 1", "id": f"t{number:06}"} for number in twice]
    return rows, {paired(f"c{number:06}", f"t{number:06}") for number in twice}


def exact(rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """The pairs whose whole name and date of birth are the same, letter by letter."""
    held: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        born = str(row["date_of_birth"] or "")
        if born:
            held.setdefault((str(row["forenames"]).casefold(), str(row["surname"]).casefold(), born), []).append(row["id"])
    return {paired(one, other) for of in held.values() for place, one in enumerate(of) for other in of[place + 1 :]}


def main() -> None:
    """Each size and seed in turn."""
    lines, figures = [], dict[str, float]()
    for size in SIZES:
        for seed in SEEDS:
            rows, truth = council(size, seed)
            began, start = time.process_time(), time.perf_counter()
            done = compare(rows, AT)
            cpu, seconds = time.process_time() - began, time.perf_counter() - start
            asked, same = set(done.alike), exact(rows)
            found, for_nothing = len(asked & truth) / len(truth), len(asked - truth)
            lines.append(
                (
                    size,
                    seed,
                    len(truth),
                    f"{found:.3f}",
                    for_nothing,
                    f"{len(same & truth) / len(truth):.3f}",
                    len(same - truth),
                    done.pairs,
                    f"{seconds:.1f}",
                    f"{cpu:.1f}",
                )
            )
            for name, value in (
                ("found", found),
                ("for_nothing", for_nothing),
                ("exact_found", len(same & truth) / len(truth)),
                ("seconds", seconds),
                ("cpu_s", cpu),
            ):
                figures[f"{name}_{size}"] = figures.get(f"{name}_{size}", 0.0) + value / len(SEEDS)
    table(
        (
            "children",
            "seed",
            "recorded twice",
            "found",
            "others asked about",
            "exact found",
            "exact others",
            "pairs compared",
            "seconds",
            "cpu s",
        ),
        lines,
    )
    last_line(**figures)


if __name__ == "__main__":
    main()
