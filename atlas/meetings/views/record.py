"""The record of a meeting as it is written."""

from typing import Any

from django.http import Http404, HttpResponse

from atlas.design.edits import put_in
from atlas.design.words import when
from atlas.gate.act import Conflict
from atlas.gate.page import PageRequest, acting, page
from atlas.gate.policy import Permission
from atlas.meetings import forms
from atlas.meetings.codes import About, Settles
from atlas.meetings.commands import recording
from atlas.meetings.models import Invitation, Meeting, MeetingContribution, MeetingDecision, MeetingItem
from atlas.meetings.panel_forms import PanelDecisionForm
from atlas.meetings.queries.briefing import briefing_of
from atlas.meetings.queries.choosing import agencies_in
from atlas.meetings.queries.leading import kind_of, leads, works_with
from atlas.meetings.queries.panels import panels_of
from atlas.meetings.queries.room import decisions_now, items_with_meeting, meetings_with_people, needed_of
from atlas.meetings.views.meeting import of_meeting


def contributions_with_meeting() -> Any:
    """What was brought, with the meeting and the child."""
    return MeetingContribution.objects.select_related("meeting__authority", "child", "item")


@page(about=MeetingItem, needs=Permission.CONTRIBUTE, rows=items_with_meeting)
def contribute(request: PageRequest, item: MeetingItem) -> HttpResponse:
    """Write down what one's agency knows."""
    asked = Invitation.objects.filter(meeting=item.meeting, withdrawn_at=None).exclude(post=request.post).select_related("post__user")
    form = forms.SaidForm.of(
        request, agencies=list(agencies_in(item.meeting.authority)), invitations=list(asked), is_led=leads(item.meeting, request.post)
    )

    def act(given: dict[str, Any]) -> object:
        return recording.contribute(item=item, said=form.said(), **acting(request))

    return of_meeting(request, item.meeting, form, act, "What is known", (item.why,), item.name)


@page(about=MeetingItem, needs=Permission.CONTRIBUTE, rows=items_with_meeting)
def compile_briefing(request: PageRequest, item: MeetingItem) -> HttpResponse:
    """Put what the record says now before the meeting."""
    if item.child is None or not works_with(request.subject, item.child_id):
        raise Http404
    return of_meeting(
        request, item.meeting, forms.BriefingForm.of(request), lambda given: recording.compile_briefing(item=item, **given), "A briefing from the record",
        ("Everybody at the meeting reads it. It says, with their dates:", *briefing_of(request.subject, item.child, request.at)),
    )  # fmt: skip


@page(about=MeetingContribution, needs=Permission.CONTRIBUTE, rows=contributions_with_meeting)
def rewrite_contribution(request: PageRequest, contribution: MeetingContribution) -> HttpResponse:
    """Write one's own entry anew."""
    form = forms.RewriteSaidForm.of(
        request, agencies=list(agencies_in(contribution.meeting.authority)),
        initial={"audience": contribution.audience, "agencies": [str(pk) for pk in contribution.agencies]},
    )  # fmt: skip

    def act(given: dict[str, Any]) -> object:
        return recording.rewrite_contribution(contribution=contribution, said=form.said(), **acting(request))

    return of_meeting(request, contribution.meeting, form, act, "What is known", about=contribution.item.name)


@page(about=MeetingItem, needs=Permission.RECORD_MEETING_DECISION, rows=items_with_meeting)
def record_meeting_decision(request: PageRequest, item: MeetingItem, point: str) -> HttpResponse:
    """Write down what is decided on one point."""
    kind = kind_of(item.meeting)
    if point not in {one.value for one in kind.settles}:
        raise Http404
    now = decisions_now(MeetingDecision.objects.filter(item=item).select_related("decided_by__user")).get((item.pk, point))
    given: dict[str, Any] = {"kind": kind, "point": Settles(point), "agencies": list(agencies_in(item.meeting.authority)), "now": now}
    if point == Settles.DECISION and kind.about in {About.PANEL, About.STRATEGIC}:
        panels = [one for one in panels_of([item.meeting.authority]) if one.pk != item.meeting.panel_id]
        form: forms.DecisionForm = PanelDecisionForm.of(request, is_child=item.child_id is not None, panels=panels, **given)
    else:
        form = forms.DecisionForm.of(request, **given)

    def act(given: dict[str, Any]) -> object:
        try:
            return recording.record_meeting_decision(item=item, decided=form.decided(), **acting(request))
        except Conflict:  # show what the other wrote; sent once more, it takes the place of that
            form.meanwhile = [meanwhile(now)] if now else []
            put_in(form, "instead_of", str(now.pk) if now else "")
            raise

    return of_meeting(request, item.meeting, form, act, Settles(point).label, about=item.name)


def meanwhile(decision: MeetingDecision) -> str:
    """What somebody else decided while one was writing, in words."""
    said = (f"{one.rstrip('.')}." for one in (decision.get_answer_display(), decision.words) if one)
    return f"{decision.decided_by.user.name}, {when(decision.decided_at)}: {' '.join(said)} Because: {decision.reason}"


@page(about=Meeting, needs=Permission.CLOSE_MEETING, rows=meetings_with_people)
def close_meeting(request: PageRequest, meeting: Meeting) -> HttpResponse:
    """Close the record and send it."""
    lead = tuple(f"Still needed: {one.words}." for one in needed_of(meeting)) or (
        "Nothing is missing. Everybody who was asked learns that it is ready.",
    )
    return of_meeting(
        request,
        meeting,
        forms.CloseForm.of(request),
        lambda given: recording.close_meeting(meeting=meeting, **given),
        "Close the record",
        lead,
    )
