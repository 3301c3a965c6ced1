"""List 8 of Annex A is read however it is written, and set beside what Atlas counts: never typed again."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from atlas.chronology.moments import Moment
from atlas.feeds.reading import read
from atlas.gate.context import acting_as
from atlas.missing.codes import OfferMethod
from atlas.missing.commands.offer import offer_interview
from atlas.missing.models import ReturnInterview
from atlas.returns.annex_a import LIST, columns_of, differences, line_of
from tests.factories import NOW
from tests.returns.test_missing_table import away, looked_after
from tests.world import make_world

SHARED = Path(__file__).resolve().parents[3] / "shared/data/annex-a/Annex_A_2024_Jan.xlsx"
HEADINGS = (
    "Child Unique  ID", "Age", "Number of Episodes the Child has been ‘Missing’ from their Placement in the last 12 months",
    "Number of Episodes the Child has been 'Absent' from their\xa0Placement in the last 12 months",
    "Was the child offered a Return Interview after their last missing episode (Y/N))?",
    "Did the child accept a Return Interview after their last missing episode (Y/N)?",
)  # fmt: skip
CELLS = [
    #  missing  absent   offered       accepted    as read
    ("3.0",     "#N/A",  "a) Yes",     "b) No",    (3, None, True, False), 0),
    ("",        "nan",   "#N/A",       "",         (None, None, None, None), 0),
    ("2",       "0",     "Y",          " y\xa0",   (2, 0, True, True), 0),
    ("1",       "1",     "Offered and Declined (by YP)", "Offered and Declined (by YP)", (1, 1, True, False), 0),
    ("two",     "1.5",   "perhaps",    "N",        (None, None, None, False), 3),
]  # fmt: skip


@pytest.mark.parametrize("case", CELLS, ids=[case[0] or "blank" for case in CELLS])
def test_a_row_is_read_however_it_is_written(case: Any) -> None:
    *cells, values, unread = case
    line = line_of(7, dict(zip(HEADINGS, ("10001.0", "15.73", *cells), strict=True)), columns_of(HEADINGS))
    assert line is not None
    assert (line.key, tuple(line.said.values()), len(line.unread)) == ("10001", values, unread)
    assert line_of(8, {HEADINGS[0]: "#N/A"}, columns_of(HEADINGS)) is None


@pytest.mark.skipif(not SHARED.exists(), reason="the sector's workbook lies beside the project only in its workshop")
def test_the_sector_s_own_workbook_is_read() -> None:
    rows = [row for row in read(SHARED) if LIST.fullmatch(row.sheet.strip())]
    columns = columns_of(dict.fromkeys(name for row in rows for name in row.cells))
    lines = [line_of(row.number, row.cells, columns) for row in rows]
    assert [line.said["missing"] for line in lines if line] == [0] * 5
    assert differences([line for line in lines if line], {}) == []


def workbook(*rows: tuple[object, ...], sheet: str = "List 8") -> SimpleUploadedFile:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for number, row in enumerate((HEADINGS, *rows)):
            (book.get_worksheet_by_name(sheet) or book.add_worksheet(sheet)).write_row(number, 0, row)
    return SimpleUploadedFile("annex.xlsx", out.getvalue())


@pytest.mark.django_db
def test_the_workbook_stands_beside_what_atlas_counts(signed_in: Any) -> None:
    """`compare_annex_a`: differences alone, of children whom the coordinator may see; what cannot be read is said."""
    world = make_world()
    by = world.coordinator
    one, other = looked_after(world, "C10001", date(2010, 5, 1)), looked_after(world, "C10002", date(2010, 5, 1))
    away(one, "M", date(2025, 6, 1), date(2025, 6, 2), by)
    away(one, "M", date(2025, 7, 1), date(2025, 7, 2), by)
    away(other, "A", date(2025, 7, 1), date(2025, 7, 2), by)
    with acting_as(by, NOW):
        interview = ReturnInterview.objects.get(child=one, episode__last_seen_at__gte=NOW - timedelta(days=320))
    offer_interview(interview=interview, offered_at=Moment(NOW), method=OfferMethod.IN_PERSON, by=by, at=NOW)
    client, address = signed_in(by, NOW + timedelta(minutes=1)), reverse("returns:compare_annex_a")
    said = {"day_0": "5", "day_1": "5", "day_2": "2026"}
    rows = ("C10001", 15.2, 1, "#N/A", "a) Yes", "b) No"), ("C10002", 14.9, "x", 0, "", ""), ("C99999", 14, 4, 0, "", "")
    page = client.post(address, said | {"workbook": workbook(*rows)}).content.decode()
    assert "2 differences" in page
    assert "3 rows of list 8; 2 about children whom you may see here, 1 about others" in page
    assert "Row 3: Missing episodes in 12 months: “x”" in page
    assert "C99999" not in page
    wrong = client.post(address, said | {"workbook": workbook(sheet="List 9")}).content.decode()
    assert "This workbook has no list 8" in wrong
    assert (
        "is neither a CSV file nor a workbook"
        in client.post(address, said | {"workbook": SimpleUploadedFile("x.xlsx", b"%PDF-1.4")}).content.decode()
    )
