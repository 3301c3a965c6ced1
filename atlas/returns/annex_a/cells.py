"""The rows of one list of Annex A, read: what each cell says, and what of it cannot be read, in the words of whoever must put it right. Pure.

A row is never dropped: one that nobody can name or read is set aside with its reason, and the rest of it stands.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from atlas.returns.annex_a.lists import AnnexList, Column, plain
from atlas.returns.annex_a.values import VALUES, value_of

Value = str | int | date | None
NOTHING = {"", "#n/a", "n/a", "na", "nan", "null", "-", "not applicable", "#value!", "#ref!", "<blank>"}
DECLINED = re.compile(r"offered and dec[a-z]+ \(by yp\)")  # the pipeline's own word: offered, and not accepted
POSTCODE = re.compile(r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}")
ISO, ENGLISH = re.compile(r"(\d{4})-(\d\d)-(\d\d)(t[\d:.]+)?"), re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})( [\d:]+)?")
# What is never repeated on a page of findings: where a child lives.
UNSAID = {"postcode"}


@dataclass(frozen=True)
class Problem:
    """What is to be asked of one cell: the column, and the sentence."""

    column: str
    words: str


@dataclass(frozen=True)
class Line:
    """One row of a list: whose it is, what its columns say (None: nothing that can be read), and what is to be asked."""

    row: int
    key: str
    said: Mapping[str, Value]
    problems: tuple[Problem, ...]


def lines_of(held: AnnexList, rows: Iterable[tuple[int, Mapping[str, str]]], columns: Mapping[str, str], until: date) -> Iterator[Line]:
    """The rows of one list. `columns`: by column, its heading; `until`: the day for which the workbook was made."""
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    for row, cells in rows:
        line = _line(held, row, cells, columns, until)
        same = seen.setdefault(tuple(sorted(cells.items())), row)
        if same != row:
            line = Line(
                line.row,
                line.key,
                line.said,
                (Problem(held.key, f"It says in every cell what row {same} says. Take one out."), *line.problems),
            )
        yield line


def _line(held: AnnexList, row: int, cells: Mapping[str, str], columns: Mapping[str, str], until: date) -> Line:
    said: dict[str, Value] = {}
    problems = []
    for column in held.columns:
        if column.name not in columns:
            continue
        said[column.name], words = read_cell(column, cells.get(columns[column.name], ""))
        if words:
            problems.append(Problem(column.name, words))
        day = said[column.name]
        if isinstance(day, date) and day > until:
            problems.append(
                Problem(column.name, f"{day:%d/%m/%Y} is after {until:%d/%m/%Y}, for which the workbook was made. Correct the date.")
            )
    for first, second in held.order:
        earlier, later = said.get(first), said.get(second)
        if isinstance(earlier, date) and isinstance(later, date) and later < earlier:
            problems.append(
                Problem(second, f"{later:%d/%m/%Y} is earlier than {earlier:%d/%m/%Y} ({first}). Correct one of the two dates.")
            )
    return Line(row, str(said.get(held.key) or ""), said, tuple(problems))


def read_cell(column: Column, text: str) -> tuple[Value, str]:
    """What a cell says, and what is to be asked: (value, ""), or (None, a sentence). A cell that may be blank, and is, is (None, "")."""
    said = plain(text)
    if said in NOTHING:
        blank = (
            "There is no child's number, so nobody knows whose row this is. Write it."
            if column.kind == "key"
            else "The cell is blank. Write what it asks for."
        )
        return None, "" if column.may_be_blank else blank
    if column.kind in VALUES:
        if DECLINED.fullmatch(said):
            said = "yes" if "offered" in column.name else "no"
        return _known(column.kind, said, text)
    return READ[column.kind](said, text)


def _known(kind: str, said: str, text: str) -> tuple[Value, str]:
    value = value_of(kind, said)
    known = "; ".join(VALUES[kind])
    return value, "" if value else f"“{text.strip()[:60]}” is no value that Atlas knows. Which of these is it? {known}."


def _key(said: str, text: str) -> tuple[Value, str]:
    return said.upper().removesuffix(".0"), ""


def _text(said: str, text: str) -> tuple[Value, str]:
    return text.strip(), ""


def _count(said: str, text: str) -> tuple[Value, str]:
    value = _number(said)
    if value is None or value != int(value):
        return None, f"“{text.strip()[:40]}” is no count. Write a whole number: 0, 1, 2 …"
    return int(value), ""


def _age(said: str, text: str) -> tuple[Value, str]:
    value = _number(said)
    return (None, f"“{text.strip()[:40]}” is no age. Write it in whole years.") if value is None else (int(value), "")


def _number(said: str) -> float | None:
    return float(said) if re.fullmatch(r"\d{1,9}(\.\d+)?", said) else None


def _postcode(said: str, text: str) -> tuple[Value, str]:
    return (said.upper(), "") if POSTCODE.fullmatch(said) else (None, "It is no postcode. Write it whole.")


def _day(said: str, text: str) -> tuple[Value, str]:
    said, shown = said.replace(" 00:00:00", ""), text.strip()[:40]
    if found := ISO.fullmatch(said):
        year, month, day = (int(part) for part in found.groups()[:3])
    elif found := ENGLISH.fullmatch(said):
        day, month, year = (int(part) for part in found.groups()[:3])
    else:
        return None, f"“{shown}” cannot be read as a date. Write it as dd/mm/yyyy."
    if value := _date(year, month, day):
        return value, ""
    other = _date(year, day, month)
    if other:
        return None, f"“{shown}” seems to be written with the month first. If so, write {other:%d/%m/%Y}."
    return None, f"“{shown}” is no day of the calendar. Write the right day as dd/mm/yyyy."


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


READ = {"key": _key, "text": _text, "count": _count, "age": _age, "postcode": _postcode, "day": _day}
