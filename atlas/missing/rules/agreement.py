"""When the police's and the council's record of one missing episode agree, and what differs. Constants and pure functions.

Source: shared/reference/peers.md 9.4; capabilities.md row 55 (reconcile with the police list daily); real-life.md points 2 and 15. No law
and no guidance sets how far two records may differ: every figure here is a product default, and the page says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from atlas.chronology.moments import Moment

SOURCE = "Atlas product default (2026), not law"


@dataclass(frozen=True)
class Allowed:
    """How much is allowed before anybody is asked: a named rule."""

    name: str
    time: timedelta
    why: str
    source: str = SOURCE


SAME_EPISODE = Allowed(
    "Same episode",
    timedelta(hours=12),
    "Two reports of one child that begin within this time, or whose times overlap, are one missing episode.",
)
START_MAY_DIFFER = Allowed("Report", timedelta(minutes=60), "The two times of the report may differ by this much.")
RETURN_MAY_DIFFER = Allowed("Return", timedelta(minutes=30), "The two times of the return may differ by this much.")
POLICE_MAY_TAKE = Allowed("Police", timedelta(hours=24), "The police have this long to deliver what the council has recorded.")
COUNCIL_MAY_TAKE = Allowed("Council", timedelta(hours=24), "The council has this long to take up what the police reported.")
LOOKS_BACK = Allowed(
    "Looks back", timedelta(days=14), "Episodes reported within this time are compared; older ones, and what came from before Atlas, never."
)
RULES = (SAME_EPISODE, START_MAY_DIFFER, RETURN_MAY_DIFFER, POLICE_MAY_TAKE, COUNCIL_MAY_TAKE, LOOKS_BACK)


class Differs(StrEnum):
    """In what the two records differ."""

    START = "start"
    RETURN = "return"
    TYPE = "type"
    GRADE = "grade"
    BACK_POLICE = "back_police"  # closed by the police alone
    BACK_COUNCIL = "back_council"  # closed by the council alone
    ONLY_POLICE = "only_police"
    ONLY_COUNCIL = "only_council"


@dataclass(frozen=True)
class Side:
    """What one side's record says of an episode. `type`: "missing", "away", "cancelled", or empty where it does not say."""

    reported: Moment
    returned: Moment | None = None
    is_closed: bool = False
    type: str = ""
    grade: str = ""


@dataclass(frozen=True)
class Found:
    """One difference, with what each side says: a time, or a word."""

    differs: Differs
    police: Moment | None = None
    council: Moment | None = None
    police_says: str = ""
    council_says: str = ""


POLICE_TYPES = {"MIS": "missing", "FND": "", "NOT": "away", "CAN": "cancelled"}
COUNCIL_TYPES = {"M": "missing", "A": "away", "U": "away", "N": "cancelled"}


def agree(one: Moment | None, other: Moment | None, allowed: Allowed) -> bool:
    """Whether two times agree: what they may have been overlaps, or is no further apart than allowed. A time not known contradicts nothing."""
    if one is None or other is None or not (one.earliest and one.latest and other.earliest and other.latest):
        return True
    return one.earliest - allowed.time <= other.latest and other.earliest - allowed.time <= one.latest


def is_same_episode(police: Side, council: Side) -> bool:
    """Whether two reports of one child tell of the same time away."""
    if agree(police.reported, council.reported, SAME_EPISODE):
        return True
    return _begins_within(police, council) or _begins_within(council, police)


def _begins_within(later: Side, earlier: Side) -> bool:
    start, first = later.reported.latest, earlier.reported.earliest
    if start is None or first is None or start < first:
        return False
    if not earlier.is_closed:
        return True
    return earlier.returned is not None and earlier.returned.latest is not None and start <= earlier.returned.latest


def differences(police: Side, council: Side, *, police_had_time: bool) -> Iterator[Found]:
    """What differs between two records of one episode. `police_had_time`: they have delivered since the council recorded the return,
    and long enough after it.
    """
    if not agree(police.reported, council.reported, START_MAY_DIFFER):
        yield Found(Differs.START, police.reported, council.reported)
    if police.is_closed and not council.is_closed:
        yield Found(Differs.BACK_POLICE, police=police.returned)
    elif council.is_closed and not police.is_closed and police_had_time and police.type != "cancelled":
        yield Found(Differs.BACK_COUNCIL, council=council.returned)
    elif police.is_closed and council.is_closed and not agree(police.returned, council.returned, RETURN_MAY_DIFFER):
        yield Found(Differs.RETURN, police.returned, council.returned)
    if police.type and council.type and police.type != council.type:
        yield Found(Differs.TYPE, police_says=police.type, council_says=council.type)
    if police.grade and council.grade and police.grade != council.grade:
        yield Found(Differs.GRADE, police_says=police.grade, council_says=council.grade)


def had_time(recorded_at: datetime | None, heard_at: datetime | None, allowed: Allowed = POLICE_MAY_TAKE) -> bool:
    """Whether a side that last spoke at `heard_at` could have said what the other recorded at `recorded_at`."""
    return recorded_at is not None and heard_at is not None and heard_at - recorded_at >= allowed.time
