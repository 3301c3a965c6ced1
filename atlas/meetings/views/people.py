"""Who is asked to a meeting, what they answer, and who was there."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import Permission
from atlas.meetings import forms
from atlas.meetings.commands import inviting
from atlas.meetings.models import Invitation, Meeting, MeetingItem
from atlas.meetings.queries.choosing import agencies_in, who_may_come
from atlas.meetings.queries.room import meetings_with_people
from atlas.meetings.views.meeting import of_meeting, to_meeting


def invitations_with_meeting() -> Any:
    """Invitations with the meeting and whoever is asked."""
    return Invitation.objects.select_related("meeting__authority", "post__user", "post__team__agency", "child")


@page(about=Meeting, needs=Permission.INVITE, rows=meetings_with_people)
def invite(request: PageRequest, meeting: Meeting) -> HttpResponse:
    """Ask somebody: first of which agency, then whom."""
    agencies = list(agencies_in(meeting.authority))
    chosen = request.GET.get("agency", "")
    agency = next((one for one in agencies if str(one.pk) == chosen), None)
    children = [
        item.child for item in MeetingItem.objects.filter(meeting=meeting, child__isnull=False).select_related("child") if item.child
    ]
    people = list(who_may_come(meeting.authority, request.at, agency.pk if agency else None))
    form = forms.InviteForm.of(request, people=people, children=children)

    def act(given: dict[str, Any]) -> object:
        return inviting.invite(meeting=meeting, asked=form.asked(), **acting(request))

    return answer(
        request, form, act, then=to_meeting, template="meetings/invite.html", heading="Ask somebody to the meeting", caption=meeting.kind_name,
        back=to_meeting(meeting), agencies=agencies, agency=agency,
    )  # fmt: skip


@page(about=Invitation, needs=Permission.INVITE, rows=invitations_with_meeting)
def withdraw_invitation(request: PageRequest, invitation: Invitation) -> HttpResponse:
    """Take it back."""
    return of_meeting(
        request, invitation.meeting, forms.BecauseForm.of(request), lambda given: inviting.withdraw_invitation(invitation=invitation, **given),
        "Do not ask them any more", ("The meeting closes to them at once.",), invitation.who,
    )  # fmt: skip


@page(about=Invitation, needs=Permission.ANSWER_INVITATION, rows=invitations_with_meeting)
def answer_invitation(request: PageRequest, invitation: Invitation) -> HttpResponse:
    """Say whether one comes."""
    colleagues = who_may_come(invitation.meeting.authority, request.at, request.post.team.agency_id).exclude(pk=request.post.pk)
    form = forms.ReplyForm.of(request, colleagues=list(colleagues))
    home = reverse("meetings:view_meetings")
    return answer(
        request, form, lambda given: inviting.answer_invitation(invitation=invitation, **given), then=lambda done: home,
        heading="Do you come?", caption=invitation.meeting.kind_name, back=home,
    )  # fmt: skip


@page(about=Invitation, needs=Permission.RECORD_ATTENDANCE, rows=invitations_with_meeting)
def record_attendance(request: PageRequest, invitation: Invitation) -> HttpResponse:
    """Say who was there."""
    form = forms.AttendanceForm.of(request, invitation=invitation)

    def act(given: dict[str, Any]) -> object:
        return inviting.record_attendance(invitation=invitation, **given)

    return of_meeting(request, invitation.meeting, form, act, "Were they there?", about=invitation.who)
