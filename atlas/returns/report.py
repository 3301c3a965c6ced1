"""What a check found, as a table that can be opened in a spreadsheet and worked through, row by row."""

import csv
from collections.abc import Iterable, Iterator
from typing import Protocol

from atlas.returns.annex_a.found import ListFound
from atlas.returns.layouts import year_of
from atlas.returns.rules import RULE, Finding
from atlas.sharing.exports.files import inert

COLUMNS = ("Rule", "What it is about", "Table", "Row", "CHILD", "DOB", "MISSING", "MIS_START", "MIS_END", "What is wrong, and what to do")
TABLE = {"Missing": "Missing", "Missing_last": "Missing of last year"}


class _Writes(Protocol):
    def write(self, text: str, /) -> object: ...


def days_of(year: int) -> tuple[str, str]:
    """The first and the last day of a collection, as the return writes dates."""
    first, last = year_of(year)
    return f"{first:%d/%m/%Y}", f"{last:%d/%m/%Y}"


def report(out: _Writes, found: Iterable[Finding], year: int) -> None:
    """Write every finding as CSV; no cell is one that a spreadsheet would run."""
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(found, *days_of(year)))


def _rows(found: Iterable[Finding], first_day: str, last_day: str) -> Iterator[list[str]]:
    for one in found:
        cells = (one.child, one.dob, one.type, one.start, one.end, one.words(first_day, last_day))
        yield [one.rule, RULE[one.rule].name, TABLE[one.table], str(one.row), *map(inert, cells)]


ANNEX_COLUMNS = ("List", "Row", "CHILD", "Column", "What is asked, or how the workbook has it", "How Atlas has it")


def annex_report(out: _Writes, lists: Iterable[ListFound]) -> None:
    """Write of a workbook for Ofsted, row by row, what is asked and where Atlas says otherwise; then the children whom no row names."""
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(ANNEX_COLUMNS)
    for one in lists:
        for line in one.read.lines:
            for problem in line.problems:
                writer.writerow([one.read.of.number, line.row, *map(inert, (line.key, problem.column, problem.words, ""))])
        for gap in one.differences:
            writer.writerow([one.read.of.number, gap.row, *map(inert, (gap.key, gap.column, gap.workbook, gap.atlas))])
        for _, key in one.unlisted:
            writer.writerow([one.read.of.number, "", inert(key), "", "No row names this child", "Atlas holds that this list should"])
