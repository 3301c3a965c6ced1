"""The co-located team's tray: interviews to allocate, who is trained in what until when, and whom one asks in each agency."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.advice.queries import asked_of
from atlas.agencies.models import Agency, ContactPoint, Post
from atlas.agencies.queries import authority_served, contact_points, is_away, posts_standing, skills_of
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.missing.queries.episodes import interviews_to_allocate
from atlas.oversight import commands
from atlas.oversight.forms import ContactPointForm, SkillForm
from atlas.oversight.held import is_of_line, posts_with_line

MOST = 100


@page(needs=Permission.VIEW_TRAY)
def view_tray(request: PageRequest) -> HttpResponse:
    """What waits for somebody to be named, who could do it, and whom one asks, across employers."""
    authority, may = authority_served(request.post), ROLE[request.post.role].permissions
    today = day_of(request.at)
    workers = posts_standing(today).filter(role__in=["return_interviewer", "missing_coordinator"], team__agency__authorities=authority)
    listed = list(workers.distinct()[:MOST]) if authority else []
    agencies = list(Agency.objects.filter(authorities=authority).order_by("name")) if authority else []
    points = {point.agency_id: point for point in contact_points(authority)} if authority else {}
    shown = {
        "now": request.at, "referrals": list(asked_of(request.subject)[:MOST]),
        "interviews": list(interviews_to_allocate(request.subject)[:MOST]), "workers": listed, "skills": skills_of(listed),
        "today": today, "agencies": agencies, "points": points, "away": {pk for pk, point in points.items() if is_away(point.post, request.at)},
        "may_allocate": Permission.ALLOCATE_INTERVIEW in may, "may_name": Permission.NAME_CONTACT_POINT in may,
    }  # fmt: skip
    return render(request, "oversight/view_tray.html", shown)


@page(about=Post, needs=Permission.RECORD_SKILL, rows=posts_with_line)
def record_skill(request: PageRequest, post: Post) -> HttpResponse:
    """Record what a worker of one's line is trained in, or a language."""
    if not is_of_line(request.post, post):
        raise Http404
    back = reverse("oversight:view_handover", args=[post.pk])
    return answer(
        request, SkillForm.of(request), lambda given: commands.record_skill(post=post, **given), then=lambda done: back,
        heading=f"What {post.user.name} is trained in", back=back, lead=("What has run out stands on the tray as such, and no longer counts.",),
    )  # fmt: skip


@page(about=Agency, needs=Permission.NAME_CONTACT_POINT)
def name_contact_point(request: PageRequest, agency: Agency) -> HttpResponse:
    """Name whom one asks in an agency, and who stands in."""
    served = authority_served(request.post)
    if served is None or not agency.authorities.filter(pk=served.pk).exists():
        raise Http404
    posts = list(posts_standing(day_of(request.at)).filter(team__agency=agency, is_service=False).order_by("user__last_name", "pk"))
    form, back = ContactPointForm.of(request, posts=posts), reverse("oversight:view_tray")

    def act(post: str, deputy: str, **given: Any) -> ContactPoint:
        return commands.name_contact_point(agency=agency, post=form.posts[post], deputy=form.posts[deputy], **given)

    return answer(
        request, form, lambda given: act(**given), then=lambda done: back, heading=f"Whom does one ask at {agency.name}?", back=back
    )
