"""Practice rules of break-glass: who reviews by when, what a reason is, and when it happens too often. Source: protection.md 4.6."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from atlas.clocks.rules import WorkingDays

REVIEW_WITHIN = WorkingDays(1)
TO_GUARDIAN_AFTER = WorkingDays(2)
LEAST_REASON, MOST_REASON, LEAST_WORDS = 30, 1000, 5
MOST_ALIKE = 0.9  # of two reasons; more is a copy
OVER = 0.01  # of a team's child opens in 28 days: then the relationships are wrong, not the workers
DAYS_COUNTED = 28


def _plain(reason: str) -> str:
    return " ".join(re.findall(r"\w+", reason.casefold()))


def is_reason(reason: str) -> bool:
    """Whether something was said: at least 30 characters, and five different words."""
    return len(reason.strip()) >= LEAST_REASON and len(set(_plain(reason).split())) >= LEAST_WORDS


def is_copy(reason: str, earlier: Iterable[str]) -> bool:
    """Whether it is one of the person's earlier reasons again, but for case, punctuation and a word or two."""
    plain = _plain(reason)
    return any(SequenceMatcher(None, plain, _plain(one), autojunk=False).ratio() >= MOST_ALIKE for one in earlier)


def is_over(broken: int, opened: int) -> bool:
    """Whether more than one in a hundred of a team's child opens was by break-glass."""
    return broken > OVER * opened
