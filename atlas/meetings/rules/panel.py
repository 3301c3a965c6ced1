"""What a decision of a panel needs: pure. Source: practice.md 4.7.3 and 4.7.4; a product default that a partnership sets, not law.

Less is asked of agencies on evidence, never by the passing of time, and never at the meeting that heard something new. What a strategic group and a panel give to each
other names no child.
"""

from collections.abc import Collection

from atlas.meetings.codes import About, Answer, Evidence, ItemKind

HEARD_NEW = "Something new was heard of this child at this meeting. Keep the child on the list, and look at it again at the next one."
ON_EVIDENCE = "Less is asked on evidence. Tick what is there; for what is not, write in words why it is safe enough without."
WHY_CLOSED = "Choose why the panel lets the child go."
TO_WHOM = "Choose the panel or group to which it goes."
NOT_A_CHILD = "A child is never passed on like a theme, and to a strategic group not at all. Put the child on the other panel’s agenda, where it can see that you did."
NO_CASEWORK = "A strategic group takes places, groups and themes, and nobody by name."
LESS = frozenset({Answer.STEP_DOWN, Answer.CLOSE})
TAKEN_BY_GROUP = frozenset({ItemKind.PLACE, ItemKind.GROUP, ItemKind.THEME})


def lacks_evidence(answer: str, *, evidence: Collection[str], words: str, closed_as: str, heard_new: bool) -> tuple[str, str] | None:
    """What a decision on a child lacks, and the field where it is said; None where nothing."""
    if answer not in LESS:
        return None
    if heard_new:
        return HEARD_NEW, "answer"
    if answer == Answer.STEP_DOWN and not words.strip() and set(Evidence.values) - set(evidence):
        return ON_EVIDENCE, "evidence"
    if answer == Answer.CLOSE and not closed_as:
        return WHY_CLOSED, "closed_as"
    return None


def may_not_pass_on(kind: str, to: About | None) -> tuple[str, str] | None:
    """Why something on an agenda is not passed on to a panel or group that is about this, and the field; None where it may be."""
    if kind == ItemKind.CHILD:
        return NOT_A_CHILD, "answer"
    if to is None:
        return TO_WHOM, "passed_to"
    if to is About.STRATEGIC and kind not in TAKEN_BY_GROUP:
        return NO_CASEWORK, "passed_to"
    return None
