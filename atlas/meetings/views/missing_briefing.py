"""The daily missing briefing: the morning page, and one click to begin."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.queries import served_or_404
from atlas.design.forms import Form, new_key
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.meetings.commands.missing_briefing import begin_missing_briefing as begin
from atlas.meetings.queries.missing_briefing import missing_briefing
from atlas.meetings.views.meeting import to_meeting
from atlas.missing.views.episode import NOT_THE_POLICE


class BeginForm(Form):
    """Nothing to fill in."""

    submit = "Begin today’s briefing"


@page(needs=Permission.VIEW_MISSING_BRIEFING)
def view_missing_briefing(request: PageRequest) -> HttpResponse:
    """Who is missing now, came back since the last briefing, has waited too long for an interview; what was agreed last and is not done."""
    authority = served_or_404(request.post)
    shown = {
        "briefing": missing_briefing(request.subject, authority, request.at), "authority": authority, "now": request.at, "key": new_key(),
        "not_the_police": NOT_THE_POLICE, "may": ROLE[request.post.role].permissions, "P": Permission,
    }  # fmt: skip
    return render(request, "meetings/view_missing_briefing.html", shown)


@page(needs=Permission.BEGIN_MISSING_BRIEFING)
def begin_missing_briefing(request: PageRequest) -> HttpResponse:
    """Begin today's briefing."""
    authority = served_or_404(request.post)

    def act(given: dict[str, Any]) -> object:
        return begin(authority=authority, **acting(request))

    lead = ("Every child who is missing now stands on its agenda, and opens to whoever was asked last time.",)
    return answer(
        request, BeginForm.of(request), act, then=to_meeting, heading="Begin today’s briefing", caption=authority.name,
        back=reverse("meetings:view_missing_briefing"), lead=lead,
    )  # fmt: skip
