"""A crowd that uses the service as a Monday morning does: people of every role, arriving by chance at a rate, reading and writing; what each request took.

An open loop: who arrives does not wait for those before, so that a slow service is measured as slow, and not as asked less (coordinated omission).
"""

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

HIDDEN = re.compile(rb'<input type="hidden" name="(key|base)" value="([^"]*)"')
FORM = "x" * 32  # the token of forms: any that cookie and form have in common
PATIENCE = 30.0  # seconds; who waited so long goes away, and it is an error
WORDS = "An older cousin waits in a car at the gate, three days running."


@dataclass(frozen=True)
class Person:
    """Somebody signed in: the cookie of their session, the addresses that they read, and the children whom they may report missing."""

    cookie: str
    reads: Sequence[str]
    reports: list[str] = field(default_factory=list)
    raises: bool = False


@dataclass
class Taken:
    """Seconds of each request by what it was, and what went wrong, in words."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    done: int = 0
    late: float = 0.0  # by how much at most the crowd itself came late: its own limit, not the service's

    def of(self, *what: str) -> list[float]:
        """The seconds of these kinds of request, or of all."""
        return [one for kind, some in self.seconds.items() if not what or kind in what for one in some]


async def ask(port: int, method: str, path: str, cookie: str, body: dict[str, str] | None = None) -> tuple[int, bytes, bytes]:
    """One request over a connection of its own: status, head and body of the answer."""
    sent = urlencode(body).encode() if body is not None else b""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Cookie: {cookie}", "Connection: close"]
    if body is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(sent)}", f"Origin: http://127.0.0.1:{port}"]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + sent)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        got = await (reader.readexactly(int(length[1])) if length else reader.read())
        return int(head.split(b" ", 2)[1]), head, got
    finally:
        writer.close()


class Crowd:
    """People at one port. `shares`: how often each thing is done, by its name; a form that is opened counts as read."""

    def __init__(self, port: int, people: Sequence[Person], shares: dict[str, float], seed: int) -> None:
        self.port, self.people, self.shares = port, people, shares
        self.random = random.Random(seed)
        raising = [one for one in people if one.raises]
        self.who = {"read": people, "draft": raising, "contact": raising, "report": [one for one in people if one.reports] or people}
        self.ways: dict[str, Callable[[Person, Taken], Awaitable[None]]] = {
            "read": self.read, "draft": self.draft, "contact": self.contact, "report": self.report,
        }  # fmt: skip

    async def arrive(self, rate: float, seconds: float) -> Taken:
        """So many things begun a second, by chance (Poisson), for so long; then until the last is answered."""
        taken, going, start = Taken(), set[asyncio.Task[None]](), time.perf_counter()
        at = start
        while (at := at + self.random.expovariate(rate)) < start + seconds:
            wait = at - time.perf_counter()
            taken.late = max(taken.late, -wait)
            await asyncio.sleep(max(wait, 0))
            kind = self.random.choices(list(self.shares), list(self.shares.values()))[0]
            task = asyncio.create_task(self.one(kind, self.random.choice(self.who[kind]), taken))
            going.add(task)
            task.add_done_callback(going.discard)
        while going:
            await asyncio.wait(going)
        return taken

    async def one(self, kind: str, person: Person, taken: Taken) -> None:
        """One thing, done by one person; what fails is noted."""
        try:
            await asyncio.wait_for(self.ways[kind](person, taken), PATIENCE)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as problem:
            taken.errors.append(f"{kind}: {type(problem).__name__} {problem}"[:200])
        taken.done += 1

    async def timed(self, kind: str, taken: Taken, wanted: int, *request: object) -> bytes:
        """One request, timed; anything but the wanted status is an error."""
        start = time.perf_counter()
        status, _, body = await ask(self.port, *request)  # type: ignore[arg-type]
        taken.seconds.setdefault(kind, []).append(time.perf_counter() - start)
        if status != wanted:
            said = re.search(rb"govuk-error-message[^>]*>(.{0,160})", body, re.DOTALL)
            raise ValueError(f"{request[1]} answered {status}: {said[1].decode() if said else body[:100]!r}")
        return body

    async def read(self, person: Person, taken: Taken) -> None:
        """A page that this person reads."""
        await self.timed("read", taken, 200, "GET", self.random.choice(person.reads), person.cookie)

    async def draft(self, person: Person, taken: Taken) -> None:
        """What is being typed is kept, as it is every ten seconds."""
        await self.form("draft", "/contacts/raise_contact/", {"draft": "autosave", "name": "A boy", "words": WORDS}, person, taken, 200)

    async def contact(self, person: Person, taken: Taken) -> None:
        """A contact for the front door."""
        given = {
            "name": f"Ashby Example{self.random.randrange(10**6)}",
            "concern": "sexual",
            "words": WORDS,
            "is_safe": "unsure",
            "parents_told": "not_yet",
        }
        await self.form("contact", "/contacts/raise_contact/", given, person, taken, 302)

    async def report(self, person: Person, taken: Taken) -> None:
        """A child is reported missing, once each; whoever has no more of them reads instead."""
        if not person.reports:
            await self.read(person, taken)
            return
        now = time.gmtime(time.time() - 3600)
        day = {
            "reported_0": str(now.tm_mday),
            "reported_1": str(now.tm_mon),
            "reported_2": str(now.tm_year),
            "reported_3": time.strftime("%H:%M", now),
        }
        given = {"worry": "Not home from school", "reported_4": "minute", **day}
        await self.form("report", f"/missing/report_missing/{person.reports.pop()}/", given, person, taken, 302)

    async def form(self, kind: str, path: str, given: dict[str, str], person: Person, taken: Taken, wanted: int) -> None:
        """A form opened, and sent."""
        start = time.perf_counter()
        status, _, body = await ask(self.port, "GET", path, person.cookie)
        taken.seconds.setdefault("read", []).append(time.perf_counter() - start)
        if status != 200:
            raise ValueError(f"{path} answered {status}")
        hidden = {name.decode(): value.decode() for name, value in HIDDEN.findall(body)} | {"csrfmiddlewaretoken": FORM}
        await self.timed(kind, taken, wanted, "POST", path, person.cookie, hidden | given)
