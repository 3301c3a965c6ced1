"""The data officer has checked the year's return of looked-after children once, as the main system would write it: three slips are in it."""

import csv
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from atlas.agencies.models import Post
from atlas.chronology.moments import LONDON
from atlas.gate.context import acting_as
from atlas.returns.checking.staging import Given
from atlas.returns.commands import check_return
from atlas.returns.layouts import LAYOUT, collection_of
from atlas.returns.missing_table import MissingRow, csv_of
from atlas.returns.queries.tables import missing_rows


def check(named: Mapping[str, Post], now: datetime) -> None:
    """Check the Missing table of the running collection, with the Header table that belongs to it; both made of what Fernleigh holds."""
    year = collection_of(now.astimezone(LONDON).date())
    with acting_as(named["missing.coordinator"], now) as subject:
        rows = [row for row in missing_rows(subject, year) if not row.asked]
    if not rows:
        return
    with tempfile.TemporaryDirectory() as folder:
        missing, header = Path(folder) / "missing.csv", Path(folder) / "header.csv"
        missing.write_bytes(csv_of(slipped(rows)))
        with header.open("w", newline="") as out:
            csv.writer(out).writerows([LAYOUT["Header"].columns, *header_of(rows)])
        given = [Given(path, path.name) for path in (missing, header)]
        check_return(files=given, year=year, by=named["data.officer"], at=now)


def slipped(rows: Sequence[MissingRow]) -> list[list[str]]:
    """The rows, with an end before its start, a letter that is no type, and a child whom the Header table does not know."""
    table = [list(row.cells) for row in rows]
    ended = [row for row in table if row[4] and row[3] != row[4]]
    for row in ended[:1]:
        row[3], row[4] = row[4], row[3]
    table[-1][2] = "X"
    return [*table, ["F999999", "01/05/2010", "M", table[0][3], table[0][3]]]


def header_of(rows: Sequence[MissingRow]) -> list[list[str]]:
    """The Header table of the same children."""
    children = {row.cells[0]: (row.header[0], row.cells[1], row.header[1]) for row in rows}
    return [[key, sex, born, ethnic, "", "", ""] for key, (sex, born, ethnic) in sorted(children.items())]
