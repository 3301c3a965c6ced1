"""A file of more rows than are staged at once; names, keys and codes that are longer than their columns, or missing; what a preview says of rows that came before."""

from pathlib import Path

import pytest

from atlas.feeds.commands import delivery as deliveries
from atlas.feeds.commands.codes import map_code
from atlas.feeds.commands.delivery import File, commit_delivery
from atlas.feeds.models import CodeMapping, Row
from atlas.feeds.police import TABLE as POLICE_TABLE
from atlas.feeds.ssd import TABLES
from atlas.gate.context import acting_as
from atlas.missing.models import Episode
from tests import factories
from tests.factories import NOW
from tests.feeds.test_deliveries import GOOD, police_file, receive, rows_of, take
from tests.world import make_world

pytestmark = pytest.mark.django_db


def report(number: int, **cells: str) -> list[str]:
    """The report of a child of its own."""
    return [cells.get("reference", f"NM/{number}"), "Robin", f"Sample{number}", *GOOD[3:8], cells.get("risk", "Medium"), *GOOD[9:]]


@pytest.mark.parametrize("batch", [1, 2, 3, 5, 2_000])
def test_each_row_is_staged_and_taken_once_whatever_a_batch_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    world = make_world()
    for number in range(5):
        factories.child(f"Robin Sample{number}")
    monkeypatch.setattr(deliveries, "BATCH", batch)
    delivery = take(police_file(tmp_path, *(report(number) for number in range(5))), "northmarch", world)
    assert delivery.rows_read == 5
    assert len({row.child_id for row in rows_of(delivery)} - {None}) == 5
    assert [(row.number, row.state) for row in rows_of(delivery)] == [(number, Row.State.APPLIED) for number in range(2, 7)]
    with acting_as(world.coordinator, NOW):
        assert sorted(Episode.objects.values_list("police_reference", flat=True)) == [f"NM/{number}" for number in range(5)]


def test_long_names_and_keys_are_kept_as_far_as_they_go_and_what_is_too_long_for_a_code_is_told(tmp_path: Path) -> None:
    world, rows = make_world(), (report(1, reference="R" * 130, risk="x" * 200), report(2, reference="NM/2", risk="x" * 250))
    delivery = receive(File(police_file(tmp_path, *rows).path, f"{'n' * 250}.csv"), "northmarch", world)
    assert delivery.file_name == "n" * 200
    long, longer = rows_of(delivery)
    assert (long.source_key, long.state) == ("R" * 100, Row.State.WAITING_CODE)
    assert CodeMapping.objects.get().code == "x" * 200
    assert longer.state == Row.State.QUARANTINED and "goes on for 250 characters: no code is so long" in longer.reason


def test_a_row_without_its_key_is_put_aside_under_no_key(tmp_path: Path) -> None:
    assert all(next(column for column in table.columns if column.name == table.key).is_required for table in (*TABLES, POLICE_TABLE))
    world = make_world()
    file = police_file(tmp_path, report(1, reference=""))
    assert [(row.source_key, row.state) for row in rows_of(take(file, "northmarch", world))] == [("", Row.State.QUARANTINED)]


def test_a_code_that_came_before_and_of_which_nobody_has_said_anything_waits_again(tmp_path: Path) -> None:
    world = make_world()
    for number in (1, 2):
        (row,) = rows_of(receive(police_file(tmp_path, report(number, risk="Amber"), name=f"{number}.csv"), "northmarch", world))
        assert row.state == Row.State.WAITING_CODE
    assert CodeMapping.objects.get().code == "Amber"


def test_the_preview_says_which_rows_are_new_the_same_or_changed(tmp_path: Path) -> None:
    world = make_world()
    for number in range(3):
        factories.child(f"Robin Sample{number}")
    take(police_file(tmp_path, report(0), report(1)), "northmarch", world)
    later = police_file(tmp_path, report(0), report(1, risk="High"), report(2), name="later.csv")
    assert [row.state for row in rows_of(receive(later, "northmarch", world))] == [Row.State.SAME, Row.State.CHANGED, Row.State.NEW]


def test_a_row_of_two_unknown_codes_waits_until_both_are_known(tmp_path: Path) -> None:
    world, officer = make_world(), factories.post("data_officer", of=factories.team("Data"))
    cells = [*GOOD[:8], "Amber", "Gone again", *GOOD[10:]]
    delivery = receive(police_file(tmp_path, cells), "northmarch", world, officer=officer)
    for code, meaning, state in (("Amber", "MED", Row.State.WAITING_CODE), ("Gone again", "MIS", Row.State.NEW)):
        mapping = CodeMapping.objects.get(code=code)
        assert map_code(mapping=mapping, meaning=meaning, by=officer, at=NOW) == mapping
        (row,) = rows_of(delivery)
        assert (row.state, "_cells" in row.values) == (state, state == Row.State.WAITING_CODE)
    commit_delivery(delivery=delivery, by=officer, at=NOW)
    (row,) = rows_of(delivery)
    assert (row.state, row.reason, row.child_id) == (Row.State.APPLIED, "", world.child.pk)


def test_a_code_that_many_rows_wait_for_is_given_its_meaning_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "BATCH", 2)
    world, officer = make_world(), factories.post("data_officer", of=factories.team("Data"))
    rows = [report(number, risk="Amber") for number in range(5)]
    delivery = receive(police_file(tmp_path, *rows), "northmarch", world, officer=officer)
    before = {row.number: row.values for row in rows_of(delivery)}
    map_code(mapping=CodeMapping.objects.get(), meaning="MED", by=officer, at=NOW)
    after = rows_of(delivery)
    assert [(row.state, row.reason) for row in after] == [(Row.State.NEW, "")] * 5
    for row in after:
        assert row.values == {name: value for name, value in before[row.number].items() if name != "_cells"} | {"grade": "MED"}
