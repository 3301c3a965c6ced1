"""Who holds which post, who is on shift, and who stands in for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db import connections
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from atlas.agencies.models import SECRET, Agency, Authority, ContactPoint, Post, Shift, Skill, Team, TeamPurpose
from atlas.design.words import plural
from atlas.gate.act import Invalid
from atlas.gate.days import day_of
from atlas.gate.kept import Kept


def posts_held(*, user_id: UUID, on: date) -> "QuerySet[Post]":
    """The posts that a person holds on a day, with team, agency and the person."""
    return posts_standing(on).filter(user_id=user_id)


def post_held(*, user_id: UUID, post_id: UUID, on: date) -> Post | None:
    """The post of these that every request asks for: with team, agency and the person; None where the person does not hold it."""
    return next(iter(_HELD.rows(user_id, post_id, on)), None)


def posts_standing(on: date) -> "QuerySet[Post]":
    """All posts that are held on a day by a person who may sign in."""
    stands = Q(until_on__isnull=True) | Q(until_on__gte=on)
    held = Post.objects.filter(stands, from_on__lte=on, user__is_active=True).select_related("user", "team__agency")
    return held.defer(*(f"user__{name}" for name in SECRET)).order_by("title", "pk")


_HELD = Kept(lambda user_id, post_id, on: posts_held(user_id=user_id, on=on).filter(pk=post_id), UUID, UUID, date)


def owned_by(post: Post) -> str:
    """What a post still owns, in words and numbers alone: "3 children and 2 tasks"; empty where nothing."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT what, many FROM gate_post_owns(%s)", [post.pk])
        parts = [
            plural(many, what, "children" if what == "child" else what.replace("question", "questions", 1) if " to " in what else "")
            for what, many in cursor
        ]
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""


def leavers() -> list[UUID]:
    """The posts that have ended, or whose account is closed, and still own something; told to tick alone."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_leavers()")
        return [post for (post,) in cursor]


def on_duty(teams: Iterable[Team], at: datetime) -> "QuerySet[Post]":
    """The posts on shift for these teams at a moment."""
    shifts = Shift.objects.filter(post=OuterRef("pk"), team__in=list(teams), from_at__lte=at, until_at__gt=at, is_leave=False)
    return posts_standing(day_of(at)).filter(Exists(shifts))


def is_away(post: Post, at: datetime) -> bool:
    """Whether a post is vacant or on leave at a moment, so that an alert must not wait for it."""
    if not post.stands_on(day_of(at)) or not post.user.is_active:
        return True
    return Shift.objects.filter(post=post, from_at__lte=at, until_at__gt=at, is_leave=True).exists()


def stand_in(post: Post | None, at: datetime) -> Post | None:
    """The post itself, or while it is away whoever covers its leave, or its deputy; None where nobody stands."""
    if post is None:
        return None
    if not is_away(post, at):
        return post
    leave = Shift.objects.filter(post=post, from_at__lte=at, until_at__gt=at, is_leave=True).select_related("covered_by").first()
    instead = [leave.covered_by if leave else None, post.deputy]
    return next((one for one in instead if one is not None and not is_away(one, at)), None)


def leave_now(posts: Iterable[UUID], at: datetime) -> dict[UUID, Shift]:
    """Of these posts those that are on leave at a moment, each with its leave and whoever covers, with person and team."""
    away = Shift.objects.filter(post__in=list(posts), from_at__lte=at, until_at__gt=at, is_leave=True)
    return {one.post_id: one for one in away.select_related("covered_by__user", "covered_by__team").order_by("from_at", "pk")}


def authority_served(post: Post) -> Authority | None:
    """The authority that a post's agency serves: the first by name where it serves several, None where it serves none."""
    return Authority.objects.filter(agencies=post.team.agency_id).order_by("name").first()


def served_or_404(post: Post) -> Authority:
    """The same for a page that is of an authority: not found where the post's agency serves none."""
    if (authority := authority_served(post)) is None:
        raise Http404
    return authority


def expect_served(post: Post) -> Authority:
    """The same for a command. Raises Invalid where the post's agency serves none."""
    if (authority := authority_served(post)) is None:
        raise Invalid("Your agency serves no authority here.")
    return authority


def agencies_serving(authorities: "Iterable[UUID] | QuerySet[Authority]") -> "QuerySet[Agency]":
    """The agencies that serve any of these authorities, by name."""
    return Agency.objects.filter(authorities__in=authorities).distinct().order_by("name")


def front_door_of(post: Post) -> Authority | None:
    """The authority whose front door a post rings: the one that its agency serves, or the partnership's first by name."""
    return authority_served(post) or Authority.objects.filter(is_partner=True).order_by("name").first()


ANSWER_AT_ANY_HOUR = (TeamPurpose.EMERGENCY_DUTY, TeamPurpose.MISSING, TeamPurpose.FRONT_DOOR)


def duty_teams(*authorities: UUID) -> "QuerySet[Team]":
    """The teams whose posts on shift answer for the missing children of these authorities at any hour."""
    teams = Team.objects.filter(agency__authorities__in=authorities, agency__kind="council", purpose__in=ANSWER_AT_ANY_HOUR)
    return teams.distinct().order_by("name")


LOOKS_AHEAD = timedelta(hours=36)


@dataclass(frozen=True)
class OnCall:
    """Who of one team is on the rota now, and who comes next."""

    team: Team
    now: list[Shift]
    next: list[Shift]


def number_of(post: Post) -> str:
    """The telephone by which a post is reached: its person's, or else its team's. `post` carries user and team."""
    return post.user.telephone or post.team.telephone


def rota(authorities: Iterable[Authority], at: datetime) -> list[OnCall]:
    """Who is on call for these authorities at any hour, team by team: now, and whoever starts next within 36 hours. One statement.

    A team that has nobody on its rota in that time is left out; somebody on leave, or whose post has ended, is on no rota.
    """
    shifts = Shift.objects.filter(
        team__agency__authorities__in=list(authorities), team__purpose__in=ANSWER_AT_ANY_HOUR, is_leave=False, until_at__gt=at,
        from_at__lt=at + LOOKS_AHEAD, post__user__is_active=True,
    )  # fmt: skip
    rows = shifts.select_related("post__user", "post__team", "team__agency").order_by("team__agency__name", "team__name", "from_at", "pk")
    found = []
    for team, one in groupby(rows.distinct(), key=lambda shift: shift.team):
        held = [shift for shift in one if shift.post.stands_on(day_of(max(at, shift.from_at)))]
        later = [shift for shift in held if shift.from_at > at]
        starts = later[0].from_at if later else None
        found.append(OnCall(team, [shift for shift in held if shift.from_at <= at], [s for s in later if s.from_at == starts]))
    return found


def skills_of(posts: Iterable[Post]) -> dict[UUID, list[Skill]]:
    """What each of these posts is trained in, and which languages it speaks: of each kind of training the entry that stands, also where it is over."""
    found: dict[UUID, dict[tuple[str, str], Skill]] = {}
    for skill in Skill.objects.filter(post__in=list(posts)).order_by("kind", "words", "recorded_at", "pk"):
        found.setdefault(skill.post_id, {})[skill.kind, skill.words.casefold()] = skill
    return {post: list(skills.values()) for post, skills in found.items()}


def contact_points(authority: Authority) -> "QuerySet[ContactPoint]":
    """Whom one asks in each agency that serves an authority, by the name of the agency."""
    points = ContactPoint.objects.filter(agency__authorities=authority).select_related(
        "agency", "post__user", "post__team", "deputy__user", "deputy__team"
    )
    return points.order_by("agency__name")
