"""The service and the database killed (-9) while a child's page is asked for (protection.md table B, B2): was anything shown that no look names?

No peer: the figure to reach is 0 of 500. A process asks for the page again and again, each time as a look of its own, and says so once it has
the answer; it dies at random, or with its look written and not committed, or its database dies under it. Then its looks are counted.
"""

import logging
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg

from bench.measuring import last_line, own_database, table, the_cluster

QUICK = "--quick" in sys.argv
KILLS = 20 if QUICK else 500
LONGEST = 0.12  # seconds between the first answer and the kill: about three pages
cluster = the_cluster()
own_database("bench_kills", cluster)

from django.conf import settings  # noqa: E402
from django.db import Error, connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from atlas.gate import page  # noqa: E402
from tests import factories  # noqa: E402
from tests.world import make_world  # noqa: E402

WHO_DIES = ("the service, at random", "the service, before its commit", "the service, at random", "the database, at random")


def ask(address: str, session: str | None, say: int, dies: str) -> None:
    """Ask until death: one letter for each answer that was given."""
    page.SAME_LOOK = timedelta(0)
    client = Client(HTTP_HOST="127.0.0.1")
    client.cookies[settings.SESSION_COOKIE_NAME] = session or ""
    while True:
        try:
            answer = client.get(address)
        except Error:  # the database is gone: nothing was shown
            os._exit(0)
        os.write(say, b"s" if answer.status_code == 200 else b"?")
        if "commit" in dies:
            page.write_look = _dying(page.write_look)


def _dying(write: Callable[..., None]) -> Callable[..., None]:
    def write_and_die(*given: object) -> None:
        write(*given)
        os.kill(os.getpid(), signal.SIGKILL)

    return write_and_die


def superuser() -> psycopg.Connection:
    """A connection that sees all; it waits for a database that is coming back."""
    until = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(cluster.url("postgres", "bench_kills"), autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def looks() -> int:
    """How many looks at a child's page are written."""
    with superuser() as database:
        return database.execute("SELECT count(*) FROM gate_look WHERE page = 'view_child'").fetchone()[0]  # type: ignore[index]


def killed(address: str, session: str | None, dies: str, choose: random.Random) -> int:
    """Let somebody ask, kill, and say how many answers were shown."""
    read, write = os.pipe()
    asking = os.fork()
    if not asking:
        os.close(read)
        ask(address, session, write, dies)
    os.close(write)
    said = os.read(read, 1)
    time.sleep(choose.random() * LONGEST)
    if "database" in dies:
        with superuser() as database:
            own = "SELECT pid FROM pg_stat_activity WHERE datname = 'bench_kills' AND usename = 'atlas_app' LIMIT 1"
            os.kill(database.execute(own).fetchone()[0], signal.SIGKILL)  # type: ignore[index]
    elif "random" in dies:
        os.kill(asking, signal.SIGKILL)
    while more := os.read(read, 4096):
        said += more
    os.close(read)
    os.waitpid(asking, 0)
    if b"?" in said or not said:
        raise SystemExit(f"the page did not open: {said!r}")
    return len(said)


def main() -> None:
    """Kill, count, and print."""
    logging.disable()  # each death of the database would be told at length
    world = make_world()
    client, choose = Client(), random.Random(3)
    factories.begin_session(client, world.worker, datetime.now(UTC))
    session, address = client.session.session_key, reverse("desk:view_child", args=[world.child.pk])
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # nothing of it may live on in those who are forked
    kills, shown, lost, started = Counter[str](), Counter[str](), Counter[str](), time.monotonic()
    written = looks()
    for number in range(KILLS):
        dies = WHO_DIES[number % len(WHO_DIES)]
        answers, before = killed(address, session, dies, choose), written
        written = looks()
        kills[dies] += 1
        shown[dies] += answers
        lost[dies] += max(0, answers - (written - before))
    table(
        ("who dies", "times", "answers shown", "shown and in no look"), [(who, kills[who], shown[who], lost[who]) for who in sorted(kills)]
    )
    last_line(kills=KILLS, shown=shown.total(), lost=lost.total(), seconds=time.monotonic() - started)


main()
