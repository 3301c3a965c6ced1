"""What is odd about the files as a whole, asked in plain words before a rule is: another year's codes or dates, dates written another way."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from atlas.returns.checking.staging import DATES, Staged
from atlas.returns.layouts import CODES, LAYOUT, READ, collection_of, known_in

SHOWN, MOST_ODD = 12, 1_000


def questions(engine: Any, staged: Mapping[str, Staged], year: int) -> Iterator[str]:
    """Each question once, with how many rows it is about."""
    for one in staged.values():
        if one.unknown:
            yield (
                f"“{one.file}” has columns that the {one.table} table does not have: {', '.join(name[:40] for name in one.unknown[:SHOWN])}. "
                "They were not read. Is this the file that you send?"
            )
        if (since := LAYOUT[one.table].since) > year:
            yield f"“{one.file}” is the {one.table} table, which only begins with the collection of {since}. Is this the return of the year to 31 March {year}?"
    if "Missing" in staged:
        yield from _year(engine, year)
    yield from _twice(engine)
    for name in [name for name in (*READ, "Missing_last") if name in staged]:
        odd = engine.execute(f"SELECT said, rows FROM {name.lower()}_odd ORDER BY rows DESC, said LIMIT {MOST_ODD}").fetchall()
        found = [(*said.partition("=")[::2], rows) for said, rows in odd]
        yield from _codes(name, [one for one in found if one[0] in CODES], year)
        yield from _dates(engine, name)


def _codes(name: str, found: "list[tuple[str, str, int]]", year: int) -> Iterator[str]:
    """Codes that this year's lists do not have: those of one column that are odd in one way are asked about together."""
    asked: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for column, code, rows in found:
        asked.setdefault((column, _how_odd(column, code, year)), []).append((code[:40], rows))
    for (column, how), codes in asked.items():
        held = ", ".join(f"“{code}”" for code, _ in codes[:SHOWN]) + (" and others" if len(codes) > SHOWN else "")
        yield f"{column} in the {name} table holds {held} in {_rows(sum(rows for _, rows in codes))}. {how}"


def _how_odd(column: str, code: str, year: int) -> str:
    if code in CODES[column]:
        first, last = CODES[column][code]
        when = f"begins with the collection of {first}" if first > year else f"ended with the collection of {last}"
        return f"Such a code {when}. Is this the return of the year to 31 March {year}?"
    if code.removesuffix(".0") in known_in(column, year):
        return f"That is a spreadsheet's way to write {code.removesuffix('.0')}. Format the column as text, and save it again."
    return "No year's list has that. Correct it, or ask whoever made the file what it means."


def _year(engine: Any, year: int) -> Iterator[str]:
    days = engine.execute("SELECT began, count(*) FROM period WHERE began IS NOT NULL GROUP BY 1").fetchall()
    by_year: dict[int, int] = {}
    for day, count in days:
        held = collection_of(day if isinstance(day, date) else date.fromisoformat(str(day)))
        by_year[held] = by_year.get(held, 0) + count
    total = sum(by_year.values())
    most = max(by_year, key=lambda held: by_year[held], default=year)
    if most != year and by_year[most] > total / 2:
        yield f"{by_year[most]} of {total} start dates lie in the year to 31 March {most}, but you chose {year}. Is this the right file, and the right year?"


def _twice(engine: Any) -> Iterator[str]:
    count = engine.execute("SELECT count(*) FROM births WHERE born_first <> born_last").fetchone()[0]
    if count:
        yield f"The Header table gives {_children(count)} two dates of birth. Find out which is right."
    count = engine.execute("SELECT count(*) FROM period WHERE child = ''").fetchone()[0]
    if count:
        yield f"{_rows(count).capitalize()} of the Missing table {'has' if count == 1 else 'have'} no child's number. Whose are they?"


def _dates(engine: Any, name: str) -> Iterator[str]:
    found = dict(
        engine.execute(
            f"SELECT how_written(split_part(said, '=', 2)), sum(rows) FROM {name.lower()}_odd WHERE split_part(said, '=', 1) IN ? GROUP BY 1",
            [list(DATES[name.removesuffix("_last")])],
        ).fetchall()
    )
    title = "last year's Missing table" if name.endswith("_last") else f"the {name} table"
    if found.get("month_first"):
        yield (
            f"Dates in {title} that seem to be written with the month first, as in America: {found['month_first']}. Then others, such as 04/05/2018, may be too, "
            "and nobody can tell by looking. Make the file again with dates as dd/mm/yyyy."
        )
    if found.get("year_first"):
        yield f"Dates in {title} that are written with the year first: {found['year_first']}. Make the file again with dates as dd/mm/yyyy."
    rest = sum(count for how, count in found.items() if how in ("impossible", "unread"))
    if rest and name != "Missing":
        yield f"Dates in {title} that cannot be read as dd/mm/yyyy: {rest}. The rules go by the others."


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _children(count: int) -> str:
    return "1 child" if count == 1 else f"{count:,} children"
