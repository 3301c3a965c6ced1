"""The ladder of professional challenge: between whom at which stage, and by when; sooner where the child is not safe. Pure.

Source: practice.md 6.5. Stages 0 to 2 fit within the working week in which the London procedures want it settled; the rest is a product default that
a partnership may set for itself.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from atlas.chronology.moments import end_of_day
from atlas.clocks.rules import PRODUCT_DEFAULT, Amount, Hours, Rank, TimeLimit, WorkingDays
from atlas.gate.days import day_of

URGENT_STAGE, LAST_STAGE = 3, 4
AT_LEAST = timedelta(hours=2)  # where the same day is nearly over


def _limit(key: str, who: str, allowed: Amount, when: str) -> TimeLimit:
    return TimeLimit(
        key=f"challenge_{key}", name=f"Answer a challenge: {who}{when}", allowed=allowed, rank=Rank.LOCAL, source=PRODUCT_DEFAULT,
        starts="The challenge was put to them", stops="They answered it", valid_from=date(2026, 1, 1),
    )  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """One stage: between whom; how long they have; and how long where the child is not safe (None: the same day)."""

    number: int
    who: str
    limit: TimeLimit
    sooner: TimeLimit | None


def _stage(number: int, who: str, days: int, sooner: Amount | None) -> Stage:
    unsafe = _limit(f"unsafe_{number}", who.lower(), sooner, ", the child not safe") if sooner else None
    return Stage(number, who, _limit(str(number), who.lower(), WorkingDays(days), ""), unsafe)


# Hours where the child is not safe: a weekend does not wait.
STAGES = (
    _stage(0, "Practitioner to practitioner", 1, None),
    _stage(1, "Line managers", 2, Hours(24)),
    _stage(2, "Service managers, detective inspector, named professional", 2, Hours(24)),
    _stage(3, "Heads of service, superintendent, designated professional", 5, Hours(48)),
    _stage(4, "Safeguarding partners and the chair of the partnership", 10, Hours(120)),
)
LIMITS = tuple(limit for stage in STAGES for limit in (stage.limit, stage.sooner) if limit is not None)
# By name, as the list of all time limits finds them.
ANSWER_0, ANSWER_1, ANSWER_2, ANSWER_3, ANSWER_4 = (stage.limit for stage in STAGES)
SOONER_1, SOONER_2, SOONER_3, SOONER_4 = (stage.sooner for stage in STAGES[1:])


def limit_of(stage: int, *, is_unsafe: bool) -> TimeLimit | None:
    """The time limit of a stage; None where it is the same day."""
    return STAGES[stage].sooner if is_unsafe else STAGES[stage].limit


def same_day(at: datetime) -> datetime:
    """The end of the same day, and two hours at least."""
    return max(end_of_day(day_of(at)), at + AT_LEAST)


def next_stage(stage: int, *, is_urgent: bool) -> int | None:
    """To which stage it goes from this one; urgently, to the heads of service at once. None from the last."""
    if stage >= LAST_STAGE:
        return None
    return max(stage + 1, URGENT_STAGE) if is_urgent else stage + 1
