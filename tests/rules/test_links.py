"""A link stands until somebody was to look at it again; that two were seen together is never sure; and a child is a child first in every link (practice.md 4.8, 4.10)."""

from datetime import date

import pytest

from atlas.network.codes import Capacity, Confidence, DrawnIn, LinkKind
from atlas.network.rules import is_child_first, stands_on, surest
from tests.factories import at

STANDS = [
    # from            ended             looked at again by     the day            stands
    ("2 May 2026",    None,             "1 November 2026",     "1 May 2026",      False),
    ("2 May 2026",    None,             "1 November 2026",     "2 May 2026",      True),
    ("2 May 2026",    None,             "1 November 2026",     "1 November 2026", True),
    ("2 May 2026",    None,             "1 November 2026",     "2 November 2026", False),
    ("2 May 2026",    "9 May 2026",     "1 November 2026",     "8 May 2026",      True),
    ("2 May 2026",    "9 May 2026",     "1 November 2026",     "9 May 2026",      False),
]  # fmt: skip
SURE = [
    # kind              said to be             is kept as
    (LinkKind.SEEN,     Confidence.HIGH,       Confidence.LOW),
    (LinkKind.CONTACT,  Confidence.HIGH,       Confidence.HIGH),
]  # fmt: skip
FIRST = [
    # capacity             a concern beside it   drew another in          may be said
    (Capacity.HARMED,      True,                 "",                      True),
    (Capacity.COERCED,     False,                DrawnIn.BY_CHILD,        True),
    (Capacity.ASSOCIATE,   True,                 "",                      False),
    (Capacity.WITNESS,     False,                DrawnIn.BY_CHILD,        False),
    (Capacity.ASSOCIATE,   False,                DrawnIn.BY_OTHER,        True),
]  # fmt: skip


def day(words: str) -> date:
    return at(f"{words} 12:00").date()


@pytest.mark.parametrize(("begun", "ended", "review", "on", "stands"), STANDS)
def test_it_stands_from_the_first_day_until_it_ended_or_was_to_be_looked_at_again(
    begun: str, ended: str | None, review: str, on: str, stands: bool
) -> None:
    assert stands_on(day(on), from_on=day(begun), ended_on=day(ended) if ended else None, review_on=day(review)) is stands


@pytest.mark.parametrize(("kind", "said", "kept"), SURE)
def test_seen_together_is_never_more_than_low(kind: LinkKind, said: Confidence, kept: Confidence) -> None:
    assert surest(kind, said) == kept


@pytest.mark.parametrize(("capacity", "concern", "drawn_in", "may"), FIRST)
def test_a_concern_stands_only_beside_what_is_done_to_the_child(capacity: Capacity, concern: bool, drawn_in: str, may: bool) -> None:
    assert is_child_first(capacity, is_concern_too=concern, drawn_in=drawn_in) is may
