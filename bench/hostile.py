"""Every page and form of the service with every odd value (protection.md table E, E7 and E2): how many are answered by a fault of ours? The figure to reach is 0."""

import logging
import sys
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from bench.measuring import last_line, own_database, table, the_cluster

own_database("bench_hostile", the_cluster())

from django.test.utils import setup_test_environment  # noqa: E402

from tests.gate.hostile_requests import AT, asked  # noqa: E402


def main() -> None:
    """Ask, and print."""
    logging.disable()
    setup_test_environment()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, patch("django.utils.timezone.now", lambda: AT):
        done = asked(Path(folder), whole="--quick" not in sys.argv)
    table(("status", "answers"), sorted(done.statuses.items()))
    print("\n".join(done.fell[:200]))
    last_line(pages=len(done.pages), requests=done.statuses.total(), fell=len(done.fell), seconds=time.monotonic() - started)


main()
