"""Row security of requests for a child's record, as conditions in SQL.

A request, and an answer to it, is known to whoever lets requests in and to whoever answers; what was gathered and weighed to the latter alone. Nobody who works with the
child reads any of it through their work.
"""

from collections.abc import Iterator

from atlas.gate.conditions import holds, reached
from atlas.gate.policy import Mode, Permission, RecordKind

REQUEST, ANSWER = "subject_access.SubjectAccessRequest", "subject_access.SubjectAccessAnswer"
ASKED_FOR = (REQUEST, "subject_access.Clarification", "subject_access.AnswerItem", "subject_access.Opinion", ANSWER)
ME = "(SELECT gate_post())"
P = Permission


def asked_for_conditions(label: str, read: str, write: str) -> Iterator[tuple[str, str, str]]:
    """(command, using, with check) for a table of this label. `write`: that whoever answers may write about the child."""
    child = f"({reached(RecordKind.CHILD, Mode.READ, 'child_id')})"
    knows = f"{holds(P.VIEW_SUBJECT_REQUEST)} AND {child}"
    answers = f"{holds(P.WEIGH_ITEM)} AND ({write})"
    if label == REQUEST:
        yield ("SELECT", knows, "")
        yield ("INSERT", "", f"{holds(P.RECEIVE_SUBJECT_REQUEST)} AND received_by_id = {ME} AND state = 'received' AND {child}")
        released = (
            "(state <> 'released' OR id IN (SELECT a.request_id FROM subject_access_subjectaccessanswer a WHERE a.released_at IS NOT NULL))"
        )
        yield ("UPDATE", knows, f"{knows} AND {released}")
    elif label.endswith("Clarification"):
        yield from (("SELECT", knows, ""), ("INSERT", "", f"{knows} AND asked_by_id = {ME}"), ("UPDATE", knows, knows))
    elif label == ANSWER:
        by_two = f"id = ANY ((SELECT gate_approved('{P.RELEASE_SUBJECT_ANSWER}'))::uuid[])"
        yield ("SELECT", knows, "")
        yield ("INSERT", "", f"{answers} AND made_by_id = {ME} AND released_at IS NULL")
        yield ("UPDATE", f"{knows} AND {by_two}", f"{knows} AND {by_two} AND released_by_id = {ME}")
    else:
        yield ("SELECT", answers, "")
        yield ("INSERT", "", answers if label.endswith("AnswerItem") else f"{answers} AND recorded_by_id = {ME}")
        if label.endswith("AnswerItem"):
            yield ("UPDATE", answers, f"{answers} AND (outcome = '' OR decided_by_id IS NOT NULL)")
