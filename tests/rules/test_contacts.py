"""A contact is decided, and whoever raised it answered, within one working day; a child and family assessment is authorised within 45.

Both are statutory guidance (Working Together 2023). The hub's rating, the agencies' answers and the point at which an assessment is looked at
together are local, and no law: an authority may set its own.
"""

import pytest

from atlas.chronology.moments import Moment, when_words, written
from atlas.contacts.rules.clocks import (
    AGENCY_REPLY,
    ANSWER_REFERRER,
    ASSESSMENT_FINISHED,
    ASSESSMENT_REVIEW,
    CONTACT_AMBER,
    CONTACT_DECISION,
    CONTACT_GREEN,
    CONTACT_RED,
)

DECIDED = [
    #   came                        decided and answered by
    ("5 May 2026 10:00",            "6 May 2026 23:59"),
    ("1 May 2026 16:30",            "5 May 2026 23:59"),         # a Friday before a bank holiday
    ("9 May 2026 02:00",            "11 May 2026 23:59"),        # a Saturday night: Monday is the first working day
    ("24 December 2025 15:00",      "29 December 2025 23:59"),   # over Christmas
    ("26 October 2025 01:30 GMT",   "27 October 2025 23:59"),    # in the hour that comes twice
]  # fmt: skip

RATED = [
    #   came                        red by                      amber by                    green by
    ("5 May 2026 10:00",            "5 May 2026 14:00",         "6 May 2026 10:00",         "8 May 2026 10:00"),
    ("5 May 2026 22:00",            "6 May 2026 02:00",         "6 May 2026 22:00",         "8 May 2026 22:00"),     # the night stops none
    ("25 October 2025 23:00",       "26 October 2025 02:00",    "26 October 2025 22:00",    "28 October 2025 22:00"),  # the clocks go back
]  # fmt: skip

ASSESSED = [
    #   referred            authorised by               looked at together by, where started on the same day
    ("5 May 2026",          "8 July 2026 23:59",        "19 May 2026 23:59"),       # 25 May is a bank holiday
    ("1 December 2025",     "5 February 2026 23:59",    "15 December 2025 23:59"),  # over Christmas and the new year
    ("2 March 2026",        "7 May 2026 23:59",         "16 March 2026 23:59"),     # over Easter and the early May holiday
]  # fmt: skip


@pytest.mark.parametrize(("came", "due"), DECIDED)
def test_decided(came: str, due: str) -> None:
    """The end of the working day after the contact came: for the decision, for the answer to whoever raised it, and for agencies that are asked."""
    deadlines = [limit.due(written(came)) for limit in (CONTACT_DECISION, ANSWER_REFERRER, AGENCY_REPLY)]
    assert [when_words(one.latest) for one in deadlines if one] == [due] * 3


@pytest.mark.parametrize(("came", "red", "amber", "green"), RATED)
def test_rated(came: str, red: str, amber: str, green: str) -> None:
    """Elapsed hours from when it came: local, never law."""
    deadlines = [limit.due(written(came)) for limit in (CONTACT_RED, CONTACT_AMBER, CONTACT_GREEN)]
    assert [when_words(one.latest) for one in deadlines if one] == [red, amber, green]


@pytest.mark.parametrize(("referred", "authorised", "reviewed"), ASSESSED)
def test_assessed(referred: str, authorised: str, reviewed: str) -> None:
    """45 working days from the day of the referral (day 0), whatever the day on which the assessment started; the local point from its start."""
    day: Moment = written(referred)
    deadlines = [limit.due(day) for limit in (ASSESSMENT_FINISHED, ASSESSMENT_REVIEW)]
    assert [when_words(one.latest) for one in deadlines if one] == [authorised, reviewed]
