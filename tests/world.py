"""A small world that most tests stand on: an authority, its agencies and teams, and one child, all brought about by commands."""

from dataclasses import dataclass
from datetime import timedelta

from atlas.agencies.models import AgencyKind, Authority, Post, Team, TeamPurpose
from atlas.allocation.commands import record_allocation
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.gate.policy import Kind
from tests import factories
from tests.factories import NOW


@dataclass
class World:
    """Who there is."""

    authority: Authority
    child: Child
    worker: Post
    manager: Post
    coordinator: Post
    police: Post
    interviewer: Post
    missing_team: Team
    stranger: Post


def make_world() -> World:
    """Fernleigh with a child who is allocated to a worker."""
    authority = factories.authority()
    council = factories.agency(of=authority)
    police, lantern = (
        factories.agency("Northmarch Police", AgencyKind.POLICE, authority),
        factories.agency("Lantern Trust", AgencyKind.VOLUNTARY, authority),
    )
    missing = factories.team("Missing response", TeamPurpose.MISSING, council)
    police_team = factories.team("Missing persons unit", TeamPurpose.MISSING, police)
    interviews = factories.team("Return interviews", TeamPurpose.RETURN_INTERVIEWS, lantern)
    first, second = (factories.team(f"Safeguarding {number}", of=council) for number in (1, 2))
    manager = factories.post("manager", of=first)
    worker = factories.post("practitioner", of=first, line_manager=manager)
    coordinator = factories.post("missing_coordinator", of=missing)
    factories.duties(authority, (Kind.MISSING_DUTY, missing), (Kind.MISSING_DUTY, police_team), (Kind.MISSING_COORDINATOR, coordinator))
    child = factories.child()
    when = NOW - timedelta(days=300)
    record_allocation(child=child, post=worker, from_at=Moment(when), by=factories.feed_post(), at=when)
    return World(
        authority, child, worker, manager, coordinator, factories.post("police_missing", of=police_team),
        factories.post("return_interviewer", of=interviews), missing, factories.post("practitioner", of=second),
    )  # fmt: skip
