"""Factories for agencies, users, people and children, free of surprises. All else is brought about by calling commands."""

import itertools
from datetime import date, datetime, time, timedelta

from django.test import Client
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from atlas.accounts.sessions import PROVED, begun
from atlas.agencies.codes import SkillKind
from atlas.agencies.models import Agency, AgencyKind, Authority, Post, Shift, Skill, Team, TeamPurpose, User
from atlas.allocation.commands import receive_child
from atlas.children.commands import Known
from atlas.children.models import Child
from atlas.chronology.moments import LONDON
from atlas.gate.models import NamedHolder, Proposal, Relationship, Restriction
from atlas.gate.policy import Kind

# Run as the owner in a database of tests: factories, in whose name nobody acts, may give posts also after somebody has acted. Whatever is done
# while somebody acts takes two people here as in service; tests/accounts/test_posts_by_two.py takes this away again.
SETS_UP = "INSERT INTO gate_word VALUES ('posts are set up', 'tests')"
_numbers = itertools.count(1)


def at(text: str) -> datetime:
    """A moment as staff write it, in London: at("2 May 2025 14:00")."""
    return datetime.strptime(text, "%d %B %Y %H:%M").replace(tzinfo=LONDON)


def of_job(number: int) -> JobContext:
    """What a job that is done is told of itself, as far as ours ask: its number."""
    job = Job(id=number, queue="urgent", lock=None, queueing_lock=None, task_name="")
    return JobContext(app=app, job=job, start_timestamp=0, abort_reason=lambda: None)


NOW = at("5 May 2026 10:00")
LONG_AGO = date(2020, 1, 1)


def authority(name: str = "Fernleigh") -> Authority:
    """An authority that does not exist."""
    found = Authority.objects.filter(name=name).first()
    return found or Authority.objects.create(
        code=f"X{next(_numbers):04}", name=name, staffed_number="020 7946 0100", front_door_number="020 7946 0101"
    )


def agency(name: str = "Fernleigh Council", kind: AgencyKind = AgencyKind.COUNCIL, of: Authority | None = None) -> Agency:
    """An agency that serves an authority."""
    found = Agency.objects.filter(name=name).first()
    if found is None:
        found = Agency.objects.create(name=name, kind=kind)
        found.authorities.add(of or authority())
    return found


def team(name: str, purpose: TeamPurpose = TeamPurpose.CASEWORK, of: Agency | None = None) -> Team:
    """A team of an agency."""
    its = of or agency()
    return Team.objects.filter(agency=its, name=name).first() or Team.objects.create(agency=its, name=name, purpose=purpose)


def post(
    role: str, of: Team | None = None, line_manager: Post | None = None, title: str = "", from_on: date = LONG_AGO, **user: str
) -> Post:
    """A post with a person of its own."""
    number = next(_numbers)
    holder = User.objects.create(username=f"{role}.{number}", first_name="Sample", last_name=f"Person{number}", **user)
    made = Post.objects.create(
        user=holder, team=of or team("Safeguarding 1"), title=title or role.replace("_", " ").capitalize(), role=role,
        line_manager=line_manager, from_on=from_on,
    )  # fmt: skip
    if role in {"return_interviewer", "missing_coordinator"}:
        train(made)
    return made


def train(post: Post, *kinds: SkillKind, until_on: date = date(2040, 1, 1)) -> None:
    """Let a post be trained in these (for missing and exploited children, where none is said)."""
    when = at("1 January 2020 09:00")
    trained = kinds or (SkillKind.MISSING, SkillKind.EXPLOITATION)
    Skill.objects.bulk_create(Skill(post=post, kind=kind, until_on=until_on, recorded_at=when, recorded_by=post) for kind in trained)


def shift(holder: Post, day: date, hours: int = 24) -> Shift:
    """A shift of a post for its own team, from midnight."""
    start = datetime.combine(day, time(0), LONDON)
    return Shift.objects.create(post=holder, team=holder.team, from_at=start, until_at=start + timedelta(hours=hours))


def duty(kind: Kind, of: Authority, post: Post | None = None, team: Team | None = None, from_at: datetime | None = None) -> Relationship:
    """A relationship with all children of an authority, as an administrator gives it."""
    return duties(of, (kind, post or team), from_at=from_at)[0]


def duties(of: Authority, *given: tuple[Kind, Post | Team | None], from_at: datetime | None = None) -> list[Relationship]:
    """Such relationships, each of a post or of a team, at once."""
    from atlas.gate.context import acting_as
    from atlas.gate.sets import save_all

    admin, when = administrator(), from_at or at("1 January 2021 00:00")
    made = [
        Relationship(
            kind=kind, authority=of, holder_post=holder if isinstance(holder, Post) else None, holder_team=holder if isinstance(holder, Team) else None,
            because="duty", source_label="tests", from_at=when, granted_by=admin,
        )
        for kind, holder in given
    ]  # fmt: skip
    with acting_as(admin, when):
        save_all(made)
    return made


def administrator() -> Post:
    """The system administrator, who sees no child."""
    return Post.objects.filter(role="system_administrator", team__name="Systems").first() or post(
        "system_administrator", of=team("Systems", TeamPurpose.OTHER)
    )


def feed_post(of: Authority | None = None) -> Post:
    """The service post that carries the main case system's deliveries for an authority."""
    served = of or authority()
    found = Post.objects.filter(role="feed", title=f"Feed {served.code}").first()
    if found is None:
        found = post("feed", of=team("Systems", TeamPurpose.OTHER), title=f"Feed {served.code}")
        Post.objects.filter(pk=found.pk).update(is_service=True)
        found.is_service = True
        duty(Kind.FEED, served, post=found)
    return found


def guardian(of: Authority, number: int = 1) -> Post:
    """A privacy officer of an authority (the first, or the second), who may say of its children that they are guarded."""
    title = f"Guardian {number} {of.code}"
    found = Post.objects.filter(role="privacy_officer", title=title).first()
    if found is None:
        found = post("privacy_officer", of=team("Guardians", TeamPurpose.OTHER, of=agency()), title=title)
        duty(Kind.PRIVACY, of, post=found)
    return found


def guard(child: Child, sensitivity: str, *named: Post, at: datetime | None = None) -> Restriction:
    """Let a child be restricted or hidden, with these posts (and the guardian) on the list of names."""
    from atlas.gate.context import acting_as

    when, officer = at or NOW, guardian(child.responsible_authority)
    if sensitivity == "hidden":
        second = guardian(child.responsible_authority, 2)
        with acting_as(second, when):
            proposal = Proposal(
                child=child, permission="hide_child", command="hide_child", about_id=child.pk, arguments={}, content="", because="test",
                purpose="audit", proposed_by=second, proposed_at=when, expires_at=when + timedelta(days=1),
            )  # fmt: skip
            proposal.save(force_insert=True)
    with acting_as(officer, when):
        for one in (officer, *named):
            NamedHolder(child=child, holder_post=one, from_at=when, named_by=officer).save(force_insert=True)
        if sensitivity == "hidden":
            Proposal.objects.filter(pk=proposal.pk).update(state="approved", decided_by=officer)
        made = Restriction(child=child, sensitivity=sensitivity, because="test", from_at=when, made_by=officer)
        made.save(force_insert=True)
    return made


def name(child: Child, *named: Post, at: datetime | None = None) -> None:
    """Put posts on a child's list of names."""
    from atlas.gate.context import acting_as

    when, officer = at or NOW, guardian(child.responsible_authority)
    with acting_as(officer, when):
        for one in named:
            NamedHolder(child=child, holder_post=one, from_at=when, named_by=officer).save(force_insert=True)


def unguard(child: Child, at: datetime) -> None:
    """Let a child no longer be restricted or hidden: proposed by one privacy officer, approved by another."""
    from atlas.children.commands import lift_restriction
    from atlas.gate.commands import approve_proposal
    from atlas.gate.context import acting_as

    first, second = guardian(child.responsible_authority), guardian(child.responsible_authority, 2)
    name(child, second, at=at)
    with acting_as(first, at):
        restriction = Restriction.objects.get(child=child)
    proposal = lift_restriction(restriction=restriction, because="test", by=first, at=at)
    assert isinstance(proposal, Proposal)
    approve_proposal(proposal=proposal, by=second, at=at)


def child(
    name: str = "Ashby Example",
    born_on: date | None = date(2011, 3, 4),
    of: Authority | None = None,
    host: Authority | None = None,
    when: datetime | None = None,
) -> Child:
    """A child as the main case system would bring it, with nobody allocated: the front door answers."""
    forename, _, surname = name.partition(" ")
    served = of or authority()
    team("Front door", TeamPurpose.FRONT_DOOR, of=agency() if served.name == "Fernleigh" else None)
    return receive_child(
        known=Known(forename, surname, born_on),
        responsible=served,
        host=host,
        source="main case system",
        by=feed_post(served),
        at=when or NOW - timedelta(days=365),
    )


def begin_session(client: Client, holder: Post, at: datetime, backend: str = "allauth.account.auth_backends.AuthenticationBackend") -> None:
    """Let a client be signed in as this post's person, with a second factor proved at that moment, and this post active."""
    client.force_login(holder.user, backend=backend)
    session, user = client.session, User.objects.get(pk=holder.user_id)
    session.update({**begun(user, at.timestamp()), PROVED: [str(user.pk), at.timestamp()], "active_post": str(holder.pk)})
    session.save()
