"""When a team must have somebody on its rota, and where it has nobody. Pure. A product default, not law (real-life.md point 5).

Emergency duty answers at night, at weekends and on bank holidays; the teams that answer for missing children and the front door on working days.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from atlas.agencies.models import TeamPurpose
from atlas.chronology.moments import LONDON
from atlas.clocks.calendar import Override, is_working_day
from atlas.tasks.rules import DAY_BEGINS, DAY_ENDS

Stretch = tuple[datetime, datetime]
SHOWN_DAYS = 14
LONGEST_SHIFT = timedelta(hours=24)


def must_be_covered(purpose: str, first: date, days: int, overrides: Iterable[Override] = ()) -> list[Stretch]:
    """The stretches of so many days from the first on in which a team of this purpose must have somebody; none for other teams."""
    changes, found = tuple(overrides), []
    for number in range(days):
        day = first + timedelta(days=number)
        works, begins, ends = is_working_day(day, changes), _at(day, DAY_BEGINS), _at(day, DAY_ENDS)
        if purpose == TeamPurpose.EMERGENCY_DUTY:
            found.append((ends if works else begins, _at(day + timedelta(days=1), DAY_BEGINS)))
        elif purpose in (TeamPurpose.MISSING, TeamPurpose.FRONT_DOOR) and works:
            found.append((begins, ends))
    return found


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LONDON)


def gaps(needed: Iterable[Stretch], covered: Iterable[Stretch]) -> list[Stretch]:
    """What of the stretches that are needed none of the covered ones covers, in order."""
    held = sorted(covered)
    found = []
    for begins, ends in needed:
        at = begins
        for start, end in held:
            if end <= at or start >= ends:
                continue
            if start > at:
                found.append((at, start))
            at = max(at, end)
        if at < ends:
            found.append((at, ends))
    return found
