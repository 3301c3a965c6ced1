"""What is written down while nobody of the day is at work is taken over by a named worker, on the next working morning, by 10:00.

The day is 08:00 to 17:00 in London. A night, a weekend and a bank holiday are one night, until the next working day begins.
Product default, not law.
"""

from datetime import timedelta

import pytest

from atlas.chronology.moments import day_words, when_words, written
from atlas.clocks.calendar import Override
from atlas.tasks.rules import begins_at, is_read_out, morning_of, taken_over_by

TAKEN_OVER = [
    #   written down                taken over on
    ("5 May 2026 08:00",            "by day"),
    ("5 May 2026 16:59",            "by day"),
    ("5 May 2026 17:00",            "6 May 2026"),
    ("6 May 2026 02:00",            "6 May 2026"),
    ("6 May 2026 07:59",            "6 May 2026"),
    ("8 May 2026 23:40",            "11 May 2026"),         # Friday night: on Monday
    ("9 May 2026 11:00",            "11 May 2026"),         # a Saturday has no day
    ("4 May 2026 12:00",            "5 May 2026"),          # a bank holiday has none either
    ("24 December 2025 18:00",      "29 December 2025"),    # Christmas on a Thursday, and the weekend after it
    ("26 October 2025 01:30 GMT",   "27 October 2025"),     # the clocks go back
]  # fmt: skip


@pytest.mark.parametrize(("noted", "morning"), TAKEN_OVER)
def test_taken_over(noted: str, morning: str) -> None:
    """The morning that takes it over; by day there is none, since those who work with the child are at work."""
    at = written(noted).at
    assert at is not None
    found = morning_of(at)
    assert (day_words(found) if found else "by day") == morning


def test_a_proclaimed_holiday_has_no_day_and_the_morning_is_eight_to_ten() -> None:
    at = written("6 May 2026 12:00").at
    assert at is not None
    morning = morning_of(at, [Override(at.date(), is_holiday=True)])
    assert morning == at.date() + timedelta(days=1)
    assert (when_words(begins_at(morning)), when_words(taken_over_by(morning))) == ("7 May 2026 08:00", "7 May 2026 10:00")


def test_a_number_that_takes_no_text_is_read_out() -> None:
    assert [is_read_out(number) for number in ("07700 900111", "+44 7700 900111", "020 7946 0100", "01632 960001", "")] == [
        False, False, True, True, True,
    ]  # fmt: skip
