"""The Missing table of the return of looked-after children, as it may leave: whole, for one collection, in the layout that the department sets."""

from datetime import date
from typing import Any

from atlas.gate.context import Subject
from atlas.gate.policy import RecordKind
from atlas.returns.layouts import collection_of, year_of
from atlas.returns.missing_table import csv_of, xml_of
from atlas.returns.queries.tables import collections, missing_rows
from atlas.sharing.exports.lists import Statutory
from atlas.sharing.models import Export


def _rows(subject: Subject, period: tuple[date, date]) -> list[Any]:
    return list(missing_rows(subject, collection_of(period[1])))


MISSING_TABLE = Statutory(
    key="ssda903_missing", name="Missing table of the return of looked-after children (SSDA903)", record=RecordKind.MISSING, rows=_rows,
    columns=("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"),
    of=(
        "people.Identifier.value", "children.Child.born_on", "missing.Episode.council_status", "missing.Episode.last_seen_at", "missing.Episode.found_at",
        "missing.Episode.returned_at", "people.Person.sex", "people.Person.ethnicity",
    ),
    periods=lambda today: [year_of(year) for year in collections(today)],
    writes={
        Export.Format.CSV: lambda rows: csv_of(row.cells for row in rows), Export.Format.XML: lambda rows: xml_of((*row.cells, *row.header) for row in rows),
    },
    # Who sees every child of the authority: of anybody else it would be a part, and nobody would know which.
    roles=frozenset({"missing_coordinator"}), page="returns:view_missing_table",
)  # fmt: skip

STATUTORY = (MISSING_TABLE,)
