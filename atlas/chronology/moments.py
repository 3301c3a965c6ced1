"""Moments: when something happened, and how exactly that is known. A date is never read as midnight.

Stored as UTC instants; staff write and read London time.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
ABOUT = timedelta(minutes=30)
_WRITTEN = re.compile(r"^(\d{1,2}) ([A-Za-z]+) (\d{4})(?: (\d{1,2}):(\d{2}))?$")
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
        return cls(datetime.combine(day, time(0), LONDON).astimezone(UTC), Precision.DATE)

    @property
    def day(self) -> date | None:
        """The day in London."""
        return self.at.astimezone(LONDON).date() if self.at else None

    @property
    def earliest(self) -> datetime | None:
        """The earliest instant that it can have been (UTC)."""
        if self.at is None or self.precision == Precision.UNKNOWN:
            return None
        return self.at - ABOUT if self.precision == Precision.ABOUT else self.at

    @property
    def latest(self) -> datetime | None:
        """The latest instant that it can have been (UTC); for a day, its last second in London."""
        if self.at is None or self.precision == Precision.UNKNOWN:
            return None
        if self.precision == Precision.DATE:
            return end_of_day(self.at.astimezone(LONDON).date())
        return self.at + ABOUT if self.precision == Precision.ABOUT else self.at

    def words(self) -> str:
        """As staff read it: "2 May 2025 14:00", "about 2 May 2025 14:00", "2 May 2025, time not known", "not known"."""
        if self.at is None or self.precision == Precision.UNKNOWN:
            return "not known"
        if self.precision == Precision.DATE:
            return f"{day_words(self.at.astimezone(LONDON).date())}, time not known"
        return ("about " if self.precision == Precision.ABOUT else "") + when_words(self.at)


def when_words(at: datetime) -> str:
    """An instant in London time, as staff write it: "2 May 2025 14:00"."""
    local = at.astimezone(LONDON)
    return f"{day_words(local.date())} {local:%H:%M}"


def day_words(day: date) -> str:
    """A day as staff write it: "2 May 2025"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def end_of_day(day: date) -> datetime:
    """The last second of a day in London (UTC)."""
    return datetime.combine(day, time(23, 59, 59), LONDON).astimezone(UTC)


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
        f"{local:%H:%M} on {day} came twice, because the clocks went back. Write it as {local:%H:%M}+01:00 (the first) or {local:%H:%M}+00:00 (the second)."
    )


def written(text: str) -> Moment:
    """Read a moment as staff write it: "2 May 2025 14:00", or "2 May 2025" where only the day is known.

    Raises ValueError with a sentence that says what to do.
    """
    match = _WRITTEN.match(text.strip())
    if match is None:
        raise ValueError(f"“{text}” is not a date. Write it as 2 May 2025 14:00, or 2 May 2025 where the time is not known.")
    number, month, year, hour, minute = match.groups()
    names = [name for name in MONTHS if name.lower().startswith(month.lower()) and len(month) >= 3]
    if len(names) != 1:
        raise ValueError(f"“{month}” is not a month. Write it as in 2 May 2025.")
    day = date(int(year), MONTHS.index(names[0]) + 1, int(number))
    if hour is None:
        return Moment.on(day)
    return Moment(in_london(datetime.combine(day, time(int(hour), int(minute)))))


def from_iso(text: str) -> Moment:
    """Read ISO 8601. Without an offset it is London time; a date alone is a day whose time is not known.

    Raises ValueError, in words, for what is no date, and for a London time that is ambiguous or does not exist.
    """
    text = text.strip()
    try:
        if len(text) == 10:
            return Moment.on(date.fromisoformat(text))
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is not a date and time. Write it as 2025-05-02T14:00, or 2025-05-02 where the time is not known.") from None
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
