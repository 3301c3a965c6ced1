"""A change of the database's shape gives way to pages: it waits a moment for a lock, lets go, and tries again, and says who holds it (protection.md 6; ADR 57).

Whoever waits for the lock of a table lets everybody who comes later wait behind it. So no try waits longer than `MOST`, nor until PostgreSQL looks for a deadlock: of two
who hold what the other wants it ends the one that looks first, which might be a page.
"""

import re
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

import psycopg
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

MOST = 2.0  # seconds that pages may wait behind a change (protection.md, F4)
PATIENCE = 120.0  # seconds of pauses, after which it is given up
FIRST_PAUSE, LONGEST_PAUSE, LOOKS_EACH = 0.5, 10.0, 0.1
# No lock in time; a deadlock; all the locks of one statement not in time.
GAVE_WAY = {"55P03", "40P01", "57014"}
# Beside pages, and not before them: it may wait, for it makes nobody wait. (PostgreSQL: Building Indexes Concurrently)
CONCURRENTLY = re.compile(r'^\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?"?(\w+)"?', re.IGNORECASE)
BESIDE = re.compile(
    r"^\s*(?:CREATE|DROP|REINDEX)\b.*\bCONCURRENTLY\b|^\s*ALTER\s+TABLE\b.*\bVALIDATE\s+CONSTRAINT\b", re.IGNORECASE | re.DOTALL
)
HOLDERS = """
    SELECT a.usename::text, a.application_name, a.backend_type, a.state, extract(epoch FROM clock_timestamp() - a.xact_start)::float8,
        (SELECT min(w.relation::regclass::text) FROM pg_locks w WHERE w.pid = %(pid)s AND NOT w.granted)
    FROM pg_stat_activity a WHERE a.pid = ANY (pg_blocking_pids(%(pid)s)) ORDER BY a.xact_start NULLS LAST LIMIT 3"""
T = TypeVar("T")


class NobodyLetGo(Exception):
    """The lock was not to be had within all patience: who held it, and what to do."""


class Watch:
    """Looks, over a connection of its own, at who holds what a session waits for: afterwards nobody could say."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.parameters, self.pid, self.seen = connection.get_connection_params(), 0, list[tuple[Any, ...]]()
        self.ends, self.thread = threading.Event(), threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        try:
            with psycopg.connect(**self.parameters, autocommit=True) as beside:
                while not self.ends.wait(LOOKS_EACH):
                    if self.pid and (held := beside.execute(HOLDERS, {"pid": self.pid}).fetchall()):
                        self.seen = [tuple(one) for one in held]
        except psycopg.Error:
            return  # who held it is then not said; the change itself goes on

    def is_autovacuum(self) -> bool:
        """Whether the server's own cleaning was in the way: it goes only from whoever has waited for a deadlock's time."""
        return any(kind == "autovacuum worker" for _, _, kind, *_ in self.seen)

    def words(self) -> str:
        """Who it was: the login, what it called itself, what it does, since when. Never what it asked, which may name a child."""
        said = []
        for login, name, kind, state, age, table in self.seen:
            who = "the server's own autovacuum" if kind == "autovacuum worker" else f"{login}{f' ({name})' if name else ''}"
            since = "" if age is None else f", for {age:.0f} s"
            said.append(f"{table or 'it'} is held by {who}{f', {state}' if state else ''}{since}")
        return "; ".join(said) or "nobody could be seen holding it"


class GivingWay:
    """Tries an act on a connection until it is done or patience ends. `say`: takes a sentence about each try."""

    def __init__(self, connection: BaseDatabaseWrapper, say: Callable[[str], Any]) -> None:
        self.connection, self.say, self.patience, self.watch = connection, say, PATIENCE, Watch(connection)

    def __enter__(self) -> "GivingWay":
        self.watch.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self.watch.ends.set()
        self.watch.thread.join()
        if self.connection.connection and not self.connection.connection.closed and not self.connection.in_atomic_block:
            self._limit(0)

    def trying(self, act: Callable[[], T], wait: float | None = None) -> T:
        """What the act gives. Where it had to give way it is done anew, whole; the pauses grow. `wait`: seconds for a lock, where it makes nobody wait."""
        waited, pause, blocks = 0.0, FIRST_PAUSE, len(self.connection.atomic_blocks)
        while True:
            self._limit(self._wait() if wait is None else wait)
            self.watch.seen = []
            try:
                return act()
            except OperationalError as problem:
                while (
                    len(self.connection.atomic_blocks) > blocks
                ):  # Django leaves its transaction open where what it put off to the end fails
                    self.connection.atomic_blocks[-1].__exit__(type(problem), problem, problem.__traceback__)
                if getattr(problem.__cause__, "sqlstate", "") not in GAVE_WAY:
                    raise
            if (waited := waited + pause) > self.patience:
                raise NobodyLetGo(f"{self.watch.words()}. Let it end, or end it, and begin again: what is done stays done.")
            self.say(f"Gave way to others: {self.watch.words()}. Once more in {pause:g} s.")
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def by_itself(self, execute: Callable[..., T], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> T:
        """Django's wrapper of each statement: outside a transaction a statement is tried alone, for what came before it stays."""
        if self.connection.in_atomic_block:
            return execute(sql, params, many, context)
        made = CONCURRENTLY.match(str(sql))

        def act() -> T:
            if made:
                self._clear(made[1])
            return execute(sql, params, many, context)

        return self.trying(act, self.patience if BESIDE.match(str(sql)) else None)

    def _wait(self) -> float:
        """Seconds: no longer than half of the time after which PostgreSQL looks for a deadlock, but for what goes only then."""
        (looks_after,) = self._own("SELECT setting::int / 1000.0 FROM pg_settings WHERE name = 'deadlock_timeout'")
        return MOST if self.watch.is_autovacuum() else min(MOST, float(looks_after) / 2)

    def _limit(self, seconds: float) -> None:
        self._own(f"SET lock_timeout = {1000 * seconds:.0f}")

    def _clear(self, index: str) -> None:
        """An index that was being made when its making ended stays behind, not valid: it goes before it is made again."""
        if self._own("SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid", f'"{index}"'):
            self._own(f'DROP INDEX CONCURRENTLY "{index}"')

    def _own(self, statement: str, *values: str) -> Any:
        """A statement of ours, past the wrapper."""
        self.connection.ensure_connection()
        raw: Any = self.connection.connection
        self.watch.pid = raw.info.backend_pid
        done = raw.execute(statement, values or None)
        return done.fetchone() if done.description else None
