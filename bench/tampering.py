"""Ways to tamper with the record of acts and looks, as the database's superuser: for `bench tamper`, and in short as a test.

Each is tried in a transaction that is rolled back; the offline verifier then reads what `manage audit export` would have written.
"""

import random
import uuid
from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

import verify_audit
from atlas.agencies.models import Post
from atlas.audit.management.commands.audit import write_csv
from atlas.audit.sealer import FIELDS, TABLES, last_seal, rows_between, seal, tell_anchors
from atlas.audit.sealing import Key, Line, next_line
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Look
from tests.factories import NOW


def make_log(posts: list[Post], batches: int, each: int, key: Key, anchors: list[str], as_login: Callable[[str], object]) -> None:
    """Acts and looks in batches, each sealed and anchored, as the service and the sealer write them."""
    for batch in range(batches):
        as_login("app")
        for number, post in enumerate(posts):
            with acting_as(post, NOW + timedelta(minutes=batch)):
                for _ in range(each):
                    child = uuid.uuid4()
                    Look.objects.create(
                        event="open", page="view_child", post=post, about_child=child, children=[child], through=["allocated"], session=f"s{number}",
                        request=uuid.uuid4().hex, terms=["a,b", '"c"', "é"], looked_at=NOW, policy="p",
                    )  # fmt: skip
                    Act(
                        event="change", command="record_call", outcome="done", decision="allowed", post=post, child_id=child, acted_at=NOW
                    ).save()
        as_login("sealer")
        while seal(key, NOW + timedelta(minutes=batch)) or _waits():  # other transactions of the cluster hold the horizon back
            pass
    tell_anchors(anchors)


def _waits() -> bool:
    last = last_seal()
    return Look.objects.filter(tx__gte=last.high_tx if last else 0).exists()


@dataclass
class Log:
    """The sealed log that is tampered with: its rows by batch, the key that signed it, and another."""

    choose: random.Random
    key: Key
    seals: list[Line]
    rows: list[tuple[str, int, int]]  # (table, id, number of its seal)

    @classmethod
    def read(cls, key: Key, seed: int) -> "Log":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(FIELDS)} FROM audit_seal ORDER BY number")
            seals = [Line(*values) for values in cursor.fetchall()]
        with transaction.atomic():
            rows = [(table, int(one), line.number) for line in seals for table, one, _ in rows_between(line.low_tx, line.high_tx)]
        return cls(random.Random(seed), key, seals, rows)

    def run(self, statement: str, *values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    def any_row(self, table: str = "") -> tuple[str, int, int]:
        return self.choose.choice([row for row in self.rows if row[0] == table] if table else self.rows)


def edit(log: Log) -> set[str]:
    """Change one column of one row."""
    table, row, _ = log.any_row()
    moment = "looked_at" if table == "gate_look" else "acted_at"
    columns = {
        moment: f"{moment} + interval '1 microsecond'", "post_id": "gen_random_uuid()", "policy": "policy || 'x'", "session": "session || 'x'",
        "network": "coalesce(network, '') || '1'", "tx": "tx + 1000000000", "event": "'other'",
        **({"children": "children || gen_random_uuid()", "terms": "NULL", "page": "'view_episode'"} if table == "gate_look" else
           {"child_id": "gen_random_uuid()", "decision": "'refused'", "key": "'k'"}),
    }  # fmt: skip
    column = log.choose.choice(sorted(columns))
    log.run(f"UPDATE {table} SET {column} = {columns[column]} WHERE id = %s", row)
    return {f"{table} {row}:"}


def delete(log: Log) -> set[str]:
    """Take one row away."""
    table, row, _ = log.any_row()
    log.run(f"DELETE FROM {table} WHERE id = %s", row)
    return {f"{table} {row}:"}


def insert(log: Log) -> set[str]:
    """Put a copy of a row, with another number, beside it."""
    table, row, _ = log.any_row()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")
        names = [f'"{column.name}"' for column in cursor.description]
    new = 10_000_000 + row
    values = ", ".join(str(new) if name == '"id"' else name for name in names)
    log.run(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} WHERE id = %s", row)
    return {f"{table} {new}:"}


def swap(log: Log) -> set[str]:
    """Let two rows change places."""
    table, one, _ = log.any_row()
    _, other, _ = log.any_row(table)
    while other == one:
        _, other, _ = log.any_row(table)
    log.run(f"UPDATE {table} SET id = -1 WHERE id = %s", one)
    log.run(f"UPDATE {table} SET id = %s WHERE id = %s", one, other)
    log.run(f"UPDATE {table} SET id = %s WHERE id = -1", other)
    return {f"{table} {one}:", f"{table} {other}:"}


def truncate_tail(log: Log) -> set[str]:
    """Take the last seals away, with all their rows."""
    first = log.choose.randrange(1, len(log.seals))
    _cut(log, first)
    return {f"seal {first + 1}:"}


def roll_back(log: Log) -> set[str]:
    """Bring an old copy of everything back, and let the sealer go on from there with the right key."""
    kept = log.choose.randrange(1, len(log.seals))
    _cut(log, kept)
    log.run("UPDATE gate_look SET tx = %s WHERE id = (SELECT max(id) FROM gate_look)", log.seals[-1].high_tx + 5)
    _chain(log, kept, log.key, [*(line.high_tx for line in log.seals[kept:-1]), log.seals[-1].high_tx + 10])
    return {f"seal {number}:" for number in range(kept, len(log.seals) + 1)}


def sign_anew(log: Log) -> set[str]:
    """Change a row, and seal all that follows again with a key of one's own."""
    return _again(log, Key(Ed25519PrivateKey.generate()))


def chain_anew(log: Log) -> set[str]:
    """Change a row, and seal all that follows again with the right key, stolen."""
    return _again(log, log.key)


def _cut(log: Log, kept: int) -> None:
    high = log.seals[kept - 1].high_tx
    for table in TABLES:
        log.run(f"DELETE FROM {table} WHERE tx >= %s", high)
    log.run("DELETE FROM audit_seal WHERE number > %s", kept)


def _again(log: Log, key: Key) -> set[str]:
    table, row, number = log.any_row()
    log.run(f"UPDATE {table} SET post_id = gen_random_uuid() WHERE id = %s", row)
    log.run("DELETE FROM audit_seal WHERE number >= %s", number)
    _chain(log, number - 1, key, [line.high_tx for line in log.seals[number - 1 :]])
    return {f"seal {number}:"}


def _chain(log: Log, kept: int, key: Key, highs: list[int]) -> None:
    last = log.seals[kept - 1] if kept else None
    for high in highs:
        leaves = [digest for *_, digest in rows_between(last.high_tx if last else 0, high)]
        last = next_line(last, high, leaves, log.seals[0].sealed_at, key)
        log.run(f"INSERT INTO audit_seal ({', '.join(FIELDS)}) VALUES ({', '.join(['%s'] * len(FIELDS))})", *astuple(last))


KINDS = (edit, delete, insert, swap, truncate_tail, roll_back, sign_anew, chain_anew)


@dataclass(frozen=True)
class Tried:
    """One tampering: whether the verifier found it, and whether it named the place."""

    kind: str
    is_found: bool
    is_located: bool


def problems(public: bytes, anchors: list[str]) -> list[str]:
    """What the offline verifier says of the record as it stands, inside a transaction."""
    with TemporaryDirectory() as folder:
        write_csv(Path(folder))
        return list(verify_audit.verify(folder, public, *verify_audit.anchors_of(anchors)))


def tamper(kind: Callable[[Log], set[str]], log: Log, anchors: list[str]) -> Tried:
    """Do it as the superuser, with the triggers off; ask the verifier; and undo it."""
    with transaction.atomic():
        log.run("SET LOCAL session_replication_role = replica")
        places = kind(log)
        found = problems(bytes.fromhex(log.key.public), anchors)
        transaction.set_rollback(True)
    return Tried(kind.__name__, bool(found), any(one.startswith(place) for one in found for place in places))
