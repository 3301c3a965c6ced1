"""A limit in working days, calendar days or months ends at the last second (23:59:59 London time) of its day.

The day of the start is day 0. A working day is not a Saturday, a Sunday, Christmas Day, Good Friday or a bank holiday in England.
What happens on a day that is none counts the next working day as 1; a council may instead set that receipt waits until the
next working day, which is then day 0. Closing days of a council are working days in law. A day that is proclaimed a bank holiday,
or is one no longer, is recorded by a council: what starts after that is counted by it.
"""

from datetime import date, timedelta

import pytest

from atlas.chronology.moments import LONDON, end_of_day, written
from atlas.clocks.calendar import Override, is_working_day
from atlas.clocks.rules import Amount, CalendarDays, Months, WorkingDays

ENDS = [
    #   start                       allowed             last day
    ("1 May 2026 10:00",            WorkingDays(1),     "5 May 2026"),           # Friday: the early May bank holiday is Monday
    ("2 May 2026 10:00",            WorkingDays(1),     "5 May 2026"),           # Saturday: the next working day is 1
    ("16 May 2026 10:00",           WorkingDays(1),     "18 May 2026"),          # Saturday before an ordinary Monday
    ("5 May 2026 23:59",            WorkingDays(1),     "6 May 2026"),           # the last minute of a day is still that day
    ("6 May 2026 00:00",            WorkingDays(1),     "7 May 2026"),           # and the first minute is the next
    ("2 April 2026 09:00",          WorkingDays(1),     "7 April 2026"),         # over Easter: Good Friday and Easter Monday
    ("23 December 2025 09:00",      WorkingDays(2),     "29 December 2025"),     # over Christmas; 24 December is a working day
    ("24 December 2021 09:00",      WorkingDays(1),     "29 December 2021"),     # substitute days on the 27th and 28th
    ("31 December 2021 09:00",      WorkingDays(1),     "4 January 2022"),       # substitute day on 3 January
    ("28 April 2011 09:00",         WorkingDays(1),     "3 May 2011"),           # the royal wedding, then early May
    ("1 June 2012 09:00",           WorkingDays(1),     "6 June 2012"),          # spring bank holiday moved, and the jubilee
    ("1 June 2022 09:00",           WorkingDays(1),     "6 June 2022"),          # two days of jubilee
    ("16 September 2022 09:00",     WorkingDays(1),     "20 September 2022"),    # the state funeral
    ("5 May 2023 09:00",            WorkingDays(1),     "9 May 2023"),           # the coronation
    ("1 May 2020 09:00",            WorkingDays(1),     "4 May 2020"),           # early May moved to Friday the 8th
    ("7 May 2020 09:00",            WorkingDays(1),     "11 May 2020"),
    ("2 March 2026 09:00",          WorkingDays(45),    "7 May 2026"),           # an assessment over Easter and early May
    ("1 December 2025 09:00",       WorkingDays(15),    "22 December 2025"),
    ("24 October 2025 23:30",       CalendarDays(7),    "31 October 2025"),      # the clocks change; a day is a day
    ("22 February 2024 09:00",      CalendarDays(7),    "29 February 2024"),     # leap day
    ("30 November 2025 09:00",      Months(3),          "28 February 2026"),     # no 30 February: the month's last day
    ("30 November 2023 09:00",      Months(3),          "29 February 2024"),     # in a leap year
    ("31 January 2026 09:00",       Months(1),          "28 February 2026"),
    ("29 February 2024 09:00",      Months(12),         "28 February 2025"),
    ("31 August 2025 09:00",        Months(6),          "28 February 2026"),
    ("15 December 2025 09:00",      Months(1),          "15 January 2026"),      # over the end of the year
]  # fmt: skip

RECEIPT = [
    #   received                    day 0 at once       receipt waits
    ("16 May 2026 10:00",           "18 May 2026",      "19 May 2026"),          # Saturday
    ("4 May 2026 10:00",            "5 May 2026",       "6 May 2026"),           # a bank holiday
    ("18 May 2026 10:00",           "19 May 2026",      "19 May 2026"),          # a working day: no difference
]  # fmt: skip

CHANGED = [
    #   start                       the day that changed     is now a holiday    allowed         last day
    ("5 June 2026 10:00",           "8 June 2026",           True,               WorkingDays(1), "9 June 2026"),    # a proclaimed Monday
    ("5 June 2026 10:00",           "9 June 2026",           True,               WorkingDays(1), "8 June 2026"),    # one that comes too late to matter
    ("7 June 2026 10:00",           "8 June 2026",           True,               WorkingDays(1), "9 June 2026"),    # from the Sunday before it
    ("8 June 2026 10:00",           "8 June 2026",           True,               WorkingDays(1), "9 June 2026"),    # on the day itself
    ("1 May 2026 10:00",            "4 May 2026",           False,              WorkingDays(1), "4 May 2026"),     # early May taken away
    ("1 May 2026 10:00",            "4 May 2026",           False,              CalendarDays(3), "4 May 2026"),    # calendar days know no holiday
]  # fmt: skip


@pytest.mark.parametrize(("start", "day", "is_holiday", "allowed", "last"), CHANGED)
def test_changed(start: str, day: str, is_holiday: bool, allowed: Amount, last: str) -> None:
    """The last day of a limit, after a bank holiday was changed."""
    at, changed, end = written(start).at, written(day).day, written(last).day
    assert at is not None
    assert changed is not None
    assert end is not None
    assert allowed.after(at, (Override(changed, is_holiday),)) == end_of_day(end)


@pytest.mark.parametrize(("start", "allowed", "last"), ENDS)
def test_ends(start: str, allowed: Amount, last: str) -> None:
    """The last day of a limit."""
    at, day = written(start).at, written(last).day
    assert at is not None
    assert day is not None
    assert allowed.after(at) == end_of_day(day)
    assert f"{allowed.after(at).astimezone(LONDON):%H:%M:%S}" == "23:59:59"


@pytest.mark.parametrize(("received", "at_once", "waits"), RECEIPT)
def test_receipt(received: str, at_once: str, waits: str) -> None:
    """One working day, read both ways."""
    at = written(received).at
    assert at is not None
    for amount, last in ((WorkingDays(1), at_once), (WorkingDays(1, receipt_waits=True), waits)):
        day = written(last).day
        assert day is not None
        assert amount.after(at) == end_of_day(day)


def test_a_partnership_adds_and_takes_away_days() -> None:
    """A holiday proclaimed since, and one that was moved."""
    start = written("1 May 2026 10:00").at
    assert start is not None
    moved = (Override(date(2026, 5, 4), False), Override(date(2026, 5, 8), True, "Moved to Friday"))
    assert is_working_day(date(2026, 5, 4), moved)
    assert not is_working_day(date(2026, 5, 8), moved)
    assert WorkingDays(1).after(start, moved) == end_of_day(date(2026, 5, 4))
    assert WorkingDays(5).after(start, moved) == end_of_day(date(2026, 5, 11))
    assert is_working_day(date(2026, 5, 9) + timedelta(days=2), iter(moved))
