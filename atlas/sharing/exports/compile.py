"""An export is built from nothing: only the columns that were chosen, of rows that the person may read at this moment, worded for one recipient."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connections

from atlas.chronology.moments import Moment, end_of_day, start_of_day
from atlas.design.words import day, when
from atlas.gate.context import Subject
from atlas.sharing.exports.lists import Column, Exportable, Statutory, lists
from atlas.sharing.exports.wording import CLOSING, OPENING, Value, Wording, canonical, week_of
from atlas.sharing.models import Export
from atlas.sharing.rules import MARKING

IN_WORDS, REFERENCE = "In words", "Export"


@dataclass(frozen=True)
class Document:
    """Everything that stands in an export. `facts`: who, for whom, what for. `dates`: the way in which dates stand in the table."""

    title: str
    marking: str
    mark: str
    facts: tuple[tuple[str, str], ...]
    opening: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    closing: tuple[str, ...]
    dates: int


def rows_of(subject: Subject, listed: Exportable | Statutory, period: tuple[date, date], recipient: UUID | None) -> list[Any]:
    """The rows of a list that this person may take out, and give to this recipient; a child who may not be given is not among them."""
    if isinstance(listed, Statutory):
        rows = listed.rows(subject, period)
    else:
        rows = list(listed.rows(subject, start_of_day(period[0]), end_of_day(period[1])))
    children = {listed.child_of(row) for row in rows}
    open_now = givable(recipient, children, listed.record) if recipient else opened_of(children, listed.record)
    return [row for row in rows if listed.child_of(row) in open_now]


def opened_of(children: "set[UUID]", record: str) -> set[UUID]:
    """Of these children, those whose records of this kind are open to whoever acts now; the database judges (`gate_open`)."""
    return _asked("SELECT gate_open(%s::uuid[], %s)", [sorted(children), record])


def givable(recipient: UUID, children: "set[UUID]", record: str) -> set[UUID]:
    """Of these, those that may also be given to another post (`gate_givable`); never why not."""
    return _asked("SELECT gate_givable(%s, %s::uuid[], %s)", [recipient, sorted(children), record])


def _asked(statement: str, values: list[Any]) -> set[UUID]:
    with connections["default"].cursor() as cursor:
        cursor.execute(statement, values)
        return set(cursor.fetchone()[0])


def document_of(export: Export, rows: list[Any]) -> Document:
    """The export, worded for its recipient."""
    listed, wording = lists()[export.listed], Wording(bytes(export.mark))
    columns = (listed.dated, *listed.chosen(export.columns))
    ordered = sorted(rows, key=lambda row: _place(wording, listed, row))
    by = export.made_by
    mark = f"{export.reference} · exported by {by.user.name}, {by.title}, {by.team.agency.name} · {when(export.asked_at)}"
    facts = (
        ("For", export.recipient_words), ("Purpose", export.get_purpose_display()), ("Exported by", f"{by}, {by.team.agency.name}"),
        ("Exported", when(export.asked_at)), ("Reference", export.reference), ("Period", f"{day(export.period_from)} to {day(export.period_until)}"),
        ("Use until", when(export.until_at)),
    )  # fmt: skip
    return Document(
        title=listed.name, marking=MARKING, mark=mark, facts=facts, opening=wording.around("opening", OPENING),
        headings=(*(wording.heading(column.saying) for column in columns), IN_WORDS, REFERENCE),
        rows=tuple(_row(wording, listed, columns, row, export.reference) for row in ordered),
        closing=wording.around("closing", CLOSING), dates=wording.dates(),
    )  # fmt: skip


def _place(wording: Wording, listed: Exportable, row: Any) -> tuple[str, bytes, str]:
    """Rows stand by week, and within a week as the export's own mark says."""
    anchor = canonical(listed.dated.reads(row))
    return week_of(anchor), wording.rank(anchor), str(row.pk)


def _row(wording: Wording, listed: Exportable, columns: tuple[Column, ...], row: Any, reference: str) -> tuple[Value, ...]:
    values = [column.reads(row) for column in columns]
    name = listed.name_of(row) if "child" in {column.key for column in columns} else "A child"
    others = [(column.saying, value) for column, value in zip(columns[1:], values[1:], strict=True)]
    cells = [
        value if isinstance(value, Moment | date) else wording.code(column.saying, str(value or ""))
        for column, value in zip(columns, values, strict=True)
    ]
    return (*cells, wording.in_words(name, listed.dated.saying, values[0], others), reference)
