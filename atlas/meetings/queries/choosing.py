"""Who may be asked, who may chair, and for whom one meeting may be called together with a child."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet

from atlas.agencies.models import Agency, Post
from atlas.agencies.queries import posts_standing
from atlas.children.models import Child
from atlas.connections.models import Group, PersonOfConcern, Tie
from atlas.gate.days import day_of
from atlas.gate.policy import ROLES, Permission
from atlas.meetings.models import Invitation, Meeting
from atlas.places.models import Place

if TYPE_CHECKING:
    from datetime import date

    from atlas.agencies.models import Authority

MEETS = [role.key for role in ROLES if Permission.VIEW_MEETING in role.permissions]


def agencies_in(authority: "Authority") -> "QuerySet[Agency]":
    """The agencies that serve an authority, by name."""
    return Agency.objects.filter(authorities=authority).order_by("name")


def who_may_come(authority: "Authority", at: datetime, agency_id: UUID | None = None) -> "QuerySet[Post]":
    """The posts of the agencies of an authority (of one of them) whose role goes to meetings, by name."""
    posts = posts_standing(day_of(at)).filter(team__agency__authorities=authority, role__in=MEETS, is_service=False)
    posts = posts.filter(team__agency=agency_id) if agency_id else posts
    return posts.select_related("user", "team__agency").distinct().order_by("user__last_name", "user__first_name", "pk")


def who_may_chair(authority: "Authority", roles: "frozenset[str]", at: datetime) -> "QuerySet[Post]":
    """Of these, those whose role chairs such a meeting."""
    return who_may_come(authority, at).filter(role__in=roles)


def minute_takers(authority: "Authority", at: datetime) -> "QuerySet[Post]":
    """Those who may take minutes: of the council, whose role leads meetings."""
    leads = [role.key for role in ROLES if Permission.RECORD_MEETING_DECISION in role.permissions]
    return who_may_come(authority, at).filter(role__in=leads, team__agency__kind="council")


def brothers_and_sisters(child: Child) -> "list[Child]":
    """The children tied to this one as brother or sister, or of one household, whom whoever asks may see."""
    ties = Tie.objects.filter(Q(child=child) | Q(tied_id=child.pk), kind__in=["sibling", "household"], until_at=None, is_error=False)
    others = {tie.tied_id if tie.child_id == child.pk else tie.child_id for tie in ties}
    return list(Child.objects.filter(pk__in=others).order_by("pk"))


def who_may_own_action(meeting: Meeting, at: datetime) -> "list[Post]":
    """Everybody who is asked to the meeting and has an account: an action is given to somebody who is there, or to their deputy."""
    posts = Invitation.objects.filter(meeting=meeting, withdrawn_at=None, post__isnull=False).values("post")
    return list(Post.objects.filter(pk__in=posts).select_related("user", "team__agency").order_by("team__agency__name", "user__last_name"))


def entries_for_agenda(day: "date") -> "list[Any]":
    """The people of concern, groups and places that are open to whoever asks and were looked at in time, by name: what may stand on an agenda."""
    return [one for model in (PersonOfConcern, Group, Place) for one in model.objects.filter(review_on__gte=day).order_by("name", "pk")]
