"""The ladder that an alert climbs until a person acknowledges it, by what way a number is reached, and when the day takes over from the night.
Product default, not law; source: real-life.md point 5.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from atlas.chronology.moments import LONDON
from atlas.clocks.calendar import Override, add_working_days, is_working_day


class Who(StrEnum):
    """Whom a rung tells."""

    OWNER = "owner"  # the lead practitioner, or the posts on shift in the team that owns the alert
    DUTY = "duty"  # the posts on shift for missing children; out of hours, emergency duty
    LINE_MANAGER = "line_manager"
    SECOND_LINE = "second_line"
    STAFFED_NUMBER = "staffed_number"


@dataclass(frozen=True)
class Rung:
    """One step of the ladder: whom, and how long before the next is told."""

    who: Who
    name: str
    wait: timedelta | None


LADDER: tuple[Rung, ...] = (
    Rung(Who.OWNER, "the worker or team whose it is", timedelta(minutes=15)),
    Rung(Who.DUTY, "whoever is on duty", timedelta(minutes=15)),
    Rung(Who.LINE_MANAGER, "the line manager", timedelta(minutes=30)),
    Rung(Who.SECOND_LINE, "the manager above", timedelta(minutes=30)),
    Rung(Who.STAFFED_NUMBER, "ring the number that is always answered", None),
)

_MOBILE = re.compile(r"(?:07|\+?447|00447)\d{9}")


def is_read_out(number: str) -> bool:
    """Whether a notice to this number is read out by a voice: a text reaches a mobile telephone, and no other."""
    return _MOBILE.fullmatch(re.sub(r"[ ()-]", "", number)) is None


# Ends when it is recorded by whom, and when, the child was told.
TELL_CHILD = "Tell the child who works with them now"

DAY_BEGINS, DAY_ENDS = time(8), time(17)
TAKEN_OVER_BY = time(10)


def morning_of(at: datetime, overrides: Iterable[Override] = ()) -> date | None:
    """The day whose workers take over what happens at this moment: the same morning, or the next working day's. None while they are at work.

    Nights, weekends and bank holidays are one night until the next working day begins.
    """
    local, given = at.astimezone(LONDON), tuple(overrides)
    day, works = local.date(), is_working_day(local.date(), given)
    if works and DAY_BEGINS <= local.time() < DAY_ENDS:
        return None
    return day if works and local.time() < DAY_BEGINS else add_working_days(day, 1, given)


def begins_at(morning: date) -> datetime:
    """When the night is over, and somebody of the day may take it over."""
    return datetime.combine(morning, DAY_BEGINS, LONDON)


def taken_over_by(morning: date) -> datetime:
    """When it must have been taken over, or it climbs."""
    return datetime.combine(morning, TAKEN_OVER_BY, LONDON)
