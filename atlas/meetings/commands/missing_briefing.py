"""The daily missing briefing begins: one click calls it, puts every child who is missing now on its agenda, asks whoever came last time, and says that it began."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connections

from atlas.gate.act import Invalid, command
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.meetings.codes import GROUP_OF, Group, Part
from atlas.meetings.commands.calling import Called, convene, hold_meeting
from atlas.meetings.commands.inviting import CARRIES, Asked, ask
from atlas.meetings.models import Invitation, Meeting, MeetingItem
from atlas.meetings.queries.leading import carries_case, may_be_invited
from atlas.meetings.queries.missing_briefing import KIND, briefings_held, todays_briefing
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY

if TYPE_CHECKING:
    from atlas.agencies.models import Authority, Post

BRIEFING = SHIPPED_BY_KEY[KIND]
MINUTES = 30
WHY = "Missing now."
NOBODY = "No child whom you may see is missing now. There is nothing to begin; what is late stands on this page."
BEGUN = "Today’s briefing has begun. Open it from this page."


@command(needs=Permission.BEGIN_MISSING_BRIEFING)
def begin_missing_briefing(*, authority: "Authority", by: "Post", at: datetime) -> Meeting:
    """Begin today's briefing: it is called and held at this moment, chaired by whoever begins it; every child who is missing now stands on its agenda; whoever was asked
    to the last one is asked. Raises Invalid where it has begun, where nobody is missing, and for somebody who works with one of the children.
    """
    if todays_briefing(authority, at) is not None:
        raise Invalid(BEGUN)
    last = briefings_held(authority).first()
    meeting = convene(Called(BRIEFING, at, by, MINUTES), authority, at)
    speaks = GROUP_OF.get(by.team.agency.kind, Group.OTHER)  # type: ignore[call-overload]
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_begin_briefing(%s, %s, %s, %s)", [meeting.pk, speaks, WHY, _youngest(at)])
        if not cursor.fetchone()[0]:
            raise Invalid(NOBODY)
    children = list(MeetingItem.objects.filter(meeting=meeting).values_list("child", flat=True))
    if carries_case(by, children, at):
        raise Invalid(CARRIES)
    for post in _asked_last(last, by):
        if may_be_invited(post.pk, children):
            ask(meeting, Asked(Part.MEMBER, post), at)
    return hold_meeting(meeting=meeting, held_at=at, by=by, at=at)


def _youngest(at: datetime) -> date:
    """Whoever was born after that day is not yet as old as the kind allows."""
    day = day_of(at)
    year = day.year - BRIEFING.until_age
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _asked_last(last: Meeting | None, by: "Post") -> "list[Post]":
    """Those with an account who were asked to the last briefing, and its chair, where somebody else begins this one."""
    if last is None:
        return []
    asked = Invitation.objects.filter(meeting=last, withdrawn_at=None, post__isnull=False, child=None).exclude(post=by)
    return [
        one.post for one in asked.select_related("post__user", "post__team__agency").order_by("invited_at", "pk") if one.post is not None
    ]
