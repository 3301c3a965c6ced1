"""Deliveries: previewed, taken row by row, put aside with a sentence, matched by a person, undone; the same file twice is nothing."""

import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter

from atlas.agencies.models import Post, Team
from atlas.allocation.commands import cover_child, end_allocation
from atlas.allocation.models import Allocation, ResponsibleTeam
from atlas.children.commands import Known, correct_child, register_child
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.feeds.commands.codes import map_code
from atlas.feeds.commands.delivery import File, commit_delivery, decide_match, receive_delivery, undo_delivery
from atlas.feeds.models import CodeMapping, Delivery, Row
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.missing.models import Episode, ReturnInterview
from atlas.missing.workflow import EpisodeState
from atlas.people.models import Identifier, Name
from atlas.statuses.models import LegalStatus, Spell
from atlas.tasks.models import Alert, Task
from tests import factories
from tests.factories import NOW
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
HEADER = [
    "MISPER REF",
    "Forename(s)",
    "Surname",
    "DOB",
    "Sex",
    "Last Seen",
    "Reported",
    "LA Notified",
    "Risk",
    "Status",
    "Returned",
    "Circumstances",
]
GOOD = [
    "NM/1",
    "Ashby",
    "Example",
    "04/03/2011",
    "F",
    "04/05/2026 18:00",
    "04/05/2026 20:00",
    "04/05/2026 20:10",
    "Medium",
    "Outstanding",
    "",
    "Not home",
]


def text_of(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def police_file(folder: Path, *rows: list[str], name: str = "reports.csv") -> File:
    path = folder / name
    path.write_text(text_of([HEADER, *rows]), encoding="utf-8")
    return File(path, name)


def main_system(folder: Path, name: str = "main.zip", **tables: list[list[str]]) -> File:
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        for table, rows in tables.items():
            archive.writestr(f"{table}.csv", text_of(rows))
    return File(path, name)


def receive(file: File, layout: str, world: World, *, historic: bool = False, officer: Post | None = None) -> Delivery:
    officer = officer or factories.post("data_officer", of=factories.team("Data"))
    return receive_delivery(
        file=file,
        layout=layout,
        authority=world.authority,
        carried_by=factories.feed_post(),
        as_at=NOW,
        is_historic=historic,
        by=officer,
        at=NOW,
    )


def take(file: File, layout: str, world: World, *, historic: bool = False) -> Delivery:
    officer = factories.post("data_officer", of=factories.team("Data"))
    delivery = receive(file, layout, world, historic=historic, officer=officer)
    return commit_delivery(delivery=delivery, by=officer, at=NOW)


def rows_of(delivery: Delivery) -> list[Row]:
    with acting_as(factories.feed_post(), NOW):
        return list(delivery.rows.order_by("table", "number"))


def test_a_live_report_becomes_what_a_typed_one_becomes(tmp_path: Path) -> None:
    world = make_world()
    delivery = take(police_file(tmp_path, GOOD), "northmarch", world)
    assert [row.state for row in rows_of(delivery)] == [Row.State.APPLIED]
    with acting_as(world.coordinator, NOW + timedelta(minutes=1)):
        episode = Episode.objects.get()
        assert (episode.child, episode.police_reference, episode.grade) == (world.child, "NM/1", "MED")
        assert Alert.objects.filter(about_id=episode.pk).exists()


def test_a_later_delivery_brings_the_return_and_starts_the_clock(tmp_path: Path) -> None:
    world = make_world()
    take(police_file(tmp_path, GOOD), "northmarch", world)
    back = [*GOOD[:9], "Returned", "04/05/2026 23:15", GOOD[11]]
    take(police_file(tmp_path, back, name="later.csv"), "northmarch", world)
    with acting_as(world.coordinator, NOW):
        episode = Episode.objects.get()
        assert episode.state == EpisodeState.RETURNED
        assert Clock.objects.get(limit="return_interview").due_at == episode.returned_at + timedelta(hours=72)  # type: ignore[operator]


def test_a_historic_return_makes_a_clock_but_no_task_and_no_alert(tmp_path: Path) -> None:
    world = make_world()
    back = [*GOOD[:9], "Returned", "04/05/2026 23:15", GOOD[11]]
    take(police_file(tmp_path, back), "northmarch", world, historic=True)
    with acting_as(world.coordinator, NOW):
        assert Clock.objects.get().is_historic
        assert not Task.objects.exists()
        assert not Alert.objects.exists()
        assert ReturnInterview.objects.get().team is None


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    world, file = make_world(), police_file(tmp_path, GOOD)
    first = take(file, "northmarch", world)
    assert take(file, "northmarch", world) == first
    again = police_file(tmp_path, GOOD, ["", "", "", "", "", "", "", "", "", "", "", ""], name="copy.csv")
    second = take(again, "northmarch", world)
    assert [row.state for row in rows_of(second)] == [Row.State.SAME]
    with acting_as(world.coordinator, NOW):
        assert Episode.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({3: "01/01/1986"}, "was 40, and not a child"),
        ({6: "08/05/2026 20:00", 5: ""}, "is still to come"),
        ({10: "03/05/2026 10:00"}, "before going missing"),
        ({6: "yesterday"}, "reported_at is “yesterday”"),
        ({6: ""}, "reported_at is empty"),
    ],
)
def test_a_bad_row_is_put_aside_with_its_reason(tmp_path: Path, changed: dict[int, str], sentence: str) -> None:
    row = [changed.get(place, cell) for place, cell in enumerate(GOOD)]
    world = make_world()
    found = rows_of(take(police_file(tmp_path, row, ["NM/2", *GOOD[1:3], "04/03/2011", "F", *GOOD[5:]]), "northmarch", world))
    assert found[0].state == Row.State.QUARANTINED
    assert sentence in found[0].reason
    assert found[1].state == Row.State.APPLIED


def test_a_second_open_episode_is_put_aside(tmp_path: Path) -> None:
    found = rows_of(take(police_file(tmp_path, GOOD, ["NM/2", *GOOD[1:]]), "northmarch", make_world()))
    assert [row.state for row in found] == [Row.State.APPLIED, Row.State.QUARANTINED]
    assert "already recorded as missing" in found[1].reason


def test_a_child_of_whom_one_cannot_be_sure_waits_for_a_person(tmp_path: Path) -> None:
    world = make_world()
    officer = factories.post("data_officer", of=factories.team("Data"))
    delivery = receive(
        police_file(tmp_path, ["NM/3", "Ash", "Example", "04/03/2011", "F", *GOOD[5:]]), "northmarch", world, officer=officer
    )
    commit_delivery(delivery=delivery, by=officer, at=NOW)
    waiting = rows_of(delivery)[0]
    assert waiting.state == Row.State.WAITING_MATCH
    with pytest.raises(Invalid):
        decide_match(row=waiting, child_id=delivery.pk, by=officer, at=NOW)
    decided = decide_match(row=waiting, child_id=world.child.pk, by=officer, at=NOW)
    assert decided.state == Row.State.APPLIED


def test_a_person_may_say_that_the_child_is_not_yet_recorded(tmp_path: Path) -> None:
    world = make_world()
    officer = factories.post("data_officer", of=factories.team("Data"))
    delivery = receive(
        police_file(tmp_path, ["NM/4", "Sample", "Nobody", "04/03/2012", "M", *GOOD[5:]]), "northmarch", world, officer=officer
    )
    commit_delivery(delivery=delivery, by=officer, at=NOW)
    decide_match(row=rows_of(delivery)[0], child_id=None, by=officer, at=NOW)
    with acting_as(factories.feed_post(), NOW):
        child = Child.objects.get(name="Sample Nobody")
        assert ResponsibleTeam.objects.get(child=child).is_front_door


def test_an_unknown_word_waits_until_somebody_says_what_it_means(tmp_path: Path) -> None:
    world = make_world()
    officer = factories.post("data_officer", of=factories.team("Data"))
    delivery = receive(police_file(tmp_path, [*GOOD[:8], "Amber", *GOOD[9:]]), "northmarch", world, officer=officer)
    assert rows_of(delivery)[0].state == Row.State.WAITING_CODE
    map_code(mapping=CodeMapping.objects.get(code="Amber"), meaning="MED", by=officer, at=NOW)
    commit_delivery(delivery=delivery, by=officer, at=NOW)
    assert rows_of(delivery)[0].state == Row.State.APPLIED


def test_a_delivery_is_undone_only_while_untouched(tmp_path: Path) -> None:
    world = make_world()
    officer = factories.post("data_officer", of=factories.team("Data"))
    delivery = take(police_file(tmp_path, GOOD), "northmarch", world)
    with acting_as(world.coordinator, NOW):
        episode = Episode.objects.get()
    undone = undo_delivery(delivery=delivery, by=officer, at=NOW)
    assert undone.state == Delivery.State.UNDONE
    with acting_as(world.coordinator, NOW):
        episode.refresh_from_db()
    assert episode.state == EpisodeState.WITHDRAWN


def test_another_force_s_workbook_has_its_own_columns_and_words(tmp_path: Path) -> None:
    world, path = make_world(), tmp_path / "eastmoor.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Reports")
        sheet.write_row(
            0, 0, ["Incident No", "Given Names", "Family Name", "Date of Birth", "Date Reported", "Grading", "Investigation State"]
        )
        sheet.write_row(1, 0, ["EM1", "Ashby", "Example", "04 Mar 2011", "04/05/2026 20:00", "HIGH RISK", "Open"])
    take(File(path, path.name), "eastmoor", world)
    with acting_as(world.coordinator, NOW):
        assert Episode.objects.get().grade == "HIGH"


def test_the_main_system_brings_children_allocations_and_statuses(tmp_path: Path) -> None:
    world = make_world()
    file = main_system(
        tmp_path,
        ssd_department=[["dept_team_id", "dept_team_name"], ["T1", "Looked after 1"]],
        ssd_professionals=[["prof_professional_id", "prof_professional_name", "prof_professional_department"], ["W9", "Sample Worker", "T1"]],
        ssd_person=[["pers_person_id", "pers_forename", "pers_surname", "pers_dob", "pers_sex"], ["P1", "Rowan", "Sample", "01/02/2012", "M"]],
        ssd_involvements=[
            ["invo_involvements_id", "invo_professional_id", "invo_person_id", "invo_involvement_start_date", "invo_involvement_end_date"],
            ["I1", "W9", "P1", "2026-01-05", ""], ["I2", "W9", "P404", "2026-01-05", ""],
        ],
        ssd_cin_plans=[["cinp_cin_plan_id", "cinp_person_id", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date"], ["C1", "P1", "2026-02-01", "2026-01-01"]],
        ssd_legal_status=[["lega_legal_status_id", "lega_person_id", "lega_legal_status", "lega_legal_status_start_date"], ["L1", "P1", "C2", "2026-02-01"]],
        ssd_address=[["addr_table_id", "addr_person_id", "addr_address_postcode"], ["A1", "P1", "ZZ1 1ZZ"]],
        ssd_linked_identifiers=[["link_table_id", "link_person_id", "link_identifier_type", "link_identifier_value"], ["N1", "P1", "Former ID", "P0"]],
    )  # fmt: skip
    states = {(row.table, row.number): row for row in rows_of(take(file, "ssd", world, historic=True))}
    assert states["ssd_involvements", 3].reason.startswith("There is no child with the main system's number P404")
    assert "before it starts" in states["ssd_cin_plans", 2].reason
    assert {row.state for key, row in states.items() if key not in {("ssd_involvements", 3), ("ssd_cin_plans", 2)}} == {Row.State.APPLIED}
    worker = Post.objects.get(reference="W9")
    with acting_as(worker, NOW) as subject:
        child = Child.objects.visible_to(subject).get()
        assert child.name == "Rowan Sample"
        assert LegalStatus.objects.get().code == "C2"
        assert not Spell.objects.exists()
        assert ResponsibleTeam.objects.get(until_at__isnull=True).team == Team.objects.get(name="Looked after 1")
        assert set(Identifier.objects.values_list("value", flat=True)) == {"P1", "P0"}
        about = ("ssd_person", "ssd_involvements", "ssd_legal_status", "ssd_address", "ssd_linked_identifiers")
        assert {table: states[table, 2].child_id for table in about} == dict.fromkeys(
            about, child.pk
        )  # whoever is shut out of the child sees no row


def test_the_next_night_s_delivery_ends_an_allocation_and_the_child_goes_to_the_front_door(tmp_path: Path) -> None:
    world = make_world()
    person = [["pers_person_id", "pers_forename", "pers_surname", "pers_dob"], ["P1", "Rowan", "Sample", "01/02/2012"]]
    columns = ["invo_involvements_id", "invo_professional_id", "invo_person_id", "invo_involvement_start_date", "invo_involvement_end_date"]
    Post.objects.filter(pk=world.worker.pk).update(reference="W1")
    take(
        main_system(tmp_path, "one.zip", ssd_person=person, ssd_involvements=[columns, ["I1", "W1", "P1", "2026-01-05", ""]]), "ssd", world
    )
    take(
        main_system(tmp_path, "two.zip", ssd_person=person, ssd_involvements=[columns, ["I1", "W1", "P1", "2026-01-05", "2026-05-01"]]),
        "ssd",
        world,
    )
    with acting_as(world.worker, NOW) as subject:
        assert not Child.objects.visible_to(subject).filter(name="Rowan Sample").exists()
    with acting_as(factories.feed_post(), NOW):
        child = Child.objects.get(name="Rowan Sample")
        assert ResponsibleTeam.objects.get(child=child, until_at__isnull=True).is_front_door


def test_a_colleague_covers_until_the_main_system_says_who_it_is() -> None:
    world = make_world()
    colleague = factories.post("practitioner", of=factories.team("Safeguarding 1"))
    covering = cover_child(child=world.child, post=colleague, by=world.manager, at=NOW)
    assert covering.capacity == Allocation.Capacity.COVERING
    with acting_as(colleague, NOW + timedelta(minutes=1)) as subject:
        assert Child.objects.visible_to(subject).get() == world.child
    with pytest.raises(Refused):
        cover_child(child=world.child, post=colleague, by=world.stranger, at=NOW)


def test_ending_the_last_allocation_never_leaves_a_child_without_a_team() -> None:
    world = make_world()
    with acting_as(world.worker, NOW):
        allocation = Allocation.objects.get()
    end_allocation(allocation=allocation, until_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    with acting_as(factories.feed_post(), NOW):
        assert ResponsibleTeam.objects.get(until_at__isnull=True).is_front_door


def test_a_new_name_keeps_the_old_one_as_a_former_name() -> None:
    feed = factories.feed_post()
    known = Known("Rowan", "Sample", NOW.date().replace(year=2012))
    child = register_child(known=known, responsible=factories.authority(), source="test", by=feed, at=NOW)
    correct_child(child=child, known=Known("Rowan", "Ordinary", None), source="test", by=feed, at=NOW)
    with acting_as(feed, NOW):
        assert set(Name.objects.filter(person=child.pk).values_list("surname", "is_in_use")) == {("Sample", False), ("Ordinary", True)}
    with pytest.raises(Invalid):
        register_child(known=Known(" ", "", None), responsible=factories.authority(), source="test", by=feed, at=NOW)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 something", "neither a CSV file nor a workbook"),
        (b"MISPER REF,Surname\nNM/1,\x00x", "no text file"),
        (b"MISPER REF,Surname,Reported\n" + b"NM/1,Caf\xe9,\x81\x8d", "does not know"),
        (b"One,Two\n1,2\n", "none of the columns that Northmarch Police sends"),
        (b"MISPER REF,Surname,Surname\nNM/1,a,b\n", "twice"),
        (b"MISPER REF,Surname,Reported\n", "holds no rows"),
        (b'MISPER REF,Surname\n"NM/1,' + b"x" * 40_000 + b'"\n', "not a proper CSV file"),
    ],
)
def test_an_unreadable_file_says_what_to_do_and_leaves_nothing(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid) as problem:
        receive(File(path, "odd.csv"), "northmarch", make_world())
    assert sentence in problem.value.message
    assert not Delivery.objects.exists()


def test_a_bomb_a_climbing_zip_and_a_nested_archive_are_not_opened(tmp_path: Path) -> None:
    world = make_world()
    for name, entries, sentence in (
        ("bomb.zip", {"a.csv": b"0" * 60_000_000}, "far more than"),
        ("climb.zip", {"../a.csv": b"x"}, "lead out of it"),
        ("nested.zip", {"a.zip": b"PK"}, "another archive"),
        ("other.zip", {"a.exe": b"MZ"}, "no CSV file"),
    ):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, content in entries.items():
                archive.writestr(entry, content)
        with pytest.raises(Invalid) as problem:
            receive(File(path, name), "ssd", world)
        assert sentence in problem.value.message, name


def test_a_formula_is_kept_as_text(tmp_path: Path) -> None:
    delivery = take(police_file(tmp_path, [*GOOD[:11], "=1+1"]), "northmarch", make_world())
    assert rows_of(delivery)[0].values["worry"] == "=1+1"


def test_the_tables_are_those_of_the_specification() -> None:
    import yaml

    from atlas.feeds.ssd import TABLES

    folder = Path(__file__).resolve().parents[3] / "shared/data/ssd-schema"
    if not folder.exists():
        pytest.skip("../shared is not here; CI has it")
    for table in TABLES:
        fields = yaml.safe_load((folder / f"{table.name}.yml").read_text())["nodes"][0]["fields"]
        items = {field["name"]: field.get("item_ref", "") for field in fields}
        for column in table.columns:
            assert column.name in items or column.name in {"pers_forename", "pers_surname", "pers_upn", "prof_left_on"}, column
            assert items.get(column.name, "") == column.item
