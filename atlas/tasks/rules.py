"""The ladder that an alert climbs until a person acknowledges it. Product default, not law; source: real-life.md point 5."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


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
