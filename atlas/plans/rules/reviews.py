"""By when a plan is read again, and when a line lapses. Source: practice.md 5.3 (review clocks, LP-2, LP-5, LP-7, LP-8); the intervals by level are
Atlas's own default, the three months are local practice that was read (Cumbria 2018; SERAF).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from atlas.clocks.rules import PRODUCT_DEFAULT, CalendarDays, Rank, TimeLimit
from atlas.flow import EVENT, Effect

_STARTS, _STOPS = "The safety plan was agreed, confirmed or revised", "It was read again: confirmed, revised or closed"


def _review(level: int, days: int, words: str) -> TimeLimit:
    return TimeLimit(
        key=f"plan_review_{level}", name=f"Read the safety plan again ({words})", allowed=CalendarDays(days), rank=Rank.LOCAL, source=PRODUCT_DEFAULT,
        starts=_STARTS, stops=_STOPS, valid_from=date(2026, 1, 1),
    )  # fmt: skip


REVIEW_3 = _review(3, 28, "level 3, or harm occurring")
REVIEW_2 = _review(2, 56, "level 2")
REVIEW_1 = _review(1, 84, "level 1, or no level yet")
REVIEWS = (REVIEW_1, REVIEW_2, REVIEW_3)
LONGEST = timedelta(days=91)  # "at least every three months"
CHECK_AFTER = timedelta(days=60)  # safe people, safe places, signals
VIEW_IS_OLD = timedelta(days=30)  # the child's words
NOTES_BEFORE_AMBER = 3


def review_of(level: int | None, is_harmed: bool = False) -> TimeLimit:
    """The review that this level asks for: the shorter one where harm is occurring."""
    if is_harmed or (level or 0) >= 3:
        return REVIEW_3
    return REVIEW_2 if level == 2 else REVIEW_1


class Freshness(StrEnum):
    """Whether a plan still holds: what the screen says in words beside its colour (LP-2)."""

    TRUE = "true"
    READ = "read"  # amber: somebody must say that it is still right
    REVISE = "revise"  # a new version is needed
    LATE = "late"  # red: and it is past its time


FRESHNESS_WORDS = {
    Freshness.TRUE: "Still true", Freshness.READ: "Read what happened", Freshness.REVISE: "Needs a new version",
    Freshness.LATE: "Needs a new version, and is late",
}  # fmt: skip


def freshness(events: Iterable[str], *, is_late: bool = False, has_broken_line: bool = False) -> Freshness:
    """How far a plan can be relied on, from the codes of the events that nobody has answered.

    `is_late`: the time to answer has passed. A line that needs a new answer asks for a new version too (LP-4).
    """
    effects = [EVENT[code].effects for code in events if code in EVENT]
    if has_broken_line or any(Effect.REVISE in of or Effect.STRATEGY in of for of in effects):
        return Freshness.LATE if is_late else Freshness.REVISE
    asks = any(of & {Effect.CONFIRM, Effect.LEVEL, Effect.NRM} for of in effects)
    notes = sum(1 for of in effects if of)
    return Freshness.READ if asks or notes >= NOTES_BEFORE_AMBER or is_late else Freshness.TRUE


def is_due_again(checked_at: datetime | None, at: datetime, events_since: Iterable[str] = ()) -> bool:
    """Whether an entry that lapses must be read with the child again: after 60 days, never checked, or after an event about people or places."""
    return checked_at is None or at - checked_at > CHECK_AFTER or bool({"EV-07", "EV-13", "EV-35", "EV-20", "EV-21"} & set(events_since))
