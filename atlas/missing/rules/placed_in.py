"""When the notice that another authority has placed a child here was due. Pure.

Source: shared/reference/practice.md 3.10 (regulations of 2013 amending the Care Planning, Placement and Case Review (England) Regulations
2010): the host is told in writing before the placement or, where it was made in an emergency, within five working days of its start.
"""

from datetime import date

from atlas.chronology.moments import start_of_day
from atlas.clocks.calendar import Override
from atlas.clocks.rules import WorkingDays
from atlas.gate.days import day_of

IN_EMERGENCY = WorkingDays(5)


def judged(placed_on: date, notified_on: date | None, *, is_emergency: bool, changes: tuple[Override, ...] = ()) -> str:
    """Whether notice came: "in time", "late", or "absent" where the other authority never gave it."""
    if notified_on is None:
        return "absent"
    if not is_emergency:
        return "in time" if notified_on <= placed_on else "late"
    due = day_of(IN_EMERGENCY.after(start_of_day(placed_on), changes))
    return "in time" if notified_on <= due else "late"
