"""A right is taken away (protection.md table A, A8): how many of the next requests are denied, and how soon; and running exports stopped.

No peer: the figure to reach is 1,000 of 1,000, within a second. The time runs from the end of the loss's own transaction to the answer.
"""

import statistics
import sys

from bench.measuring import last_line, own_database, p95, table, the_cluster

QUICK = "--quick" in sys.argv
REVOKED, EXPORTS = (40, 5) if QUICK else (1000, 100)
own_database("bench_revoke", the_cluster())

from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from tests.factories import NOW  # noqa: E402
from tests.gate.revoke_drill import drilled, exports_drilled  # noqa: E402
from tests.world import make_world  # noqa: E402


def main() -> None:
    """Take rights away, ask, and print what came through."""
    setup_test_environment()
    setattr(timezone, "now", lambda: NOW)  # noqa: B010  (the doors alone read the clock, and there it stands still)
    world = make_world()
    done = drilled(REVOKED)
    table(
        ("what was lost", "times", "median ms", "worst ms"),
        [(kind, len(took), round(1000 * statistics.median(took), 1), round(1000 * max(took), 1)) for kind, took in done.by_kind.items()],
    )
    print(f"{done.denied} of {done.tried} next requests denied; shown or written all the same: {done.shown or 'nothing'}")
    stopped = exports_drilled(world, EXPORTS)
    print(
        f"running exports {stopped.jobs}, delivered all the same {stopped.delivered}; delivered before {stopped.files}, opened all the same {stopped.opened}"
    )
    last_line(
        tried=done.tried, denied=done.denied, shown=len(done.shown), p95_ms=1000 * p95(done.seconds), worst_ms=1000 * max(done.seconds),
        jobs=stopped.jobs, delivered=stopped.delivered, files=stopped.files, opened=stopped.opened,
    )  # fmt: skip


main()
