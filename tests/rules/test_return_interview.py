"""A child who has been missing is offered an interview, and it is held, within 72 hours of coming back.

The 72 hours are elapsed hours. Nothing stops or lengthens them: no night, no weekend, no bank holiday, no change of the clocks.
Where only a day is known, the time is never read as midnight: the deadline lies between two moments.
"""

import pytest

from atlas.chronology.moments import LONDON, Moment, when_words, written
from atlas.clocks.rules import Hours, hours_between_days
from atlas.missing.rules.interview import RETURN_INTERVIEW

DUE = [
    #   returned                    due
    ("2 May 2025 14:00",            "5 May 2025 14:00"),             # a bank holiday does not stop the clock
    ("5 April 2026 12:00",          "8 April 2026 12:00"),           # Easter does not stop it either
    ("24 December 2025 18:00",      "27 December 2025 18:00"),       # nor does Christmas
    ("31 December 2025 23:30",      "3 January 2026 23:30"),         # over the end of the year
    ("27 February 2024 09:00",      "1 March 2024 09:00"),           # a leap year: 29 February is a day
    ("27 February 2025 09:00",      "2 March 2025 09:00"),           # any other year
    ("25 October 2025 14:00",       "28 October 2025 13:00"),        # the clocks go back: still 72 hours
    ("28 March 2026 14:00",         "31 March 2026 15:00"),          # the clocks go forward: still 72 hours
    ("26 October 2025 01:30 BST",   "29 October 2025 00:30"),        # the first 01:30 of that night
    ("26 October 2025 01:30 GMT",   "29 October 2025 01:30"),        # the second, an hour later
    ("23 October 2025 02:30",       "26 October 2025 01:30 GMT"),    # due in the hour that comes twice
    ("26 March 2026 01:30",         "29 March 2026 02:30"),          # due in the hour that does not come
]  # fmt: skip

BETWEEN = [
    #   returned on     due at the earliest     due at the latest
    ("2 May 2025",      "5 May 2025 00:00",     "5 May 2025 23:59"),
    ("25 October 2025", "27 October 2025 23:00", "28 October 2025 22:59"),   # the clocks go back on the 26th
    ("26 October 2025", "28 October 2025 23:00", "29 October 2025 23:59"),   # a day of 25 hours
    ("29 March 2026",   "1 April 2026 01:00",   "1 April 2026 23:59"),       # a day of 23 hours
]  # fmt: skip

DAYS_APART = [
    #   returned on         held on             days apart  judged
    ("2 May 2025",          "2 May 2025",       0,          "in time"),
    ("2 May 2025",          "3 May 2025",       1,          "in time"),
    ("2 May 2025",          "4 May 2025",       2,          "in time"),
    ("2 May 2025",          "5 May 2025",       3,          "not known"),    # between 48 and 96 hours: never called in time
    ("2 May 2025",          "6 May 2025",       4,          "late"),
    ("2 May 2025",          "9 May 2025",       7,          "late"),
    ("25 October 2025",     "27 October 2025",  2,          "not known"),    # these days hold 73 hours
    ("28 March 2026",       "30 March 2026",    2,          "in time"),
    ("27 March 2026",       "31 March 2026",    4,          "not known"),    # the shortest reading is 71 hours
]  # fmt: skip

REFUSED = [
    #   typed                       why
    ("26 October 2025 01:30",       "came twice"),       # say which: BST or GMT
    ("29 March 2026 01:30",         "There was no 01:30"),
    ("30 February 2026 10:00",      "There is no"),
    ("2 May 2025 25:00",            "There is no"),
    ("2 Mai 2025 10:00",            "is not a month"),
    ("yesterday",                   "is not a date"),
]  # fmt: skip


@pytest.mark.parametrize(("returned", "due"), DUE)
def test_due(returned: str, due: str) -> None:
    """The interview is due 72 hours after the child is back."""
    deadline = RETURN_INTERVIEW.due(written(returned))
    assert deadline is not None
    assert deadline.earliest == deadline.latest == written(due).at
    assert when_words(deadline.latest) == due


@pytest.mark.parametrize(("returned", "earliest", "latest"), BETWEEN)
def test_due_between(returned: str, earliest: str, latest: str) -> None:
    """Where only the day of the return is known, it is due between two moments."""
    deadline = RETURN_INTERVIEW.due(written(returned))
    assert deadline is not None
    assert (when_words(deadline.earliest), when_words(deadline.latest)) == (earliest, latest)
    assert deadline.words == f"between {earliest} and {latest}"


@pytest.mark.parametrize(("returned", "held", "apart", "judged"), DAYS_APART)
def test_days_apart(returned: str, held: str, apart: int, judged: str) -> None:
    """Where only days are known, an interview is called in time or late only where every reading agrees."""
    start, end = written(returned), written(held)
    assert start.at is not None
    assert end.at is not None
    assert (end.at.astimezone(LONDON).date() - start.at.astimezone(LONDON).date()).days == apart
    assert hours_between_days(start, end, Hours(72)) == judged


@pytest.mark.parametrize(("typed", "why"), REFUSED)
def test_refused(typed: str, why: str) -> None:
    """A time that cannot be meant is refused, in words."""
    with pytest.raises(ValueError, match=why):
        written(typed)


def test_no_deadline_where_the_return_is_not_known() -> None:
    assert RETURN_INTERVIEW.due(Moment(None, "unknown")) is None  # type: ignore[arg-type]
