"""A return is checked: whatever is odd about its files is said in plain words, and nothing is half read."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from atlas.returns.checking.check import check
from atlas.returns.checking.staging import Given, Problem
from tests.returns.given import checked, episode, file, here

HEAD = "CHILD,DOB,MISSING,MIS_START,MIS_END\n"
ROW = "1,01/05/2010,M,02/05/2024,04/05/2024\n"
XML = (
    "<EXPSSDA903><CHILD><HEADER><CHILDID>1</CHILDID><UPN/><SEX>1</SEX><DOB>01/05/2010</DOB><ETHNIC>WBRI</ETHNIC><UASC>0</UASC>"
    "<AMISSING><MISSING>M</MISSING><MIS_START>02/05/2017</MIS_START><MIS_END>01/05/2017</MIS_END></AMISSING>"
    "<AMISSING><MISSING>A</MISSING><MIS_START>02/06/2017</MIS_START><MIS_END/></AMISSING></HEADER>"
    "<EPISODE><DECOM>01/04/2016</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U4</PL><DEC/></EPISODE></CHILD></EXPSSDA903>"
)
BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><EXPSSDA903><CHILD>&b;</CHILD></EXPSSDA903>'
REFUSED = {
    "a.csv": (b"", "“a.csv” is empty"),
    "b.csv": (b"Name,Born\nEllis,2010\n", "is no table of the return of looked-after children: its headings are Name, Born"),
    "c.csv": (b"CHILD,DOB,MISSING,MIS_START\n1,01/05/2010,M,02/05/2024\n", "lacks the column MIS_END"),
    "d.csv": (
        (HEAD + ROW + "2,01/05/2010,M,02/05/2024,04/05/2024,late\n").encode(),
        "“d.csv”, row 3: more cells than the file has headings",
    ),
    "e.csv": (b"PK\x03\x04 whatever", "a workbook, a zip or a PDF"),
    "f.csv": ((HEAD + '1,01/05/2010,M,"02/05/2024,04/05/2024\n').encode(), "is not a proper CSV file"),
    "g.csv": (b"CHILD,DOB,MISSING,MIS_START,MIS_END,DOB\n", "has the column DOB twice"),
    "h.csv": (b"CHILD,DOB\x00,MISSING", "is no text file"),
    "i.xml": (BOMB.encode(), "declares a document type or entities"),
    "j.xml": (b"<Message><Header/></Message>", "it begins with <Message>, not <EXPSSDA903>"),
    "k.xml": (XML[:200].encode(), "is not whole XML"),
    "l.csv": (b"CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,M,01/05/2010,WBRI,,,\n", "None of these files is the Missing table"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_taken_is_refused_whole_with_what_to_do(tmp_path: Path, name: str) -> None:
    content, words = REFUSED[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Problem, match=words.replace("(", r"\(")):
        here(tmp_path, 2025, [Given(tmp_path / name, name)])


READABLE: dict[str, Callable[[str], bytes]] = {
    "byte order mark": lambda text: ("\ufeff" + text).encode(),
    "Windows": lambda text: (text.replace("CHILD", "Child") + "é2,,,,\n").replace("\n", "\r\n").encode("cp1252"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "quotes and spaces": lambda text: text.replace("MIS_START", '" Mis Start"').replace(",M,", ',"m ",').encode(),
    "a title and blank lines": lambda text: ("Missing return 2025\n\n" + text.replace("\n1,", "\n\n,,,,\n1,")).encode(),
    "no last line end": lambda text: text.rstrip("\n").encode(),
    "cells left out": lambda text: (text + "2,01/05/2010\n").encode(),
}


@pytest.mark.parametrize("how", READABLE)
def test_a_file_is_read_however_it_is_written_and_rows_are_those_of_a_spreadsheet(tmp_path: Path, how: str) -> None:
    text = HEAD + ROW.replace("04/05/2024", "01/05/2024")
    (tmp_path / "m.csv").write_bytes(READABLE[how](text))
    _, rows = here(tmp_path, 2025, [Given(tmp_path / "m.csv", "m.csv")])
    found = {one.rule: one for one in rows if one.child == "1"}
    assert set(found) == {"567"}
    assert found["567"].row == (6 if how.startswith("a title") else 2)
    assert found["567"].words("", "") == "It began on 02/05/2024 and ended on 01/05/2024, which is earlier. Correct one of the two dates."


def test_xml_holds_the_same_tables(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(XML)
    said, found = here(tmp_path, 2018, [Given(tmp_path / "r.xml", "r.xml")])
    assert [(name, rows) for name, _, rows in said["tables"]] == [("Header", 1), ("Episodes", 1), ("Missing", 2)]
    assert [(one.rule, one.row, one.child) for one in found] == [("567", 2, "1")]
    assert not said["questions"]


def test_what_is_odd_about_a_whole_file_is_asked(tmp_path: Path) -> None:
    """Another year's codes and dates, American and ISO dates, codes nobody has seen, columns nobody knows, rows of nobody."""
    header = [["1", "M", "01/05/2010", "WBRI", "", "1.0", ""], ["1", "M", "02/05/2010", "ZZZZ", "", "", ""]]
    missing = [["1", "2010-05-01", "M", "05/25/2024", ""], ["", "01/05/2010", "M", "02/05/2024", "03/05/2024"]]
    done, _ = checked(tmp_path, 2018, {"Header": header, "Missing": missing, "Episodes": [episode("1", "31/02/2024", place="K3")]})
    asked = "\n".join(done["questions"])
    for words in (
        "SEX in the Header table holds “M” in 2 rows. Such a code begins with the collection of 2025. Is this the return of the year to 31 March 2018?",
        "ETHNIC in the Header table holds “ZZZZ” in 1 row. No year's list has that",
        "MOTHER in the Header table holds “1.0” in 1 row. That is a spreadsheet's way to write 1",
        "PLACE in the Episodes table holds “K3” in 1 row. Such a code begins with the collection of 2025",
        "1 of 1 start dates lie in the year to 31 March 2025, but you chose 2018",
        "The Header table gives 1 child two dates of birth", "1 row of the Missing table has no child's number",
        "Dates in the Missing table that seem to be written with the month first, as in America: 1.",
        "Dates in the Missing table that are written with the year first: 1.",
        "Dates in the Episodes table that cannot be read as dd/mm/yyyy: 1.",
    ):  # fmt: skip
        assert words in asked, words
    assert done["skipped"] == {"576": "Missing of last year"}


def test_two_files_of_one_table_and_a_year_without_a_return_are_refused(tmp_path: Path) -> None:
    given = file(tmp_path, "Missing", [])
    with pytest.raises(Problem, match="Two files hold the Missing table"):
        check([given, given], 2025, tmp_path)  # in the checker's own process, as ever but in these tests
    with pytest.raises(Problem, match="Choose a year from 2017 to 2027"):
        check([given], 1999, tmp_path)


def test_check_says_it_by_rule_with_child_and_row_and_writes_a_report_that_runs_nothing(tmp_path: Path) -> None:
    """`manage returns check`."""
    one = file(tmp_path, "Missing", [["=1+1", "01/05/2010", "M", "02/05/2024", "01/05/2024"], ["2", "01/05/2010", "M", "02/05/2024", ""]])
    last = file(tmp_path, "Missing", [["3", "01/05/2010", "M", "02/03/2024", ""]], is_last=True)
    out, report = io.StringIO(), tmp_path / "report.csv"
    call_command("returns", "check", str(one.path), "--year", "2025", "--last", str(last.path), "--report", str(report), stdout=out)
    said = out.getvalue()
    assert "Rule 567: It ended before it began. 1 rows, 1 children.\n  Child =1+1, row 2: It began on 02/05/2024" in said
    assert "Child 3, row 2 of last year's Missing table: Last year's return left a period open that began on 02/03/2024" in said
    assert "Rule INT04 (The child is not in the Header table) was not asked: give the table Header too." in said
    assert "567,It ended before it began,Missing,2,'=1+1,01/05/2010,M," in report.read_text()
    with pytest.raises(CommandError, match="There is no file"):
        call_command("returns", "check", str(tmp_path / "none.csv"), "--year", "2025")
