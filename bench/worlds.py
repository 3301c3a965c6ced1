"""The world test in full (protection.md table A, A4): fifty subjects, every page, with and without what is closed to each of them.

No peer: the figure to reach is 0 answers that differ. The short form is tests/gate/test_worlds.py; both are made in tests/gate/worlds.py.
"""

import sys
import tempfile
import time
from pathlib import Path

from bench.measuring import last_line, own_database, sign_in_as, table, the_cluster

# Of each page about a record: the record of the world's child, and so many others of its kind.
SUBJECTS, RECORDS = (6, 1) if "--quick" in sys.argv else (50, 1)
cluster = the_cluster()
own_database("bench_worlds", cluster)

from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from tests.gate.crawl import AT  # noqa: E402
from tests.gate.worlds import Worlds  # noqa: E402


def main() -> None:
    """Compare, and print what differed."""
    setup_test_environment()
    setattr(timezone, "now", lambda: AT)  # noqa: B010  (the doors alone read the clock, and there it stands still)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        worlds = Worlds.made(
            Path(folder), lambda login: sign_in_as(cluster, login if login == "postgres" else f"atlas_{login}"), SUBJECTS, RECORDS
        )
        done = worlds.compare()
    took = time.perf_counter() - start
    table(
        ("what", "count"),
        (
            ("subjects", done.subjects), ("pages compared", done.pages), ("of which open", done.opened), ("rows deleted", done.deleted),
            ("differing", len(done.differing)), ("seconds", round(took, 1)),
        ),
    )  # fmt: skip
    for one in done.differing[:40]:
        print(" ", one)
    last_line(
        subjects=done.subjects, pages=done.pages, opened=done.opened, deleted=done.deleted, differing=len(done.differing), seconds=took
    )
    raise SystemExit(bool(done.differing))


main()
