"""A referral to the National Referral Mechanism: reasonable grounds within 5 working days where possible, or 45 days where the area's panel decides; a conclusive
decision 30 days after at the earliest. A panel decides only for children more than 100 days from 18.

National guidance. A negative decision does not mean that the child is not exploited.
"""

import pytest

from atlas.chronology.moments import day_words, when_words, written
from atlas.exploitation.rules.nrm import GROUNDS_PANEL, GROUNDS_SINGLE, conclusive_from, days_to_18, may_go_to_panel

DUE = [
    #   referred            single authority        panel                       conclusive, where grounds were found on the same day
    ("1 May 2026",          "11 May 2026 23:59",    "15 June 2026 23:59",       "31 May 2026"),         # a bank holiday on 4 May
    ("2 December 2026",     "9 December 2026 23:59", "16 January 2027 23:59",   "1 January 2027"),
]  # fmt: skip

NEAR_18 = [
    #   born                on the day of       days to 18      may go to a panel
    ("1 January 2009",      "22 September 2026",    101,        True),
    ("1 January 2009",      "23 September 2026",    100,        False),
    ("1 January 2009",      "1 January 2027",       0,          False),
    ("29 February 2008",    "28 February 2026",     1,          False),
    (None,                  "1 May 2026",           None,       False),
]  # fmt: skip


@pytest.mark.parametrize(("referred", "single", "panel", "conclusive"), DUE)
def test_due(referred: str, single: str, panel: str, conclusive: str) -> None:
    """The end of the day by which a decision is asked after; and the first day of a conclusive one."""
    due = [limit.due(written(referred)) for limit in (GROUNDS_SINGLE, GROUNDS_PANEL)]
    assert [when_words(one.latest) for one in due if one] == [single, panel]
    day = written(referred).day
    assert day is not None
    assert day_words(conclusive_from(day)) == conclusive


@pytest.mark.parametrize(("born", "on", "left", "may"), NEAR_18)
def test_near_18(born: str | None, on: str, left: int | None, may: bool) -> None:
    """Days until the 18th birthday on the day of the referral."""
    born_on, day = written(born).day if born else None, written(on).day
    assert day is not None
    if born_on is not None:
        assert days_to_18(born_on, day) == left
    assert may_go_to_panel(born_on, day) == may
