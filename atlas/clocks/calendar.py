"""Working days of England: not Saturday or Sunday, Christmas Day, Good Friday, or a bank holiday in England.

Source: Care Planning, Placement and Case Review (England) Regulations 2010 (as recalled in process-and-data.md 2.1); Banking
and Financial Dealings Act 1971. The dates come from the `holidays` package, to 2040; a partnership may add or take away days
that were proclaimed since (`Override`). Closing days of a council are working days in law.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

FIRST_YEAR, LAST_YEAR = 2010, 2040
WARN_DAYS = 400
ALWAYS_OFF = {"Christmas Day", "Good Friday"}  # by the law above, whatever is proclaimed


@dataclass(frozen=True)
class Override:
    """A day that the package does not know of: proclaimed as a holiday, or no longer one."""

    day: date
    is_holiday: bool
    name: str = ""


@lru_cache(maxsize=1)
def named_bank_holidays() -> dict[date, str]:
    """England's bank holidays from 2010 to 2040 and their names, as the package knows them."""
    return dict(sorted(holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST_YEAR, LAST_YEAR + 1)).items()))


def bank_holidays(overrides: Iterable[Override] = ()) -> frozenset[date]:
    """England's bank holidays from 2010 to 2040, with the days that a partnership added or took away. The last row for a day stands."""
    days = set(named_bank_holidays())
    for override in overrides:
        (days.add if override.is_holiday else days.discard)(override.day)
    return frozenset(days)


def is_working_day(day: date, overrides: Iterable[Override] = ()) -> bool:
    """Whether a day counts. Raises ValueError outside 2010-2040: a calendar that has ended must not count quietly on."""
    return day in _counted(day, tuple(overrides))[1]


def add_working_days(start: date, count: int, overrides: Iterable[Override] = ()) -> date:
    """The day that is `count` (1 or more) working days after `start`, which is day 0 whatever day it is.

    Raises ValueError, in words, where the calendar does not hold the start or the end.
    """
    if count < 1:
        raise ValueError("Working days are counted from 1.")
    days, _ = _counted(start, tuple(overrides))
    at = bisect_right(days, start) + count - 1
    if at >= len(days):
        raise ValueError(_unknown(LAST_YEAR + 1))
    return days[at]


def warning(today: date) -> str:
    """A sentence where the calendar ends within 400 days or has ended; empty otherwise."""
    left = (date(LAST_YEAR, 12, 31) - today).days
    if left > WARN_DAYS:
        return ""
    ends = f"ends in {left} day{'s' if left != 1 else ''}" if left >= 0 else f"ended on 31 December {LAST_YEAR}"
    return f"The calendar of bank holidays {ends}. Update the holidays package."


def _counted(day: date, overrides: tuple[Override, ...]) -> tuple[list[date], frozenset[date]]:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(_unknown(day.year))
    return _working_days(overrides)


@lru_cache(maxsize=16)
def _working_days(overrides: tuple[Override, ...]) -> tuple[list[date], frozenset[date]]:
    off, first = bank_holidays(overrides), date(FIRST_YEAR, 1, 1)
    span = (date(LAST_YEAR, 12, 31) - first).days + 1
    days = [day for n in range(span) if (day := first + timedelta(days=n)).weekday() < 5 and day not in off]
    return days, frozenset(days)


def _unknown(year: int) -> str:
    return f"The bank holidays of {year} are not known: the calendar holds {FIRST_YEAR} to {LAST_YEAR}."
