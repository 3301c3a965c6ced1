"""A change of the database's shape gives way: to readers and writers that hold a table, and to whoever comes behind; it is done once they let go, or says who did not."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from atlas.gate import giving_way
from atlas.gate.giving_way import GivingWay, NobodyLetGo
from tests.migrated import cluster

LETS_GO = 0.9  # seconds: longer than one try
CONCURRENTLY = 'CREATE INDEX CONCURRENTLY "beside" ON "agencies_post" ("title")'
Others = Callable[[], "psycopg.Connection[Any]"]


@pytest.fixture
def others(own_database: Any) -> Iterator[Others]:
    """Sessions of others in a database of the test's own, of which this process is the owner."""
    own_database("owner")
    connection.ensure_connection()
    address = cluster().url("postgres", connection.settings_dict["NAME"])
    opened: list[psycopg.Connection[Any]] = []

    def session() -> "psycopg.Connection[Any]":
        opened.append(psycopg.connect(address, application_name="a long report"))
        return opened[-1]

    yield session
    for one in opened:
        one.close()


class Said(StringIO):
    """What a command says; upon its first sentence somebody does something."""

    def __init__(self, upon: Callable[[], Any]) -> None:
        super().__init__()
        self.upon: Callable[[], Any] = upon

    def write(self, words: str) -> int:
        self.upon()
        return super().write(words)


@contextmanager
def held(others: Others, statement: str, seconds: float) -> Iterator[None]:
    """Somebody who has done this, and ends the transaction so much later."""
    holder = others()
    holder.execute(statement)
    ends = threading.Timer(seconds, holder.rollback)
    ends.start()
    yield
    ends.cancel()
    ends.join()
    holder.rollback()


@contextmanager
def reading(others: Others, statement: str, taken: list[float]) -> Iterator[None]:
    """Somebody who comes again and again and reads."""
    reader, over = others(), threading.Event()
    reader.autocommit = True

    def read() -> None:
        while not over.wait(0.02):
            began = time.perf_counter()
            reader.execute(statement)
            taken.append(time.perf_counter() - began)

    thread = threading.Thread(target=read)
    thread.start()
    yield
    over.set()
    thread.join()


def test_migrate_lets_readers_through_and_is_done_once_it_may(others: Others, monkeypatch: pytest.MonkeyPatch) -> None:
    holder, taken = others(), list[float]()
    holder.execute("SELECT 1 FROM agencies_post")
    out = Said(holder.rollback)
    with reading(others, "SELECT count(*) FROM agencies_post", taken):
        call_command("migrate", "running", "0001", stdout=out, verbosity=0)
    assert "running_readonlyspell" not in connection.introspection.table_names()
    assert "agencies_post is held by postgres (a long report), idle in transaction, for " in out.getvalue()
    assert len(taken) > 20 and max(taken) < giving_way.MOST, (len(taken), max(taken))
    monkeypatch.setattr(giving_way, "PATIENCE", giving_way.FIRST_PAUSE)
    out.upon = lambda: None
    with held(others, "LOCK TABLE agencies_post", 60), pytest.raises(CommandError) as said:
        call_command("migrate", "running", stdout=out, verbosity=0)
    assert out.getvalue().count("Gave way to others") == 2  # once as it went back, once now
    assert "Not all is migrated: agencies_post is held by postgres (a long report)" in str(said.value)
    assert "running_readonlyspell" not in connection.introspection.table_names()


def test_a_writer_is_not_ended_for_it(others: Others) -> None:
    """Each holds what the other wants. PostgreSQL would end whoever looks first; the change lets go before anybody looks."""
    writer, said = others(), list[str]()
    writer.execute("LOCK TABLE agencies_team IN ROW EXCLUSIVE MODE")

    def wants_the_other() -> None:
        time.sleep(0.2)
        writer.execute("LOCK TABLE agencies_post IN ROW EXCLUSIVE MODE")
        writer.commit()

    thread = threading.Thread(target=wants_the_other)

    def change() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE agencies_post ADD COLUMN also integer")
            if not thread.ident:
                thread.start()
            cursor.execute("ALTER TABLE agencies_team ADD COLUMN also integer")

    with GivingWay(connection, said.append) as way:
        way.trying(change)
    thread.join()
    assert said and "agencies_team is held by postgres" in said[0]
    assert not writer.closed and writer.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_without_a_transaction_each_statement_is_tried_alone(others: Others, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    with GivingWay(connection, said.append) as way, connection.execute_wrapper(way.by_itself), connection.cursor() as cursor:
        with held(others, "SELECT 1 FROM agencies_post", LETS_GO):
            cursor.execute("ALTER TABLE agencies_team ADD COLUMN first integer")
            cursor.execute("ALTER TABLE agencies_post ADD COLUMN second integer")
        assert said and "agencies_post is held by" in said[0]
        said.clear()
        # Beside writers an index is made by waiting, and not by beginning again: nobody waits behind it.
        with held(others, "UPDATE agencies_post SET title = title", LETS_GO):
            cursor.execute(CONCURRENTLY)
        assert said == []
        # One whose making ended stays behind, and is made again.
        monkeypatch.setattr(way, "patience", 0.2)
        made, valid = CONCURRENTLY.replace("beside", "ended"), "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ended'::regclass"
        with held(others, "UPDATE agencies_post SET title = title", 60), pytest.raises(NobodyLetGo):
            cursor.execute(made)
        cursor.execute(valid)
        assert cursor.fetchone() == (False,)
        cursor.execute(made)
        cursor.execute(valid)
        assert cursor.fetchone() == (True,)
