"""Who keeps records in order, and classes and holds, brought about by commands."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.gate.commands import approve_proposal
from atlas.gate.context import acting_as
from atlas.gate.models import Proposal
from atlas.gate.policy import Kind
from atlas.retention.commands import ClassGiven, HoldGiven, place_hold, select_due, set_retention_class, set_run_aside
from atlas.retention.models import DueRecord, Hold, RetentionClass, RetentionRun
from atlas.retention.queries import classes_in_force
from atlas.retention.rules import Group
from atlas.retention.selecting import forecast
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


def retained(world: World, privacy: Post, head: Post, at: datetime) -> dict[Any, Any]:
    """A class as it came with Atlas, a hold, and a run with a record that is due; it stopped itself, since nothing was forecast."""
    decided(Keepers(world, privacy, head), Group.KNOWN, at=at - timedelta(days=3))
    due_child()
    run = select_due(at_most=None, by=privacy, at=at)
    hold = place_hold(given=replace(HELD, review_on=at.date() + timedelta(days=90)), by=privacy, at=at)
    with acting_as(privacy, at):
        first = RetentionClass.objects.get(group=Group.KNOWN, authority=None)
        return {RetentionClass: first.pk, Hold: hold.pk, RetentionRun: run.pk, DueRecord: run.records.get().pk}


EARLIER = NOW - timedelta(days=62)
FORECAST = NOW - timedelta(days=20)


def every_class_decided(given: Keepers) -> None:
    """The council has decided how long each class is kept that no statute says: until the 25th birthday."""
    for group in (Group.CHILD_PROTECTION, Group.CHILD_IN_NEED, Group.ALLEGATION, Group.KNOWN):
        decided(given, group, at=EARLIER)


def due_child(name: str = "Elm Elder") -> Child:
    """Somebody born in 1950, of whom nothing has been recorded for a year: due for long, once every class is decided."""
    return factories.child(name, born_on=date(1950, 2, 3))


def forecast_made(given: Keepers, by: Post, login: Any) -> None:
    """Tick counted in the month before what falls due in this one."""
    login("tick")
    with acting_as(by, FORECAST):
        forecast(given.world.authority, FORECAST.date())
    login("app")


def set_aside(given: Keepers, at_most: int | None = None, at: datetime = LATER) -> RetentionRun:
    """What is due was selected, and two people agreed to set it aside."""
    run = select_due(at_most=at_most, by=given.privacy, at=at)
    agreed(set_run_aside(run=run, because="I looked at the sample", by=given.privacy, at=at), given.head, at)
    return run
