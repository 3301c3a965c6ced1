"""Who holds which post, who is on shift, and who stands in for whom."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import connections
from django.db.models import Exists, OuterRef, Q, QuerySet

from atlas.agencies.models import SECRET, Authority, Post, Shift, Team, TeamPurpose
from atlas.design.words import plural


def posts_held(*, user_id: UUID, on: date) -> "QuerySet[Post]":
    """The posts that a person holds on a day, with team, agency and the person."""
    return posts_standing(on).filter(user_id=user_id)


def posts_standing(on: date) -> "QuerySet[Post]":
    """All posts that are held on a day by a person who may sign in."""
    stands = Q(until_on__isnull=True) | Q(until_on__gte=on)
    held = Post.objects.filter(stands, from_on__lte=on, user__is_active=True).select_related("user", "team__agency")
    return held.defer(*(f"user__{name}" for name in SECRET)).order_by("title", "pk")


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
    return posts_standing(at.date()).filter(Exists(shifts))


def is_away(post: Post, at: datetime) -> bool:
    """Whether a post is vacant or on leave at a moment, so that an alert must not wait for it."""
    if not post.stands_on(at.date()) or not post.user.is_active:
        return True
    return Shift.objects.filter(post=post, from_at__lte=at, until_at__gt=at, is_leave=True).exists()


def stand_in(post: Post | None, at: datetime) -> Post | None:
    """The post itself, or its deputy while it is away; None where nobody stands."""
    if post is None:
        return None
    if not is_away(post, at):
        return post
    deputy = post.deputy
    return deputy if deputy is not None and not is_away(deputy, at) else None


def authority_served(post: Post) -> Authority | None:
    """The authority that a post's agency serves: the first by name where it serves several, None where it serves none."""
    return Authority.objects.filter(agencies=post.team.agency_id).order_by("name").first()


def front_door_of(post: Post) -> Authority | None:
    """The authority whose front door a post rings: the one that its agency serves, or the partnership's first by name."""
    return authority_served(post) or Authority.objects.filter(is_partner=True).order_by("name").first()


def duty_teams(authority: Authority) -> "QuerySet[Team]":
    """The teams whose posts on shift answer for an authority's missing children at any hour."""
    purposes = [TeamPurpose.MISSING, TeamPurpose.FRONT_DOOR, TeamPurpose.EMERGENCY_DUTY]
    return Team.objects.filter(agency__authorities=authority, agency__kind="council", purpose__in=purposes).order_by("name")
