"""A panel has terms of reference that say what it is for and what it is not, and they are looked at again every year. It meets again after its own cycle, on a
working day.

practice.md 4.7.2, a checklist of ours; a product default that a partnership sets.
"""

from datetime import date

import pytest

from atlas.meetings.rules.terms import TERMS, missing_terms, next_on

NEXT = [
    # met last              every   meets next
    (date(2026, 5, 6),      14,     date(2026, 5, 20)),
    (date(2026, 4, 20),     14,     date(2026, 5, 5)),    # 4 May is a bank holiday
    (date(2026, 5, 6),      30,     date(2026, 6, 5)),
    (date(2026, 5, 6),      31,     date(2026, 6, 8)),    # a Saturday
]  # fmt: skip


@pytest.mark.parametrize(("last", "every", "then"), NEXT)
def test_it_meets_again_after_its_cycle_on_a_working_day(last: date, every: int, then: date) -> None:
    assert next_on(last, every) == then


def test_every_point_of_the_terms_is_answered() -> None:
    said = {point.key: "Said" for point in TERMS}
    assert missing_terms(said) == []
    assert [point.key for point in missing_terms({**said, "is_not": "  "})] == ["is_not"]
