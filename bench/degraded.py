"""What is urgent while all else is away: jobs, tick, sealer, unsealer, mail. `python3 run.py bench degraded` (20 of each; `--quick`: 4), after `run.py demo --once`.

Contacts are raised and children reported missing with nothing but the web and the database; again with the workers there and the mail away; then everything
comes back, and it is counted whether each message was sent. Floor and goal: all of it works (protection.md 7, F3).
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.large import fictional_authority, own_copy, serve
from bench.loading import wait_for
from bench.measuring import last_line, p95, table, the_cluster
from run import free_port

EACH = 4 if "--quick" in sys.argv else 20
NAME, LONGEST = "bench_degraded", 300.0

cluster = the_cluster()
fictional_authority(cluster, "degraded")
own_copy(cluster, NAME)
os.environ |= {"ATLAS_EMAIL_PORT": str(free_port()), "ATLAS_UNSEALER": "/nowhere/socket"}

import django  # noqa: E402

django.setup()

from bench.at_work import at_work  # noqa: E402
from bench.crowd import Crowd, Person, Taken  # noqa: E402


def start(*words: str, **more: str) -> "subprocess.Popen[bytes]":
    """A process of the service."""
    nowhere = subprocess.DEVNULL
    command = [sys.executable, "-m", "django", *words]
    return subprocess.Popen(command, env={**os.environ, **more}, start_new_session=True, stdout=nowhere, stderr=nowhere)


def counted(state: str) -> int:
    """Jobs of the urgent queue in a state."""
    return int(cluster.sql(NAME, f"SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'urgent' AND status = '{state}'"))


async def urgent(crowd: Crowd, raising: list[Person], reporting: list[Person]) -> Taken:
    """So many contacts and reports, one after the other."""
    taken = Taken()
    for at in range(EACH):
        await crowd.one("contact", raising[at % len(raising)], taken)
        await crowd.one("report", next(one for one in reporting if one.reports), taken)
    return taken


def main() -> None:
    """All away; mail away; all back."""
    people, _ = at_work(cluster, NAME, 300, reads=2)
    raising, reporting = [one for one in people if one.raises], [one for one in people if one.reports]
    web, port = serve(cluster, "atlas.config.wsgi:application", "atlas_app", NAME)
    crowd, running, rows = Crowd(port, people, {"read": 1.0}, 1), [web], []
    done: dict[str, Taken] = {}
    failed = counted("failed")
    try:
        wait_for(port)
        done["jobs, tick, sealer, unsealer and mail away"] = asyncio.run(urgent(crowd, raising, reporting))
        running.append(start("procrastinate", "worker", "--queues", "urgent"))
        done["mail away"] = asyncio.run(urgent(crowd, raising, reporting))
        time.sleep(5)
        waiting = counted("todo") + counted("doing")
        with TemporaryDirectory() as mails:
            running.append(start("demo", "mailbox", ATLAS_DEMO="1", ATLAS_MAILBOX=f"{mails}/kept"))  # a maildir is made where nothing is
            began = time.perf_counter()
            while counted("todo") + counted("doing") and time.perf_counter() - began < LONGEST:
                time.sleep(1)
            caught_up, sent = time.perf_counter() - began, sum(1 for one in Path(mails, "kept/new").glob("*") if one.is_file())
    finally:
        for one in running:
            os.killpg(one.pid, signal.SIGTERM)
            one.wait(timeout=30)
    for what, taken in done.items():
        asked = taken.of("contact", "report")
        rows.append([what, len(asked), len(asked) - len(taken.errors), f"{1000 * p95(asked):.0f}"])
        print(*taken.errors[:3], sep="\n", end="\n" if taken.errors else "")
    table(["away", "urgent things", "done", "p95 ms"], rows)
    left = counted("todo") + counted("doing")
    print(
        f"{waiting} messages waited; all back, {sent} were sent within {caught_up:.0f} s, {left} left, {counted('failed') - failed} given up."
    )
    last_line(
        urgent=sum(len(one.of("contact", "report")) for one in done.values()), errors=sum(len(one.errors) for one in done.values()),
        waited=waiting, sent=sent, left=left, given_up=counted("failed") - failed, caught_up_s=caught_up,
    )  # fmt: skip


main()
