"""The calendar of bank holidays: the published days, a partnership's own, and its end."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from atlas.clocks.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    Override,
    add_working_days,
    bank_holidays,
    is_working_day,
    named_bank_holidays,
    warning,
)

PUBLISHED = Path(__file__).resolve().parents[3] / "shared/data/calendar/england_bank_holidays_2010_2031.csv"


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published calendar is not beside this repository")
def test_the_package_equals_the_published_calendar() -> None:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        days = {date.fromisoformat(row["date"]) for row in csv.DictReader(file)}
    assert len(days) > 150
    assert {day for day in bank_holidays() if day.year <= 2031} == days


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computation (Nature, 20 April 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_every_year_has_easter_and_eight_days_off_on_weekdays(year: int) -> None:
    sunday = easter(year)
    assert {sunday - timedelta(days=2), sunday + timedelta(days=1)} <= bank_holidays()
    extra = {2011: 1, 2012: 1, 2022: 2, 2023: 1}
    assert len([day for day in bank_holidays() if day.year == year and day.weekday() < 5]) == 8 + extra.get(year, 0)


@pytest.mark.parametrize(
    "day", [date(2011, 4, 29), date(2012, 6, 5), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8), date(2020, 5, 8)]
)
def test_days_proclaimed_once(day: date) -> None:
    assert not is_working_day(day)
    assert named_bank_holidays()[day]


def test_early_may_2020_moved_and_christmas_week_counts() -> None:
    assert is_working_day(date(2020, 5, 4))
    assert [is_working_day(date(2025, 12, day)) for day in (24, 25, 26, 29, 30, 31)] == [True, False, False, True, True, True]


def test_the_last_row_for_a_day_stands_and_a_weekend_never_counts() -> None:
    day = date(2026, 5, 8)
    assert is_working_day(day, [Override(day, True), Override(day, False)])
    assert not is_working_day(date(2026, 5, 9), [Override(date(2026, 5, 9), False)])
    assert not is_working_day(day, (row for row in [Override(day, True)]))


@pytest.mark.parametrize(
    ("start", "count"), [(date(2040, 12, 31), 1), (date(2040, 1, 2), 400), (date(2009, 12, 31), 1), (date(2041, 1, 1), 1)]
)
def test_a_calendar_that_has_ended_does_not_count_on(start: date, count: int) -> None:
    with pytest.raises(ValueError, match="are not known: the calendar holds 2010 to 2040"):
        add_working_days(start, count)


def test_working_days_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        add_working_days(date(2026, 5, 5), 0)


def test_it_warns_400_days_before_its_end() -> None:
    end = date(LAST_YEAR, 12, 31)
    assert warning(end - timedelta(days=401)) == ""
    assert warning(end - timedelta(days=400)).startswith("The calendar of bank holidays ends in 400 days.")
    assert "in 1 day." in warning(end - timedelta(days=1))
    assert "ended on 31 December 2040" in warning(end + timedelta(days=5))
