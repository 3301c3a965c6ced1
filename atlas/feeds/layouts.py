"""What a partner's table looks like: its columns and what each may hold; and the cleaning of one row, fault by fault."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any


class Holds(StrEnum):
    """What a column may hold."""

    TEXT = "text"
    DAY = "day"
    TIME = "time"  # a date, or a date and time
    CODE = "code"  # one of a list, through the mapping of local codes


@dataclass(frozen=True)
class Column:
    """One column of a partner's table. `codes`: the name of the list of a CODE column; `item`: the reference in the specification."""

    name: str
    holds: Holds = Holds.TEXT
    is_required: bool = False
    codes: str = ""
    item: str = ""


@dataclass(frozen=True)
class Table:
    """A partner's table: its name, the column that is its key, its columns."""

    name: str
    key: str
    columns: tuple[Column, ...]


@dataclass
class Cleaned:
    """A row after cleaning: values by column, faults in words, and codes of which nobody has said what they mean."""

    values: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)


LONGEST_CODE = 200  # characters; what is longer is no code, and nobody is asked what it means
DAY_SHAPES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d %b %Y", "%d %B %Y", "%d/%m/%y", "%d.%m.%Y")
CLOCK = re.compile(r"[T ](\d{1,2}:\d{2})(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")


def read_day(text: str) -> date | None:
    """A day in any of the shapes that partners use; None where it is none."""
    for shape in DAY_SHAPES:
        try:
            return datetime.strptime(text.strip(), shape).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    return None


def time_of(text: str) -> str | None:
    """A date ("2025-05-02") or a date and time ("2025-05-02T14:00") in ISO 8601, from any shape; None where it is neither.

    Midnight to the second, as systems write a date without a time, is read as the date alone.
    """
    clock = CLOCK.search(text.strip())
    day = read_day(text.strip()[: clock.start()] if clock else text)
    if day is None:
        return None
    if clock is None or (clock[1] in ("00:00", "0:00") and clock[2] in (":00", ":00.000", ":00.0")):
        return day.isoformat()
    return f"{day.isoformat()}T{clock[1].zfill(5)}{clock[4] or ''}"


def clean(table: Table, cells: dict[str, str], meaning_of: Callable[[str, str], str | None]) -> Cleaned:
    """Clean one row. Each fault names the column, what was there and what is expected; nothing is guessed.

    `meaning_of(list, code)`: what a local code means, or None where nobody has said.
    """
    cleaned = Cleaned()
    for column in table.columns:
        text = cells.get(column.name, "").strip()
        if text.upper() in ("NULL", "#N/A", "N/K"):
            text = ""
        if not text:
            if column.is_required:
                cleaned.faults.append(f"{column.name} is empty, and is needed.")
            continue
        cleaned.values[column.name] = _value(column, text, meaning_of, cleaned)
    return cleaned


def _value(column: Column, text: str, meaning_of: Callable[[str, str], str | None], cleaned: Cleaned) -> str:
    if column.holds is Holds.DAY:
        day = read_day(text[:10]) or read_day(text)
        if day is None:
            cleaned.faults.append(f"{column.name} is “{text}”, which is not a date. It should look like 27/03/2011.")
        return day.isoformat() if day else ""
    if column.holds is Holds.TIME:
        time = time_of(text)
        if time is None:
            cleaned.faults.append(f"{column.name} is “{text}”, which is not a date or time. It should look like 27/03/2026 14:05.")
        return time or ""
    if column.holds is Holds.CODE:
        meaning = meaning_of(column.codes, text)
        if meaning is None and len(text) > LONGEST_CODE:
            cleaned.faults.append(f"{column.name} begins “{text[:40]}” and goes on for {len(text):,} characters: no code is so long.")
        elif meaning is None:
            cleaned.unknown.append((column.codes, text))
        return meaning or ""
    return text


def meaning(values: dict[str, Any]) -> str:
    """The fingerprint of what a row means: the same whatever the order, the spelling of dates or the bytes of the file."""
    return sha256(repr(sorted(values.items())).encode()).hexdigest()
