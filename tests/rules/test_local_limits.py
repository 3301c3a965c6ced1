"""A partnership may set a stricter limit than the national one, never a looser one.

Two limits in different units are compared from every day: what would be later even once is refused. A local limit may not pause
where the national one does not. It judges what starts on its own days, from the first minute of the first to the last minute of
the last; a clock that runs keeps the limit that it started with. Where the national limit has become the tighter one from some
start, that one judges. In place of an Atlas default, behind which no law or guidance stands, any amount may be set.
"""

from dataclasses import replace
from datetime import date

import pytest

from atlas.chronology.moments import Moment, Precision, written
from atlas.clocks.calendar import Override
from atlas.clocks.rules import (
    Amount,
    CalendarDays,
    Hours,
    Months,
    Rank,
    TimeLimit,
    WorkingDays,
    is_allowed_locally,
    limit_that_judges,
    most_allowed,
)

ALLOWED = [
    #   local               national            allowed
    (Hours(48),             Hours(72),          True),
    (Hours(72),             Hours(72),          True),
    (Hours(73),             Hours(72),          False),
    (WorkingDays(10),       WorkingDays(15),    True),
    (WorkingDays(16),       WorkingDays(15),    False),
    (CalendarDays(1),       Hours(72),          True),    # ends before the 72 hours, whenever it starts
    (CalendarDays(2),       Hours(72),          False),   # from the first minute of a Saturday in October it lasts almost 73 hours
    (WorkingDays(1),        Hours(72),          False),   # from a Friday it can end on Monday night or later
    (Hours(24),             WorkingDays(1),     True),
    (Hours(25),             WorkingDays(1),     False),   # from the last minute of a Thursday it runs into Saturday
    (Hours(48),             WorkingDays(1),     False),
    (CalendarDays(1),       WorkingDays(1),     True),
    (CalendarDays(12),      WorkingDays(10),    True),
    (CalendarDays(13),      WorkingDays(10),    False),   # from a Sunday, ten working days end on the twelfth day
    (CalendarDays(28),      Months(1),          True),
    (CalendarDays(29),      Months(1),          False),   # February
]  # fmt: skip

MOST = [
    #   national            counted in          the most that may be set
    (Hours(72),             "hour",             72),
    (Hours(72),             "calendar day",     1),
    (Hours(72),             "working day",      0),       # from a Friday, one ends on Monday night
    (WorkingDays(10),       "calendar day",     12),
    (WorkingDays(10),       "calendar month",   0),
    (Months(6),             "calendar day",     181),     # a half-year with a February
    (Months(6),             "hour",             366),     # the most that Atlas takes of any unit
]  # fmt: skip

JUDGED = [
    #   started                 judged by       due
    ("31 May 2026 23:59",       Hours(72),      "3 June 2026 23:59"),   # the last minute before a local limit of 48 hours
    ("1 June 2026 00:00",       Hours(48),      "3 June 2026 00:00"),   # and the first of it: due a day earlier than what began before
    ("30 June 2026 23:59",      Hours(48),      "2 July 2026 23:59"),   # its last day is in
    ("1 July 2026 00:00",       Hours(24),      "2 July 2026 00:00"),   # the next one, of 24 hours, has ended it
    ("25 October 2026 00:30",   Hours(24),      "25 October 2026 23:30"),   # the clocks go back: still 24 hours
]  # fmt: skip


def limit(amount: Amount, rank: Rank = Rank.LOCAL, pause: str = "Nothing pauses it") -> TimeLimit:
    """A time limit of that amount."""
    return TimeLimit("visit", "Visit", amount, rank, "Fernleigh (2026)", "A start", "A stop", date(2026, 1, 1), pause)


@pytest.mark.parametrize(("local", "national", "allowed"), ALLOWED)
def test_allowed(local: Amount, national: Amount, allowed: bool) -> None:
    """Whether a partnership may set it."""
    assert is_allowed_locally(limit(local), limit(national, Rank.STATUTORY_GUIDANCE)) is allowed


def test_waiting_for_receipt_is_looser() -> None:
    assert not is_allowed_locally(limit(WorkingDays(1, receipt_waits=True)), limit(WorkingDays(1), Rank.LAW))
    assert is_allowed_locally(limit(WorkingDays(1, receipt_waits=True)), limit(WorkingDays(3), Rank.LAW))


def test_a_pause_is_looser() -> None:
    assert not is_allowed_locally(limit(Hours(24), pause="While the child is in hospital"), limit(Hours(72)))


@pytest.mark.parametrize(("national", "unit", "most"), MOST)
def test_most(national: Amount, unit: str, most: int) -> None:
    """The most of each unit that may be set in place of a national limit; 0 where no number of it always ends in time."""
    assert most_allowed(unit, limit(national, Rank.LAW)) == most


def fernleigh(national: TimeLimit, allowed: Amount, valid_from: date, valid_until: date | None = None) -> TimeLimit:
    """Fernleigh's own limit in place of a national one."""
    return replace(
        national, allowed=allowed, rank=Rank.LOCAL, source="Fernleigh protocol", valid_from=valid_from, valid_until=valid_until, authority="Fernleigh",
        authority_code="XFERN", instead_of=national,
    )  # fmt: skip


@pytest.mark.parametrize(("started", "judged", "due"), JUDGED)
def test_judged(started: str, judged: Amount, due: str) -> None:
    """A national limit of 72 hours; locally 48 hours in June 2026, and 24 hours from 1 July 2026."""
    national = limit(Hours(72), Rank.LAW)
    own = [fernleigh(national, Hours(24), date(2026, 7, 1)), fernleigh(national, Hours(48), date(2026, 6, 1), date(2026, 6, 30))]
    rule = limit_that_judges(written(started), national, own)
    deadline = rule.due(written(started))
    assert rule.allowed == judged
    assert deadline is not None
    assert deadline.latest == written(due).at


def test_a_national_limit_that_has_become_the_tighter_one_judges() -> None:
    later = limit(Hours(24), Rank.LAW)
    own = fernleigh(limit(Hours(72), Rank.LAW), Hours(48), date(2026, 1, 1))
    assert limit_that_judges(written("1 June 2026 10:00"), later, [own]) is later
    days = limit(CalendarDays(5), Rank.LAW)
    next_working_day = fernleigh(days, WorkingDays(1), date(2026, 1, 1))
    assert is_allowed_locally(next_working_day, days)
    before_easter, proclaimed = written("2 April 2026 10:00"), (Override(date(2026, 4, 7), True),)
    assert limit_that_judges(before_easter, days, [next_working_day]) is next_working_day
    assert limit_that_judges(before_easter, days, [next_working_day], proclaimed) is days
    default = limit(WorkingDays(2))
    longer = fernleigh(default, WorkingDays(5), date(2026, 1, 1))
    assert limit_that_judges(before_easter, default, [longer]) is longer


def test_a_start_of_which_nothing_is_known_is_judged_by_the_national_limit() -> None:
    national = limit(Hours(72), Rank.LAW)
    assert limit_that_judges(Moment(None, Precision.UNKNOWN), national, [fernleigh(national, Hours(48), date(2026, 1, 1))]) is national


def test_a_local_limit_says_the_national_one_beside_it() -> None:
    national, default = limit(Hours(72), Rank.LAW), limit(WorkingDays(2))
    local = fernleigh(national, Hours(48), date(2026, 1, 1))
    assert local.explain(written("1 June 2026 10:00")) == (
        "Visit: Fernleigh allows 48 hours (Fernleigh protocol); nationally 72 hours (law: Fernleigh (2026)). "
        "48 hours from 1 June 2026 10:00 is 3 June 2026 10:00."
    )
    assert local.version == "visit@2026-01-01:48-hours:XFERN"
    other = fernleigh(default, WorkingDays(5), date(2026, 1, 1)).explain(written("1 June 2026 10:00"))
    assert "Fernleigh allows 5 working days (Fernleigh protocol); otherwise 2 working days (local: Fernleigh (2026))." in other
