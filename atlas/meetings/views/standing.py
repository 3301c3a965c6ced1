"""The director's standing list, and whom she holds in view."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.gate.act import Invalid
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import Permission
from atlas.meetings import standing_forms as forms
from atlas.meetings.commands import standing as verbs
from atlas.meetings.queries.standing import standing_list
from atlas.meetings.views.step_down import day_asked

if TYPE_CHECKING:
    from atlas.agencies.models import Authority

NOT_LISTED = "This child does not stand on your list now."
OPENS = "You will see who the child is, what the plan and the meetings say, until that day. It is recorded that you looked."
STAYS = "What it opened to you closes at once. A child at the highest level, or with harm occurring, stays on the list without a name."


@page(needs=Permission.VIEW_STANDING_LIST)
def view_standing_list(request: PageRequest) -> HttpResponse:
    """Every child at the highest level or with harm occurring, as at any day: what is unanswered, and what agencies owe for each."""
    today = day_of(request.at)
    as_at = day_asked(request.GET.get("as_at", ""), today)
    lines = standing_list(_authorities(request), as_at, is_today=as_at == today)
    shown = {
        "now": request.at, "today": today, "as_at": as_at, "lines": lines,
        "never": sum(one.last_chaired is None for one in lines), "none_to_come": sum(one.next_chaired is None for one in lines),
    }  # fmt: skip
    return render(request, "meetings/view_standing_list.html", shown)


@page(needs=Permission.HOLD_IN_VIEW)
def hold_in_view(request: PageRequest, child: UUID) -> HttpResponse:
    """Hold a child of the list in view, by name."""
    return _about(request, child, forms.HoldInViewForm.of(request), verbs.hold_in_view, "Hold a child in view", OPENS)


@page(needs=Permission.TAKE_OUT_OF_VIEW)
def take_out_of_view(request: PageRequest, child: UUID) -> HttpResponse:
    """Hold a child in view no longer."""
    return _about(request, child, forms.OutOfViewForm.of(request), verbs.take_out_of_view, "Take a child out of view", STAYS)


def _authorities(request: PageRequest) -> "list[Authority]":
    return list(request.post.team.agency.authorities.all())


def _about(request: PageRequest, child: UUID, form: Any, verb: Any, heading: str, lead: str) -> HttpResponse:
    listed = standing_list(_authorities(request), day_of(request.at), is_today=False)
    one, home = next((line for line in listed if line.child_id == child), None), reverse("meetings:view_standing_list")

    def act(given: dict[str, Any]) -> object:
        if one is None:
            raise Invalid(NOT_LISTED)
        return verb(child_id=child, **given)

    return answer(
        request,
        form,
        act,
        then=lambda done: home,
        heading=heading,
        caption=one.name if one else "",
        back=home,
        lead=(lead if one else NOT_LISTED,),
    )
