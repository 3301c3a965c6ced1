"""What is held of somebody who is no child, of a group or a place is looked at again after six months, and what the police supplied after three. Until it is, it
is shown no more; four weeks later it is deleted. Where a place is exactly, those alone are told who answer for it; a business, to those who may act on it.

protection.md 3.4; real-life.md point 24; product defaults, not law.
"""

from datetime import date

import pytest

from atlas.connections.rules import expires_on, review_on
from atlas.places.rules import is_named_to

REVIEWED = [
    # written by     on                   shown until          deleted after
    ("police",       date(2026, 5, 6),    date(2026, 8, 5),    date(2026, 9, 2)),
    ("council",      date(2026, 5, 6),    date(2026, 11, 4),   date(2026, 12, 2)),
]  # fmt: skip

NAMED = [
    # type            agency       answers for it   named
    ("private_home",  "council",   False,           False),
    ("used_home",     "housing",   True,            True),
    ("care_home",     "police",    False,           False),
    ("hotel",         "police",    False,           True),
    ("hotel",         "council",   False,           True),
    ("hotel",         "health",    False,           False),
    ("shop",          "school",    True,            True),
    ("park",          "voluntary", False,           True),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "on", "until", "after"), REVIEWED)
def test_it_is_looked_at_again_or_deleted(kind: str, on: date, until: date, after: date) -> None:
    assert (review_on(kind, on), expires_on(review_on(kind, on))) == (until, after)


@pytest.mark.parametrize(("place", "agency", "answers", "named"), NAMED)
def test_to_whom_a_place_is_named(place: str, agency: str, answers: bool, named: bool) -> None:
    assert is_named_to(place, agency_kind=agency, answers=answers) == named
