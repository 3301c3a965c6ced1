"""Nine o'clock on a Monday: 600 people, a tenth of what they do is writing, on an authority 20 times Fernleigh, while a file is taken in and a profile is made.

The rate is raised until p95 passes 800 ms; the highest below it is held (`bench monday MINUTES`; 3 unless said; `--quick`: one low rate for 20 seconds), and where
it does not hold, the next below. `bench monday MINUTES RATE`: that rate is held, and none is looked for. Beside it, in the same run, bare Django pages
(`bench/bare.py`) read by the same crowd at the same rate. Then a file and a profile beside it, at half of that rate and at the whole, and what is urgent (a
contact, a report) is timed by itself. Needs `run.py demo --once`.
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
MINUTES, *RATE = [float(word) for word in sys.argv[1:] if word.isdigit()] or [3.0]
HELD = 20.0 if QUICK else 60.0 * MINUTES
TIMES, USERS, MOST_P95, NAME = (1 if QUICK else 20), 600, 0.8, "bench_monday"
RATES, STEP = ((4.0,) if QUICK else tuple(RATE) or (5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 50.0)), (8.0 if QUICK else 20.0)
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


def busy(crowd: Crowd, rate: float, folder: Path, again: str) -> tuple[Taken, str, int]:
    """The crowd at this rate, while a file is taken in and a profile made; what ran beside it, and how the file ended."""
    path = folder / f"northmarch{again}.csv"
    write_file(path, ROWS, ROWS // 3)
    file = start("feeds", "receive", "northmarch", str(path), "--as", "data.officer", "--historic", "--commit")
    asked = ask_for_a_profile()
    taken = asyncio.run(crowd.arrive(rate, min(HELD, 120)))
    is_over = file.poll() is not None
    if not is_over:
        os.killpg(file.pid, signal.SIGTERM)
    return taken, f"{asked}{'' if not is_over else ', which ended first'}", file.wait(timeout=60) if is_over else 0


def main() -> None:
    """Find the rate, hold it, and then with a file and a profile beside it."""
    if TIMES > 1:
        # The rota stays as large as it is: were whoever is on shift 20 times as many too, each of 20 times as many alerts would be told to 20 times as many.
        multiply(cluster, NAME, (label for label in LARGE if label != "agencies.Shift"), TIMES - 1)
    people, bare_people = at_work(cluster, NAME, USERS)
    (ours, port), (bare, bare_port) = (
        serve(cluster, "atlas.config.wsgi:application", "atlas_app", NAME),
        serve(cluster, "bench.bare:application", "postgres", NAME),
    )
    with TemporaryDirectory() as folder:
        os.environ |= {"ATLAS_DEMO": "1", "ATLAS_MAILBOX": f"{folder}/mails"}
        beside = [
            start("demo", "mailbox"),
            start("procrastinate", "worker", "--queues", "urgent"),
            start("procrastinate", "worker", "--queues", "bulk"),
            start("tick", "--every", "60"),
        ]
        lines: list[list[object]] = []
        try:
            wait_for(port)
            wait_for(bare_port)
            crowd = Crowd(port, people, SHARES, 1)
            asyncio.run(crowd.arrive(2.0, 60.0 if not QUICK else 5.0))  # warm; and the messages of the authority's making leave
            fitting = []
            for rate in RATES:
                taken = asyncio.run(crowd.arrive(rate, STEP))
                lines.append([f"ours, {STEP:.0f} s", *row(rate, taken, STEP)])
                if percentile(taken.of(), 0.95) > 1000 * MOST_P95:
                    break
                fitting.append(rate)
            for best in [*reversed(fitting), RATES[0]]:
                before, memory, began = cpu_of(ours), resident_of(ours), time.perf_counter()
                held = asyncio.run(crowd.arrive(best, HELD))
                cpu = (cpu_of(ours) - before) / max(len(held.of()), 1)
                lines.append([f"ours, held {HELD / 60:.1f} min", *row(best, held, time.perf_counter() - began)])
                if percentile(held.of(), 0.95) <= 1000 * MOST_P95:
                    break
            plain = asyncio.run(Crowd(bare_port, bare_people, {"read": 1.0}, 1).arrive(best, min(HELD, 60)))
            lines.append(["bare pages, reading alone", *row(best, plain, min(HELD, 60))])
            half, words, ended = busy(crowd, best / 2, Path(folder), "")
            lines.append([f"ours, with a file of {ROWS:,} rows and {words}", *row(best / 2, half, min(HELD, 120))])
            whole, words, ended_again = busy(crowd, best, Path(folder), "2")
            lines.append([f"ours, with a file of {ROWS:,} rows and {words}", *row(best, whole, min(HELD, 120))])
            grown = resident_of(ours) - memory
        finally:
            for one in (ours, bare, *beside):
                os.killpg(one.pid, signal.SIGTERM)
                one.wait(timeout=30)
    table(["what", "begun a second", "requests a second", "p50 ms", "p95 ms", "p99 ms", "urgent p99 ms", "errors"], lines)
    for problem in [*held.errors, *half.errors, *whole.errors][:5]:
        print("  ", problem)
    last_line(
        users=len(people), rate=best, p95_ms=percentile(held.of(), 0.95), p99_ms=percentile(held.of(), 0.99), errors=len(held.errors),
        half_rate=best / 2, half_p95_ms=percentile(half.of(), 0.95), half_urgent_p99_ms=percentile(half.of("contact", "report"), 0.99),
        half_urgent=len(half.of("contact", "report")), half_errors=len(half.errors),
        urgent_p99_ms=percentile(whole.of("contact", "report"), 0.99),
        urgent=len(whole.of("contact", "report")), errors_beside=len(whole.errors), bare_p95_ms=percentile(plain.of(), 0.95), cpu_ms=1000 * cpu,
        grown_mib=grown, files_ended=ended + ended_again, crowd_late_ms=1000 * max(held.late, half.late, whole.late),
    )  # fmt: skip


main()
