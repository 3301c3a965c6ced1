"""Conflict blocks hold (protection.md table A, A6): each subject shut out of each child in turn, every page as if the family did not exist.

No peer: the figure to reach is 0 differing of 10,000, then of 100,000. The short form is tests/gate/test_blocks.py; both are made in
tests/gate/blocks.py. `--all`: every request of every person, not 60. The second part: exports that run, or ran, for who is shut out meanwhile.
"""

import sys
import tempfile
import time
from pathlib import Path

from bench.measuring import last_line, own_database, sign_in_as, table, the_cluster

QUICK, ALL = "--quick" in sys.argv, "--all" in sys.argv
ASKED, EXPORTS = (6, 4) if QUICK else (0 if ALL else 60, 60)  # two children each: one export holds at most 200
cluster = the_cluster()
own_database("bench_blocks", cluster)

from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from tests.gate.blocks import Blocks  # noqa: E402
from tests.gate.crawl import AT  # noqa: E402
from tests.gate.revoke_drill import KEPT_OUT, exports_drilled  # noqa: E402


def main() -> None:
    """Shut people out, ask, take the family out, ask again, and print where the answers part."""
    setup_test_environment()
    setattr(timezone, "now", lambda: AT)  # noqa: B010  (the doors alone read the clock, and there it stands still)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        blocks = Blocks.made(Path(folder), lambda login: sign_in_as(cluster, "postgres" if login == "postgres" else f"atlas_{login}"))
        done = blocks.compare(
            ASKED, tell=lambda so_far: print(f"  {so_far.compared} compared, {len(so_far.differing)} differing", flush=True)
        )
    took = time.perf_counter() - start
    sign_in_as(cluster, "atlas_app")
    jobs = exports_drilled(blocks.full.world, EXPORTS, KEPT_OUT)
    table(
        ("what", "count"),
        (
            ("people", len(blocks.subjects)), ("requests of each kind", len(blocks.asked)), ("blocks", done.blocks), ("compared", done.compared),
            ("pages opened", done.opened), ("pages that named the family before", done.named_before), ("differing", len(done.differing)),
            ("jobs in flight", jobs.jobs), ("delivered all the same", jobs.delivered), ("files made before", jobs.files),
            ("opened all the same", jobs.opened), ("seconds", round(took, 1)),
        ),
    )  # fmt: skip
    for one in done.differing[:40]:
        print(" ", one)
    last_line(
        blocks=done.blocks, compared=done.compared, opened=done.opened, named_before=done.named_before, differing=len(done.differing),
        jobs=jobs.jobs, delivered=jobs.delivered, files=jobs.files, files_opened=jobs.opened, seconds=took,
    )  # fmt: skip
    raise SystemExit(bool(done.differing or jobs.delivered or jobs.opened))


main()
