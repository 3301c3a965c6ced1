"""Kinds of record of which all is to be looked at, whatever its words: about somebody else by their nature, or a way to find somebody. Pure."""

from typing import Any

from atlas.subject_access.marks import Why
from atlas.subject_access.rules import Asks

OF_ALL = -1  # the line of a mark that is of the whole item
ABOUT_OTHERS = frozenset({"missing.AssociateMention", "network.Link", "exploitation.ConcernForOthers", "contacts.Contact"})
SAID_BY_OTHERS = frozenset(
    {
        "contacts.ContactAnswer",
        "contacts.AgencyAsk",
        "sharing.GuestAnswer",
        "sharing.GuestRequest",
        "sharing.CarerWords",
        "meetings.MeetingContribution",
    }
)
# Where the child is or goes: nobody but the child is told it by the way (protection.md, section 1: the leak is nearly always an outgoing document).
SAYS_WHERE = frozenset(
    {
        "people.ContactDetail", "statuses.Placement", "missing.LocationMention", "missing.ContactOrSighting", "missing.TriggerPlan", "missing.TriggerAction",
        "missing.Appointment", "missing.PlacedInNotice", "directwork.DirectWorkSession",
    }
)  # fmt: skip


def whole_mark(label: str, asks: Asks) -> list[list[Any]]:
    """The mark of the whole item, where its kind asks for one."""
    if label in ABOUT_OTHERS:
        return [[OF_ALL, 0, 0, Why.OTHER]]
    if label in SAID_BY_OTHERS:
        return [[OF_ALL, 0, 0, Why.SOURCE]]
    if label in SAYS_WHERE and asks != Asks.CHILD:
        return [[OF_ALL, 0, 0, Why.REACH]]
    return []
