"""Whose a step is: the team that answers for missing children, the lead practitioner's manager, or the manager above."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from atlas.agencies.models import AgencyKind, Authority, Team, TeamPurpose
from atlas.agencies.queries import stand_in
from atlas.missing.rules.steps import Owner, Step
from atlas.tasks.queries import not_shut

if TYPE_CHECKING:
    from atlas.agencies.models import Post


def response_team(authority: Authority) -> Team | None:
    """The council's team that answers for missing children of an authority."""
    teams = Team.objects.filter(agency__authorities=authority, agency__kind=AgencyKind.COUNCIL, purpose=TeamPurpose.MISSING)
    return teams.order_by("name").first()


def owner_of(
    step: Step, child_id: UUID, post: "Post | None", team: Team | None, response: Team | None, at: datetime
) -> "tuple[Post | None, Team | None]":
    """The post or the team whose step it is. `post`, `team`: the lead practitioner, or the team that answers for the child.

    A manager who is away gives it to the deputy; one who is vacant, or from whom the child is shut, is passed over for the next above. Where
    nobody is left, whoever answers for missing children has it.
    """
    if step.owner is not Owner.RESPONSE and post is not None:
        above = [post.line_manager, post.line_manager.line_manager if post.line_manager else None]
        if step.owner is Owner.HEAD:
            above.reverse()
        standing = [found for manager in above if (found := stand_in(manager, at))]
        if may := not_shut(standing, child_id):
            return may[0], None
    if response is not None:
        return None, response
    return (post, None) if post is not None else (None, team)
