"""A new version comes in under load: `python3 run.py bench change [COMMIT | next] [--quick]`, after `run.py demo --once --small` (protection.md 7, F4).

The version before serves people who read and write. The version after migrates and installs its gate under them, starts beside, is sent the people; the version
before ends. Then all of it back again, with the columns and policies of the version after still there. The versions: COMMIT (if not given, the one before the newest
migration) and this tree; or, with `next`, this tree and a copy of it with planted migrations and another policy on every table about a child (`planted_next.py`).
Floor: no failed write; goal: no failed request, and nobody waits more than 2 s for a lock.
"""

import asyncio
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench.large import fictional_authority, own_copy
from bench.loading import wait_for
from bench.measuring import last_line, p95, table, the_cluster
from run import ROOT, STATE, free_port, web

QUICK = "--quick" in sys.argv
WORD = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
NAME, SECONDS, RATE, USERS = "bench_change", (6.0 if QUICK else 30.0), (4.0 if QUICK else 8.0), 300
SHARES = {"read": 0.80, "draft": 0.10, "contact": 0.06, "report": 0.04}
WRITES = ("draft", "contact", "report")
WAITING = """SELECT a.usename::text, extract(epoch FROM clock_timestamp() - l.waitstart)::float8, coalesce(l.relation::regclass::text, l.locktype)
    FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND l.waitstart IS NOT NULL AND a.datname = %s"""
NO_POLICIES = """DO $$ DECLARE p record; BEGIN
    FOR p IN SELECT * FROM pg_policies LOOP EXECUTE format('DROP POLICY %I ON %I.%I', p.policyname, p.schemaname, p.tablename); END LOOP;
END $$"""

cluster = the_cluster()
fictional_authority(cluster, "change")
own_copy(cluster, NAME)

import django  # noqa: E402

django.setup()

from bench.at_work import at_work  # noqa: E402
from bench.crowd import Crowd, Person, Taken  # noqa: E402
from bench.planted_next import plant  # noqa: E402


class NotDone(Exception):
    """A command of a version ended otherwise than it should."""


@dataclass
class Part:
    """What happened while one thing was done."""

    what: str
    began: float = field(default_factory=time.perf_counter)
    ended: float = 0.0
    taken: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    waited: dict[str, tuple[float, str]] = field(default_factory=dict)  # login: the longest that it was seen to wait, and for what

    def row(self) -> list[object]:
        """One line of the table."""
        pages, owner = (self.waited.get(login, (0.0, "")) for login in ("atlas_app", "atlas_owner"))
        writes = sum(1 for one in self.failed if one.startswith(WRITES))
        took = f"{1000 * p95(self.taken):.0f}" if self.taken else "-"
        return [
            self.what,
            f"{self.ended - self.began:.1f}",
            len(self.taken),
            len(self.failed),
            writes,
            took,
            f"{pages[0]:.2f}",
            pages[1],
            f"{owner[0]:.2f}",
        ]


class People(Crowd):
    """A crowd that goes on until it is told to end, and may be sent elsewhere meanwhile."""

    def __init__(self, port: int, people: list[Person]) -> None:
        super().__init__(port, people, SHARES, 1)
        self.parts, self.is_over, self.random = [Part("warming")], False, random.Random(1)

    async def one(self, kind: str, person: Person, taken: Taken) -> None:
        """What one person does, written down under what was being done when it ended."""
        mine = Taken()
        await super().one(kind, person, mine)
        self.parts[-1].taken += mine.of()
        self.parts[-1].failed += mine.errors

    async def go_on(self) -> None:
        """So many things begun a second, by chance; whoever comes does not wait for those before."""
        going: set[asyncio.Task[None]] = set()
        while not self.is_over:
            await asyncio.sleep(self.random.expovariate(RATE))
            kind = self.random.choices(list(SHARES), list(SHARES.values()))[0]
            task = asyncio.create_task(self.one(kind, self.random.choice(self.who[kind]), Taken()))
            going.add(task)
            task.add_done_callback(going.discard)
        await asyncio.gather(*going)

    def begin(self, what: str) -> None:
        """From now on this is done."""
        self.parts[-1].ended = time.perf_counter()
        self.parts.append(Part(what))


def look(people: People) -> None:
    """See, fifty times a second, who waits for a lock, how long."""
    with psycopg.connect(cluster.url("postgres", NAME), autocommit=True) as beside:
        while not people.is_over:
            for login, seconds, what in beside.execute(WAITING, [NAME]).fetchall():
                waited = people.parts[-1].waited
                waited[login] = max(waited.get(login, (0.0, "")), (seconds, what))
            time.sleep(0.02)


def tree(name: str, commit: str) -> Path:
    """The files of a commit, in a folder of their own."""
    folder = STATE / "change" / name
    shutil.rmtree(folder, ignore_errors=True)
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(folder, filter="data")
    return folder


def versions() -> tuple[Path, Path]:
    """The version before, and the one after."""
    if WORD == "next":
        after = tree("after", "HEAD")
        plant(after)
        return ROOT, after
    asked = ["git", "log", "-1", "--format=%H", "--diff-filter=A", "--", "atlas/*/migrations/0*.py"]
    newest = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    return tree("before", WORD or f"{newest}^"), ROOT


def migrations(folder: Path) -> dict[str, str]:
    """The newest migration of each folder."""
    return {path.parts[-3]: path.stem for path in sorted(folder.glob("atlas/*/migrations/0*.py"))}


def environment(folder: Path, login: str) -> dict[str, str]:
    """That of a process of one version."""
    return {**os.environ, "ATLAS_AS": login, "PYTHONPATH": str(folder), "PYTHONPYCACHEPREFIX": str(STATE / "pycache")}


def serve(folder: Path) -> "tuple[subprocess.Popen[bytes], int]":
    """The pages of one version."""
    port = free_port()
    return subprocess.Popen(web(port), cwd=folder, env=environment(folder, "service"), start_new_session=True), port


def ready(port: int) -> None:
    """Wait until the pages say that people may be sent there."""
    wait_for(port)
    for _ in range(60):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=30):
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The pages started, and were not ready.")


async def manage(folder: Path, *words: str) -> str:
    """One of Django's commands, of one version, as the owner; what it said."""
    command = (sys.executable, "-m", "django", *words)
    done = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment(folder, "owner"), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await done.communicate()
    if done.returncode:
        raise NotDone(f"{' '.join(words)} of {folder.name} ended with {done.returncode}: {said.decode()[-400:]}")
    return "\n".join(line for line in said.decode().splitlines() if "Gave way" in line or "goes." in line)


def end(server: "subprocess.Popen[bytes]") -> None:
    """Let it finish what it has begun, as systemd does."""
    os.killpg(server.pid, signal.SIGTERM)
    server.wait(timeout=60)


async def change(
    people: People, old: "subprocess.Popen[bytes]", to: Path, running: "list[subprocess.Popen[bytes]]", *verbs: tuple[str, ...]
) -> None:
    """From the version that serves to the other: these commands, its pages beside, the people sent there, the old pages ended."""
    for verb in verbs:
        people.begin(" ".join(verb[:2]).removesuffix(" -v1"))
        if said := await manage(to, *verb):
            print(said)
    people.begin("its pages start beside")
    server, port = serve(to)
    running.append(server)
    await asyncio.to_thread(ready, port)
    people.begin("people are sent there")
    people.port = port
    await asyncio.sleep(2)
    people.begin("the other pages end")
    await asyncio.to_thread(end, old)
    running.remove(old)


async def under_load(before: Path, after: Path, people: People, running: "list[subprocess.Popen[bytes]]") -> None:
    """All parts, one after the other."""
    going, looking = asyncio.create_task(people.go_on()), threading.Thread(target=look, args=[people])
    looking.start()
    try:
        await asyncio.sleep(6)  # warm
        people.begin("the version before")
        await asyncio.sleep(SECONDS)
        await change(people, running[0], after, running, ("migrate", "-v1"), ("gate", "install"))
        people.begin("the version after")
        await asyncio.sleep(SECONDS)
        people.begin("BACK AGAIN")
        try:
            await change(people, running[0], before, running, ("gate", "install"))
        except NotDone as problem:
            print(f"There is no way back: {problem}")
        else:
            people.begin("the version before, on the new tables")
            await asyncio.sleep(SECONDS)
    finally:
        people.parts[-1].ended, people.is_over = time.perf_counter(), True
        await going
        looking.join()


def main() -> None:
    """Bring the copy to the version before, then change it under load, and say what came of it."""
    before, after = versions()
    people, _ = at_work(cluster, NAME, USERS)
    had, has = migrations(before), migrations(ROOT)
    for folder, newest in has.items():
        if had.get(folder, "zero") != newest:
            asyncio.run(manage(ROOT, "migrate", folder, had.get(folder, "zero"), "-v0"))
    cluster.sql(NAME, NO_POLICIES)  # an earlier version does not take away what a later one made: it is given a database that never had it
    asyncio.run(manage(before, "gate", "install"))
    cluster.sql(NAME, "INSERT INTO gate_word VALUES ('posts are set up', 'bench') ON CONFLICT DO NOTHING")
    old, port = serve(before)
    running = [old]
    crowd = People(port, people)
    try:
        ready(port)
        asyncio.run(under_load(before, after, crowd, running))
    finally:
        for one in running:
            end(one)
        report(crowd)


def report(crowd: People) -> None:
    """The table, and the figures of there and of back."""
    parts = crowd.parts[1:]
    table(
        ["what", "seconds", "requests", "failed", "writes failed", "p95 ms", "pages waited s", "for", "it waited s"],
        [one.row() for one in parts],
    )
    for one in parts:
        for problem in one.failed[:4]:
            print(f"   {one.what}: {problem}")
    turn = next((at for at, one in enumerate(parts) if one.what == "BACK AGAIN"), len(parts))
    figures: dict[str, float] = {}
    for way, some in (("", parts[:turn]), ("back_", parts[turn:])):
        failed = [one for part in some for one in part.failed]
        figures |= {
            f"{way}requests": sum(len(part.taken) for part in some), f"{way}failed": len(failed),
            f"{way}failed_writes": sum(1 for one in failed if one.startswith(WRITES)),
            f"{way}longest_wait_s": max((part.waited.get("atlas_app", (0.0, ""))[0] for part in some), default=0.0),
        }  # fmt: skip
    last_line(**figures, came_back=float("on the new tables" in parts[-1].what))


main()
