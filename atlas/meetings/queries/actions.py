"""What agencies agreed to do: one's own and those below, those of a child, what is late."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F, Q, QuerySet

from atlas.gate.context import Subject
from atlas.meetings.codes import LEADING, ActionState
from atlas.meetings.models import AgencyAction, Invitation

if TYPE_CHECKING:
    from atlas.agencies.models import Post

OPEN = (ActionState.ASKED, ActionState.ACCEPTED)
UNDONE = Q(state__in=OPEN) | Q(
    state__in=[ActionState.REFUSED, ActionState.NOT_DONE], worked=""
)  # still to do; or not done, and nobody has looked at it since
LOOKED_AT = timedelta(days=92)  # how long a meeting looks back at whether what was done worked
SHOWN_DAYS = 28  # how long a refusal stands on the page of whoever leads


def actions_with_people() -> "QuerySet[AgencyAction]":
    """Agency actions with everybody whom a page names."""
    return AgencyAction.objects.select_related(
        "child", "meeting", "agency", "owner_post__user", "owner_post__line_manager", "agreed_by__user", "worked_by__user"
    )


def answers_for(action: AgencyAction, post: "Post") -> bool:
    """Whether a post is the one whom an action is for, or stands one or two steps above it."""
    owner = action.owner_post
    above = owner.line_manager if owner is not None else None
    return owner is not None and post.pk in {owner.pk, owner.line_manager_id, above and above.line_manager_id}


def tray_of(subject: Subject) -> "QuerySet[AgencyAction]":
    """What is asked of a post and of those below it, one or two steps: what is still to be done first, the soonest first; then what was refused or ended."""
    post = subject.post.pk
    mine = Q(owner_post=post) | Q(owner_post__line_manager=post) | Q(owner_post__line_manager__line_manager=post)
    return actions_with_people().filter(mine).order_by("ended_at", "due_on", "pk")


def not_taken_on(subject: Subject) -> "QuerySet[AgencyAction]":
    """What agencies did not take on of what was asked in the meetings that a post leads, the latest first: seen at once, not at the next meeting."""
    led = Invitation.objects.filter(post=subject.post, part__in=LEADING, withdrawn_at=None).values("meeting")
    refused = Q(state=ActionState.REFUSED, worked="", ended_at__gte=subject.at - timedelta(days=SHOWN_DAYS))
    return actions_with_people().filter(refused, meeting__in=led).order_by("-ended_at", "pk")


def late(actions: "list[AgencyAction]", today: date) -> "list[AgencyAction]":
    """Of these, those that are still to be done and whose day is over."""
    return [action for action in actions if action.is_open and action.due_on < today]


def came_of(child_ids: "list[UUID]", meeting_id: UUID | None, at: datetime) -> "QuerySet[AgencyAction]":
    """What agencies did of what earlier meetings asked for these children, in the last three months: the next meeting looks at whether it worked. The latest first."""
    over = actions_with_people().filter(state__in=[ActionState.DONE, ActionState.NOT_DONE], ended_at__gte=at - LOOKED_AT)
    return (
        over.filter(Q(state=ActionState.DONE) | ~Q(worked=""), child__in=child_ids).exclude(meeting=meeting_id).order_by("-ended_at", "pk")
    )


def actions_about(subject: Subject, child_id: UUID) -> "QuerySet[AgencyAction]":
    """What meetings asked of agencies for a child, as far as it is open: what is still to be done first, then the latest."""
    rows = AgencyAction.objects.of_child(subject, child_id).select_related("child", "agency", "owner_post__user")
    return rows.order_by(F("ended_at").desc(nulls_first=True), "due_on", "pk")


def undone_before(child_ids: "list[UUID]", meeting_id: UUID | None) -> "QuerySet[AgencyAction]":
    """What earlier meetings asked of agencies for these children and is not done, or was not taken on: it opens the next meeting."""
    return actions_with_people().filter(UNDONE, child__in=child_ids).exclude(meeting=meeting_id).order_by("due_on", "pk")
