"""Can the small Fernleigh be made at any hour? `python3 run.py bench any_hour [MOMENT …] [--quick]`

The journeys make it at whatever moment they begin: once it could not be made in the last hour of a winter evening, and a whole run failed. It is made, each time
in a database of its own, at moments where days, weeks, months, offsets and years meet. `--quick`: the first two.
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.measuring import last_line, table
from bench.proof_tools import as_in_tests

if os.environ.get("ATLAS_TEST") != "1":  # `run.py bench` begins in the demo's environment, and these are the tests' databases
    os.execve(sys.executable, [sys.executable, "-m", "bench.any_hour", *sys.argv[1:]], as_in_tests())  # noqa: S606

from run import free_port
from tests.journeys.conftest import Served, environment_of
from tests.migrated import migrated, recreate

MOMENTS = (
    "2026-11-29T23:30", "2026-07-31T23:30", "2026-10-25T00:30", "2026-10-25T01:30", "2027-03-28T00:59", "2027-03-28T01:01", "2026-12-31T23:59",
    "2027-01-01T00:01", "2028-02-29T12:00", "2026-04-06T09:00", "2026-12-25T02:00", "2026-08-31T23:05", "2027-05-03T04:00", "2026-06-07T11:00",
)  # fmt: skip
NAME = "bench_any_hour"


def made_at(moment: str) -> str:
    """Make it at this moment of UTC; what went wrong, in the last line that was said, or nothing."""
    recreate(NAME, migrated())
    with tempfile.TemporaryDirectory() as folder:
        running = Served("", environment_of(NAME, Path(folder), free_port()), Path(folder))
        running.manage("gate", "install", login="owner")
        words = ["demo", "make", "--small", "--now", datetime.fromisoformat(moment).replace(tzinfo=UTC).isoformat()]
        environment = {**running.environment, "ATLAS_AS": "service"}
        done = subprocess.run([sys.executable, "-m", "django", *words], env=environment, capture_output=True, text=True, check=False)
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


def main() -> None:
    """Each moment in turn."""
    began, rows = time.monotonic(), list[list[object]]()
    for moment in [word for word in sys.argv[1:] if word[:1].isdigit()] or MOMENTS[: 2 if "--quick" in sys.argv else None]:
        rows.append([moment, made_at(moment) or "made"])
        print(*rows[-1], flush=True)
    table(["moment (UTC)", "what came"], rows)
    last_line(moments=len(rows), not_made=sum(row[1] != "made" for row in rows), seconds=time.monotonic() - began)


main()
