"""A partnership may set a stricter limit than the national one, never a looser one.

Two limits in different units are compared from every day: what would be later even once is refused. A local limit may not pause
where the national one does not.
"""

from datetime import date

import pytest

from atlas.clocks.rules import Amount, CalendarDays, Hours, Months, Rank, TimeLimit, WorkingDays, is_allowed_locally

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
