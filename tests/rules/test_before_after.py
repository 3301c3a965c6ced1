"""What is shown before and after a panel took a child on is counted alike on both sides, over as many days, up to 90; with the interval in which the later share
would lie by chance, and with the words that some of a fall comes by itself.

A product default; not an effect of the panel, and no measure of a child.
"""

from datetime import timedelta

import pytest

from atlas.meetings.rules.before_after import LIMITS, before_after
from tests.factories import at

TAKEN = at("1 March 2026 10:00")
CASES = [
    # now, days after   missing: days from the start, hours       days   before        after
    (100,               [(-95, 5), (-40, 10), (-3, 2), (20, 4)],  90,    (2, 12.0),    (1, 4.0)),
    (30,                [(-40, 10), (-3, 2), (20, 4)],            30,    (1, 2.0),     (1, 4.0)),     # no more days before than have passed
    (100,               [(-1, 48)],                               90,    (1, 24.0),    (0, 24.0)),    # it goes on past the day
    (100,               [],                                       90,    (0, 0.0),     (0, 0.0)),
]  # fmt: skip


@pytest.mark.parametrize(("now", "missing", "days", "before", "after"), CASES)
def test_both_sides_are_counted_alike(
    now: int, missing: list[tuple[int, int]], days: int, before: tuple[int, float], after: tuple[int, float]
) -> None:
    spells = [(TAKEN + timedelta(days=day), TAKEN + timedelta(days=day, hours=hours)) for day, hours in missing]
    found = before_after(spells, TAKEN, TAKEN + timedelta(days=now))
    assert found is not None
    assert found.days == days
    assert ((found.before.episodes, found.before.hours), (found.after.episodes, found.after.hours)) == (before, after)
    assert (found.share is None) == (before[0] + after[0] == 0)


def test_few_do_not_show_a_change_and_many_do() -> None:
    def of(before: int, after: int) -> str:
        spells = [
            (TAKEN + timedelta(days=side * (one + 1)), TAKEN + timedelta(days=side * (one + 1), hours=1))
            for side, many in ((-1, before), (1, after))
            for one in range(many)
        ]
        found = before_after(spells, TAKEN, TAKEN + timedelta(days=90))
        assert found is not None
        return found.says

    assert "does not show a change" in of(3, 1)
    assert "fewer than half" in of(20, 4)
    assert "more than half" in of(4, 20)
    assert "regression to the mean" in LIMITS


def test_on_the_first_day_there_is_nothing_to_compare() -> None:
    assert before_after([], TAKEN, TAKEN + timedelta(hours=5)) is None
