"""Who keeps records in order, and classes and holds, brought about by commands."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from atlas.agencies.models import Post
from atlas.gate.commands import approve_proposal
from atlas.gate.context import acting_as
from atlas.gate.models import Proposal
from atlas.gate.policy import Kind
from atlas.retention.commands import ClassGiven, HoldGiven, place_hold, set_retention_class
from atlas.retention.models import Hold, RetentionClass
from atlas.retention.queries import classes_in_force
from atlas.retention.rules import Group
from tests import factories
from tests.factories import NOW
from tests.world import World, make_world

TOMORROW = NOW.date() + timedelta(days=1)
LATER = NOW + timedelta(days=2)
SET = ClassGiven("birth", 25, "Local policy", "Retention schedule, cabinet of 4 May 2026", TOMORROW)
HELD = HoldGiven(
    "inquiry",
    "Inquiry under the Inquiries Act, letter IQ/7",
    "It told every council to keep what is about exploitation",
    NOW.date() + timedelta(days=300),
)


@dataclass
class Keepers:
    """The world, with the two who answer for how long its records are kept."""

    world: World
    privacy: Post
    head: Post


def keepers() -> Keepers:
    """A privacy officer and a head of service of the council, neither in the other's line."""
    world = make_world()
    privacy = factories.post("privacy_officer", of=factories.team("Information governance"))
    factories.duty(Kind.PRIVACY, world.authority, post=privacy)
    return Keepers(world, privacy, factories.post("head_of_service", of=factories.team("Leadership")))


def agreed(proposal: Any, by: Post, at: datetime = NOW) -> None:
    """The second person agrees."""
    assert isinstance(proposal, Proposal)
    approve_proposal(proposal=proposal, by=by, at=at)


def class_of(given: Keepers, group: Group, at: datetime = NOW) -> RetentionClass:
    """The class in force."""
    with acting_as(given.privacy, at):
        return classes_in_force(given.world.authority, at.date())[group]


def decided(given: Keepers, group: Group, counted_from: str = "birth", years: int = 25, at: datetime = NOW) -> None:
    """The council has decided how long a class is kept, from the next day on."""
    wanted = replace(SET, counted_from=counted_from, years=years, from_on=at.date() + timedelta(days=1))
    proposal = set_retention_class(
        retention_class=class_of(given, group, at), given=wanted, because="The cabinet decided it", by=given.privacy, at=at
    )
    agreed(proposal, given.head, at)


def born(day: date) -> Any:
    """A child born on that day, of whom nothing else is known."""
    return factories.child("Elm Elder", born_on=day)


def retained(privacy: Post, at: datetime) -> dict[Any, Any]:
    """A class as it came with Atlas, and a hold."""
    hold = place_hold(given=replace(HELD, review_on=at.date() + timedelta(days=90)), by=privacy, at=at)
    with acting_as(privacy, at):
        return {RetentionClass: RetentionClass.objects.get(group=Group.KNOWN).pk, Hold: hold.pk}
