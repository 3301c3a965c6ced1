"""Many people through one connection of the pool: does anybody see what was somebody else's? (protection.md 8.2, threat 11)"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test import Client

from atlas.agencies.models import Post
from atlas.allocation.commands import record_allocation
from atlas.chronology.moments import Moment
from atlas.gate.pool import handed_back
from tests import factories
from tests.factories import NOW

NAMES = ("Ashby Example", "Birch Sample", "Cedar Specimen", "Dale Fictitious")


@dataclass
class Mixed:
    """What came of it. `own`: how often somebody saw their own child; `crossed`: each answer that held another's."""

    requests: int = 0
    own: int = 0
    backends: set[int] = field(default_factory=set)
    crossed: list[str] = field(default_factory=list)


@contextmanager
def one_connection() -> Iterator[None]:
    """Let the service have one connection, from a pool set up as in service."""
    connection: Any = connections["default"]
    connection.close()
    options = connection.settings_dict["OPTIONS"]
    before = options.get("pool")
    if before:
        connection.close_pool()
    options["pool"] = {"min_size": 1, "max_size": 1, "timeout": 20, "reset": handed_back}
    try:
        yield
    finally:
        connection.close()
        connection.close_pool()
        options.pop("pool")
        if before:
            options["pool"] = before


def mixed(count: int, seed: int = 7) -> Mixed:
    """Send so many requests, of four workers and of nobody, in an order by chance; each looks for every child's name."""
    by_chance, app, done = random.Random(seed), WSGIHandler(), Mixed()
    children = [factories.child(name) for name in NAMES]
    posts = [factories.post("practitioner", of=factories.team(f"Team {number}")) for number in range(len(NAMES))]
    for child, post in zip(children, posts, strict=True):
        record_allocation(child=child, post=post, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    clients = [_signed_in(post) for post in posts]
    addresses = ["/", "/missing/", "/find_child/", *(f"/child/{child.pk}/" for child in children)]
    with one_connection():
        done.backends.add(_backend(done))
        for _ in range(count):
            who, address = by_chance.randrange(len(NAMES) + 1), by_chance.choice(addresses)
            client = clients[who] if who < len(NAMES) else Client()
            body = _answer(app, client, address)
            done.requests += 1
            done.own += who < len(NAMES) and NAMES[who] in body
            done.crossed += [f"{who} at {address} saw {name}" for number, name in enumerate(NAMES) if number != who and name in body]
        done.backends.add(_backend(done))
    return done


def _backend(done: Mixed) -> int:
    """Take the connection, look at what it knows, and hand it back."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), coalesce(current_setting('atlas.context', true), '')")
        pid, left = cursor.fetchone()
    connections["default"].close()
    done.crossed += [f"the connection still knows {left}"] if left else []
    return int(pid)


def _signed_in(post: Post) -> Client:
    client = Client()
    factories.begin_session(client, post, NOW)
    return client


def _answer(app: WSGIHandler, client: Client, address: str) -> str:
    """The answer as a server gets it: the connection is handed back when it has been sent."""
    environ = client._base_environ(PATH_INFO=address, REQUEST_METHOD="GET", QUERY_STRING="")  # type: ignore[attr-defined]
    answer: Any = app(environ, lambda *status: lambda written: None)
    body = b"".join(answer).decode(errors="replace")
    answer.close()
    return body
