"""What the terms of reference of a panel say, point by point, and when it meets next: pure.

Source: practice.md 4.7.2, a checklist of ours drawn from the terms that were read; a product default, not law.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from atlas.clocks.calendar import Override, is_working_day

REVIEWED_WITHIN = 366  # days: terms are looked at again every year
EVERY_DAYS = (1, 92)  # a panel meets at least once a quarter


@dataclass(frozen=True)
class TermPoint:
    """One point of terms of reference, with what is asked there."""

    key: str
    name: str
    hint: str = ""


TERMS = (
    TermPoint("purpose", "What is it for?"),
    TermPoint("is_not", "What is it not?", "For example: it works with no child itself, and decides on no section 47 enquiry"),
    TermPoint("quorum", "Who must be there?", "The council, police, health and education at least"),
    TermPoint("chair", "Who chairs it, and how are they apart from whoever works with the child?"),
    TermPoint("conflict", "What happens if somebody has a conflict of interest?"),
    TermPoint("sharing", "On what basis is information shared, and who gets which part of the record?"),
    TermPoint("in_words", "Who comes in, and how is somebody put on the list?"),
    TermPoint("out_words", "Who leaves, on what evidence, and how do they come back?"),
    TermPoint("urgent", "What is done if it cannot wait?"),
    TermPoint("agenda", "In which order is it taken?", "For example: actions due, new, known before, themes, places, gaps, what is closed"),
    TermPoint("decides", "What may it decide?"),
    TermPoint("escalation", "Where does it take what is not done?"),
    TermPoint("outputs", "What comes of it?", "Agency actions, and what the partnership learns"),
    TermPoint("equality", "How do we see whether it treats children alike?"),
)  # fmt: skip
BY_KEY = {point.key: point for point in TERMS}


def missing_terms(said: Mapping[str, str]) -> list[TermPoint]:
    """The points that nobody has answered yet."""
    return [point for point in TERMS if not said.get(point.key, "").strip()]


def next_on(last: date, every_days: int, changes: Iterable[Override] = ()) -> date:
    """The day on which a panel meets next: a cycle after it met last, or the first working day after that."""
    day, changed = last + timedelta(days=every_days), tuple(changes)
    while not is_working_day(day, changed):
        day += timedelta(days=1)
    return day
