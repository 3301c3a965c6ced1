"""Moments: when something happened, and how exactly that is known. A date is never read as midnight.

Stored as UTC instants; staff write and read London time.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from atlas.gate.days import day_of

LONDON = ZoneInfo("Europe/London")
ABOUT = timedelta(minutes=30)
YEARS = range(1900, 2101)
_WRITTEN = re.compile(r"^(\d{1,2}) ([A-Za-z]+) (\d{4})(?: (\d{1,2}):(\d{2}) ?(BST|GMT|Z|[+-]\d{2}:\d{2})?)?$", re.ASCII)
_ISO = re.compile(r"^(?:\d{4}-\d\d-\d\d|\d{8}|\d{4}-W\d\d-\d|\d{4}W\d{3})(?P<time>[Tt ].+)?$", re.ASCII)
_ZONES = {"BST": "+01:00", "GMT": "+00:00", "Z": "+00:00"}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Precision(StrEnum):
    """How exactly a moment is known: to the minute; give or take half an hour; the day only; not at all."""

    MINUTE = "minute"
    ABOUT = "about"
    DATE = "date"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Moment:
    """A moment as it is known. `at` is an aware instant (for a date, the day's first in London); None when not known at all."""

    at: datetime | None
    precision: Precision = Precision.MINUTE

    def __post_init__(self) -> None:
        if self.at is not None and self.at.tzinfo is None:
            raise ValueError("A moment needs its time zone.")

    @classmethod
    def on(cls, day: date) -> "Moment":
        """A day whose time is not known."""
        return cls(start_of_day(day), Precision.DATE)

    @property
    def day(self) -> date | None:
        """The day in London."""
        return day_of(self.at) if self.at else None

    @property
    def earliest(self) -> datetime | None:
        """The earliest instant that it can have been (UTC)."""
        if self.at is None or self.precision == Precision.UNKNOWN:
            return None
        if self.precision == Precision.DATE:
            return start_of_day(day_of(self.at))
        return both_readings(self.at)[0] - ABOUT if self.precision == Precision.ABOUT else self.at

    @property
    def latest(self) -> datetime | None:
        """The latest instant that it can have been (UTC); for a day, its last second in London."""
        if self.at is None or self.precision == Precision.UNKNOWN:
            return None
        if self.precision == Precision.DATE:
            return end_of_day(day_of(self.at))
        return both_readings(self.at)[1] + ABOUT if self.precision == Precision.ABOUT else self.at

    def words(self) -> str:
        """As staff read it: "2 May 2025 14:00", "about 2 May 2025 14:00", "2 May 2025, time not known", "not known"."""
        if self.at is None or self.precision == Precision.UNKNOWN:
            return "not known"
        if self.precision == Precision.DATE:
            return f"{day_words(day_of(self.at))}, time not known"
        if self.precision == Precision.ABOUT:
            return f"about {when_words(self.at).removesuffix(' BST').removesuffix(' GMT')}"
        return when_words(self.at)


@lru_cache(maxsize=8192)
def when_words(at: datetime) -> str:
    """An instant in London time, as staff write it: "2 May 2025 14:00". In the hour that October shows twice it says which:
    "26 October 2025 01:30 BST" (the first) or "26 October 2025 01:30 GMT" (the second).
    """
    local, (first, second) = at.astimezone(LONDON), both_readings(at)
    return f"{day_words(local.date())} {local:%H:%M}{f' {local:%Z}' if first != second else ''}"


def day_words(day: date) -> str:
    """A day as staff write it: "2 May 2025"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def start_of_day(day: date) -> datetime:
    """The first second of a day in London (UTC)."""
    return datetime.combine(day, time(0), LONDON).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The last second of a day in London (UTC)."""
    return datetime.combine(day, time(23, 59, 59), LONDON).astimezone(UTC)


def both_readings(at: datetime) -> tuple[datetime, datetime]:
    """The two instants (UTC) that London clocks show as they show this one: the same twice, but for an hour in October."""
    local = at.astimezone(LONDON)
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second


def in_london(local: datetime) -> datetime:
    """The instant (UTC) of a London wall time without zone.

    Raises ValueError, in the user's words, for a time that the clock skips in March or shows twice in October.
    """
    first, second = (local.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    day = day_words(local.date())
    if first.astimezone(LONDON).replace(tzinfo=None) != local:
        raise ValueError(f"There was no {local:%H:%M} on {day}: the clocks went forward from 01:00 to 02:00. Check the time.")
    raise ValueError(
        f"{local:%H:%M} on {day} came twice, because the clocks went back. "
        f"Write it as {local:%H:%M}+01:00 (the first) or {local:%H:%M}+00:00 (the second)."
    )


def written(text: str) -> Moment:
    """Read a moment as staff write it: "2 May 2025 14:00", or "2 May 2025" where only the day is known.

    A time may end in an offset or a name ("+01:00", "BST", "GMT"), which the hour that October shows twice needs.
    Raises ValueError with a sentence that says what to do.
    """
    match = _WRITTEN.match(text.strip())
    if match is None:
        raise ValueError(f"“{text}” is not a date. Write it as 2 May 2025 14:00, or 2 May 2025 where the time is not known.")
    number, month, year, hour, minute, zone = match.groups()
    names = [name for name in MONTHS if name.lower().startswith(month.lower()) and len(month) >= 3]
    if len(names) != 1:
        raise ValueError(f"“{month}” is not a month. Write it as in 2 May 2025.")
    day = f"{year}-{MONTHS.index(names[0]) + 1:02}-{int(number):02}"
    try:
        return from_iso(day if hour is None else f"{day}T{int(hour):02}:{minute}{_ZONES.get(zone or '', zone or '')}")
    except _NoSuchTimeError:
        raise ValueError(f"There is no “{text}”. Check the day and the time.") from None


class _NoSuchTimeError(ValueError):
    """No calendar has this date and time."""


def from_iso(text: str) -> Moment:
    """Read ISO 8601. Without an offset it is London time; a date alone, in any of its forms, is a day whose time is not known.

    Raises ValueError, in words, for what is no date, for a year that cannot be meant, and for a London time without offset
    that is ambiguous or does not exist.
    """
    match = _ISO.match(text := text.strip())
    try:
        if match is None:
            raise ValueError
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise _NoSuchTimeError(
            f"“{text}” is not a date and time. Write it as 2025-05-02T14:00, or 2025-05-02 where the time is not known."
        ) from None
    if instant.year not in YEARS:
        raise ValueError(f"The year of “{text}” cannot be right. Check the date.")
    if match["time"] is None:
        return Moment.on(instant.date())
    return Moment(in_london(instant) if instant.tzinfo is None else instant.astimezone(UTC))


def typed(local: datetime | None, precision: str) -> Moment:
    """A moment from a form: London wall time, and how exact it is. Raises ValueError, in words, for a time of the change night."""
    if local is None:
        return Moment(None, Precision.UNKNOWN)
    if precision == Precision.DATE:
        return Moment.on(local.date())
    first, second = (local.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first != second and precision == Precision.ABOUT:
        return Moment(first, Precision.ABOUT)
    if first < second:
        raise ValueError(f"{local:%H:%M} on {day_words(local.date())} came twice, because the clocks went back. Choose “About then”.")
    return Moment(in_london(local), Precision(precision))
