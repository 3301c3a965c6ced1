"""Teams and workers, as the main case system or an administrator records them."""

from datetime import date, datetime

from atlas.agencies.models import Agency, Post, Team, User
from atlas.gate.act import command
from atlas.gate.policy import Permission


@command(needs=Permission.RECORD_WORKER)
def record_team(*, agency: Agency, reference: str, name: str, by: Post, at: datetime) -> Team:
    """Record a team by its id in the main system; one that is there under the same name takes the id."""
    teams = Team.objects.filter(agency=agency)
    team = teams.filter(reference=reference).first() or teams.filter(name=name).first() or Team(agency=agency, name=name)
    team.reference = reference
    team.save()
    return team


@command(needs=Permission.RECORD_WORKER)
def record_worker(*, team: Team, reference: str, name: str, title: str, from_on: date, by: Post, at: datetime) -> Post:
    """Record a worker by the id in the main system, with an account that cannot sign in until an administrator opens it.

    One who is there already is left as they are.
    """
    held = Post.objects.filter(reference=reference).first()
    if held is not None:
        return held
    forename, _, surname = name.partition(" ")
    user = User(username=f"main.{reference}"[:150], first_name=forename[:150], last_name=surname[:150])
    user.set_unusable_password()
    user.save(force_insert=True)
    post = Post(user=user, team=team, title=title[:100] or "Social worker", role="practitioner", from_on=from_on, reference=reference)
    post.save(force_insert=True)
    return post
