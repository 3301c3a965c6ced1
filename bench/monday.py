"""Nine o'clock on a Monday: 600 people, a tenth of what they do is writing, on an authority 20 times Fernleigh, while a file is taken in and a profile is made.

The rate is raised until p95 passes 800 ms; the highest below it is held (`bench monday MINUTES`; 3 unless said; `--quick`: one low rate for 20 seconds).
Beside it, in the same run, bare Django pages (`bench/bare.py`) read by the same crowd at the same rate. Then a file and a profile beside it, and what is
urgent (a contact, a report) is timed by itself. Needs `run.py demo --once`.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.large import LARGE, cpu_of, fictional_authority, own_copy, resident_of, serve
from bench.loading import wait_for
from bench.measuring import last_line, table, the_cluster
from bench.multiply import multiply

QUICK = "--quick" in sys.argv
HELD = 20.0 if QUICK else 60.0 * next((int(word) for word in sys.argv[1:] if word.isdigit()), 3)
TIMES, USERS, MOST_P95, NAME = (1 if QUICK else 20), 600, 0.8, "bench_monday"
RATES, STEP = ((4.0,) if QUICK else (5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0)), (8.0 if QUICK else 20.0)
SHARES = {
    "read": 0.84,
    "draft": 0.10,
    "contact": 0.04,
    "report": 0.02,
}  # each form is opened first, so that of all requests a tenth and a half are writes
ROWS = 200 if QUICK else 5_000

cluster = the_cluster()
fictional_authority(cluster, "monday")
own_copy(cluster, NAME)

import django  # noqa: E402

django.setup()

from django.utils import timezone  # noqa: E402

from atlas.agencies.models import Post  # noqa: E402
from atlas.gate.act import Invalid  # noqa: E402
from atlas.gate.days import day_of  # noqa: E402
from atlas.profile.commands import run_profile  # noqa: E402
from bench.at_work import at_work  # noqa: E402
from bench.crowd import Crowd, Taken  # noqa: E402
from bench.police_file import write_file  # noqa: E402


def percentile(seconds: list[float], share: float) -> float:
    """Milliseconds that this share of the requests stayed under."""
    return 1000 * sorted(seconds)[min(int(share * len(seconds)), len(seconds) - 1)] if seconds else float("nan")


def row(rate: float, taken: Taken, seconds: float) -> list[object]:
    """One line of the table."""
    every = taken.of()
    shown = [*(percentile(every, share) for share in (0.5, 0.95, 0.99)), percentile(taken.of("contact", "report"), 0.99)]
    return [f"{rate:g}", f"{len(every) / seconds:.1f}", *(f"{one:.0f}" for one in shown), len(taken.errors)]


def start(*words: str) -> "subprocess.Popen[bytes]":
    """A process of the service beside it."""
    env = {**os.environ, "ATLAS_AS": "tick" if words[0] == "tick" else "service"}
    return subprocess.Popen([sys.executable, "-m", "django", *words], env=env, start_new_session=True, stdout=subprocess.DEVNULL)


def ask_for_a_profile() -> str:
    """Let the bulk worker make a profile of the last months; in words what was asked for."""
    head, now = Post.objects.select_related("user", "team__agency").get(user__username="head.of.service"), timezone.now()
    made = cluster.sql(
        NAME, "SELECT from_on, until_on FROM profile_analysisrun WHERE state = 'finished' ORDER BY asked_at DESC LIMIT 1"
    ).strip()
    first, after = (date.fromisoformat(part) for part in made.split("|")) if made else (day_of(now) - timedelta(days=181), day_of(now))
    try:
        run_profile(from_on=first, last_on=after - timedelta(days=1), living_here=None, by=head, at=now)
    except Invalid as problem:
        return f"no profile ({problem.message})"
    return "a profile"


def main() -> None:
    """Find the rate, hold it, and then with a file and a profile beside it."""
    if TIMES > 1:
        multiply(cluster, NAME, LARGE, TIMES - 1)
    people, bare_people = at_work(cluster, NAME, USERS)
    (ours, port), (bare, bare_port) = (
        serve(cluster, "atlas.config.wsgi:application", "atlas_app", NAME),
        serve(cluster, "bench.bare:application", "postgres", NAME),
    )
    beside = [
        start("procrastinate", "worker", "--queues", "urgent"),
        start("procrastinate", "worker", "--queues", "bulk"),
        start("tick", "--every", "60"),
    ]
    lines: list[list[object]] = []
    try:
        wait_for(port)
        wait_for(bare_port)
        crowd = Crowd(port, people, SHARES, 1)
        asyncio.run(crowd.arrive(2.0, 5.0))  # warm
        best = RATES[0]
        for rate in RATES:
            taken = asyncio.run(crowd.arrive(rate, STEP))
            lines.append([f"ours, {STEP:.0f} s", *row(rate, taken, STEP)])
            if percentile(taken.of(), 0.95) > 1000 * MOST_P95:
                break
            best = rate
        before, memory, began = cpu_of(ours), resident_of(ours), time.perf_counter()
        held = asyncio.run(crowd.arrive(best, HELD))
        cpu = (cpu_of(ours) - before) / max(len(held.of()), 1)
        lines.append([f"ours, held {HELD / 60:.1f} min", *row(best, held, time.perf_counter() - began)])
        plain = asyncio.run(Crowd(bare_port, bare_people, {"read": 1.0}, 1).arrive(best, min(HELD, 60)))
        lines.append(["bare pages, reading alone", *row(best, plain, min(HELD, 60))])
        with TemporaryDirectory() as folder:
            path = Path(folder) / "northmarch.csv"
            write_file(path, ROWS, ROWS // 3)
            file = start("feeds", "receive", "northmarch", str(path), "--as", "data.officer", "--historic", "--commit")
            asked = ask_for_a_profile()
            crowded = asyncio.run(crowd.arrive(best, min(HELD, 120)))
            ended = file.wait(timeout=600)
        lines.append([f"ours, with a file of {ROWS:,} rows and {asked}", *row(best, crowded, min(HELD, 120))])
        grown = resident_of(ours) - memory
    finally:
        for one in (ours, bare, *beside):
            os.killpg(one.pid, signal.SIGTERM)
            one.wait(timeout=30)
    table(["what", "begun a second", "requests a second", "p50 ms", "p95 ms", "p99 ms", "urgent p99 ms", "errors"], lines)
    for problem in [*held.errors, *crowded.errors][:5]:
        print("  ", problem)
    last_line(
        users=len(people), rate=best, p95_ms=percentile(held.of(), 0.95), p99_ms=percentile(held.of(), 0.99),
        urgent_p99_ms=percentile(crowded.of("contact", "report"), 0.99),
        urgent=len(crowded.of("contact", "report")), errors=len(held.errors) + len(crowded.errors), bare_p95_ms=percentile(plain.of(), 0.95), cpu_ms=1000 * cpu,
        grown_mib=grown, file_ended=ended, crowd_late_ms=1000 * max(held.late, crowded.late),
    )  # fmt: skip


main()
