"""The lists of Annex A are those of the sector's schema; each is read however it is written, and what cannot be read is asked, row by row."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml

from atlas.feeds.reading import ReadRow, Unreadable, read
from atlas.returns.annex_a.beside import Held, differences, joined
from atlas.returns.annex_a.cells import Line, lines_of, read_cell
from atlas.returns.annex_a.found import asked, lists_read
from atlas.returns.annex_a.lists import KINDS, LIST, LISTS, Column, columns_of, list_of
from atlas.returns.annex_a.values import VALUES, value_of

SHARED = Path(__file__).resolve().parents[3] / "shared/data/annex-a"
beside = pytest.mark.skipif(not SHARED.exists(), reason="the sector's schema and workbook lie beside the project only in its workshop")
DAY = date(2021, 3, 31)
SAYS = {"True": "a) Yes", "False": "b) No", "Unknown": "c) Unknown"}


def spelled(categories: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """What the sector's pipeline saw in real workbooks, and what it takes each for."""
    for one in categories:
        names = one.get("name", [])
        yield from ((str(name), SAYS.get(str(one["code"]), str(one["code"]))) for name in (names if isinstance(names, list) else []))


@beside
def test_the_lists_have_the_columns_kinds_and_values_of_the_schema() -> None:
    """A local spelling is taken for what the sector takes it for, or it is asked; of 7,317 seen in real workbooks, 39 are argued (a code that speaks
    for one value before words that speak for another, short breaks as a status of their own)."""
    schema = yaml.safe_load((SHARED / "Annex_A_schema.yml").read_text())["column_map"]
    kinds, right, other, judged = {"date": {"day"}, "numeric": {"count", "age"}, "string": {"key", "text", "postcode"}}, 0, 0, set()
    assert [f"list_{one.number}" for one in LISTS] == list(schema)
    for one in LISTS:
        columns = schema[f"list_{one.number}"]
        assert [column.name for column in one.columns] == list(columns)
        assert {name for pair in one.order for name in pair} <= set(columns)
        for column in one.columns:
            said = columns[column.name]
            kind = next(kind for kind in ("category", *kinds) if kind in said)
            assert column.kind in (VALUES if kind == "category" and column.name != "LA of Placement" else kinds.get(kind, KINDS)), column
            assert column.may_be_blank == (said.get("canbeblank") is not False), column
            if column.kind in VALUES and column.kind not in judged:
                judged.add(column.kind)
                for spelling, meant in spelled(said["category"]):
                    found = value_of(column.kind, spelling)
                    same = found is not None and "".join(found.lower().split()) == "".join(meant.lower().split())
                    right, other = right + same, other + (found is not None and not same)
    assert judged == set(VALUES)
    assert right >= 2_800
    assert other <= 40


HEADINGS = ("{}", " {}", "{}?", "({}))", "‘{}’", "{}\xa0")


@pytest.mark.parametrize("one", LISTS, ids=[one.name for one in LISTS])
def test_a_heading_is_known_however_it_is_written(one: Any) -> None:
    names = [column.name for column in one.columns]
    for how in HEADINGS:
        headings = [how.format(name.upper() if how != "{}" else name).replace("'", "’").replace(" ", "  ") for name in names]
        assert columns_of(one, headings) == dict(zip(names, headings, strict=True))
    assert columns_of(one, ["Shoe size"]) == {}


def test_a_heading_of_its_own_words_counts_before_one_that_is_like_it() -> None:
    assert columns_of(LIST[8], ["Age", "Child ID", "Return interview offered a return interview"])["Age of Child (Years)"] == "Age"
    assert columns_of(LIST[1], ["Date of last contact", "Date of Contact"])["Date of Contact"] == "Date of Contact"
    for sheet, number in (
        ("List 8", 8),
        ("list_10", 10),
        ("Annex A - LIST  3 (referrals)", 3),
        ("List 8.csv", 8),
        ("List 12", None),
        ("Notes", None),
    ):
        assert (one.number if (one := list_of(sheet)) else None) == number


CELLS = [
    # kind, what stands there, what it says, what is asked
    ("day", "2021-02-03", date(2021, 2, 3), ""), ("day", "2021-02-03T00:00:00", date(2021, 2, 3), ""), ("day", "3/2/2021", date(2021, 2, 3), ""),
    ("day", "31/02/2021", None, "“31/02/2021” is no day of the calendar"),
    ("day", "02/25/2021", None, "“02/25/2021” seems to be written with the month first. If so, write 25/02/2021"),
    ("day", "44200", None, "“44200” cannot be read as a date"), ("day", "nan", None, "The cell is blank"),
    ("count", "3.0", 3, ""), ("count", "1.5", None, "“1.5” is no count"), ("count", "-1", None, "“-1” is no count"), ("age", "11.58", 11, ""),
    ("age", "eleven", None, "“eleven” is no age"), ("postcode", "sw1a1aa", "SW1A1AA", ""), ("postcode", "nope", None, "It is no postcode"),
    ("key", "10001.0", "10001", ""), ("key", " ab12\xa0", "AB12", ""), ("key", "#N/A", None, "There is no child's number"),
    ("text", "Ellis\xa0Example", "Ellis\xa0Example", ""), ("gender", "Female", "b) Female", ""), ("gender", "b)\xa0female", "b) Female", ""),
    ("ethnicity", "WBRI - White British", "a) White", ""), ("ethnicity", "g) MWBA", "b) Mixed", ""),
    ("ethnicity", "A4.6 White and Black Caribbean", None, "“A4.6 White and Black Caribbean” is no value that Atlas knows"),
    ("source", "q) 6: Police", "g) Police", ""), ("source", "3 - Police", "g) Police", ""), ("source", "6 - Neighbour", None, "is no value"),
    ("yes_no", "Offered and Accepted", "a) Yes", ""), ("yes_no", "No information", None, "Which of these is it? a) Yes; b) No."),
    ("legal_status", "C2: FCO", "b) Full care orders", ""), ("legal_status", "Special order (E1)", "d) Placement order granted", ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "value", "words"), CELLS)
def test_a_cell_says_what_it_means_or_is_asked(kind: str, text: str, value: object, words: str) -> None:
    said, asked_of = read_cell(Column("Any", kind, False, None), text)
    assert said == value
    assert asked_of.startswith(words) or words in asked_of
    assert bool(asked_of) == bool(words)
    assert kind != "postcode" or text not in asked_of


def lines(number: int, *rows: dict[str, str]) -> list[Line]:
    columns = {column.name: column.name for column in LIST[number].columns}
    return list(lines_of(LIST[number], enumerate(rows, 2), columns, DAY))


def test_rows_are_asked_about_once_and_none_is_dropped() -> None:
    """No number, an end before its start, a day after the workbook's, the same row twice."""
    whole = {
        "Child Unique ID": "1",
        "Gender": "m",
        "Ethnicity": "WBRI",
        "Assessment start date": "02/03/2021",
        "Organisation completing assessment": "A",
    }
    found = lines(
        2, whole, whole, whole | {"Child Unique ID": "-"}, whole | {"Assessment completion date": "01/03/2021"},
        whole | {"Assessment start date": "01/04/2021", "Gender": ""},
    )  # fmt: skip
    assert [line.key for line in found] == ["1", "1", "", "1", "1"]
    assert [[problem.words for problem in line.problems] for line in found] == [
        [], ["It says in every cell what row 2 says. Take one out."], ["There is no child's number, so nobody knows whose row this is. Write it."],
        ["01/03/2021 is earlier than 02/03/2021 (Assessment start date). Correct one of the two dates."],
        ["The cell is blank. Write what it asks for.", "01/04/2021 is after 31/03/2021, for which the workbook was made. Correct the date."],
    ]  # fmt: skip
    assert [(one.count, one.rows) for one in asked([*found, *found])] == [(2, (3, 3)), (2, (4, 4)), (2, (5, 5)), (2, (6, 6)), (2, (6, 6))]


HELD = Held(
    UUID(int=1), date(2010, 5, 1), "F", "MWAS", True,
    {"looked_after": ((date(2019, 1, 1), date(2020, 1, 1)), (date(2020, 1, 2), None)), "child_protection": ((date(2020, 6, 1), date(2020, 9, 1)),)},
    ("C2", date(2019, 8, 1)), {"review": (date(2020, 8, 1),)}, {},
)  # fmt: skip
SAID = {
    "Child Unique ID": "1",
    "Date of Birth": "01/05/2010",
    "Gender": "F",
    "Ethnicity": "b) Mixed",
    "Does the Child have a Disability": "Yes",
}
BESIDE: list[tuple[int, dict[str, str], list[tuple[str, str]]]] = [
    (1, {}, []), (1, {"Date of Birth": "01/05/2011", "Gender": "M", "Ethnicity": "WBRI"},
     [("1 May 2011", "1 May 2010"), ("a) Male", "b) Female"), ("a) White", "b) Mixed")]),
    (1, {"Date of Birth": "", "Gender": "?"}, []), (4, {"Does the Child have a Disability": "n", "Continuous Assessment Start Date": "01/02/2021"},
                                                    [("b) No", "a) Yes"), ("1 February 2021", "nothing of the kind")]),
    (7, {"Child Protection Plan Start Date": "01/06/2020", "Date of latest review conference": "02/08/2020"},
     [("still open", "1 September 2020"), ("2 August 2020", "1 August 2020")]),
    (7, {"Child Protection Plan Start Date": "01/06/2020", "Child Protection Plan End Date": "01/09/2020", "Date of latest review conference": "01/08/2020"}, []),
    (8, {"Date Started to be Looked After": "01/01/2019", "Child's Legal Status": "C2: FCO", "Start date of current legal status": "01/08/2019"}, []),
    (8, {"Date Started to be Looked After": "02/01/2020", "Child's Legal Status": "C1", "Start date of current legal status": "02/08/2019"},
     [("2 January 2020", "from 1 January 2019"), ("a) Interim care orders", "b) Full care orders"), ("2 August 2019", "1 August 2019")]),
    (8, {"Date Started to be Looked After": "01/01/2019", "Date Ceased to be Looked After": "01/01/2020", "Child's Legal Status": "C1"},
     [("1 January 2020", "still open")]),
]  # fmt: skip


@pytest.mark.parametrize(("number", "said", "differs"), BESIDE)
def test_a_row_is_set_beside_what_atlas_holds_where_it_holds_the_same_fact(
    number: int, said: dict[str, str], differs: list[tuple[str, str]]
) -> None:
    found = differences(LIST[number], lines(number, SAID | said), {"1": HELD})
    assert [(one.workbook, one.atlas) for one in found] == differs
    assert differences(LIST[number], lines(number, SAID | said), {"2": HELD}) == []


def test_a_move_within_care_is_no_end_of_it() -> None:
    first, second = (date(2019, 1, 1), date(2020, 1, 1)), (date(2020, 1, 2), date(2020, 2, 1))
    assert joined([second, first]) == [(date(2019, 1, 1), date(2020, 2, 1))]
    assert joined([first, (date(2020, 1, 3), None)]) == [first, (date(2020, 1, 3), None)]
    assert joined([(date(2019, 1, 1), None), second]) == [(date(2019, 1, 1), None)]


@beside
def test_the_sector_s_own_workbook_is_read_whole() -> None:
    """Its 59 rows of 11 lists; the dirt that its makers put in is what is asked, and nothing else."""
    found = lists_read(read(SHARED / "Annex_A_2024_Jan.xlsx"), DAY)
    assert [len(one.lines) for one in found] == [5, 5, 6, 5, 5, 5, 7, 5, 6, 5, 5]
    assert all(not one.beyond for one in found)
    said = {
        (one.of.number, line.row, problem.column, problem.words[:38]) for one in found for line in one.lines for problem in line.problems
    }
    assessed = "Was the child assessed as requiring LA children's social care support?"
    assert said == {(4, row, assessed, "“CS Assessment Updated” is no value th") for row in range(2, 7)} | {
        (6, 2, "Primary Need Code", "“PSRMEM - Support with memory and cogn"), (8, 3, "Placement postcode", "It is no postcode. Write it whole."),
        (8, 4, "Ethnicity", "The cell is blank. Write what it asks "), (8, 5, "Placement postcode", "The cell is blank. Write what it asks "),
        (8, 5, "Date Started to be Looked After", "24/02/2010 is earlier than 13/03/2018 "),
        (10, 5, "Date the Child Entered Care", "24/02/2010 is earlier than 13/03/2018 "),
    }  # fmt: skip


def test_a_workbook_without_lists_or_with_one_twice_is_refused() -> None:
    with pytest.raises(Unreadable, match="none of the lists of Annex A"):
        lists_read([ReadRow("Notes", 2, {"a": "b"})], DAY)
    with pytest.raises(Unreadable, match="Two sheets are list 8: “List 8” and “list 8 old”"):
        lists_read([ReadRow("List 8", 2, {"a": "b"}), ReadRow("list 8 old", 2, {"a": "b"})], DAY)
    [empty] = lists_read([ReadRow("List 8", 1, {})], DAY)
    assert (empty.lines, len(empty.lacks)) == ((), 34)
