"""The database, the service and the workers killed (-9) while forms are sent (protection.md table C, C1 and C2): is what was acknowledged kept, and whole?

No peer: the figures to reach are 0 lost, 0 in part, of 50 kills, and ready again within 30 s. Each client sends its forms over HTTP with an idempotency key, and the
same again until it is answered; it alone knows what was acknowledged. Whatever dies is started again at once, as systemd would. Then each form is looked
for: its record, its entry in the chronology, its act. `bench kills` has the other question: was anything shown that no look names.
"""

import http.client
import logging
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from bench.loading import wait_for
from bench.measuring import last_line, own_database, p95, table, the_cluster
from run import JOBS, free_port, spawn, web

QUICK = "--quick" in sys.argv
CYCLES, WRITERS, LONGEST = (3 if QUICK else 50), 4, 1.5  # seconds of writing before a kill, at most
cluster = the_cluster()
own_database("bench_kill", cluster)

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from atlas.allocation.commands import record_allocation  # noqa: E402
from atlas.chronology.moments import Moment  # noqa: E402
from atlas.missing.commands.report import Report, report_missing  # noqa: E402
from tests import factories  # noqa: E402
from tests.factories import NOW  # noqa: E402
from tests.world import World, make_world  # noqa: E402

WHO_DIES = ("the database, whole", "the service, whole", "a process of the database", "a worker of the service", "a worker of jobs")
CSRF, ANSWERED = "a" * 32, 302


@dataclass
class Writer:
    """Somebody who sends forms about one child: what was acknowledged, how often something had to be sent again, what was answered otherwise."""

    number: int
    port: int
    path: str
    cookie: str
    acknowledged: list[str] = field(default_factory=list)
    sent: int = 0
    again: int = 0
    odd: Counter[int] = field(default_factory=Counter)

    def write(self, is_over: threading.Event) -> None:
        """Send form after form, each until it is answered."""
        while not is_over.is_set():
            self.sent += 1
            word = f"W{self.number}x{self.sent:06}"
            while not self._send(word) and not is_over.is_set():
                self.again += 1
                time.sleep(0.1)

    def _send(self, word: str) -> bool:
        body = {
            "kind": "sighting", "happened_at_0": "1", "happened_at_1": "5", "happened_at_2": "2026", "happened_at_3": "12:00", "happened_at_4": "minute",
            "source": "A bus driver", "source_grade": "2", "place": word, "words": "", "key": f"kill-{word}", "csrfmiddlewaretoken": CSRF,
        }  # fmt: skip
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"{self.cookie}; {settings.CSRF_COOKIE_NAME}={CSRF}"}
        there = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            there.request("POST", self.path, urlencode(body), headers)
            status = there.getresponse().status
        except (OSError, http.client.HTTPException):
            return False
        finally:
            there.close()
        if status != ANSWERED:
            self.odd[status] += 1
            return False
        self.acknowledged.append(word)
        return True


class Running:
    """The service and its workers, as systemd runs them: what has died is started again."""

    def __init__(self) -> None:
        self.port, self.env = free_port(), dict(os.environ)
        self.web, self.jobs = self._web(), [self._jobs(words) for words in JOBS]
        wait_for(self.port)

    def _web(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(web(self.port), env=self.env, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _jobs(self, words: tuple[str, ...]) -> "subprocess.Popen[bytes]":
        return spawn(self.env, *words)

    def kill(self, who: str, choose: random.Random) -> None:
        """Kill it, and start it again."""
        if who == "the database, whole":
            port = cluster.port
            server = int((cluster.data / "postmaster.pid").read_text().split()[0])
            os.kill(server, signal.SIGKILL)
            while Path(f"/proc/{server}").exists():
                time.sleep(0.01)
            cluster.start(port=port)
        elif who == "a process of the database":
            own = "SELECT pid FROM pg_stat_activity WHERE datname = 'bench_kill' AND usename = 'atlas_app' ORDER BY random() LIMIT 1"
            with superuser() as database:
                os.kill(database.execute(own).fetchone()[0], signal.SIGKILL)  # type: ignore[index]
        elif who == "a worker of jobs":
            place = choose.randrange(len(self.jobs))
            self.jobs[place].kill()
            self.jobs[place].wait()
            self.jobs[place] = self._jobs(JOBS[place])
        else:
            below = [int(pid) for pid in Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split()]
            if who == "a worker of the service" and below:
                os.kill(choose.choice(below), signal.SIGKILL)
                time.sleep(0.3)  # whether the others of its kind go on, or all end with it
            os.killpg(self.web.pid, signal.SIGKILL)
            self.web.wait()
            self.web = self._web()

    def stop(self) -> None:
        """End everything."""
        os.killpg(self.web.pid, signal.SIGKILL)
        for job in self.jobs:
            job.kill()


def superuser() -> psycopg.Connection:
    """A connection that sees all; it waits for a database that is coming back."""
    until = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(cluster.url("postgres", "bench_kill"), autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def ready(port: int, cookie: str) -> None:
    """Wait until a page is shown."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        there = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            there.request("GET", "/missing/", headers={"Cookie": cookie})
            if there.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            there.close()
        time.sleep(0.05)
    raise SystemExit("The service was not ready within 90 s.")


def writers(world: World, port: int) -> list[Writer]:
    """So many who write, each with a missing child of their own."""
    made = []
    for number in range(WRITERS):
        child = factories.child(f"Robin Sample{number}")
        record_allocation(child=child, post=world.worker, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
        episode = report_missing(child=child, report=Report(reported=Moment(NOW), worry="Not home"), by=world.coordinator, at=NOW)
        client = Client()
        factories.begin_session(client, world.coordinator, datetime.now(UTC))
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"
        made.append(Writer(number, port, reverse("missing:record_contact_or_sighting", args=[episode.pk]), cookie))
    return made


def found() -> dict[str, tuple[int, int, int]]:
    """For each word that was sent: how many records, entries and acts there are of it."""
    asked = (
        "SELECT place FROM missing_contactorsighting WHERE place LIKE 'W%x%'",
        "SELECT substring(words FROM 'W[0-9]+x[0-9]+') FROM chronology_entry WHERE words ~ 'W[0-9]+x[0-9]+'",
        "SELECT substring(key FROM 6) FROM gate_act WHERE key LIKE 'kill-%' AND outcome = 'done' AND command = 'record_contact_or_sighting'",
    )
    with superuser() as database:
        records, entries, acts = (Counter(str(row[0]) for row in database.execute(one)) for one in asked)
    return {word: (records[word], entries[word], acts[word]) for word in {*records, *entries, *acts}}


def main() -> None:
    """Write, kill, compare, and print."""
    logging.disable()
    world, choose, started = make_world(), random.Random(15), time.monotonic()
    running = Running()
    all_of_them, is_over = writers(world, running.port), threading.Event()
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    threads = [threading.Thread(target=one.write, args=[is_over]) for one in all_of_them]
    taken: dict[str, list[float]] = {who: [] for who in WHO_DIES}
    for thread in threads:
        thread.start()
    try:
        for number in range(CYCLES):
            time.sleep(0.2 + choose.random() * LONGEST)
            who, start = WHO_DIES[number % len(WHO_DIES)], time.monotonic()
            running.kill(who, choose)
            ready(running.port, all_of_them[0].cookie)
            taken[who].append(time.monotonic() - start)
    finally:
        is_over.set()
        for thread in threads:
            thread.join(timeout=60)
        running.stop()
    compare(all_of_them, taken, started)


def compare(all_of_them: list[Writer], taken: dict[str, list[float]], started: float) -> None:
    """What was acknowledged beside what is there."""
    there, acknowledged = found(), [word for one in all_of_them for word in one.acknowledged]
    lost = sum(not there.get(word, (0, 0, 0))[0] for word in acknowledged)
    partial = sum(len(set(counts)) > 1 for counts in there.values())
    double = sum(max(counts) > 1 for counts in there.values())
    table(("who dies", "times", "ready again, p50 s", "worst s"),
          [(who, len(held), f"{sorted(held)[len(held) // 2]:.1f}", f"{max(held):.1f}") for who, held in taken.items() if held])  # fmt: skip
    every = [one for held in taken.values() for one in held]
    odd = sum((one.odd for one in all_of_them), Counter[int]())
    print("answered otherwise, then sent again:", dict(odd))
    last_line(
        cycles=len(every), acknowledged=len(acknowledged), sent_again=sum(one.again for one in all_of_them), lost=lost, partial=partial, double=double,
        ready_p95=p95(every), ready_worst=max(every), seconds=time.monotonic() - started,
    )  # fmt: skip


main()
