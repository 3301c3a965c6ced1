"""The queue, whose workers are killed, stopped and cut off while ten thousand messages leave (protection.md table D, D4): is one lost, is one told twice?

`python3 run.py bench queues [MESSAGES] [LIBRARY]` (10,000 unless said; `--quick`: 300). No peer: the figures to reach are 0. The messages go to
a hook of ours on this machine, which counts them by what they say and by the id under which they come. A worker that dies between handing a message over and
writing that down is followed by another, who hands it over again under the same id: that is counted apart, since a provider can know it by that. With
the path of libfaketime's library the clock of one worker is put an hour forward and back as well.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from bench.measuring import last_line, own_database, p95, table, the_cluster
from run import JOBS, TICK, spawn

QUICK = "--quick" in sys.argv
MESSAGES = 300 if QUICK else next((int(word) for word in sys.argv[1:] if word.isdigit()), 10_000)
LIBRARY = next((word for word in sys.argv[1:] if ".so" in word), "")
WORKERS, BETWEEN, SLOWEST = 2, (2.0, 12.0), 0.02  # seconds between two disasters; and until the hook answers, at most
STOPPED = 70.0  # longer than a worker may show no sign of life: its job is taken up by another, and then it wakes
cluster = the_cluster()
own_database("bench_queues", cluster)

from django.db import transaction  # noqa: E402

from atlas.running.queue import put_back  # noqa: E402
from atlas.tasks.jobs import send_text  # noqa: E402
from tests.tasks.test_tick import service  # noqa: E402

URGENT = JOBS[0]


@dataclass
class Told:
    """What the hook was handed: for each message the ids under which it came, and how often."""

    ids: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hook(self) -> ThreadingHTTPServer:
        """The provider's door."""
        told = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with told.lock:
                    told.ids[given["words"]][given["id"]] += 1
                time.sleep(random.random() * SLOWEST)  # what dies now has been told, and cannot say so
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *_: object) -> None:  # noqa: A002
                pass

        return ThreadingHTTPServer(("127.0.0.1", 0), Door)


class Workers:
    """The workers of what is urgent: one that has died is started again, as systemd would."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        self.env, self.clock = env, folder / "clock"
        self.clock.write_text("+0")
        self.all = [self._one(number) for number in range(WORKERS)]
        self.asleep: tuple[int, float] | None = None
        self.done = Counter[str]()

    def _one(self, number: int) -> "subprocess.Popen[bytes]":
        stepped = {"LD_PRELOAD": LIBRARY, "FAKETIME_TIMESTAMP_FILE": str(self.clock), "FAKETIME_NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1"}
        return spawn(self.env | (stepped if LIBRARY and number == 0 else {}), *URGENT)

    def disaster(self, choose: random.Random) -> None:
        """One of them, to one worker."""
        number, now = choose.randrange(WORKERS), time.monotonic()
        if self.asleep and now - self.asleep[1] > STOPPED:
            self.all[self.asleep[0]].send_signal(signal.SIGCONT)
            self.asleep = None
        what = choose.choice(
            [
                "killed",
                "killed",
                "cut off",
                *(["stopped"] if self.asleep is None else []),
                *(["its clock put on or back"] if LIBRARY else []),
            ]
        )
        if self.asleep and number == self.asleep[0]:
            return
        self.done[what] += 1
        if what == "killed":
            self.all[number].kill()
            self.all[number].wait()
            self.all[number] = self._one(number)
        elif what == "cut off":
            with superuser() as database:
                database.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'bench_queues' AND usename = 'atlas_app' AND pid <> pg_backend_pid()"
                )
        elif what == "stopped":
            self.all[number].send_signal(signal.SIGSTOP)
            self.asleep = (number, now)
        else:
            self.clock.write_text(choose.choice(["+0", "+3600", "-3600"]))

    def look_after(self) -> None:
        """Whoever has ended by himself is started again."""
        for number, one in enumerate(self.all):
            if one.poll() is not None:
                self.done["ended by itself"] += 1
                self.all[number] = self._one(number)

    def end(self) -> None:
        """All of them."""
        for one in self.all:
            one.send_signal(signal.SIGCONT)
            one.kill()
            one.wait()


def superuser() -> psycopg.Connection:
    """A connection that sees all."""
    return psycopg.connect(cluster.url("postgres", "bench_queues"), autocommit=True)


def waiting() -> tuple[int, list[int]]:
    """How many are not done, and those that failed: for a person to look at."""
    with superuser() as database:
        found = database.execute(
            "SELECT id, status::text FROM procrastinate_jobs WHERE task_name = 'tasks.send_text' AND status <> 'succeeded'"
        ).fetchall()
    return len(found), [number for number, status in found if status == "failed"]


def times() -> list[float]:
    """Seconds from the moment that each was first taken in hand until it was done."""
    with superuser() as database:
        return [row[0] for row in database.execute(
            "SELECT extract(epoch FROM max(e.at) - min(e.at))::float8 FROM procrastinate_events e JOIN procrastinate_jobs j ON j.id = e.job_id "
            "WHERE j.task_name = 'tasks.send_text' AND e.type IN ('started', 'succeeded') GROUP BY e.job_id"
        )]  # fmt: skip


def main() -> None:
    """Ask for the messages, let disasters happen until all have left, and count."""
    service()
    told, choose, tried_by_hand = Told(), random.Random(4), 0
    door = told.hook()
    threading.Thread(target=door.serve_forever, daemon=True).start()
    with transaction.atomic():
        for number in range(MESSAGES):
            send_text.defer(to="07700 900123", words=f"M{number:06}")
    env = {**os.environ, "ATLAS_TEXT_HOOK": f"http://127.0.0.1:{door.server_port}/"}
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        tick, workers = spawn({**env, "ATLAS_AS": "tick"}, *TICK[:2], "5"), Workers(env, Path(folder))
        try:
            while True:
                left, failed = waiting()
                for number in failed:  # as whoever is at work does on Running Atlas
                    tried_by_hand += put_back(number)
                if not left:
                    break
                if left > MESSAGES // 50:
                    workers.disaster(choose)
                elif workers.asleep:
                    time.sleep(max(0.0, STOPPED - (time.monotonic() - workers.asleep[1])))
                    workers.disaster(choose)
                workers.look_after()
                time.sleep(choose.uniform(*BETWEEN))
        finally:
            workers.end()
            tick.kill()
            door.shutdown()
    took, every = time.monotonic() - began, times()
    table(("disaster", "times"), sorted(workers.done.items()))
    last_line(
        messages=MESSAGES, lost=sum(f"M{number:06}" not in told.ids for number in range(MESSAGES)), told_twice=sum(len(ids) > 1 for ids in told.ids.values()),
        again_by_the_same_id=sum(sum(ids.values()) > 1 for ids in told.ids.values()), tried_by_hand=tried_by_hand, disasters=sum(workers.done.values()),
        p95_s=p95(every), worst_s=max(every), seconds=took,
    )  # fmt: skip


main()
