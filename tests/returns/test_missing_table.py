"""The Missing table leaves: of Atlas's own episodes, whole, in the department's layout; what came in goes out the same."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pytest
from defusedxml.ElementTree import parse
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.allocation.commands import receive_child
from atlas.children.commands import Known
from atlas.children.models import Child
from atlas.chronology.moments import LONDON, Moment, Precision
from atlas.gate.act import Invalid
from atlas.gate.context import Subject, acting_as
from atlas.gate.policy import Purpose
from atlas.missing.codes import CouncilStatus
from atlas.missing.commands.back import record_return
from atlas.missing.commands.death import record_death
from atlas.missing.commands.episode import record_council_status
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.models import Episode
from atlas.people.models import IdentifierKind, Sex
from atlas.returns.checking.staging import Given, begin, stage_csv
from atlas.returns.checking.xml import stage_xml
from atlas.returns.exports import MISSING_TABLE
from atlas.returns.missing_table import NOT_KNOWN, Away, csv_of, known_day, row_of, xml_of
from atlas.returns.queries.tables import missing_rows
from atlas.sharing.commands.export import download_export, export
from atlas.sharing.models import Export
from atlas.statuses.commands.record import Said, record_status
from atlas.statuses.models import Spell
from tests import factories
from tests.factories import NOW
from tests.returns.given import file, here
from tests.sharing.given import run, wanted
from tests.world import World, make_world

SHARED = Path(__file__).resolve().parents[3] / "shared/data/ssda903"


def read(given: Given, year: int, folder: Path, staged: Any = stage_csv) -> list[tuple[str, ...]]:
    """The rows of a Missing table as the checker reads them, in their order."""
    engine = duckdb.connect()
    begin(engine)
    staged(engine, given, year, folder, set())
    return engine.execute("SELECT child, dob_text, type, start_text, end_text FROM missing ORDER BY row").fetchall()


@pytest.mark.skipif(not SHARED.exists(), reason="the sector's files lie beside the project only in its workshop")
@pytest.mark.parametrize(
    ("name", "year"), [("fake-2018/missing.csv", 2018), ("multi-year/2017-missing.csv", 2018), ("multi-year/2018-missing.csv", 2019)]
)
def test_what_came_in_goes_out_the_same_as_csv_and_as_xml(name: str, year: int, tmp_path: Path) -> None:
    rows = read(Given(SHARED / name, "missing.csv"), year, tmp_path)
    with (SHARED / name.replace("missing", "header")).open(encoding="utf-8-sig") as file:
        known = {row["CHILD"]: (row["SEX"], row["ETHNIC"]) for row in csv.DictReader(file)}
    assert csv_of(rows).replace(b"\r\n", b"\n") == (SHARED / name).read_bytes().replace(b"\r\n", b"\n").rstrip(b"\n") + b"\n"
    (tmp_path / "out.xml").write_bytes(xml_of((*row, *known.get(row[0], ("", ""))) for row in rows))
    assert sorted(read(Given(tmp_path / "out.xml", "out.xml"), year, tmp_path, stage_xml)) == sorted(rows)
    children = {row[0] for row in rows}
    assert len(children & set(known)) >= len(children) / 2
    held = {child[0].findtext("CHILDID"): child[0] for child in parse(tmp_path / "out.xml").getroot()}
    assert {key: (of.findtext("SEX"), of.findtext("ETHNIC")) for key, of in held.items()} == {
        key: known.get(key, ("", "")) for key in children
    }
    assert all([part.tag for part in of if part.tag != "AMISSING"] == wanted_in_header() for of in held.values())


def wanted_in_header() -> list[str]:
    """The elements of HEADER that the department's schema wants, in its order."""
    names = {"xs": "http://www.w3.org/2001/XMLSchema"}
    [header] = parse(SHARED / "spec/SSDA903_CLA.xsd").getroot().findall(".//xs:element[@name='HEADER']", names)
    held = header.findall("xs:complexType/xs:sequence/xs:element", names)
    return [one.attrib["name"] for one in held if one.get("minOccurs") != "0"]


def minute(text: str) -> Moment:
    return Moment(datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=LONDON))


AWAY = Away(
    child_id=UUID(int=1), episode_id=UUID(int=2), reference="ME-1", key="1", born_on=date(2010, 5, 1), status="M",
    last_seen=minute("02/05/2025 18:00"), reported=minute("02/05/2025 20:00"), found=None, returned=minute("04/05/2025 09:00"), is_found=True, is_back=True,
    sex="F", ethnicity="WBRI",
)  # fmt: skip
OPEN = replace(AWAY, returned=None, is_found=False, is_back=False)
CASES: list[tuple[str, Away, int, tuple[str, str] | None, int]] = [
    ("over", AWAY, 2026, ("02/05/2025", "04/05/2025"), 0),
    ("another year", AWAY, 2025, None, 0),
    ("still open", OPEN, 2026, ("02/05/2025", ""), 0),
    ("carried over", OPEN, 2027, ("02/05/2025", ""), 0),
    ("ended after the year", replace(AWAY, returned=minute("02/04/2026 09:00")), 2026, ("02/05/2025", ""), 0),
    ("the same, in the next year", replace(AWAY, returned=minute("02/04/2026 09:00")), 2027, ("02/05/2025", "02/04/2026"), 0),
    (
        "ended on 31 March, by the clock of London",
        replace(AWAY, returned=minute("31/03/2026 23:59")),
        2026,
        ("02/05/2025", "31/03/2026"),
        0,
    ),
    ("found before it was over", replace(AWAY, found=minute("03/05/2025 23:30")), 2026, ("02/05/2025", "03/05/2025"), 0),
    ("away: over when back", replace(AWAY, status="A", found=minute("03/05/2025 23:30")), 2026, ("02/05/2025", "04/05/2025"), 0),
    ("found, and not yet back", replace(OPEN, is_found=True, found=minute("03/05/2025 23:30")), 2026, ("02/05/2025", "03/05/2025"), 0),
    (
        "away, found, and not yet back",
        replace(OPEN, status="A", is_found=True, found=minute("03/05/2025 23:30")),
        2026,
        ("02/05/2025", ""),
        0,
    ),
    ("found, nobody knows when", replace(OPEN, is_found=True, found=Moment(None, Precision.UNKNOWN)), 2026, ("02/05/2025", NOT_KNOWN), 1),
    ("the day alone", replace(AWAY, last_seen=Moment.on(date(2025, 5, 2))), 2026, ("02/05/2025", "04/05/2025"), 0),
    (
        "about midnight",
        replace(AWAY, last_seen=replace(minute("02/05/2025 23:50"), precision=Precision.ABOUT)),
        2026,
        (NOT_KNOWN, "04/05/2025"),
        1,
    ),
    ("last seen not known", replace(AWAY, last_seen=None), 2026, (NOT_KNOWN, "04/05/2025"), 1),
    ("return not known", replace(AWAY, returned=Moment(None, Precision.UNKNOWN)), 2026, ("02/05/2025", NOT_KNOWN), 1),
    (
        "neither missing nor away, no number, no birth",
        replace(AWAY, status="U", key="x/1", born_on=None),
        2026,
        ("02/05/2025", "04/05/2025"),
        3,
    ),
    ("sex and ethnicity in no code of the year", replace(AWAY, sex="U", ethnicity="ROMA"), 2026, ("02/05/2025", "04/05/2025"), 1),
]


@pytest.mark.parametrize(("words", "away", "year", "cells", "asked"), CASES, ids=[case[0] for case in CASES])
def test_an_episode_has_its_row_and_what_is_not_known_is_asked(
    words: str, away: Away, year: int, cells: tuple[str, str] | None, asked: int
) -> None:
    row = row_of(away, year)
    assert (row and row.cells[3:], len(row.asked) if row else 0) == (cells, asked)


@pytest.mark.parametrize(
    ("sex", "year", "said"), [("F", 2026, "F"), ("U", 2025, "U"), ("F", 2024, "2"), ("M", 2024, "1"), ("U", 2024, ""), ("M", 2018, "1")]
)
def test_sex_is_said_in_the_codes_of_the_year(sex: str, year: int, said: str) -> None:
    row = row_of(replace(AWAY, last_seen=minute(f"02/05/{year - 1} 18:00"), returned=minute(f"04/05/{year - 1} 09:00"), sex=sex), year)
    assert row is not None
    assert (row.header, len(row.asked)) == ((said, "WBRI"), 0 if said else 1)


def test_a_day_is_one_day_in_london() -> None:
    assert known_day(minute("01/07/2025 00:10")) == date(2025, 7, 1)
    assert known_day(replace(minute("01/07/2025 00:40"), precision=Precision.ABOUT)) == date(2025, 7, 1)
    assert known_day(None) is None


def looked_after(world: World, key: str, born_on: date, from_on: date = date(2024, 1, 1)) -> Child:
    """A child of the authority with a number of the main case system, looked after since a day."""
    feed, when = factories.feed_post(), NOW - timedelta(days=700)
    known = Known(f"Sample{key}", "Example", born_on, Sex.FEMALE, "WBRI", identifiers=((IdentifierKind.COUNCIL, "main case system", key),))
    child = receive_child(known=known, responsible=world.authority, source="main case system", by=feed, at=when)
    said = Said(Spell, f"ssd_cla_episodes:{key}", from_on, None, when, (("status", "looked_after"),))
    record_status(child=child, said=said, is_historic=True, by=feed, at=when)
    return child


def away(child: Child, kind: str, began: date, ended: date | None, by: Post) -> Episode:
    """A missing episode of which the days alone are known."""
    at = NOW - timedelta(hours=1)
    episode = report_missing(
        child=child, report=Report(reported=Moment.on(began), last_seen=Moment.on(began), worry="Not home"), by=by, at=at
    )
    record_council_status(episode=episode, status=CouncilStatus(kind), changed_at=at, reason="By the carer", by=by, at=at)
    if ended:
        record_return(episode=episode, returned_at=Moment.on(ended), by=by, at=at)
    return episode


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode())))[1:]


ROWS: Sequence[tuple[str, str, str, str, str]] = [
    ("C10001", "01/05/2010", "M", "02/05/2025", "04/05/2025"),
    ("C10001", "01/05/2010", "A", "04/05/2025", "05/05/2025"),
    ("C10002", "09/09/2011", "M", "30/03/2026", ""),
]


def day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=LONDON).date()


@pytest.mark.django_db
def test_a_period_ends_on_the_day_on_which_the_child_died() -> None:
    """Care ends on it, and a period that stays open after that is what rules 575 and 577 find."""
    world = make_world()
    child = looked_after(world, "C10003", date(2011, 9, 9))
    away(child, "M", date(2026, 3, 20), None, world.coordinator)
    record_death(child=child, died_on=date(2026, 3, 22), by=factories.feed_post(), at=NOW)
    with acting_as(world.coordinator, NOW) as subject:
        [row] = missing_rows(subject, 2026)
    assert row.cells[2:] == ("M", "20/03/2026", "22/03/2026")


@pytest.mark.django_db
def test_the_table_of_atlas_s_own_episodes_is_the_one_that_came_in_and_the_19_rules_find_nothing(tmp_path: Path, signed_in: Any) -> None:
    world = make_world()
    by, held = world.coordinator, {key: looked_after(world, key, day(born)) for key, born in {row[0]: row[1] for row in ROWS}.items()}
    for key, _, kind, began, ended in ROWS:
        away(held[key], kind, day(began), day(ended) if ended else None, by)
    away(world.child, "M", date(2025, 6, 1), date(2025, 6, 2), by)  # not looked after: no row
    with acting_as(by, NOW):
        subject_rows = missing_rows(Subject.of(by, NOW), 2026)
    assert [row.cells for row in subject_rows] == list(ROWS)
    ask = wanted(
        listed=MISSING_TABLE.key, columns=MISSING_TABLE.columns, format=Export.Format.CSV, period=(date(2025, 4, 1), date(2026, 3, 31)),
        outside_name="Sam Outside", outside_organisation="Department for Education",
    )  # fmt: skip
    made = export(wanted=ask, by=by, at=NOW)
    assert run(made, by)
    with acting_as(by, NOW + timedelta(minutes=9), purpose=Purpose(made.purpose)):
        content, children = download_export(export=made, by=by, at=NOW + timedelta(minutes=9))
    assert [tuple(row) for row in table(content)] == list(ROWS)
    assert children == {child.pk for child in held.values()}
    (tmp_path / "missing.csv").write_bytes(content)
    header = file(tmp_path, "Header", [[key, "F", born, "WBRI", "", "", ""] for key, born in {row[0]: row[1] for row in ROWS}.items()])
    said, found = here(tmp_path, 2026, [Given(tmp_path / "missing.csv", "missing.csv"), header])
    assert (found, said["questions"]) == ([], [])
    made = export(wanted=replace(ask, format=Export.Format.XML), by=by, at=NOW)
    assert run(made, by)
    with acting_as(by, NOW + timedelta(minutes=9), purpose=Purpose(made.purpose)):
        content, _ = download_export(export=made, by=by, at=NOW + timedelta(minutes=9))
    (tmp_path / "missing.xml").write_bytes(content)
    given = Given(tmp_path / "missing.xml", "missing.xml")
    assert read(given, 2026, tmp_path, stage_xml) == list(ROWS)
    said, found = here(tmp_path, 2026, [given])
    assert (found, said["questions"]) == ([], [])
    page = signed_in(by, NOW).get(reverse("returns:view_missing_table", args=[2026])).content.decode()
    assert "3 periods of 2 children" in page
    assert "Nothing is left to ask" in page
    assert signed_in(by, NOW).get(reverse("returns:view_missing_table", args=[2019])).status_code == 404
    refused = (
        (replace(ask, period=(date(2025, 4, 1), date(2025, 9, 30))), by), (replace(ask, columns=("CHILD",)), by),
        (replace(ask, format=Export.Format.PDF), by), (ask, world.manager),
    )  # fmt: skip
    for part, post in refused:
        with pytest.raises(Invalid):
            export(wanted=part, by=post, at=NOW)
    form = signed_in(by, NOW).get(reverse("sharing:export", args=[MISSING_TABLE.key])).content.decode()
    assert "1 April 2025 to 31 March 2026" in form
    assert "Statutory file (XML)" in form
    assert "From which day?" not in form
    assert signed_in(world.manager, NOW).get(reverse("sharing:export", args=[MISSING_TABLE.key])).status_code == 404
