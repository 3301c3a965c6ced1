"""Who receives an allegation, in which order, and by when. Source: shared/reference/real-life.md point 10."""

from atlas.clocks.rules import WorkingDays

WITHIN = WorkingDays(1)  # to be received; from then on it also goes to the next receiver
OFFICER, STANDARDS, HEAD = "designated_officer", "professional_standards", "head_of_service"
POLICE, COUNCIL = "police", "council"  # kinds of agency, and what somebody not in Atlas works as
# Whoever does not receive it in time, or may not (it is about them, their team or their line): who is next.
ROUTES = {STANDARDS: (STANDARDS,), HEAD: (HEAD,), OFFICER: (OFFICER, HEAD)}
NEXT = {STANDARDS: (STANDARDS, OFFICER, HEAD), HEAD: (HEAD, OFFICER), OFFICER: (OFFICER, HEAD)}


def receivers_for(works_for: str) -> tuple[str, ...]:
    """The roles that each receive it at once: the designated officer always; for an officer of police professional standards too; for our own
    worker the head of service too. `works_for`: the kind of agency; anything else is another employer.
    """
    return {POLICE: (STANDARDS, OFFICER), COUNCIL: (HEAD, OFFICER)}.get(works_for, (OFFICER,))
