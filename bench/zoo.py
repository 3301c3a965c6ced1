"""Hostile files and bodies at every door by which they may come in (protection.md table E, E1): refused in words, or taken, within 20 s and 512 MiB.

No peer: the figures to reach are 0. Each is given to the running service's own view, in a process of its own, by somebody who may; then the rows are
counted which were written although it was refused. Also: `bench zoo DOOR …`.
"""

import json
import logging
import os
import resource
import select
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from bench.measuring import last_line, own_database, table, the_cluster

QUICK = "--quick" in sys.argv
ONLY = {word for word in sys.argv[1:] if not word.startswith("-")}
MOST_SECONDS, MOST_MEGABYTES, KILLED_AFTER = 20, 512, 90
cluster = the_cluster()
own_database("bench_zoo", cluster)

from django.db import connections  # noqa: E402

from bench.beasts import FOR, LARGE  # noqa: E402
from bench.zoo_doors import WRITTEN, Answered, Doors  # noqa: E402
from tests.world import make_world  # noqa: E402

WRONG = ("fault", "hang", "memory", "written", "wordless")
BIG_FOR = {
    "delivery": ("bomb of a gigabyte", "workbook of three million cells", "zip of many plain tables", "fifty megabytes of one heading", "fifty megabytes of reports",
                 "fifty megabytes of new lines", "fifty megabytes of quotes"),
    "workbook": ("workbook of three million cells",),
    "return": ("fifty megabytes of one heading", "fifty megabytes of new lines", "fifty megabytes of quotes", "XML of fifty megabytes", "XML of fifty megabytes, nested"),
    "picture": ("JPEG of thousands of scans",),
}  # fmt: skip


@dataclass
class Outcome:
    """What came of one beast at one door. Memory in MiB: what the service's process took for it, and the most that a reader's own process held."""

    status: int = 0
    words: str = ""
    seconds: float = 0
    own: float = 0
    reader: float = 0

    @property
    def is_refused(self) -> bool:
        """Whether the door did not take it."""
        return self.status >= 400 or bool(self.words)

    def wrongs(self, *, was_written: bool) -> list[str]:
        """What should not have been."""
        wrong = {
            "fault": not 200 <= self.status < 500, "hang": self.seconds > MOST_SECONDS, "memory": max(self.own, self.reader) > MOST_MEGABYTES,
            "written": self.is_refused and was_written, "wordless": self.is_refused and not self.words,
        }  # fmt: skip
        return [name for name, is_so in wrong.items() if is_so]


def given(door: Callable[[bytes], Answered], content: bytes) -> Outcome:
    """Give it to a door in a process of its own; one that takes too long is killed."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
        answer = door(content)
        seconds = time.perf_counter() - start
        own, reader = (resource.getrusage(whose).ru_maxrss / 1024 for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        os.write(write, json.dumps([answer.status, answer.words[:160], seconds, own - before / 1024, reader]).encode())
        os._exit(0)
    os.close(write)
    is_done, _, _ = select.select([read], [], [], KILLED_AFTER)
    if not is_done:
        os.kill(child, signal.SIGKILL)
    said = os.read(read, 65_536)
    os.close(read)
    os.waitpid(child, 0)
    return Outcome(*json.loads(said)) if said else Outcome(seconds=0 if is_done else KILLED_AFTER)


def written(database: psycopg.Connection) -> tuple[int, ...]:
    """How many rows there are of what a file may make."""
    counts = ", ".join(f"(SELECT count(*) FROM {name})" for name in WRITTEN)
    return database.execute(f"SELECT {counts}").fetchone()  # type: ignore[return-value]


def at_door(name: str, door: Callable[[bytes], Answered], seen: psycopg.Connection) -> tuple[list[Outcome], Counter[str]]:
    """Each beast for this door: what came of it; and what was wrong, counted, and told as it happens."""
    beasts = FOR[name] | ({} if QUICK else {big: LARGE[big] for big in BIG_FOR.get(name, ())})
    outcomes, counted = [], Counter[str]()
    for beast, make in beasts.items():
        content, before = make(), written(seen)
        one = given(door, content)
        wrong = one.wrongs(was_written=written(seen) != before)
        counted.update(wrong)
        outcomes.append(one)
        if wrong or one.seconds > MOST_SECONDS / 4:
            print(f"{name}: {beast} ({len(content):,} bytes): {one} {wrong}", flush=True)
    return outcomes, counted


def main() -> None:
    """Each beast at each door."""
    logging.disable()
    doors, started = Doors(make_world(), datetime.now(UTC)), time.monotonic()
    for alias in connections:
        connections[alias].close()
        connections[alias].close_pool()  # type: ignore[attr-defined]  # nothing of it may live on in those who are forked
    lines, every, counted = [], list[Outcome](), Counter[str]()
    with psycopg.connect(cluster.url("postgres", "bench_zoo"), autocommit=True) as seen:  # who sees every row
        for name in [name for name in doors.names if not ONLY or name in ONLY]:
            outcomes, wrong = at_door(name, doors.names[name], seen)
            refused = sum(one.is_refused for one in outcomes)
            most = [f"{max(getattr(one, kind) for one in outcomes):.1f}" for kind in ("seconds", "reader", "own")]
            lines.append([name, len(outcomes), refused, len(outcomes) - refused, *(wrong[kind] for kind in WRONG), *most])
            every, counted = every + outcomes, counted + wrong
    table(("door", "beasts", "refused", "taken", *WRONG, "slowest s", "reader MiB", "service MiB"), lines)
    last_line(
        beasts=len(every), **{kind: counted[kind] for kind in WRONG}, slowest=max(one.seconds for one in every), reader_mb=max(one.reader for one in every),
        service_mb=max(one.own for one in every), seconds=time.monotonic() - started,
    )  # fmt: skip


main()
