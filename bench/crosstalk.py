"""Ten thousand mixed requests through one connection of the pool (protection.md 8.2, threat 11). No peer: the figure to reach is 0."""

import sys
import time

from bench.measuring import last_line, own_database, table, the_cluster

REQUESTS = 500 if "--quick" in sys.argv else 10_000
own_database("bench_crosstalk", the_cluster())

from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from tests.factories import NOW  # noqa: E402
from tests.gate.crosstalk import mixed  # noqa: E402


def main() -> None:
    """Send them, and print what crossed."""
    setup_test_environment()
    setattr(timezone, "now", lambda: NOW)  # noqa: B010  (the doors alone read the clock, and there it stands still)
    start = time.perf_counter()
    done = mixed(REQUESTS)
    took = time.perf_counter() - start
    table(
        ("what", "count"),
        (("requests", done.requests), ("own child seen", done.own), ("crossed", len(done.crossed)), ("seconds", round(took, 1))),
    )
    for one in done.crossed[:20]:
        print(" ", one)
    last_line(requests=done.requests, own=done.own, crossed=len(done.crossed), seconds=took)
    raise SystemExit(bool(done.crossed) or done.own < REQUESTS / 20)  # where nobody sees the own child nothing is shown


main()
