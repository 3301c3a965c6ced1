"""Working days of England: not Saturday or Sunday, Christmas Day, Good Friday, or a bank holiday in England.

Source: Care Planning, Placement and Case Review (England) Regulations 2010 (as recalled in process-and-data.md 2.1); Banking
and Financial Dealings Act 1971. The dates come from the `holidays` package, to 2040; a partnership may add or take away days
that were proclaimed since (`Override`). Closing days of a council are working days in law.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

FIRST_YEAR, LAST_YEAR = 2010, 2040
WARN_DAYS = 400


@dataclass(frozen=True)
class Override:
    """A day that the package does not know of: proclaimed as a holiday, or no longer one."""

    day: date
    is_holiday: bool
    name: str = ""


@lru_cache(maxsize=1)
def bank_holidays() -> frozenset[date]:
    """England's bank holidays from 2010 to 2040, as the package knows them."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST_YEAR, LAST_YEAR + 1)))


def is_working_day(day: date, overrides: Iterable[Override] = ()) -> bool:
    """Whether a day counts. Raises ValueError outside 2010-2040: a calendar that has ended must not count quietly on."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"The bank holidays of {day.year} are not known: the calendar holds {FIRST_YEAR} to {LAST_YEAR}.")
    for override in overrides:
        if override.day == day:
            return not override.is_holiday and day.weekday() < 5
    return day.weekday() < 5 and day not in bank_holidays()


def add_working_days(start: date, count: int, overrides: Iterable[Override] = ()) -> date:
    """The day that is `count` working days after `start`, which is day 0 whatever day it is."""
    overrides, day = tuple(overrides), start
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day, overrides)
    return day


def warning(today: date) -> str:
    """A sentence where the calendar ends within 400 days; empty otherwise."""
    left = (date(LAST_YEAR, 12, 31) - today).days
    return "" if left > WARN_DAYS else f"The calendar of bank holidays ends in {left} days. Update the holidays package."
