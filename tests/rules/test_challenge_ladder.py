"""A challenge between agencies is answered within one working day between practitioners, two between line managers and two between service managers (the working
week of the London procedures), five between heads of service, ten between the safeguarding partners. Where the child is not safe: the same day, and then in hours.

practice.md 6.5; the amounts are a product default that a partnership may set for itself.
"""

import pytest

from atlas.chronology.moments import when_words, written
from atlas.meetings.rules.challenge import LIMITS, STAGES, limit_of, next_stage, same_day

DUE = [
    # stage  not safe     put to them                answered by
    (0, False,            "1 May 2026 16:00",        "5 May 2026 23:59"),       # a bank holiday on 4 May
    (1, False,            "6 May 2026 09:00",        "8 May 2026 23:59"),
    (2, False,            "7 May 2026 09:00",        "11 May 2026 23:59"),      # over a weekend
    (3, False,            "6 May 2026 09:00",        "13 May 2026 23:59"),
    (4, False,            "6 May 2026 09:00",        "20 May 2026 23:59"),
    (1, True,             "8 May 2026 17:00",        "9 May 2026 17:00"),       # a Saturday: the child does not wait for Monday
    (2, True,             "24 October 2026 12:00",   "25 October 2026 11:00"),  # the clocks go back
    (3, True,             "8 May 2026 17:00",        "10 May 2026 17:00"),
    (4, True,             "8 May 2026 17:00",        "13 May 2026 17:00"),
]  # fmt: skip

SAME_DAY = [
    #   put to them           answered by
    ("6 May 2026 09:00",     "6 May 2026 23:59"),
    ("6 May 2026 23:30",     "7 May 2026 01:30"),   # two hours at least
]  # fmt: skip

NEXT = [
    #   from  urgent  to
    (0, False, 1),
    (3, False, 4),
    (4, False, None),
    (0, True, 3),     # to the heads of service at once
    (2, True, 3),
    (3, True, 4),
    (4, True, None),
]  # fmt: skip


@pytest.mark.parametrize(("stage", "is_unsafe", "put", "due"), DUE)
def test_due(stage: int, is_unsafe: bool, put: str, due: str) -> None:
    """By when each stage is answered."""
    limit = limit_of(stage, is_unsafe=is_unsafe)
    assert limit is not None
    deadline = limit.due(written(put))
    assert deadline is not None
    assert when_words(deadline.latest) == due


@pytest.mark.parametrize(("put", "due"), SAME_DAY)
def test_the_same_day(put: str, due: str) -> None:
    """Between practitioners, where the child is not safe."""
    start = written(put).earliest
    assert start is not None
    assert limit_of(0, is_unsafe=True) is None
    assert when_words(same_day(start)) == due


@pytest.mark.parametrize(("stage", "is_urgent", "wanted"), NEXT)
def test_next_stage(stage: int, is_urgent: bool, wanted: int | None) -> None:
    """To which stage it goes."""
    assert next_stage(stage, is_urgent=is_urgent) == wanted


def test_the_first_three_stages_fit_in_a_working_week() -> None:
    """1 + 2 + 2 working days; five stages in order; every limit has its own key."""
    assert sum(stage.limit.allowed.count for stage in STAGES[:3]) == 5
    assert [stage.number for stage in STAGES] == list(range(5))
    assert len({limit.key for limit in LIMITS}) == len(LIMITS) == 9
