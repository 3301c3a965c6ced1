"""The files of a return as tables of a columnar engine: as fast as they are plain, and read with patience where they are not."""

import csv
import io
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from atlas.returns.layouts import CODES, READ, Layout, known_in, named, table_of

LONGEST_CELL, LONGEST_LINE, LOOKED_AT, MOST_COLUMNS = 32_767, 65_536, 65_536, 300
MOST_REJECTED = 20
HERE = Path(__file__).parent
COLUMNS = {  # table -> what the rules call its columns, and how they are made of the file's
    "Header": {"child": "{CHILD}", "dob_text": "{DOB}"},
    "Episodes": {"child": "{CHILD}", "began": "as_day({DECOM})", "ended": "as_day({DEC})"},
    "Missing": {"child": "{CHILD}", "dob_text": "{DOB}", "type": "{MISSING}", "start_text": "{MIS_START}", "end_text": "{MIS_END}"},
}
DATES = {"Header": ("DOB",), "Episodes": ("DECOM", "DEC"), "Missing": ("DOB", "MIS_START", "MIS_END")}


class Problem(Exception):
    """What is wrong with a file, and what to do, in the user's words; nothing of it is then taken."""


@dataclass(frozen=True)
class Given:
    """A file as it was given: where it lies, the sender's name for it, and whether it is last year's."""

    path: Path
    name: str
    is_last: bool = False


@dataclass
class Staged:
    """A table that was read: from which file, how many rows, the columns that no layout has, and the columns that are held."""

    table: str
    file: str
    rows: int | None  # None: no rule looks at it
    unknown: tuple[str, ...] = ()
    held: tuple[str, ...] = field(default=())


def stage_csv(engine: Any, given: Given, year: int, work: Path, held: "set[str]") -> Staged:
    """Read one CSV file into the table that its headings name; `held`: the tables that are read already. Raises Problem."""
    headings, place, is_plain, encoding, delimiter = _look(given)
    found = table_of(headings)
    if found is None:
        raise Problem(
            f"“{given.name}” is no table of the return of looked-after children: its headings are {_listed(headings)}. "
            "Give the files as they are sent to the DfE, for example with CHILD, DOB, MISSING, MIS_START, MIS_END."
        )
    layout, lacks, unknown = found
    if layout.name + ("_last" if given.is_last else "") in held:
        raise Problem(
            f"Two files hold the {layout.name} table; “{given.name}” is the second. Give one of them, or mark last year's as last year's."
        )
    if layout.name not in READ:
        return Staged(layout.name, given.name, None)
    if lacks:
        raise Problem(
            f"“{given.name}” looks like the {layout.name} table, but lacks the column{'s' if len(lacks) > 1 else ''} {_listed(lacks)}. Nothing of it was read. "
            f"Its headings are {_listed(headings)}. Add what is missing, even if it is empty."
        )
    _refuse_twice(given, headings)
    path, offset = given.path, 1
    if not is_plain:
        path, offset = _written_anew(given, work, len(headings), place, encoding, delimiter), place + 1
    rows = _load(engine, given, layout, headings, path, offset, year)
    return Staged(layout.name, given.name, rows, unknown, layout.columns)


def _look(given: Given) -> tuple[list[str], int, bool, str, str]:
    """The headings, in which line they stand, whether the engine can read the file as it is, its encoding and its delimiter."""
    with given.path.open("rb") as file:
        start = file.read(LOOKED_AT)
    if not start.strip():
        raise Problem(f"“{given.name}” is empty. Give the file again.")
    if start[:2] == b"PK" or start[:4] in (b"\xd0\xcf\x11\xe0", b"%PDF"):
        raise Problem(f"“{given.name}” is no text: a workbook, a zip or a PDF. Save the table as CSV (UTF-8), or give the XML file.")
    encoding = _encoding(given, start)
    text = start.decode(encoding, errors="ignore")
    if not text.strip("\ufeff \t\r\n\x00"):
        raise Problem(f"“{given.name}” holds no text. Save it as CSV (UTF-8) and give it again.")
    if "\x00" in text:
        raise Problem(f"“{given.name}” is no text file. Save it as CSV (UTF-8) and give it again.")
    first = text.splitlines()[0]
    delimiter = max(",;\t|", key=first.count)
    lines = [
        [cell.strip() for cell in row]
        for row in csv.reader(io.StringIO(text[: text.rfind("\n") + 1] or text, newline=""), delimiter=delimiter)
    ][:6]
    if max(map(len, lines)) > MOST_COLUMNS:
        raise Problem(
            f"“{given.name}” has more than {MOST_COLUMNS} columns, which no table of the return has. Give the file as it is sent to the DfE."
        )
    place = next((place for place, row in enumerate(lines) if table_of(row)), 0)
    is_plain = place == 0 and encoding == "utf-8" and delimiter == "," and _is_plain(given.path)
    return lines[place], place, is_plain, encoding, delimiter


def _encoding(given: Given, start: bytes) -> str:
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if b"\x00" in start:
        raise Problem(f"“{given.name}” is no text file. Save it as CSV (UTF-8) and give it again.")
    if start[:3] == b"\xef\xbb\xbf":
        return "utf-8-sig"
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as problem:
        if problem.start < len(start) - 4:  # not merely cut within a letter
            return "cp1252"
    return "utf-8"


_ODD_LINE = re.compile(rb"\n[ \t,]*\r?\n|\r(?!\n)")


def _is_plain(path: Path) -> bool:
    """Whether the engine reads it as it is meant: no cell quoted, no line blank, of great length, or ended by a carriage return alone, and no NUL."""
    with path.open("rb") as file:
        tail = b""
        while block := file.read(1 << 20):
            if b'"' in block or b"\x00" in block or _ODD_LINE.search(tail[-64:] + block) or _has_long_line(tail + block):
                return False
            tail = block[-LONGEST_LINE:]
    return True


def _has_long_line(block: bytes) -> bool:
    """Whether a line is longer than any table's: the engine takes the square of its cells to refuse it."""
    start = 0
    while start + LONGEST_LINE < len(block):
        end = block.rfind(b"\n", start, start + LONGEST_LINE)
        if end < 0:
            return True
        start = end + 1
    return False


def _written_anew(given: Given, work: Path, width: int, place: int, encoding: str, delimiter: str) -> Path:
    """The same rows as plain CSV, each in its place, blank ones as such."""
    path = work / f"anew-{abs(hash((given.path, given.is_last)))}.csv"
    csv.field_size_limit(LONGEST_CELL)
    try:
        with given.path.open(encoding=encoding, newline="") as file, path.open("w", encoding="utf-8", newline="") as anew:
            writer, reader = csv.writer(anew, lineterminator="\n"), csv.reader(file, delimiter=delimiter, strict=True)
            for number, row in enumerate(reader):
                if number >= place:
                    if len(row) > width and any(cell.strip() for cell in row[width:]):
                        raise Problem(_too_wide(given, [number + 1]))
                    if any("\x00" in cell for cell in row):
                        raise Problem(
                            f"“{given.name}”, row {number + 1}: characters that are no text. Save the file as CSV (UTF-8) and give it again."
                        )
                    writer.writerow([*row[:width], *[""] * (width - len(row))])
    except UnicodeError as problem:
        raise Problem(_mixed(given)) from problem
    except csv.Error as problem:
        raise Problem(f"“{given.name}” is not a proper CSV file ({problem}). Save it again as CSV (UTF-8).") from problem
    return path


def _mixed(given: Given) -> str:
    return f"“{given.name}” mixes ways of writing letters. Save it as CSV (UTF-8) and give it again."


def _too_wide(given: Given, rows: list[int]) -> str:
    return (
        f"“{given.name}”, row{'s' if len(rows) > 1 else ''} {', '.join(map(str, rows))}: more cells than the file has headings, so a cell stands in a "
        "wrong column. Nothing of the file was read. Look for a comma inside a cell, and put quotes round that cell."
    )


def _load(engine: Any, given: Given, layout: Layout, headings: list[str], path: Path, offset: int, year: int) -> int:
    """Read the columns that the rules need, and the codes that are odd. A row too wide refuses the file, by its number."""
    places = {named(heading): f"c{place}" for place, heading in enumerate(headings)}
    table = f"{layout.name.lower()}{'_last' if given.is_last else ''}"
    wide = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(headings)))
    text = {column: f"upper(trim(coalesce({place}, ''), ' \t\xa0'))" for column, place in places.items() if column in layout.columns}
    chosen = ", ".join(f"{made.format(**text)} AS {name}" for name, made in COLUMNS[layout.name].items())
    odd = [
        f"CASE WHEN {text[name]} <> '' AND as_day({text[name]}) IS NULL THEN '{name}=' || {text[name]} END" for name in DATES[layout.name]
    ]
    if not given.is_last:
        odd += [_odd(places[column], column, year) for column in coded(layout) if column != "MISSING"]  # which rule 1006 asks
    chosen += f", concat_ws(chr(10), {', '.join(odd)}) AS odd"
    source = (
        f"read_csv(?, columns={{{wide}}}, auto_detect=false, header=false, skip=1, delim=',', quote='\"', escape='\"', null_padding=true, "
        f"parallel=false, store_rejects=true, rejects_limit={MOST_REJECTED}, rejects_table='{table}_rejected', rejects_scan='{table}_scanned')"
    )
    blank = " AND ".join(f"coalesce({place}, '') = ''" for column, place in places.items() if column in layout.columns)
    numbered = f"SELECT row_number() OVER () + {offset} AS row, * FROM {source}"
    try:
        engine.execute(f"CREATE TABLE {table} AS SELECT row, {chosen} FROM ({numbered}) WHERE NOT ({blank})", [str(path)])
    except sys.modules["duckdb"].Error as problem:  # only the checker's own process has loaded the engine
        said = str(problem).split("\n")[0]
        raise Problem(f"“{given.name}” is not a proper CSV file ({said}). Save it again as CSV (UTF-8).") from problem
    rejected = engine.execute(f"SELECT line, error_type::VARCHAR FROM {table}_rejected ORDER BY line LIMIT {MOST_REJECTED}").fetchall()
    if any("UNICODE" in kind or "ENCODING" in kind for _, kind in rejected):
        raise Problem(_mixed(given))
    if rejected:
        raise Problem(_too_wide(given, sorted({line + offset - 1 for line, _ in rejected})))
    engine.execute(
        f"CREATE TABLE {table}_odd AS SELECT unnest(string_split(odd, chr(10))) AS said, count(*) AS rows FROM {table} WHERE odd <> '' GROUP BY 1"
    )
    return int(engine.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _odd(place: str, column: str, year: int) -> str:
    """A code that this year's list does not have, with its column; nothing else of the column is kept."""
    known = ", ".join(f"'{code}'" for code in sorted(known_in(column, year)))
    return f"CASE WHEN {place} NOT IN ({known}, '') THEN '{column}=' || {place} END"


def coded(layout: Layout) -> tuple[str, ...]:
    """The columns of a table that hold a code."""
    return tuple(column for column in layout.columns if column in CODES)


def begin(engine: Any) -> None:
    """What every table is read with."""
    engine.execute((HERE / "dates.sql").read_text())


def judge(engine: Any, held: "set[str]", first_day: str, last_day: str) -> None:
    """Let the rules judge what was read; what was not given stands empty, and rules that need it are not asked."""
    for name in sorted({*READ, "Missing_last"} - held):
        kinds = {"began": "DATE", "ended": "DATE", "row": "BIGINT"}
        columns = ", ".join(f"{column} {kinds.get(column, 'VARCHAR')}" for column in ["row", *COLUMNS[name.removesuffix("_last")], "odd"])
        engine.execute(f"CREATE TABLE {name.lower()} ({columns})")
    engine.execute(f"SET VARIABLE first_day = DATE '{first_day}'; SET VARIABLE last_day = DATE '{last_day}'")
    engine.execute((HERE / "missing_rules.sql").read_text())


def _refuse_twice(given: Given, headings: list[str]) -> None:
    names = [named(heading) for heading in headings]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise Problem(f"“{given.name}” has the column {_listed(twice)} twice. Take one out.")


def _listed(names: Iterable[str]) -> str:
    shown = [name[:40] for name in names if name][:16]
    return ", ".join(shown) or "(none)"


def plain_csv(work: Path, name: str, columns: tuple[str, ...], rows: Iterator[list[str]]) -> Path:
    """Rows as plain CSV, for the engine."""
    path = work / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    return path
