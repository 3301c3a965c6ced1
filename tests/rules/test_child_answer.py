"""What a child says about their plan is answered within one working day; a complaint, or what they say is wrong about them, within ten (local)."""

import pytest

from atlas.chronology.moments import when_words, written
from atlas.sharing.rules import CHILD_ANSWER, CHILD_COMPLAINT

SAID = [
    #   said                    answered by             a complaint answered by
    ("5 May 2026 10:00",        "6 May 2026 23:59",     "19 May 2026 23:59"),
    ("8 May 2026 23:30",        "11 May 2026 23:59",    "22 May 2026 23:59"),       # a Friday night: the night team is told at once; the day answers on Monday
    ("1 May 2026 09:00",        "5 May 2026 23:59",     "18 May 2026 23:59"),       # over a bank holiday
]  # fmt: skip


@pytest.mark.parametrize(("said", "answered", "complaint"), SAID)
def test_a_child(said: str, answered: str, complaint: str) -> None:
    """Working days of England, from the day on which the child sent the words."""
    for limit, until in ((CHILD_ANSWER, answered), (CHILD_COMPLAINT, complaint)):
        due = limit.due(written(said))
        assert due is not None
        assert when_words(due.earliest) == until
