"""The front door says how soon it looks at a contact, finds out about whom it is, or sets it aside with the reason."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connections

from atlas.allocation.commands import front_door_team, receive_child
from atlas.children.commands import Known
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision
from atlas.clocks.commands import start_clock
from atlas.clocks.queries import in_force
from atlas.contacts.codes import Rating, SetAside
from atlas.contacts.models import Contact
from atlas.contacts.rules.clocks import ANSWER_REFERRER, CONTACT_DECISION, RATED
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.context import acting_subject
from atlas.gate.policy import Permission
from atlas.tasks.commands import make_task

if TYPE_CHECKING:
    from atlas.agencies.models import Post

MATCHED_ALREADY = "Somebody has matched this meanwhile. Look at it again."
CANNOT = (
    "This child’s record cannot be tied to the contact from here: it is protected, or of another authority. Ring the team that answers for the "
    "child, and set the contact aside: told by telephone."
)


@command(needs=Permission.RATE_CONTACT)
def rate_contact(*, contact: Contact, rating: Rating, by: "Post", at: datetime) -> Contact:
    """Say how soon the hub looks at it: red, amber or green, by the partnership's own hours from when it came. A later rating replaces it."""
    if contact.state not in (Contact.State.RAISED, Contact.State.MATCHED):
        raise Invalid("This is decided or set aside already, so there is nothing to hurry.")
    start = Moment(contact.received_at, Precision.MINUTE)
    rule, changes = in_force(RATED[Rating(rating)], contact.authority_id, start)
    deadline = rule.due(start, changes)
    contact.rating, contact.rated_by, contact.rated_at = rating, by, at
    contact.rated_due_at = deadline.latest if deadline else None
    contact.save(update_fields=["rating", "rated_by", "rated_at", "rated_due_at"])
    return contact


@command(needs=Permission.MATCH_CONTACT)
def match_contact(*, contact: Contact, child: Child, by: "Post", at: datetime) -> Contact:
    """Say that a contact is about this child. It opens the child to the front door until the contact is closed; its clocks count from when it came.

    Raises Invalid where somebody was quicker, and where the child is protected or no child of this front door.
    """
    return _matched(contact, child)


@command(needs=Permission.MATCH_CONTACT)
def register_from_contact(*, contact: Contact, known: Known, by: "Post", at: datetime) -> Contact:
    """Record a child of whom nobody here knew, and match the contact to the child. Raises Invalid without any name."""
    if contact.state != Contact.State.RAISED:
        raise Invalid(MATCHED_ALREADY)
    return _matched(
        contact, receive_child(known=known, responsible=contact.authority, source="a contact with the front door", by=by, at=at)
    )


def _matched(contact: Contact, child: Child) -> Contact:
    subject = acting_subject()
    if contact.state != Contact.State.RAISED:
        raise Invalid(MATCHED_ALREADY)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_match_contact(%s, %s)", [contact.pk, child.pk])
        if not cursor.fetchone()[0]:
            raise Invalid(CANNOT)
    subject.known.clear()  # how one stands towards the child has changed by it
    contact.refresh_from_db()
    came = Moment(contact.received_at, Precision.MINUTE)
    entry = happened(Kind.CONTACT_RAISED, child=child, at=came, about=contact, words=contact.get_source_display())
    _start(contact, entry)
    return contact


def _start(contact: Contact, entry: Entry) -> None:
    """Both clocks, as the front door's own work: whoever is allocated has theirs."""
    team = front_door_team(contact.authority) or acting_subject().post.team
    for limit in (CONTACT_DECISION, ANSWER_REFERRER):
        clock = start_clock(limit=limit, entry=entry, about=contact)
        make_task(name=clock.limit_name, entry=entry, about=contact, clock=clock, team=team)


@command(needs=Permission.SET_ASIDE_CONTACT)
def set_aside_contact(*, contact: Contact, why: SetAside, words: str, by: "Post", at: datetime) -> Contact:
    """Say why a contact leads to no decision about a child here. It stays open until whoever raised it is answered.

    Raises Invalid for one that is matched to a child (that one is decided), and without words.
    """
    if contact.state != Contact.State.RAISED:
        raise Invalid("This is matched to a child already. Decide on it: nothing further from us is a decision too.")
    if not words.strip():
        raise Invalid("Write what you did to find out, and what you found.", "words")
    contact.state, contact.set_aside, contact.set_aside_words, contact.tells_at = Contact.State.SET_ASIDE, why, words.strip()[:500], None
    contact.save(update_fields=["state", "set_aside", "set_aside_words", "tells_at"])
    return contact
