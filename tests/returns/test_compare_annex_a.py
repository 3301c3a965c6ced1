"""The workbook for Ofsted stands beside what Atlas holds: never typed again."""

import csv
import io
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from atlas.chronology.moments import Moment
from atlas.gate.context import Subject, acting_as
from atlas.missing.codes import OfferMethod
from atlas.missing.commands.offer import offer_interview
from atlas.missing.models import ReturnInterview
from atlas.returns.annex_a.lists import ABSENT, MISSING
from atlas.returns.queries.annex_a import annex_children
from atlas.statuses.commands.record import Said, record_status
from atlas.statuses.models import LegalStatus, Spell
from tests import factories
from tests.factories import NOW
from tests.returns.test_missing_table import away, looked_after
from tests.world import make_world

HEADINGS = (
    "Child Unique  ID", "Age", "Number of Episodes the Child has been ‘Missing’ from their Placement in the last 12 months",
    "Number of Episodes the Child has been 'Absent' from their\xa0Placement in the last 12 months",
    "Was the child offered a Return Interview after their last missing episode (Y/N))?",
    "Did the child accept a Return Interview after their last missing episode (Y/N)?",
)  # fmt: skip


def workbook(*rows: tuple[object, ...], sheet: str = "List 8", headings: tuple[str, ...] = HEADINGS) -> SimpleUploadedFile:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for number, row in enumerate((headings, *rows)):
            (book.get_worksheet_by_name(sheet) or book.add_worksheet(sheet)).write_row(number, 0, row)
    return SimpleUploadedFile("annex.xlsx", out.getvalue())


@pytest.mark.django_db
def test_the_workbook_stands_beside_what_atlas_holds(signed_in: Any) -> None:
    """`compare_annex_a`, `download_annex_a_report`: of children whom the coordinator may see; what cannot be read is asked; twice is once."""
    world = make_world()
    by = world.coordinator
    one, other = looked_after(world, "C10001", date(2010, 5, 1)), looked_after(world, "C10002", date(2010, 5, 1))
    looked_after(world, "C10003", date(2010, 5, 1))
    away(one, "M", date(2025, 6, 1), date(2025, 6, 2), by)
    away(one, "M", date(2025, 7, 1), date(2025, 7, 2), by)
    away(other, "A", date(2025, 7, 1), date(2025, 7, 2), by)
    order = Said(LegalStatus, "ssd_legal_status:1", date(2024, 1, 1), None, NOW - timedelta(days=1), (("code", "C2"),))
    record_status(child=one, said=order, is_historic=True, by=factories.feed_post(), at=NOW - timedelta(days=1))
    with acting_as(by, NOW):
        interview = ReturnInterview.objects.get(child=one, episode__last_seen_at__gte=NOW - timedelta(days=320))
    offer_interview(interview=interview, offered_at=Moment(NOW), method=OfferMethod.IN_PERSON, by=by, at=NOW)
    with acting_as(by, NOW + timedelta(minutes=1)):
        held = annex_children(Subject.of(by, NOW + timedelta(minutes=1)), ["C10001", "C10002", "C99999"], date(2026, 5, 5))
    assert set(held) == {"C10001", "C10002"}
    assert held["C10001"].legal == ("C2", date(2024, 1, 1))
    assert held["C10001"].spells == {Spell.Status.LOOKED_AFTER: ((date(2024, 1, 1), None),)}
    client = signed_in(by, NOW + timedelta(minutes=1))
    address, fetch = reverse("returns:compare_annex_a"), reverse("returns:download_annex_a_report")
    assert "What the workbook holds" not in client.get(address).content.decode()
    said = {"day_0": "5", "day_1": "5", "day_2": "2026"}
    rows = ("C10001", 15.2, 1, "#N/A", "a) Yes", "b) No"), ("C10002", 14.9, "x", 0, "", ""), ("C99999", 14, 4, 0, "", "")
    pages = [client.post(address, said | {"workbook": workbook(*rows)}).content.decode() for _ in range(2)]
    page = pages[0]
    assert "2 differences from Atlas" in page  # the count, and the second child's episode away
    assert "“x” is no count. Write a whole number" in page
    assert "1 child whom Atlas holds for this list, and no row names" in page
    assert "C10003" in page
    assert "C99999" not in page
    first, second = (page.partition("What the workbook holds")[2].partition("<form")[0] for page in pages)
    assert first == second != ""
    report = client.post(fetch, said | {"workbook": workbook(*rows)})
    assert report["Content-Disposition"] == 'attachment; filename="annex-a-2026-05-05.csv"'
    table = list(csv.reader(io.StringIO(report.content.decode())))[1:]
    assert ["8", "2", "C10001", ABSENT, "The cell is blank. Write what it asks for.", ""] in table
    assert ["8", "3", "C10002", MISSING, "“x” is no count. Write a whole number: 0, 1, 2 …", ""] in table
    assert ["8", "2", "C10001", MISSING, "1", "2"] in table
    assert table[-1] == ["8", "", "C10003", "", "No row names this child", "Atlas holds that this list should"]
    many = [(f"C2{number:04}", 15, f"x{number}", 0, "", "") for number in range(12)]
    page = client.post(address, said | {"workbook": workbook(*many)}).content.decode()
    assert ("“x9” is no count" in page, "“x10” is no count" in page, "… and 2 more, all of which stand in the table" in page) == (
        True,
        False,
        True,
    )
    for refused, words in (
        (workbook(sheet="Notes"), "This workbook has none of the lists of Annex A"),
        (SimpleUploadedFile("x.xlsx", b"%PDF-1.4"), "is neither a CSV file nor a workbook"),
    ):
        assert words in client.post(fetch, said | {"workbook": refused}).content.decode()
