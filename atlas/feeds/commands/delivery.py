"""A delivery is received and previewed, taken, and undone; a row is matched by a person."""

import hashlib
import math
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from atlas.feeds.commands.master import leave_rows, refuse_older
from atlas.feeds.commands.sealing import lock_addresses
from atlas.feeds.handling import Carrying, Waits, follow_delivery, set_takers, takers, takers_too, undoers
from atlas.feeds.layouts import Cleaned, Table, clean, meaning
from atlas.feeds.models import CodeMapping, Delivery, Row
from atlas.feeds.police import TABLE as POLICE_TABLE
from atlas.feeds.police import Force, forces
from atlas.feeds.reading import ReadRow, Unreadable, read
from atlas.feeds.ssd import KNOWN, TABLE, TABLES
from atlas.gate.act import Invalid, command
from atlas.gate.context import acting_as, renew
from atlas.gate.policy import Permission
from atlas.gate.sets import save_all

if TYPE_CHECKING:
    from atlas.agencies.models import Authority, Post

MAIN_SYSTEM, SSD = "main case system", "ssd"
BATCH = 2_000
TOO_LONG = (
    "This file holds more than a page can take in: after {seconds:.0f} seconds {rows:,} rows had been read, and there were more. Ask the sender for it in parts, "
    "or ask whoever runs Atlas to take it in from the command line (feeds receive), where it may take as long as it needs."
)


@dataclass(frozen=True)
class File:
    """A file as it came: where it lies, and the name that the sender gave it."""

    path: Path
    name: str

    def digest(self) -> str:
        """SHA-256 of the bytes."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


@command(needs=Permission.RECEIVE_DELIVERY)
def receive_delivery(
    *,
    file: File,
    layout: str,
    authority: "Authority",
    carried_by: "Post",
    as_at: datetime,
    is_historic: bool = False,
    is_partial: bool = False,
    within: float = math.inf,
    by: "Post",
    at: datetime,
) -> Delivery:
    """Read a file and show what taking it would do; nothing about a child changes yet.

    `as_at`: when the source wrote it; `is_partial`: it holds a part of the children only, so what it lacks is not gone; `within`: the seconds that reading may take.
    The same file again changes nothing: the first delivery of it is returned. Raises Invalid, in words, for a file that
    cannot be read, or lacks columns that are needed; then nothing of it is kept.
    """
    if as_at > at:
        raise Invalid("The file cannot have been written later than now. Check when it was written.", "as_at")
    source = MAIN_SYSTEM if layout == SSD else _force(layout).name
    digest = file.digest()
    held = Delivery.objects.filter(source=source, digest=digest, state__in=[Delivery.State.PREVIEWED, Delivery.State.COMMITTED]).first()
    if held is not None:
        return held
    delivery = Delivery(
        source=source, layout=layout, is_historic=is_historic, file_name=file.name[:200], digest=digest, authority=authority, received_at=at,
        received_by=by, carried_by=carried_by, as_at=as_at, is_partial=is_partial, state=Delivery.State.PREVIEWED,
    )  # fmt: skip
    delivery.save(force_insert=True)
    try:
        with closing(read(file.path, file.name)) as rows:  # whoever reads it ends with it
            delivery.rows_read = _stage(delivery, rows, at, within)
    except Unreadable as problem:
        raise Invalid(str(problem), "file") from problem
    if not delivery.rows_read:
        raise Invalid("This file holds no rows. Check that the right file was sent.", "file")
    delivery.save(update_fields=["rows_read"])
    return delivery


def _force(layout: str) -> Force:
    if layout not in forces():
        raise Invalid(f"There is no mapping for “{layout}”. Known: {', '.join([SSD, *forces()])}.", "layout")
    return forces()[layout]


def _stage(delivery: Delivery, rows: Iterator[ReadRow], at: datetime, within: float) -> int:
    """Stage the rows, batch by batch, each with its cleaned values and its first state."""
    began = time.monotonic()
    said = meanings(delivery.source, delivery.layout)
    stage = _Staging(delivery, said, at)
    batch: list[Row] = []
    count = 0
    for place, read_row in enumerate(rows):
        # Of every row that is read, also of those that are not taken: a file may hold any number of these.
        if place and place % BATCH == 0 and time.monotonic() - began > within:
            raise Unreadable(TOO_LONG.format(rows=place, seconds=within))
        staged = stage.row(read_row)
        if staged is not None:
            batch.append(staged)
            count += 1
        if len(batch) >= BATCH:
            stage.write(batch)
            batch = []
    stage.write(batch)
    return count


def meanings(source: str, layout: str) -> dict[tuple[str, str], str]:
    """What each local code of a source means: Atlas's own lists, then what a data officer has said."""
    known = KNOWN if layout == SSD else _force(layout).words
    said = {(name, code): value for name, codes in known.items() for code, value in codes.items()}
    said.update({(m.list_name, m.code): m.meaning for m in CodeMapping.objects.filter(source=source).exclude(meaning="")})
    return said


class _Staging:
    """Turns what was read into rows of a delivery."""

    def __init__(self, delivery: Delivery, said: dict[tuple[str, str], str], at: datetime) -> None:
        self.delivery, self.said, self.at = delivery, said, at
        self.force = None if delivery.layout == SSD else _force(delivery.layout)
        self.checked: set[str] = set()

    def row(self, given: ReadRow) -> Row | None:
        """One row, cleaned. None for a table that Atlas does not take, and for a header without rows."""
        table, cells = self._table(given), given.cells
        if table is None or not cells:
            return None
        if self.force is not None:
            if given.sheet not in self.checked:
                self._check_columns(self.force, given)
            cells = self.force.cells(cells)
        cleaned = clean(table, cells, lambda name, code: self.said.get((name, code)))
        row = Row(
            delivery=self.delivery, table=table.name, number=given.number, source_key=cleaned.values.get(table.key, "")[:100],
            meaning=meaning(cleaned.values), values=cleaned.values,
        )  # fmt: skip
        row.state, row.reason = first_state(cleaned)
        for name, code in cleaned.unknown:
            self._ask(name, code)
        if cleaned.unknown:
            row.values = {**cleaned.values, "_cells": cells}
        return row

    def _table(self, given: ReadRow) -> Table | None:
        if self.force is not None:
            return POLICE_TABLE
        return TABLE.get(given.sheet.lower().removesuffix(".csv"))

    def _check_columns(self, force: Force, given: ReadRow) -> None:
        # Empty cells are left out of a row, so the first rows may lack a column that the file has; only all missing is an error.
        if not set(given.cells) & set(force.columns):
            raise Unreadable(
                f"“{given.sheet}” has none of the columns that {force.name} sends (for example {next(iter(force.columns))}). "
                "Check that the right file, and the right force, was chosen."
            )
        self.checked.add(given.sheet)

    def _ask(self, name: str, code: str) -> None:
        CodeMapping.objects.get_or_create(source=self.delivery.source, list_name=name, code=code, defaults={"first_seen_at": self.at})

    def write(self, batch: list[Row]) -> None:
        """Write a batch; a row that means what the last one taken under its key meant has nothing new.

        As the feed: whoever receives the file may be shut out of a child in it, and then sees nothing of that child's rows.
        """
        lock_addresses(self.delivery, batch, self.at)
        with acting_as(self.delivery.carried_by, self.at):
            self._write(batch)

    def _write(self, batch: list[Row]) -> None:
        keys = {row.source_key for row in batch if row.source_key}
        done = Row.objects.filter(delivery__source=self.delivery.source, source_key__in=keys, state__in=[Row.State.APPLIED, Row.State.SAME])
        last = {
            (table, key): (fingerprint, label, result, child)
            for table, key, fingerprint, label, result, child in done.order_by("delivery__as_at", "number").values_list(
                "table", "source_key", "meaning", "result_label", "result_id", "child_id"
            )
        }
        for row in batch:
            known = last.get((row.table, row.source_key))
            if known is None:
                continue
            row.child_id = known[3]  # also of a row that waits or is put aside: its words are shut with the child
            if row.state == Row.State.NEW:
                row.state = Row.State.SAME if known[0] == row.meaning else Row.State.CHANGED
                row.result_label, row.result_id = known[1:3]
        save_all(batch)


def first_state(cleaned: Cleaned) -> tuple[Row.State, str]:
    """How a row stands once it is cleaned, and why."""
    if cleaned.faults:
        return Row.State.QUARANTINED, " ".join(cleaned.faults)[:500]
    if cleaned.unknown:
        return Row.State.WAITING_CODE, "; ".join(f"“{code}” is no {name} that Atlas knows" for name, code in cleaned.unknown)[:500]
    return Row.State.NEW, ""


@command(needs=Permission.COMMIT_DELIVERY)
def commit_delivery(*, delivery: Delivery, by: "Post", at: datetime) -> Delivery:
    """Take every row that can be taken, in the order of the tables; each other row keeps its reason and waits.

    Each row calls the same commands that a typed record calls, in a savepoint of its own. Committing again takes only what
    has become takeable since. Raises Invalid for a delivery that was refused or undone, or is older than what was taken.
    """
    expect_takeable(alone_with(delivery))
    carrying = Carrying(delivery, delivery.carried_by, at)
    with acting_as(delivery.carried_by, at):
        leave_rows(carrying)
        for rows in _takeable(delivery):
            renew()
            taken = _take_set(rows, carrying)
            for row in rows:
                if row not in taken:
                    take_row(row, carrying)
        follow_delivery(carrying)
    delivery.committed_at = at
    return _now(delivery, Delivery.State.COMMITTED)


def _now(delivery: Delivery, state: Delivery.State) -> Delivery:
    """The same in its new state, by which whatever the service was asked before is over."""
    delivery.state, delivery.asked_job, delivery.not_done = state, None, ""
    delivery.save(update_fields=["state", "committed_at", "asked_job", "not_done"])
    return delivery


def alone_with(delivery: Delivery) -> Delivery:
    """The same as it stands now, and until this transaction ends nobody else takes or undoes it."""
    delivery.refresh_from_db(from_queryset=Delivery.objects.select_for_update(of=("self",)))
    return delivery


def expect_takeable(delivery: Delivery) -> None:
    """Raise Invalid for a delivery that was refused or undone."""
    if delivery.state not in {Delivery.State.PREVIEWED, Delivery.State.COMMITTED}:
        raise Invalid(f"This delivery is {delivery.get_state_display().lower()}, so it cannot be taken. Send the file again.")


def expect_undoable(delivery: Delivery) -> None:
    """Raise Invalid for a delivery that was not taken, and for one of the main case system, whose next delivery puts its own facts right."""
    if delivery.state != Delivery.State.COMMITTED:
        raise Invalid("Only a delivery that was taken can be undone.")
    if delivery.layout == SSD:
        raise Invalid("What the main case system says is put right there; its next delivery brings it here. It is not undone.")


def _takeable(delivery: Delivery) -> Iterator[list[Row]]:
    """The rows that can be taken, batch by batch, each of one table."""
    order = {table.name: place for place, table in enumerate(TABLES)}
    rows = Row.objects.filter(delivery=delivery, state__in=[Row.State.NEW, Row.State.CHANGED])
    tables = sorted(rows.values_list("table", flat=True).distinct(), key=lambda name: order.get(name, 0))
    for table in tables:
        yield from _of(delivery, rows.filter(table=table))


def _of(delivery: Delivery, rows: "QuerySet[Row]") -> Iterator[list[Row]]:
    for batch in batches(rows.order_by("number")):
        for row in batch:
            row.delivery = delivery
        yield batch


def batches(rows: "QuerySet[Row]") -> Iterator[list[Row]]:
    """Rows, so many at a time."""
    found = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        yield batch


def _take_set(rows: list[Row], carrying: Carrying) -> set[Row]:
    """Take at once what of a batch can be; gives the rows taken."""
    take = set_takers().get(rows[0].table)
    taken = take(rows, carrying) if take else {}
    if taken:
        made = list(taken.values())
        with connection.cursor() as cursor:
            cursor.execute(
                _APPLIED,
                [
                    made[0]._meta.label,
                    [row.pk for row in taken],
                    [one.pk for one in made],
                    [_child_of(one) for one in made],
                ],
            )
    return set(taken)


_APPLIED = """
UPDATE feeds_row SET state = 'applied', reason = '', result_label = %s, result_id = v.result, child_id = v.child
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS v (id, result, child) WHERE feeds_row.id = v.id
"""


def _child_of(result: Any) -> UUID | None:
    """Whom a record is about: its child, or the person whom it says something of."""
    return getattr(result, "child_id", None) or getattr(result, "person_id", None)


def refuse_moved(row: Row, carrying: Carrying) -> None:
    """Raise Invalid for a row about a child who is another authority's now: what the main system goes on saying is not taken."""
    number = (
        row.source_key
        if row.table == "ssd_person"
        else next((text for name, text in row.values.items() if name.endswith("_person_id")), "")
    )
    if number and (where := carrying.moved_away.get(number)):
        raise Invalid(f"This child was transferred to {where}. Nothing more is taken of the child; close it in the main system.")


def take_row(row: Row, carrying: Carrying) -> None:
    """Take one row: all of what it brings, or none of it and its reason."""
    try:
        with transaction.atomic():
            refuse_moved(row, carrying)
            result = takers()[row.table](row, carrying)
            for take in takers_too().get(row.table, ()):
                if result is not None:
                    take(row, carrying, result)
        row.state, row.reason = Row.State.APPLIED, ""
        if result is not None:
            row.result_label = result._meta.label
            row.result_id = result.pk if isinstance(result.pk, UUID) else None
            row.child_id = _child_of(result) or row.child_id
    except Invalid as problem:
        row.state, row.reason = Row.State.QUARANTINED, problem.message[:500]
    except Waits as waits:
        row.state, row.reason = Row.State.WAITING_MATCH, waits.message[:500]
        row.values = {**row.values, "_candidates": list(waits.candidates)}
    row.save(update_fields=["state", "reason", "result_label", "result_id", "child_id", "values"])


@command(needs=Permission.DECIDE_MATCH)
def decide_match(*, row: Row, child_id: UUID | None, by: "Post", at: datetime) -> Row:
    """Say who a waiting row is about: one of the children it may be, or (None) a child not yet recorded; then take it."""
    if row.state != Row.State.WAITING_MATCH:
        raise Invalid("This row is not waiting for anybody any more. Reload the page.")
    if child_id is not None and str(child_id) not in row.values.get("_candidates", []):
        raise Invalid("Choose one of the children listed, or “none of these”.", "child_id")
    with acting_as(row.delivery.carried_by, at):
        refuse_older(row.delivery)
    row.values = {**row.values, "_decided": str(child_id) if child_id else "new"}
    take_row(row, Carrying(row.delivery, row.delivery.carried_by, at))
    return row


@command(needs=Permission.UNDO_DELIVERY)
def undo_delivery(*, delivery: Delivery, by: "Post", at: datetime) -> Delivery:
    """Undo a delivery of missing reports as one act, only while nobody has added to what it brought. Nothing is deleted.

    Raises Invalid for the main case system, whose next delivery puts its own facts right, and where something was touched.
    """
    expect_undoable(alone_with(delivery))
    carrying = Carrying(delivery, delivery.carried_by, at)
    with acting_as(delivery.carried_by, at):  # all of it, also what is about a child from whom whoever undoes it is shut out
        for rows in _of(delivery, Row.objects.filter(delivery=delivery, state=Row.State.APPLIED)):
            renew()
            for row in rows:
                undoers()[row.table](row, carrying)
                row.state = Row.State.UNDONE
                row.save(update_fields=["state"])
    return _now(delivery, Delivery.State.UNDONE)
