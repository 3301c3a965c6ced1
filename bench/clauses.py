"""Every condition of the functions in the database that decide who sees a child, changed one at a time: does the oracle notice?

The mutants of the policy and of the evaluator are in bench/access.py; these are of atlas/gate/install.sql and, as a part of their own
(`bench clauses allegations`), of allegations.sql with its row security (bench/sql_mutants.py). No peer:
the floor is 95 % caught, and a reason for each that is not (bench/sql_equivalents.py).
"""

import sys
import time

from bench.measuring import last_line, own_database, sign_in_as, table, the_cluster

QUICK = "--quick" in sys.argv
cluster = the_cluster()
own_database("bench_clauses", cluster)

from collections.abc import Iterable  # noqa: E402

from django.db import transaction  # noqa: E402

from bench.sql_allegation_probes import Allegations  # noqa: E402
from bench.sql_edges import Edges  # noqa: E402
from bench.sql_equivalents import EQUIVALENT  # noqa: E402
from bench.sql_mutants import Tried, mutants_of_allegations, mutants_of_sql, try_sql_mutants  # noqa: E402
from bench.sql_probes import Asked, Probes  # noqa: E402

PARTS = ("children", "allegations")


def children() -> tuple[Asked, Iterable[tuple[str, str, str]]]:
    """Who sees a child."""
    sign_in_as(cluster, "atlas_app")
    with transaction.atomic():  # one commit, not thousands
        probes = Probes()
    sign_in_as(cluster, "postgres")
    with transaction.atomic():
        probes.add(Edges().probes())
    return probes, mutants_of_sql()


def allegations() -> tuple[Asked, Iterable[tuple[str, str, str]]]:
    """Who receives and decides what was said of somebody who works with children, and who learns of it."""
    sign_in_as(cluster, "postgres")
    with transaction.atomic():
        probes = Allegations()
    return probes, mutants_of_allegations()


def try_part(part: str) -> tuple[Tried, int]:
    """Try the mutants of a part (or, quickly, each twelfth), and list what survived: what came of them, and how many of these have a reason."""
    started = time.monotonic()
    probes, mutants = {"children": children, "allegations": allegations}[part]()
    done = try_sql_mutants(probes, mutants, every=12 if QUICK else 1)
    explained = sum(one in EQUIVALENT for one in done.survived)
    table(
        (part, "figure"),
        (
            ("probes", len(probes.asked)), ("changed", done.tried), ("no function any more", done.stillborn), ("caught", done.caught),
            ("survived, with a reason", explained), ("survived", len(done.survived) - explained), ("seconds", round(time.monotonic() - started)),
        ),
    )  # fmt: skip
    for one in done.survived:
        print(f"  {one[0]}: {one[1]}\n      {EQUIVALENT.get(one, 'NOT CAUGHT')}")
    return done, explained


def main() -> None:
    """Try every part, or those that are named."""
    started = time.monotonic()
    tried = [try_part(part) for part in PARTS if part in sys.argv or not set(PARTS) & set(sys.argv)]
    survived, explained = sum(len(done.survived) for done, _ in tried), sum(number for _, number in tried)
    changed, caught = sum(done.tried for done, _ in tried), sum(done.caught for done, _ in tried)
    last_line(changed=changed, caught=caught, explained=explained, survived=survived - explained, seconds=round(time.monotonic() - started))
    raise SystemExit(survived != explained)


main()
