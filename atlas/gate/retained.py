"""Row security of what says how long records are kept, as conditions in SQL. It is about no child, but for a date that only paper knows, and a hold on one.

Whoever serves the authority and may read them reads; each writes in their own name. Classes are set, and holds lifted, by two people alone.
"""

from collections.abc import Iterator

from atlas.gate.conditions import SERVED, holds
from atlas.gate.policy import Permission

RETAINED = ("retention.RetentionClass", "retention.RetentionDate", "retention.Hold", "retention.HoldReview")
HERE = f"authority_id IN ({SERVED})"
ME = "(SELECT gate_post())"


def _by_two(permission: Permission, column: str = "id") -> str:
    """That the acting post approves this now, about this record."""
    return f"{column} = ANY ((SELECT gate_approved('{permission}'))::uuid[])"


def retained_conditions(label: str, read: str, write: str) -> Iterator[tuple[str, str, str]]:
    """(command, using, with check) for a table of this label; `read`: that the child may be read of."""
    reads = holds(Permission.VIEW_RETENTION)
    if label.endswith("RetentionClass"):
        yield ("SELECT", f"{reads} AND (authority_id IS NULL OR {HERE})", "")
        yield ("INSERT", "", f"{HERE} AND set_by_id = {ME} AND {_by_two(Permission.SET_RETENTION_CLASS, 'instead_of_id')}")
    elif label.endswith("RetentionDate"):
        yield ("SELECT", f"{reads} AND {HERE} AND ({read})", "")
        yield ("INSERT", "", f"{holds(Permission.RECORD_RETENTION_DATE)} AND {HERE} AND recorded_by_id = {ME} AND ({read})")
    elif label.endswith("HoldReview"):
        theirs = "hold_id IN (SELECT h.id FROM retention_hold h)"
        yield ("SELECT", theirs, "")
        yield ("INSERT", "", f"{holds(Permission.REVIEW_HOLD)} AND {theirs} AND reviewed_by_id = {ME}")
    else:
        yield ("SELECT", f"{reads} AND {HERE}", "")
        yield ("INSERT", "", f"{holds(Permission.PLACE_HOLD)} AND {HERE} AND placed_by_id = {ME} AND lifted_at IS NULL")
        lifted = f"{HERE} AND {_by_two(Permission.LIFT_HOLD)}"
        yield ("UPDATE", lifted, f"{lifted} AND lifted_by_id = {ME}")
