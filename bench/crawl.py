"""The crawl in full (protection.md table A, A3): every path × every role × a foreign child, GET and POST, and every query parameter alone.

No peer: the figure to reach is 0 unexpected answers. The short form is tests/gate/test_crawl.py; both are made in tests/gate/crawl.py.
"""

import sys
import tempfile
import time
from pathlib import Path

from bench.measuring import last_line, own_database, sign_in_as, table, the_cluster

QUICK = "--quick" in sys.argv
cluster = the_cluster()
own_database("bench_crawl", cluster)

from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from tests.gate.crawl import AT, crawled  # noqa: E402


def main() -> None:
    """Crawl, and print what was answered."""
    setup_test_environment()
    setattr(timezone, "now", lambda: AT)  # noqa: B010  (the doors alone read the clock, and there it stands still)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        done = crawled(Path(folder), lambda login: sign_in_as(cluster, f"atlas_{login}"), whole=not QUICK)
    took = time.perf_counter() - start
    table(
        ("what", "count"),
        (
            ("paths", len(done.routes)), ("roles", len(done.roles)), ("requests", done.requests),
            *((f"answered {status}", count) for status, count in sorted(done.statuses.items())),
            ("own pages opened", len(done.own_opened)), ("unexpected", len(done.unexpected)), ("seconds", round(took, 1)),
        ),
    )  # fmt: skip
    for one in done.unexpected[:40]:
        print(" ", one)
    last_line(routes=len(done.routes), roles=len(done.roles), requests=done.requests, unexpected=len(done.unexpected), seconds=took)
    raise SystemExit(bool(done.unexpected))


main()
