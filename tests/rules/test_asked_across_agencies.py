"""A team across agencies takes a referral on, or sends it back, by the end of the next working day, and answers within three; a carer is answered within four hours.

Product default, not law: an authority may set its own.
"""

import pytest

from atlas.advice.rules import GIVE_ADVICE, TAKE_REFERRAL
from atlas.chronology.moments import when_words, written
from atlas.sharing.rules import CARER_ANSWER

TAKEN_ON = [
    #   asked                   taken on by             answered by, where taken on at the same moment
    ("5 May 2026 10:00",        "6 May 2026 23:59",     "8 May 2026 23:59"),
    ("8 May 2026 16:00",        "11 May 2026 23:59",    "13 May 2026 23:59"),       # over a weekend
    ("1 May 2026 09:00",        "5 May 2026 23:59",     "7 May 2026 23:59"),        # and a bank holiday
    ("9 May 2026 02:00",        "11 May 2026 23:59",    "13 May 2026 23:59"),       # asked on a Saturday night: Monday is the first
]  # fmt: skip

A_CARER = [
    #   said                        answered by
    ("5 May 2026 10:00",            "5 May 2026 14:00"),
    ("5 May 2026 23:30",            "6 May 2026 03:30"),        # the night does not stop it: emergency duty answers
    ("25 October 2025 23:30",       "26 October 2025 02:30"),   # the clocks go back: still four hours
]  # fmt: skip


@pytest.mark.parametrize(("asked", "taken", "answered"), TAKEN_ON)
def test_taken_on(asked: str, taken: str, answered: str) -> None:
    """The end of the day by which somebody of the team takes it on or sends it back; and the one by which it is answered."""
    due = [limit.due(written(asked)) for limit in (TAKE_REFERRAL, GIVE_ADVICE)]
    assert [when_words(one.earliest) for one in due if one] == [taken, answered]


@pytest.mark.parametrize(("said", "answered"), A_CARER)
def test_a_carer(said: str, answered: str) -> None:
    """Elapsed hours from the moment at which the carer sent the words."""
    due = CARER_ANSWER.due(written(said))
    assert due is not None
    assert when_words(due.earliest) == answered
