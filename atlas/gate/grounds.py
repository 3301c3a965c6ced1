"""Row security of what is held of somebody who is no child, of groups and of places: who reads, adds, alters and deletes an entry, as conditions in SQL.

Open to its own agency, and to whoever sits at a meeting on whose agenda it stands; of both, to roles that sit on panels. What was not looked at again in
time is open to its own agency alone, and to nobody once it is to be deleted (protection.md 3.4).
"""

from collections.abc import Iterator

from atlas.gate.conditions import holds
from atlas.gate.policy import Permission

# Label: what its column on an agenda is called, who reads it, who writes it.
ON_GROUNDS = {
    "connections.PersonOfConcern": ("person", Permission.VIEW_PERSON_OF_CONCERN, Permission.RECORD_PERSON_OF_CONCERN),
    "connections.Group": ("group", Permission.VIEW_GROUP, Permission.RECORD_GROUP),
    "places.Place": ("place", Permission.VIEW_PLACE, Permission.RECORD_PLACE),
}
TODAY = "(SELECT ((gate_me()).at AT TIME ZONE 'Europe/London')::date)"


def grounds_conditions(label: str) -> Iterator[tuple[str, str, str]]:
    """(command, using, with check) for an entry of this label."""
    column, reads, writes = ON_GROUNDS[label]
    own = "agency_id = (SELECT gate_agency())"
    on_agenda = f"review_on >= {TODAY} AND id = ANY ((SELECT gate_on_agendas('{column}'))::uuid[])"
    theirs = f"{holds(writes)} AND {own} AND expires_on >= {TODAY}"
    yield ("SELECT", f"{holds(reads)} AND expires_on >= {TODAY} AND ({own} OR ({on_agenda}))", "")
    yield ("INSERT", "", f"{holds(writes)} AND {own} AND added_by_id = (SELECT gate_post())")
    yield ("UPDATE", theirs, theirs)
    yield ("DELETE", theirs, "")
