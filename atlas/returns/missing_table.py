"""How Atlas's own missing episodes stand in the Missing table of one collection, and how that table is written. Pure.

Source: guide to the return of looked-after children (Department for Education), as restated in shared/reference/process-and-data.md 9.3: a period
begins with the later of leaving the placement or being last seen by a responsible adult; it ends when the child was found (M) or returned (A); it is
blank while open on 31 March; days only. A day that is not known is never invented: the cell says so, and rules 1004 and 1005 ask for it.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from uuid import UUID
from xml.sax.saxutils import escape

from atlas.chronology.moments import Moment
from atlas.gate.days import day_of
from atlas.returns.layouts import LAYOUT, SEX_IN_LETTERS, known_in, year_of

NOT_KNOWN = "NOT KNOWN"
KEY = re.compile(r"[A-Z0-9]{1,10}", re.IGNORECASE)


@dataclass(frozen=True)
class Away:
    """A missing episode as the return looks at it. `key`: the child's number in the main case system; `status`: M, A, or what else is recorded;
    `sex`: M, F or U; `ethnicity`: a code of the return, or blank."""

    child_id: UUID
    episode_id: UUID
    reference: str
    key: str
    born_on: date | None
    status: str
    last_seen: Moment | None
    reported: Moment
    found: Moment | None
    returned: Moment | None
    is_found: bool  # or back
    is_back: bool
    sex: str
    ethnicity: str


@dataclass(frozen=True)
class MissingRow:
    """One row of the Missing table, what must still be asked about it, and the episode that it stands for. `header`: SEX and ETHNIC, which the XML
    form says of the child once more; a code that is not known stays blank."""

    child_id: UUID
    episode_id: UUID
    reference: str
    cells: tuple[str, str, str, str, str]
    header: tuple[str, str]
    asked: tuple[str, ...]


def known_day(moment: Moment | None) -> date | None:
    """The day in London on which it was; None where that is not known, or where about then it was one day or the next."""
    if moment is None or moment.earliest is None or moment.latest is None:
        return None
    first, last = (day_of(at) for at in (moment.earliest, moment.latest))
    return first if first == last else None


def row_of(away: Away, year: int) -> MissingRow | None:
    """The episode's row in a collection; None where it lies outside of it."""
    first, last = year_of(year)
    began = known_day(away.last_seen)
    is_over = away.is_back if away.status == "A" else away.is_found
    ended = (
        known_day(away.returned if away.status == "A" or away.found is None or away.found.earliest is None else away.found)
        if is_over
        else None
    )
    if (began or known_day(away.reported) or first) > last or (ended is not None and ended < first):
        return None
    asked = []
    sex, ethnic = _header(away, year)
    if not KEY.fullmatch(away.key):
        asked.append("The child has no number of the main case system that the return can hold.")
    if away.born_on is None:
        asked.append("The date of birth is not known.")
    if away.status not in ("M", "A"):
        asked.append("Was the child missing (M) or away without authorisation (A)? The episode does not say.")
    if began is None:
        asked.append("On which day was the child last seen by a responsible adult? The episode does not say it to the day.")
    if is_over and ended is None:
        asked.append("On which day was the child found, or back? The episode does not say it to the day.")
    if not sex:
        asked.append("The child’s sex is not known. This year’s XML file needs it: have it recorded in the main case system.")
    if not ethnic:
        asked.append(
            "The child’s ethnicity is not known by a code of the return. The XML file needs it: have it recorded in the main case system."
        )
    end = NOT_KNOWN if is_over and ended is None else _said(ended) if ended and ended <= last else ""
    cells = (
        away.key if KEY.fullmatch(away.key) else "", _said(away.born_on) if away.born_on else NOT_KNOWN, away.status if away.status in ("M", "A") else "",
        _said(began) if began else NOT_KNOWN, end,
    )  # fmt: skip
    return MissingRow(away.child_id, away.episode_id, away.reference, cells, (sex, ethnic), tuple(asked))


def _header(away: Away, year: int) -> tuple[str, str]:
    """SEX and ETHNIC in the codes of a collection; blank where it has none for what is known."""
    sex = {"M": "1", "F": "2"}.get(away.sex, "") if year < SEX_IN_LETTERS else away.sex
    return sex, away.ethnicity if away.ethnicity in known_in("ETHNIC", year) else ""


def _said(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def in_order(rows: Iterable[MissingRow]) -> list[MissingRow]:
    """By child, then by the day on which it began."""
    return sorted(rows, key=lambda row: (row.cells[0], _sortable(row.cells[3]), _sortable(row.cells[4]), row.reference))


def _sortable(said: str) -> str:
    return "".join(reversed(said.split("/"))) if "/" in said else "9"


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    """The table as the department takes it: a line of headings, then the rows."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(LAYOUT["Missing"].columns)
    writer.writerows(rows)
    return out.getvalue().encode()


def xml_of(rows: Iterable[Sequence[str]]) -> bytes:
    """The same as XML: one CHILD for each child, its periods in HEADER. `rows`: the five cells of the table, then SEX and ETHNIC.

    Source: the department's schema of 2021 (`SSDA903_CLA.xsd`): of HEADER it wants CHILDID, UPN, SEX, DOB, ETHNIC and UASC, in this order, and lets
    UPN and UASC be empty. Those two stay so: the main case system answers for them, and this file needs neither.
    """
    children: dict[tuple[str, str], list[Sequence[str]]] = {}
    for row in rows:
        children.setdefault((row[0], row[1]), []).append(row)
    out = ['<?xml version="1.0" encoding="UTF-8"?>', "<EXPSSDA903>"]
    for (key, born), periods in children.items():
        sex, ethnic = periods[0][5:7]
        header = (("CHILDID", key), ("UPN", ""), ("SEX", sex), ("DOB", born), ("ETHNIC", ethnic), ("UASC", ""))
        out.append("<CHILD><HEADER>" + _elements(header))
        for _, _, kind, start, end, *_ in periods:
            out.append("<AMISSING>" + _elements((("MISSING", kind), ("MIS_START", start), ("MIS_END", end))) + "</AMISSING>")
        out.append("</HEADER></CHILD>")
    return "\n".join([*out, "</EXPSSDA903>", ""]).encode()


def _elements(cells: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<{name}>{escape(said)}</{name}>" for name, said in cells)
