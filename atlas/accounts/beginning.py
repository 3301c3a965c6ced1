"""The first administrators of an installation: two of them, since what one person is given takes two; made before anybody can act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from atlas.accounts.commands import give_enrolment
from atlas.accounts.models import Enrolment
from atlas.agencies.models import Agency, AgencyKind, Post, Team, TeamPurpose, User
from atlas.gate.act import Invalid, write_act
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.gate.models import Outcome
from atlas.gate.rules import Decision

NAME = "first_administrators"


@dataclass(frozen=True)
class First:
    """One of the first administrators."""

    username: str
    forename: str
    surname: str
    email: str


def first_administrators(*, council: str, people: Sequence[First], at: datetime) -> list[Enrolment]:
    """Make the first administrators of an installation, each with an enrolment link that the other one issued, and write that down.

    Raises Invalid for fewer than two people, and where somebody holds such a post already: the database refuses it too, once anybody has acted.
    """
    if len({one.username for one in people}) < 2:
        raise Invalid("Name at least two people: what an administrator gives somebody, another person must approve.")
    if Post.objects.filter(role="system_administrator").exists():
        raise Invalid("There are administrators already. They give others a post, two of them together, on the page Accounts.")
    agency, _ = Agency.objects.get_or_create(name=council, defaults={"kind": AgencyKind.COUNCIL})
    team, _ = Team.objects.get_or_create(agency=agency, name="Systems", defaults={"purpose": TeamPurpose.OTHER})
    posts = [_post(one, team, at) for one in people]
    links = [give_enrolment(user=post.user, by=posts[place - 1], at=at) for place, post in enumerate(posts)]
    for post in posts:
        with acting_as(post, at) as subject:
            write_act(NAME, subject, Outcome.DONE, Decision.ALLOWED, post.user, post)
    return links


def _post(one: First, team: Team, at: datetime) -> Post:
    user = User(username=one.username, first_name=one.forename, last_name=one.surname, email=one.email)
    user.set_unusable_password()
    user.save(force_insert=True)
    post = Post(user=user, team=team, title="System administrator", role="system_administrator", from_on=day_of(at))
    post.save(force_insert=True)
    return post
