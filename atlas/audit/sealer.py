"""The sealer: takes what is settled, seals it, and tells the anchors. Runs under a login that reads acts and looks and adds seals."""

import os
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

from django.db import connections, transaction

from atlas.audit.models import Seal
from atlas.audit.sealing import Key, Line, Unsealable, leaf, next_line, root

TABLES = ("gate_act", "gate_look")
FIELDS = tuple(Line.__dataclass_fields__)
AT_ONCE = 1000  # seals that an anchor which comes back is told in one go


@dataclass(frozen=True)
class Told:
    """How an anchor stands after it was told: how many seals it is behind, and why, if it could not be told."""

    folder: str
    behind: int
    problem: str = ""


def rows_between(low_tx: int, high_tx: int) -> Iterator[tuple[str, str, bytes]]:
    """(table, id, leaf) of every row of these transactions, in the order of the tree."""
    for table in TABLES:
        for row in _texts(table, f"tx >= {int(low_tx)} AND tx < {int(high_tx)}"):
            yield table, str(row["id"]), leaf(table, row)


def fields_of(table: str, number: int) -> dict[str, str | None] | None:
    """One row as PostgreSQL's texts; None where there is none."""
    with transaction.atomic():
        return next(iter(list(_texts(table, f"id = {int(number)}"))), None)


def _texts(table: str, condition: str) -> Iterator[dict[str, str | None]]:
    """Rows as PostgreSQL's text of each column. The names and the conditions are our own; inside a transaction."""
    connection = connections["default"]
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")
        cursor.execute("SET LOCAL datestyle = 'ISO, YMD'")
        names = [column.name for column in cursor.execute(f"SELECT * FROM {table} LIMIT 0").description or ()]  # noqa: S608
        with cursor.copy(f"COPY (SELECT * FROM {table} WHERE {condition} ORDER BY id) TO STDOUT") as copy:  # noqa: S608
            for row in copy.rows():
                yield dict(zip(names, row, strict=True))


def last_seal() -> Line | None:
    """The newest seal in the database."""
    return _line(Seal.objects.order_by("-number").values_list(*FIELDS).first())


def _line(values: "tuple[object, ...] | None") -> Line | None:
    return Line(*values) if values else None  # type: ignore[arg-type]


def horizon() -> int:
    """The first transaction that is not surely over. Numbers of rows are given before commit, so their order says nothing."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def seal(key: Key, at: datetime) -> Line | None:
    """Seal every row of the transactions that are over; None where there is nothing new. Only one sealer works at a time.

    The horizon is read by a statement of its own, before the rows: whatever is below it had ended, so the rows show it.
    Raises Unsealable where the database is younger than its seals: it was rolled back, or restored into a new cluster.
    """
    with transaction.atomic():
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('atlas sealer', 0))")
        last, high = last_seal(), horizon()
        low = last.high_tx if last else 0
        if high < low:
            raise Unsealable(
                "The database counts fewer transactions than it has sealed: it was rolled back, or restored into another cluster. "
                "Find out which. After a restore that was meant, move the counter on: pg_resetwal --next-transaction-id."
            )
        leaves = [digest for _, _, digest in rows_between(low, high)]
        if not leaves:
            return None
        line = next_line(last, high, leaves, at.isoformat(timespec="microseconds"), key)
        Seal.objects.create(**dict(zip(FIELDS, astuple(line), strict=True)))
    return line


def tell_anchors(folders: list[str]) -> list[Told]:
    """Bring every anchor up to the newest seal. One that cannot be reached is late, and keeps nobody else waiting."""
    last = last_seal()
    return [_tell(folder, last) for folder in folders]


def _tell(folder: str, last: Line | None) -> Told:
    newest = last.number if last else 0
    try:
        known = _last_anchored(folder)
    except OSError as problem:
        return Told(folder, newest, f"cannot be reached ({problem.strerror})")
    number = int(known.split("|")[1]) if known else 0
    if number > newest:
        return Told(
            folder, 0, f"holds seal {number}, and the database ends with {newest}: seals were taken away, or the database rolled back"
        )
    if known and (here := _line(Seal.objects.filter(number=number).values_list(*FIELDS).first())) and here.anchored != known:
        return Told(folder, newest - number, f"holds another seal {number} than the database: the record was written again")
    try:
        for values in Seal.objects.filter(number__gt=number).order_by("number").values_list(*FIELDS)[:AT_ONCE]:
            _append(folder, Line(*values))
            number += 1
    except OSError as problem:
        return Told(folder, newest - number, f"cannot be written ({problem.strerror})")
    return Told(folder, newest - number)


def _last_anchored(folder: str) -> str:
    """The last whole line of an anchor; empty where it holds none. A line that was cut off when the power went is not one."""
    file = Path(folder, "seals.txt")
    if not Path(folder).is_dir():
        raise NotADirectoryError(20, "there is no such folder")
    if not file.exists():
        return ""
    with file.open("rb") as lines:
        lines.seek(max(0, file.stat().st_size - 4096))
        whole = lines.read().split(b"\n")[:-1]
    return whole[-1].decode() if whole else ""


def _append(folder: str, line: Line) -> None:
    """Rows first, then the seal: an anchor that holds a seal holds its rows, as they were when it was sealed."""
    with transaction.atomic():
        rows = list(rows_between(line.low_tx, line.high_tx))
    if root([digest for _, _, digest in rows]).hex() == line.root:  # otherwise altered since: the seal alone tells the truth
        text = "".join(f"{line.number} {table} {number} {digest.hex()}\n" for table, number, digest in rows)
        _write(Path(folder, f"rows-{line.sealed_at[:7]}.txt"), text)
    _write(Path(folder, "seals.txt"), line.anchored + "\n")


def _write(file: Path, text: str) -> None:
    """Add to a file, and let it reach the disk."""
    with file.open("ab") as anchor:
        if anchor.tell() and not _ends_whole(file):
            anchor.write(b"\n")
        anchor.write(text.encode())
        anchor.flush()
        os.fsync(anchor.fileno())


def _ends_whole(file: Path) -> bool:
    with file.open("rb") as lines:
        lines.seek(-1, 2)
        return lines.read(1) == b"\n"
