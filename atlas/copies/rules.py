"""When a copy must have been filed, who is asked when it is not, and how a receipt reads. Product defaults, not law, but for the working day:
shared/reference/real-life.md, point 1 (*a list of what is not filed within 1 working day*).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from atlas.clocks.calendar import Override
from atlas.clocks.rules import WorkingDays

FILED_WITHIN = WorkingDays(1)
# The rungs that an unfiled copy climbs: whoever works with the child is asked, then that person's manager.
CLIMBS_AFTER = (FILED_WITHIN, WorkingDays(2))
MOST_TRIES = 5  # how often a main system that does not answer is tried, five minutes apart, before a person is told
NOTE_LAYOUT = "atlas-copy-1"
RECEIPT_LAYOUT = "atlas-receipt-1"
MOST_REFERENCE, MOST_REASON = 60, 300
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def filed_by(owed_at: datetime, changes: Iterable[Override] = ()) -> datetime:
    """The last second at which a copy owed since then is still filed in time."""
    return FILED_WITHIN.after(owed_at, changes)


def climbs_at(owed_at: datetime, rung: int, changes: Iterable[Override] = ()) -> datetime | None:
    """When a copy that is not filed climbs from this rung to the next; None on the last."""
    return CLIMBS_AFTER[rung].after(owed_at, changes) if rung < len(CLIMBS_AFTER) else None


@dataclass(frozen=True)
class Receipt:
    """What became of a copy in the main system. `filed_at`: when it was filed there; None: when we heard. `reason`: why it was not."""

    is_filed: bool
    reference: str = ""
    filed_at: datetime | None = None
    reason: str = ""


def receipt_of(said: object) -> Receipt:
    """The receipt that a main system's answer is (RECEIPT_LAYOUT). Raises ValueError, in words, for one that cannot be read."""
    if not isinstance(said, dict) or said.get("layout") != RECEIPT_LAYOUT:
        raise ValueError(f"This is no receipt: “layout” is not “{RECEIPT_LAYOUT}”.")
    if said.get("state") not in ("filed", "failed"):
        raise ValueError("“state” is neither “filed” nor “failed”.")
    reference, reason = (_text(said.get(name, ""), name, most) for name, most in (("reference", MOST_REFERENCE), ("reason", MOST_REASON)))
    try:
        filed_at = datetime.fromisoformat(said["filed_at"]) if said.get("filed_at") else None
        in_utc = filed_at.astimezone(UTC) if filed_at is not None and filed_at.tzinfo is not None else None
    except (TypeError, ValueError, OverflowError):  # the first and the last hours of the calendar lie outside it elsewhere
        raise ValueError("“filed_at” is no time, for example 2026-05-05T10:02:00+01:00.") from None
    if filed_at is not None and filed_at.tzinfo is None:
        raise ValueError("“filed_at” lacks its time zone, for example +01:00.")
    return Receipt(said["state"] == "filed", reference, in_utc, reason)


def _text(said: object, name: str, most: int) -> str:
    if not isinstance(said, str):
        raise ValueError(f"“{name}” is no text.")
    text = _CONTROL.sub(" ", said).strip()
    if len(text) > most:
        raise ValueError(f"“{name}” is longer than {most} characters.")
    return text
