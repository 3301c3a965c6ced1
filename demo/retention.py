"""How long records are kept: the council has decided for one class, and an inquiry holds what is about exploitation. Nobody is old enough for anything to go."""

from datetime import datetime, timedelta

from atlas.agencies.models import Authority, Post
from atlas.gate.commands import approve_proposal
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.gate.models import Proposal
from atlas.retention.commands import ClassGiven, HoldGiven, place_hold, set_retention_class
from atlas.retention.queries import classes_in_force
from atlas.retention.rules import Group


def keep(authority: Authority, named: dict[str, Post], now: datetime) -> None:
    """The privacy officer proposes how long children in need are kept, and the head of service agrees; then the inquiry writes."""
    privacy, head = named["privacy.officer"], named["head.of.service"]
    at = now - timedelta(days=40)
    with acting_as(privacy, at):
        before = classes_in_force(authority, day_of(at))[Group.CHILD_IN_NEED]
    given = ClassGiven(
        "last_contact", 6, "Local policy", "Fernleigh retention schedule, cabinet of last month", day_of(at) + timedelta(days=7)
    )
    because = "The cabinet has decided it; the schedule is with the information governance team."
    proposal = set_retention_class(retention_class=before, given=given, because=because, by=privacy, at=at)
    assert isinstance(proposal, Proposal)
    approve_proposal(proposal=proposal, by=head, at=at + timedelta(hours=3))
    letter = HoldGiven(
        "inquiry", "The inquiry into group-based exploitation, letter of last week", "It told every council to keep whatever is about exploitation of children.",
        day_of(now + timedelta(days=180)), matter="exploitation",
    )  # fmt: skip
    place_hold(given=letter, by=privacy, at=now - timedelta(days=6))
