"""How a partner's cell is read: every shape of a date, what counts as empty, codes, faults in words; how a force's columns become ours; when a file is doubted."""

from datetime import date
from pathlib import Path

import pytest

from atlas.feeds import police
from atlas.feeds.commands.delivery import first_state
from atlas.feeds.layouts import Cleaned, Column, Holds, Table, clean, meaning, read_day, time_of
from atlas.feeds.police import Force, forces
from atlas.feeds.rules import is_file_doubted

TABLE = Table(
    "table", "key",
    (
        Column("key", is_required=True), Column("day", Holds.DAY), Column("time", Holds.TIME), Column("sex", Holds.CODE, codes="sex"), Column("words"),
    ),
)  # fmt: skip
MEANS = {("sex", "1"): "M", ("grade", "1"): "high"}


@pytest.mark.parametrize(
    "text", ["2011-03-27", "27/03/2011", "27-03-2011", "27 Mar 2011", "27 March 2011", "27/03/11", "27.03.2011", " 27/3/2011 "]
)  # fmt: skip
def test_a_day_in_the_shapes_that_partners_use(text: str) -> None:
    assert read_day(text) == date(2011, 3, 27)
    assert time_of(text) == "2011-03-27"
    assert cleaned(day=text, time=text)[0] == {"day": "2011-03-27", "time": "2011-03-27"}


@pytest.mark.parametrize("text", ["", "never", "31/02/2011", "2011", "27/13/2011", "2011-03-27x"])
def test_what_is_no_day(text: str) -> None:
    assert read_day(text) is None
    assert time_of(text) is None


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-05-02 14:05", "2026-05-02T14:05"),
        ("2026-05-02T14:05:59", "2026-05-02T14:05"),
        ("02/05/2026 9:05", "2026-05-02T09:05"),
        ("2 May 2026 14:05", "2026-05-02T14:05"),
        (" 2026-05-02T14:05:00Z ", "2026-05-02T14:05Z"),
        ("2026-05-02T14:05:00.123+01:00", "2026-05-02T14:05+01:00"),
        ("2026-05-02T14:05-0100", "2026-05-02T14:05-0100"),
        ("2026-05-02 00:00:00", "2026-05-02"),
        ("2026-05-02 0:00:00", "2026-05-02"),
        ("2026-05-02T00:00:00.000", "2026-05-02"),
        ("2026-05-02T00:00:00.0Z", "2026-05-02"),
        ("2026-05-02 00:00", "2026-05-02T00:00"),  # somebody wrote midnight
        ("2026-05-02 00:00:01", "2026-05-02T00:00"),
        ("2026-05-02 00:01:00", "2026-05-02T00:01"),
        ("2026-05-02 12:00:00", "2026-05-02T12:00"),
    ],
)
def test_a_time_and_midnight_to_the_second_that_is_none(text: str, time: str) -> None:
    assert time_of(text) == time


def cleaned(**cells: str) -> tuple[dict[str, str], list[str], list[tuple[str, str]]]:
    """One row: its values, faults and unknown codes."""
    found = clean(TABLE, {"key": "1", **cells}, lambda name, code: MEANS.get((name, code)))
    assert found.values.pop("key", "1") == "1"
    return found.values, found.faults, found.unknown


@pytest.mark.parametrize("text", ["", "  ", "NULL", "null", "#N/A", "n/k", " Null "])
def test_what_counts_as_empty(text: str) -> None:
    assert cleaned(words=text, day=text, time=text, sex=text) == ({}, [], [])
    assert cleaned(key=text) == ({}, ["key is empty, and is needed."], [])


def test_each_column_is_read_as_what_it_holds() -> None:
    assert cleaned(day="2011-03-27T10:00:00", time="27/03/2011 10:00", sex=" 1 ", words=" a b ", other="x") == (
        {"day": "2011-03-27", "time": "2011-03-27T10:00", "sex": "M", "words": "a b"}, [], [],
    )  # fmt: skip
    assert cleaned(day="27 March 2011") == ({"day": "2011-03-27"}, [], [])


def test_what_is_wrong_is_said_in_words_and_an_unknown_code_is_asked() -> None:
    assert cleaned(day="soon", time="later", sex="9") == (
        {"day": "", "time": "", "sex": ""},
        [
            "day is “soon”, which is not a date. It should look like 27/03/2011.",
            "time is “later”, which is not a date or time. It should look like 27/03/2026 14:05.",
        ],
        [("sex", "9")],
    )
    assert clean(TABLE, {}, lambda *_: None).faults == ["key is empty, and is needed."]


def test_a_code_has_two_hundred_characters_at_most_and_what_is_longer_is_told_and_not_asked() -> None:
    assert cleaned(sex="y" * 200) == ({"sex": ""}, [], [("sex", "y" * 200)])
    told = f"sex begins “{'y' * 40}” and goes on for 1,201 characters: no code is so long."
    assert cleaned(sex="y" * 1201) == ({"sex": ""}, [told], [])


def test_a_row_waits_with_every_reason_and_faults_come_first() -> None:
    asked = [("sex", "9"), ("grade", "x")]
    assert first_state(Cleaned()) == ("new", "")
    assert first_state(Cleaned(unknown=asked)) == ("waiting_code", "“9” is no sex that Atlas knows; “x” is no grade that Atlas knows")
    assert first_state(Cleaned(faults=["One.", "Two."], unknown=asked)) == ("quarantined", "One. Two.")
    assert [len(first_state(one)[1]) for one in (Cleaned(faults=["x" * 900]), Cleaned(unknown=[("sex", "y" * 900)]))] == [500, 500]


def test_the_same_meaning_in_any_order_and_another_when_anything_differs() -> None:
    assert meaning({"a": "1", "b": "2"}) == meaning({"b": "2", "a": "1"})
    assert len({meaning(one) for one in ({"a": "1"}, {"a": "2"}, {"b": "1"}, {}, {"a": "1", "b": ""})}) == 5
    assert len(meaning({})) == 64


def test_a_force_s_columns_become_ours_and_what_is_missing_is_named_in_its_words() -> None:
    force = Force("Sample", "sample", {"Ref": "force_reference", "Last name": "surname", "Told": "reported_at", "Note": "worry"}, {})
    assert force.cells({"Ref": "7", "Note": "", "Elsewhere": "x"}) == {"force_reference": "7", "worry": ""}
    assert force.missing_columns({"Ref", "Last name", "Told"}) == []
    assert force.missing_columns({"Note"}) == ["Last name", "Ref", "Told"]
    assert force.missing_columns({"Ref", "force_reference"}) == ["Last name", "Told"]


def test_a_mapping_file_that_names_no_field_of_ours_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sample.toml").write_text(
        'name = "Sample"\nlayout = "sample"\n[columns]\nRef = "force_reference"\n[words.sex]\nmale = "M"\n'
    )
    (tmp_path / "notes.txt").write_text("not a mapping")
    monkeypatch.setattr(police, "FORCES", tmp_path)
    forces.cache_clear()
    try:
        assert forces() == {"sample": Force("Sample", "sample", {"Ref": "force_reference"}, {"sex": {"male": "M"}})}
        assert forces() is forces()
        (tmp_path / "wrong.toml").write_text('name = "W"\nlayout = "w"\n[columns]\nA = "zeal"\nB = "colour"\nC = "surname"\n[words]\n')
        forces.cache_clear()
        with pytest.raises(ValueError, match=r"wrong\.toml maps columns to fields that are not there: colour, zeal\."):
            forces()
    finally:
        forces.cache_clear()


@pytest.mark.parametrize(
    ("vanished", "of", "doubted"),
    [(99, 100, False), (100, 100, True), (100, 999, True), (100, 1000, False), (101, 1000, True), (0, 0, False)],
)
def test_a_file_is_doubted_from_a_hundred_rows_and_more_than_a_tenth(vanished: int, of: int, doubted: bool) -> None:
    assert is_file_doubted(vanished=vanished, open_rows=of) is doubted
