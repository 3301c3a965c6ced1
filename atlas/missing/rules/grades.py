"""Which police grade may be recorded of a child of whom there is a live concern about exploitation. Pure."""

GRADES_ALLOWED_WITH_MARKER = frozenset({"LOW", "MED", "HIGH"})


def may_grade(grade: str, *, has_exploitation_marker: bool, named_reason: str) -> bool:
    """Whether this police grade may be recorded: *no apparent risk* is barred for a child with a live exploitation marker
    unless a named officer of sergeant or above gives the reason. Source: chief constables' letter of 2015 (practice.md R-RISK-5).
    """
    return grade in GRADES_ALLOWED_WITH_MARKER or not has_exploitation_marker or bool(named_reason.strip())
