"""`manage clocks`: one question, many as CSV, and the list."""

import csv
import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from atlas.clocks.management.commands.clocks import COLUMNS
from tests.clocks.test_change_bank_holiday import change
from tests.clocks.test_set_local_limit import set_limit

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("clocks", *words, stdout=out)
    return out.getvalue()


def ask(monkeypatch: pytest.MonkeyPatch, sheet: str | bytes) -> list[dict[str, str]]:
    """The answers to a sheet on standard input."""
    raw = sheet.encode() if isinstance(sheet, str) else sheet
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8", newline=""))
    return list(csv.DictReader(io.StringIO(run("due"))))


def test_one_question_is_answered_and_explained() -> None:
    words = run("due", "return_interview", "2025-10-25T14:00")
    assert words.startswith("due 28 October 2025 13:00 London time (2025-10-28T13:00:00Z)\n")
    assert "statutory guidance" in words
    assert "clocks went back on 26 October 2025" in words
    assert "due between 5 May 2025 00:00 and 5 May 2025 23:59" in run("due", "return_interview", "2025-05-02")


def test_many_are_answered_and_a_bad_row_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ask(monkeypatch, "\n".join((
        "\ufeffkey,start,note", "return_interview,2025-10-25T14:00,x", "return_interview,2025-10-25T13:00Z,", "return_interview,2025-05-02,",
        "return_interview,2025-10-26T01:30,", "return_interview,2026-03-29T01:30,", "nothing,2025-05-02,", "return_interview", "=1+1,2025-05-02T10:00",
        "return_interview,2013-12-31,", "interview_shared,2040-12-31T10:00,", '"return_interview",2025-05-02T14:00,',
    )))  # fmt: skip
    assert tuple(rows[0]) == COLUMNS
    assert rows[0] == {
        "key": "return_interview", "start": "2025-10-25T14:00", "due_utc": "2025-10-28T13:00:00Z", "due_london": "2025-10-28T13:00:00+00:00",
        "rule": "return_interview@2014-01-17:72-hours", "error": "",
    }  # fmt: skip
    assert rows[1]["due_utc"] == rows[0]["due_utc"]
    assert rows[2]["due_utc"] == "2025-05-04T23:00:00Z/2025-05-05T22:59:59Z"
    assert rows[2]["due_london"] == "2025-05-05T00:00:00+01:00/2025-05-05T23:59:59+01:00"
    words = (
        "came twice",
        "There was no 01:30",
        "no time limit “nothing”",
        "is not a date",
        "no time limit “=1+1”",
        "in force on",
        "are not known",
    )
    for row, expected in zip(rows[3:10], words, strict=True):
        assert expected in row["error"]
        assert (row["due_utc"], row["due_london"], row["rule"]) == ("", "", "")
    assert rows[7]["key"] == "'=1+1"
    assert rows[10]["due_london"] == "2025-05-05T14:00:00+01:00"


@pytest.mark.parametrize(
    ("sheet", "words"), [("", "must name the columns"), ("a,b\n1,2\n", "must name the columns"), (b"key,start\n\xff\xfe,1\n", "UTF-8")]
)
def test_what_is_no_sheet_is_refused(monkeypatch: pytest.MonkeyPatch, sheet: str | bytes, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        ask(monkeypatch, sheet)


def test_one_question_that_cannot_be_answered_says_why() -> None:
    for words, why in (
        (("return_interview",), "Give the start"),
        (("return_interview", "2025-10-26T01:30"), "came twice"),
        (("x", "2025-05-02"), "no time limit"),
        (("return_interview", "2025-05-02", "--authority", "X"), "no authority with the code “X”"),
    ):
        with pytest.raises(CommandError, match=why):
            run("due", *words)


def test_the_list_shows_every_rule_with_its_source() -> None:
    rows = {row["key"]: row for row in csv.DictReader(io.StringIO(run("list")))}
    assert rows["return_interview"]["allowed"] == "72 hours"
    assert rows["return_interview"]["rank"] == "statutory guidance"
    assert "DfE, January 2014" in rows["return_interview"]["source"]


def test_an_authority_s_own_limit_answers_where_it_is_asked_for_and_stands_in_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    local = set_limit()
    code = local.authority.code
    words = run("due", "return_interview", "2026-05-06T09:00", "--authority", code)
    assert words.startswith("due 8 May 2026 09:00")
    assert "Fernleigh allows 48 hours" in words
    assert words.endswith(f"Rule return_interview@2026-05-06:48-hours:{code}\n")
    assert run("due", "return_interview", "2026-05-05T23:59", "--authority", code).startswith("due 8 May 2026 23:59")
    assert run("due", "return_interview", "2026-05-06T09:00").startswith("due 9 May 2026 09:00")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"key,start\nreturn_interview,2026-05-06T09:00\n"), encoding="utf-8"))
    assert "2026-05-08T09:00:00+01:00" in run("due", "--authority", code)
    rows = [row for row in csv.DictReader(io.StringIO(run("list"))) if row["key"] == "return_interview"]
    assert [(row["authority"], row["allowed"], row["rank"], row["valid_from"]) for row in rows] == [
        ("", "72 hours", "statutory guidance", "2014-01-17"),
        (code, "48 hours", "local", "2026-05-06"),
    ]


def test_a_changed_bank_holiday_is_counted() -> None:
    assert run("due", "interview_shared", "2026-05-08T10:00").startswith("due 12 May 2026 23:59")
    change(date(2026, 5, 11))
    assert run("due", "interview_shared", "2026-05-08T10:00").startswith("due 13 May 2026 23:59")
