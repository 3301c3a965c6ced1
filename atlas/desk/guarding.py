"""Who may see a child: restricted or hidden since when and why, who stands on the list of names; and what changes it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.models import Post, Team
from atlas.agencies.queries import posts_standing
from atlas.children import commands
from atlas.children.commands import Names
from atlas.children.models import Child
from atlas.children.queries import guards_of, list_of_names, who_answers
from atlas.desk.forms import GuardForm, NameHolderForm, RemoveHolderForm
from atlas.gate.days import day_of
from atlas.gate.models import NamedHolder, Restriction
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import ROLE, ROLES, Permission, Sensitivity

SECOND = "A second person, in another post and not in your line, must approve it. Until then nothing changes."


def _to(child: Child) -> str:
    return reverse("desk:view_guard", args=[child.pk])


@page(about=Child, needs=Permission.VIEW_GUARD)
def view_guard(request: PageRequest, child: Child) -> HttpResponse:
    """Whether a child is restricted or hidden, since when and why; and who is, and was, on the list of names."""
    guards, names = guards_of(child, request.at), list(list_of_names(child))
    shown = {
        "child": child, "guards": guards, "is_hidden": any(one.sensitivity == Sensitivity.HIDDEN for one in guards),
        "names": [one for one in names if one.until_at is None or one.until_at > request.at],
        "ended": [one for one in names if one.until_at is not None and one.until_at <= request.at],
        "may": Permission.RESTRICT_CHILD in ROLE[request.post.role].permissions,
        "opens_page": Permission.VIEW_CHILD in ROLE[request.post.role].permissions,
    }  # fmt: skip
    return render(request, "desk/view_guard.html", shown)


def _offered(request: PageRequest, child: Child) -> list[tuple[str, str]]:
    """Who answers for the child, and oneself, for the list of names."""
    own = [(f"post:{request.post.pk}", f"{request.post} (you)")]
    answering = [(one.key, f"{one.who}, {one.why}") for one in who_answers(child) if one.who != request.post]
    return own + answering


def _names(chosen: list[str]) -> Names:
    """The posts and teams that a form names."""
    ids: dict[str, list[str]] = {"post": [], "team": []}
    for key in chosen:
        kind, _, pk = key.partition(":")
        ids[kind].append(pk)
    posts, teams = Post.objects.in_bulk(ids["post"]), Team.objects.in_bulk(ids["team"])
    return Names(tuple(posts.values()), tuple(teams.values()))


def _guarding(request: PageRequest, child: Child, act: Any, heading: str, lead: tuple[str, ...], submit: str) -> HttpResponse:
    offered = _offered(request, child)
    form = GuardForm.of(request, offered=offered, submit=submit, initial={"names": [key for key, _ in offered]})
    return answer(
        request, form, lambda given: act(child=child, **{**given, "names": _names(given["names"])}), then=lambda done: _to(child), heading=heading,
        caption=child.name, back=_to(child), lead=lead,
    )  # fmt: skip


@page(about=Child, needs=Permission.RESTRICT_CHILD)
def restrict_child(request: PageRequest, child: Child) -> HttpResponse:
    """Restrict a child to a list of names, at once."""
    lead = ("From now on only those on the list see the child, each through their own work with the child, as before.",)
    return _guarding(request, child, commands.restrict_child, "Restrict who may see this child", lead, "Restrict the child now")


@page(about=Child, needs=Permission.HIDE_CHILD)
def hide_child(request: PageRequest, child: Child) -> HttpResponse:
    """Propose that a child is hidden."""
    lead = ("For everybody who is not on the list the child no longer exists: on no page, in no list, in no count.", SECOND)
    return _guarding(request, child, commands.hide_child, "Hide this child", lead, "Propose it to a second person")


@page(about=Child, needs=Permission.NAME_HOLDER)
def name_holder(request: PageRequest, child: Child) -> HttpResponse:
    """Put somebody on the list of names."""
    roles = [role.key for role in ROLES if Permission.VIEW_GUARD in role.permissions]
    posts = (
        posts_standing(day_of(request.at)).filter(role__in=roles, is_service=False).order_by("team__agency__name", "user__last_name", "pk")
    )
    named = [(f"post:{post.pk}", f"{post.team.agency.name}: {post.user.name}, {post.title}") for post in posts]
    teams = [(f"team:{team.pk}", f"The team {team.name}, {team.agency.name}") for team in {post.team for post in posts}]
    form = NameHolderForm.of(request, offered=[*named, *sorted(teams, key=lambda one: one[1])])
    return answer(
        request, form, lambda given: commands.name_holder(child=child, **{**given, "names": _names([given["names"]])}), then=lambda done: _to(child),
        heading="Name somebody", caption=child.name, back=_to(child), lead=("It opens nothing by itself: they still need a reason to see the child.",),
    )  # fmt: skip


@page(about=NamedHolder, needs=Permission.REMOVE_HOLDER)
def remove_holder(request: PageRequest, holder: NamedHolder) -> HttpResponse:
    """Take somebody off the list of names."""
    child, who = holder.child, holder.holder_post or holder.holder_team
    return answer(
        request, RemoveHolderForm.of(request), lambda given: commands.remove_holder(holder=holder, **given), then=lambda done: _to(child),
        heading=f"Take {who} off the list", caption=child.name, back=_to(child), lead=("What they have open ends with the next thing they do.",),
    )  # fmt: skip


@page(about=Restriction, needs=Permission.LIFT_RESTRICTION)
def lift_restriction(request: PageRequest, restriction: Restriction) -> HttpResponse:
    """Propose that a child is no longer restricted or hidden."""
    child = restriction.child
    return answer(
        request, RemoveHolderForm.of(request, submit="Propose it to a second person"),
        lambda given: commands.lift_restriction(restriction=restriction, **given), then=lambda done: _to(child), back=_to(child),
        heading=f"No longer {restriction.sensitivity}", caption=child.name, lead=(SECOND,),
    )  # fmt: skip
