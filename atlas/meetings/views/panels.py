"""The panels, one panel with its list, and what lets one be opened, looked at again, filled with people and called together."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.queries import served_or_404
from atlas.connections.looks import note_looks
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.meetings import panel_forms
from atlas.meetings.codes import LEADING, About
from atlas.meetings.commands import panels as verbs
from atlas.meetings.models import Meeting, Panel, PanelMember
from atlas.meetings.queries.choosing import minute_takers, who_may_come
from atlas.meetings.queries.late_lines import children_for_panel
from atlas.meetings.queries.leading import kind_of, meeting_kinds
from atlas.meetings.queries.panels import listed_on, members_of, next_day, panels_of, panels_with_people
from atlas.meetings.queries.thresholds import facts_for
from atlas.meetings.rules.terms import TERMS
from atlas.meetings.views.meeting import to_meeting


def to_panel(done: object) -> str:
    """The address of a panel, or of the one that somebody sits on."""
    return reverse("meetings:view_panel", args=[done.panel_id if isinstance(done, PanelMember) else done.pk])  # type: ignore[attr-defined]


def members_with_people() -> Any:
    """Members with their panel and their post."""
    return PanelMember.objects.select_related("panel__authority", "post__user", "post__team__agency")


@page(needs=Permission.VIEW_PANELS)
def view_panels(request: PageRequest) -> HttpResponse:
    """The panels and groups of the authorities that one's agency serves, and when each meets next."""
    panels = list(panels_of(request.post.team.agency.authorities.all()))
    may = ROLE[request.post.role].permissions
    return render(request, "meetings/view_panels.html", {"panels": panels, "now": request.at, "may": may, "P": Permission})


@page(about=Panel, needs=Permission.VIEW_PANEL, rows=panels_with_people)
def view_panel(request: PageRequest, panel: Panel) -> HttpResponse:
    """One panel: who sits on it, when it meets, what stands on its list and is open to whoever asks, and its terms."""
    members, may = members_of(panel, request.at), ROLE[request.post.role].permissions
    leads = any(one.post_id == request.post.pk and one.part in LEADING for one in members)
    listed = listed_on(panel)
    facts = facts_for([one.item.child for one in listed if one.item.child], request.at)
    waiting = children_for_panel(request.subject, panel, [one.item.child for one in listed if one.item.child], request.at)
    note_looks(request, "view_panel", [one.item.held for one in listed])
    ahead = Meeting.objects.filter(panel=panel, state__in=[Meeting.State.CALLED, Meeting.State.HELD]).order_by("starts_at")
    shown = {
        "panel": panel, "members": members, "ahead": list(ahead[:5]), "next_on": next_day(panel, request.at), "listed": listed, "facts": facts,
        "terms": [(point, panel.terms.get(point.key, "")) for point in TERMS], "now": request.at, "may": may, "P": Permission,
        "may_call": Permission.CALL_PANEL_MEETING in may and (leads or Permission.NAME_PANEL_MEMBER in may), "kind": kind_of(panel),
        "waiting": waiting,
    }  # fmt: skip
    return render(request, "meetings/view_panel.html", shown)


@page(needs=Permission.OPEN_PANEL)
def open_panel(request: PageRequest) -> HttpResponse:
    """Open a panel with its terms."""
    authority = served_or_404(request.post)
    kinds = [kind for kind in meeting_kinds(authority) if kind.about in {About.PANEL, About.STRATEGIC}]
    form = panel_forms.PanelForm.of(request, kinds=kinds)

    def act(given: dict[str, Any]) -> object:
        return verbs.open_panel(authority=authority, opened=form.opened(), **acting(request))

    lead = ("Write down what the agencies have agreed. The terms are looked at again after a year.",)
    return answer(
        request, form, act, then=to_panel, heading="Open a panel", caption=authority.name, back=reverse("meetings:view_panels"), lead=lead
    )


@page(about=Panel, needs=Permission.REVIEW_PANEL, rows=panels_with_people)
def review_panel(request: PageRequest, panel: Panel) -> HttpResponse:
    """Look at the terms again."""
    form = panel_forms.TermsForm.of(request, panel=panel)

    def act(given: dict[str, Any]) -> object:
        return verbs.review_panel(panel=panel, terms=form.terms(), every_days=given["every_days"], **acting(request))

    return _of_panel(request, panel, form, act, "The terms of the panel")


@page(about=Panel, needs=Permission.NAME_PANEL_MEMBER, rows=panels_with_people)
def name_panel_member(request: PageRequest, panel: Panel) -> HttpResponse:
    """Name somebody who sits on it."""
    form = panel_forms.MemberForm.of(request, people=list(who_may_come(panel.authority, request.at)))

    def act(given: dict[str, Any]) -> object:
        return verbs.name_panel_member(panel=panel, named=form.named(), **acting(request))

    lead = (
        "They see what stands on its agendas about places, themes, groups and people of concern. A child opens to them for a meeting alone.",
    )
    return _of_panel(request, panel, form, act, "Name a member", lead)


@page(about=PanelMember, needs=Permission.END_PANEL_MEMBER, rows=members_with_people)
def end_panel_member(request: PageRequest, member: PanelMember) -> HttpResponse:
    """Let a place on it end."""

    def act(given: dict[str, Any]) -> object:
        return verbs.end_panel_member(member=member, **acting(request))

    lead = (f"{member.post} no longer sits on this panel. What it opened to them closes at once.",)
    return _of_panel(request, member.panel, panel_forms.EndForm.of(request), act, "End a place on the panel", lead)


@page(about=Panel, needs=Permission.CALL_PANEL_MEETING, rows=panels_with_people)
def call_panel_meeting(request: PageRequest, panel: Panel) -> HttpResponse:
    """Call its next meeting; every member is asked."""
    takers = list(minute_takers(panel.authority, request.at))
    form = panel_forms.PanelMeetingForm.of(
        request, kind=kind_of(panel), members=members_of(panel, request.at), takers=takers, on=next_day(panel, request.at)
    )

    def act(given: dict[str, Any]) -> object:
        return verbs.call_panel_meeting(panel=panel, called=form.called(), **acting(request))

    return answer(request, form, act, then=to_meeting, heading="Call the next meeting", caption=panel.name, back=to_panel(panel))


def _of_panel(request: PageRequest, panel: Panel, form: Any, act: Any, heading: str, lead: tuple[str, ...] = ()) -> HttpResponse:
    return answer(
        request, form, act, then=lambda done: to_panel(panel), heading=heading, caption=panel.name, back=to_panel(panel), lead=lead
    )
