"""Somebody with an account raises a contact: in minutes, on a telephone, without knowing the child's record."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from atlas.agencies.models import AgencyKind, Authority
from atlas.agencies.queries import front_door_of
from atlas.chronology.moments import Moment, Precision
from atlas.clocks.queries import in_force
from atlas.contacts.codes import Concern, IsSafe, Level, ParentsTold, Source
from atlas.contacts.models import Contact
from atlas.contacts.models.contact import MOST_LINE, MOST_SAID, MOST_WORDS
from atlas.contacts.rules.clocks import CONTACT_DECISION, first_told_at
from atlas.contacts.rules.typed import MOST_OTHERS
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.tasks.rules import begins_at, morning_of

if TYPE_CHECKING:
    from atlas.agencies.models import Post

OF_AGENCY = {
    AgencyKind.COUNCIL: Source.COUNCIL, AgencyKind.POLICE: Source.POLICE, AgencyKind.HEALTH: Source.HEALTH, AgencyKind.SCHOOL: Source.SCHOOL,
    AgencyKind.VOLUNTARY: Source.VOLUNTARY,
}  # fmt: skip


@dataclass(frozen=True)
class Raised:
    """What was typed. `others`: further children of the same contact, (name, date of birth or age); a contact is made for each."""

    name: str
    concern: Concern
    words: str
    is_safe: IsSafe
    parents_told: ParentsTold
    born_words: str = ""
    where_words: str = ""
    said: str = ""
    level_given: Level | None = None
    others: tuple[tuple[str, str], ...] = ()


@command(needs=Permission.RAISE_CONTACT)
def raise_contact(*, raised: Raised, by: "Post", at: datetime) -> Contact:
    """Tell the front door that one is worried about a child, known or not. Gives the contact of the first child.

    Raises Invalid without a name (or what the child is called) and without words, for too many children at once, and where no front door is served.
    """
    authority = front_door_of(by)
    if authority is None:
        raise Invalid("There is no front door to tell. Ring the council.")
    check_raised(raised)
    due, tells, together = (*due_of(authority, at, raised.is_safe), uuid.uuid4())
    contacts = [
        Contact(
            authority=authority, source=OF_AGENCY.get(AgencyKind(by.team.agency.kind), Source.OTHER_AGENCY), raised_by=by, received_at=at, together=together,
            name=name[:MOST_LINE], born_words=born[:60], where_words=raised.where_words.strip()[:300], concern=raised.concern,
            words=raised.words.strip()[:MOST_WORDS], said=raised.said.strip()[:MOST_SAID], is_safe=raised.is_safe,
            parents_told=raised.parents_told, level_given=raised.level_given, decide_by=due, tells_at=tells,
        )
        for name, born in ((raised.name.strip(), raised.born_words.strip()), *raised.others)
    ]  # fmt: skip
    for contact in contacts:
        contact.save(force_insert=True)
    return contacts[0]


def check_raised(raised: Raised) -> None:
    """Raise Invalid, at its field, for what cannot be taken: in the words of whoever types."""
    if not raised.name.strip():
        raise Invalid("Write the child’s name. If you do not know it, write what the child is called, or “not known”.", "name")
    if not raised.words.strip():
        raise Invalid("Write what worries you: what happened, and when.", "words")
    if len(raised.others) > MOST_OTHERS:
        raise Invalid(f"Write at most {MOST_OTHERS} other children here. For more, ring the front door.", "others")


def due_of(authority: Authority, at: datetime, is_safe: str) -> tuple[datetime, datetime]:
    """When a contact that comes now must be decided, and when the first people are told that it waits."""
    start = Moment(at, Precision.MINUTE)
    rule, changes = in_force(CONTACT_DECISION, authority.pk, start)
    deadline = rule.due(start, changes)
    assert deadline is not None
    is_night = morning_of(at, changes) is not None
    begins = morning_of(deadline.latest, changes)  # it ends with a day: nobody is woken for it, and the next morning hears first
    late_at = begins_at(begins) if begins else deadline.latest
    return deadline.latest, first_told_at(at, late_at, is_night=is_night, is_unsafe=is_safe == IsSafe.NO)
