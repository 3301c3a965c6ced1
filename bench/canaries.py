"""Canaries in every sealed field, and everything that leaves searched for them (protection.md table A, A5).

No peer: the figure to reach is 0 hits. The same as tests/sealed/test_canaries.py, in a database of its own on the durable cluster.
"""

import tempfile
import time
from pathlib import Path

from bench.measuring import last_line, own_database, sign_in_as, table, the_cluster

cluster = the_cluster()
own_database("bench_canaries", cluster)

from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from tests.sealed.canaries import AT, scanned  # noqa: E402

REAL = timezone.now


def login(name: str) -> None:
    """Another of the database's logins: the service's, or the superuser's."""
    sign_in_as(cluster, name if name == "postgres" else f"atlas_{name}")


def clock(is_real: bool) -> None:
    """Let the doors' clock be the server's own, or stand still."""
    setattr(timezone, "now", REAL if is_real else lambda: AT)  # noqa: B010  (the doors alone read it)


def main() -> None:
    """Scan, and print what was found."""
    setup_test_environment()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        done = scanned(Path(folder), login, cluster.folder / "log", clock)
    took = time.perf_counter() - start
    table(
        ("what", "count"),
        (
            ("canaries planted", len(done.canaries)), ("shown to the custodian", len(done.shown)), ("answers searched", done.answers),
            ("pages that opened", done.opened), ("rows searched", done.rows), ("hits", len(done.hits)), ("seconds", round(took, 1)),
        ),
    )  # fmt: skip
    for one in done.hits[:40]:
        print(" ", one)
    last_line(planted=len(done.canaries), shown=len(done.shown), answers=done.answers, rows=done.rows, hits=len(done.hits), seconds=took)
    raise SystemExit(bool(done.hits) or done.shown != set(done.canaries) - {done.lost})


main()
