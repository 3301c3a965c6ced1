"""Row security of what says how long records are kept, as conditions in SQL. It is about no child, but for a date that only paper knows, and a hold on one.

Whoever serves the authority and may read them reads; each writes in their own name. Classes are set, and holds lifted, by two people alone.
"""

from collections.abc import Iterator

from atlas.gate.conditions import SERVED, holds
from atlas.gate.policy import Permission

RETAINED = (
    "retention.RetentionClass", "retention.RetentionDate", "retention.Hold", "retention.HoldReview", "retention.RetentionForecast",
    "retention.RetentionRun", "retention.DueRecord", "retention.ErasureCertificate",
)  # fmt: skip
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
    elif label in RETAINED[4:]:
        yield ("SELECT", f"{reads} AND {HERE}", "")
        yield from _of_runs(label)
    else:
        yield ("SELECT", f"{reads} AND {HERE}", "")
        yield ("INSERT", "", f"{holds(Permission.PLACE_HOLD)} AND {HERE} AND placed_by_id = {ME} AND lifted_at IS NULL")
        lifted = f"{HERE} AND {_by_two(Permission.LIFT_HOLD)}"
        yield ("UPDATE", lifted, f"{lifted} AND lifted_by_id = {ME}")


def _of_runs(label: str) -> Iterator[tuple[str, str, str]]:
    """Selecting is one person's; to set aside is two people's; to restore is one's. What is forecast tick alone counts, and what was erased the function alone says."""
    selects = f"{holds(Permission.SELECT_DUE)} AND {HERE}"
    if label.endswith("RetentionRun"):
        agreed = f"{HERE} AND {_by_two(Permission.SET_RUN_ASIDE)}"
        yield ("INSERT", "", f"{selects} AND selected_by_id = {ME} AND {NOT_AGREED}")
        yield ("UPDATE", agreed, f"{agreed} AND state = 'agreed' AND agreed_by_id = {ME}")
    elif label.endswith("DueRecord"):
        by_two = _by_two(Permission.SET_RUN_ASIDE, "run_id")
        restored = f"state = 'restored' AND ended_by_id = {ME}"
        yield ("INSERT", "", f"{selects} AND state = 'due'")
        yield (
            "UPDATE",
            f"{HERE} AND ((state = 'due' AND {by_two}) OR (state = 'set_aside' AND {holds(Permission.RESTORE_RECORD)}))",
            f"{HERE} AND ((state = 'set_aside' AND {by_two}) OR ({restored}))",
        )


NOT_AGREED = "state IN ('ready', 'stopped') AND agreed_at IS NULL"


def retained_of_tick(label: str, is_tick: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """What tick may do: count, forecast, and select for two people to agree on. It sets nothing aside, and erases by the database's function alone."""
    if label not in {RETAINED[0], *RETAINED[4:7]}:
        return
    adds = {"retention.RetentionRun": f" AND {NOT_AGREED}", "retention.DueRecord": " AND state = 'due'"}.get(label, "")
    policies = [("SELECT", f"USING ({is_tick})")]
    if label != RETAINED[0]:
        policies.append(("INSERT", f"WITH CHECK ({is_tick}{adds})"))
    yield ", ".join(command for command, _ in policies), tuple(policies)
