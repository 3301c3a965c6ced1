"""The periods that are asked for most. Days are days in London, the first and the last included.

Twelve months end today and begin on the day after the same day last year. A financial year begins on 1 April. The last quarter is the last
three calendar months that are over.
"""

import pytest

from atlas.chronology.moments import day_words, written
from atlas.oversight.rules import periods

PERIODS = [
    #   today               twelve months from      financial year from     last quarter from   last quarter until
    ("24 November 2026",    "25 November 2025",     "1 April 2026",         "1 July 2026",      "30 September 2026"),
    ("31 March 2026",       "1 April 2025",         "1 April 2025",         "1 October 2025",   "31 December 2025"),    # the year's last day
    ("1 April 2026",        "2 April 2025",         "1 April 2026",         "1 January 2026",   "31 March 2026"),       # and its first
    ("31 December 2026",    "1 January 2026",       "1 April 2026",         "1 July 2026",      "30 September 2026"),
    ("28 February 2028",    "1 March 2027",         "1 April 2027",         "1 October 2027",   "31 December 2027"),    # tomorrow is a leap day
    ("29 February 2028",    "1 March 2027",         "1 April 2027",         "1 October 2027",   "31 December 2027"),
]  # fmt: skip


@pytest.mark.parametrize(("today", "year", "financial", "first", "last"), PERIODS)
def test_periods(today: str, year: str, financial: str, first: str, last: str) -> None:
    """What each means on a day."""
    on = written(today).day
    assert on is not None
    found = {name: tuple(day_words(day) for day in days) for name, days in periods(on).items()}
    assert found == {"Last 12 months": (year, today), "This financial year": (financial, today), "Last quarter": (first, last)}
