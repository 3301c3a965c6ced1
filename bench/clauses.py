"""Every condition of the functions in the database that decide who sees a child, changed one at a time: does the oracle notice?

The mutants of the policy and of the evaluator are in bench/access.py; these are of atlas/gate/install.sql (bench/sql_mutants.py). No peer: the
floor is 95 % caught, and a reason for each that is not (bench/sql_equivalents.py).
"""

import sys
import time

from bench.measuring import last_line, own_database, sign_in_as, table, the_cluster

QUICK = "--quick" in sys.argv
cluster = the_cluster()
own_database("bench_clauses", cluster)

from django.db import transaction  # noqa: E402

from bench.sql_edges import Edges  # noqa: E402
from bench.sql_equivalents import EQUIVALENT  # noqa: E402
from bench.sql_mutants import try_sql_mutants  # noqa: E402
from bench.sql_probes import Probes  # noqa: E402


def main() -> None:
    """Try them all (or, quickly, each twelfth), and list what survived."""
    started = time.monotonic()
    with transaction.atomic():  # one commit, not thousands
        probes = Probes()
    sign_in_as(cluster, "postgres")
    with transaction.atomic():
        probes.add(Edges().probes())
    done = try_sql_mutants(probes, every=12 if QUICK else 1)
    explained = [one for one in done.survived if one in EQUIVALENT]
    seconds = round(time.monotonic() - started)
    table(
        ("what", "figure"),
        (
            ("probes", len(probes.asked)), ("changed", done.tried), ("no function any more", done.stillborn), ("caught", done.caught),
            ("survived, with a reason", len(explained)), ("survived", len(done.survived) - len(explained)), ("seconds", seconds),
        ),
    )  # fmt: skip
    for one in done.survived:
        print(f"  {one[0]}: {one[1]}\n      {EQUIVALENT.get(one, 'NOT CAUGHT')}")
    last_line(
        changed=done.tried, caught=done.caught, explained=len(explained), survived=len(done.survived) - len(explained), seconds=seconds
    )
    raise SystemExit(len(done.survived) != len(explained))


main()
