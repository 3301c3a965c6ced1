"""Step-downs, and child in need plans that last."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.children.models import Child
from atlas.gate.act import Invalid
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.meetings import step_down_forms as forms
from atlas.meetings.commands import step_down as verbs
from atlas.meetings.queries.choosing import minute_takers, who_may_chair
from atlas.meetings.queries.step_downs import long_plans, step_downs

MOST, MOST_LISTED = 100, 25
LEAD = "The main system ends the plan. Here you say on what it ends, and call the first child in need meeting with a chair who does not work with the child."
NOT_LISTED = "This child stands on no list of yours now."
OPENS = "You will see who the child is, the plans and the meetings, until your review is over. It is recorded that you looked."


@page(needs=Permission.VIEW_STEP_DOWNS)
def view_step_downs(request: PageRequest) -> HttpResponse:
    """The chair's page: who stepped down, when the first meeting is or was, what was agreed, its intended effect and whether it worked; plans that last."""
    today = day_of(request.at)
    as_at = day_asked(request.GET.get("as_at", ""), today)
    lists = long_plans(as_at)
    shown = {
        "now": request.at, "today": today, "as_at": as_at, "rows": list(step_downs(request.subject)[:MOST]),
        "may_take": Permission.TAKE_ON_REVIEW in ROLE[request.post.role].permissions,
        "long": Paginator([one for one in lists if one.what == "long"], MOST_LISTED).get_page(request.GET.get("page")),
        "warning": [one for one in lists if one.what == "warning"],
        "nobody": [one for one in lists if one.what == "nobody"],
        "ended": [one for one in lists if one.what == "ended"],
    }  # fmt: skip
    return render(request, "meetings/view_step_downs.html", shown)


def day_asked(typed: str, otherwise: date) -> date:
    """The day that was asked for; today, where it is none, or still to come."""
    try:
        return min(date.fromisoformat(typed), otherwise)
    except ValueError:
        return otherwise


@page(about=Child, needs=Permission.STEP_DOWN)
def step_down(request: PageRequest, child: Child) -> HttpResponse:
    """Say why a child protection plan ends, and call the first meeting."""
    chairs = who_may_chair(child.responsible_authority, verbs.FIRST.chaired_by, request.at)
    form = forms.StepDownForm.of(request, chairs=list(chairs), takers=list(minute_takers(child.responsible_authority, request.at)))
    return answer(
        request, form, lambda given: verbs.step_down(child=child, given=form.given(), **acting(request)),
        then=lambda done: reverse("meetings:view_child_meetings", args=[child.pk]), heading="Step down from a child protection plan", caption=child.name,
        back=reverse("meetings:view_child_meetings", args=[child.pk]),
        lead=(LEAD,),
    )  # fmt: skip


@page(needs=Permission.TAKE_ON_REVIEW)
def take_on_review(request: PageRequest, child: UUID) -> HttpResponse:
    """Look into one of the plans of the list, by name."""
    listed = {one.child_id: one for one in long_plans(day_of(request.at))}
    home = reverse("meetings:view_step_downs")

    def act(given: dict[str, Any]) -> object:
        if child not in listed:
            raise Invalid(NOT_LISTED)
        return verbs.take_on_review(child_id=child, **given)

    return answer(
        request, forms.TakeOnForm.of(request), act, then=lambda done: home,
        heading="Look into this plan", back=home,
        lead=(OPENS if child in listed else NOT_LISTED,),
    )  # fmt: skip
