"""A child's and a group's connections as a picture and as a table, one link and how it is known, the way between two; and forms of links. Every look is written."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.children.models import Child
from atlas.chronology.moments import YEARS
from atlas.connections.looks import note_looks
from atlas.connections.models import Group, PersonOfConcern
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.network import commands
from atlas.network.forms import CorrectLinkForm, EndLinkForm, RecordLinkForm, RenewLinkForm
from atlas.network.models import Link, Together
from atlas.network.picture import Picture, picture_of
from atlas.network.queries import key_of, links_around, links_with_ends, missing_at_same_time, way_between
from atlas.network.together import told_together
from atlas.places.models import Place

if TYPE_CHECKING:
    from django.db.models import QuerySet

EARLIER, MONTHS = timedelta(days=91), 12
FIRST = (
    "A child is a child first. A link says how the child stands in it, who says so and how sure it is. It is shown for six months, what the police write for "
    "three, and then deleted, unless somebody looks at it again."
)


@page(about=Child, needs=Permission.VIEW_NETWORK)
def view_network(request: PageRequest, child: Child) -> HttpResponse:
    """Whom and what a child is tied to, within two links, as of a day; and who was missing at the same time."""
    links = links_around(request.subject, key_of(child))
    told = told_together(request.subject, child, day_of(request.at))
    shown = _shown(request, picture_of(child, links, *_days(request), told), "view_network")
    same_time, may = missing_at_same_time(request.subject, child), ROLE[request.post.role].permissions
    found = {"child": child, "told": told, "may_answer": Permission.ANSWER_TOGETHER in may, "same_time": same_time, **shown}
    return render(request, "network/view_network.html", found)


@page(about=Group, needs=Permission.VIEW_GROUP)
def view_group_network(request: PageRequest, group: Group) -> HttpResponse:
    """Which children a group touches, in what capacity, and whom and what else they are tied to: of those who are open to whoever asks."""
    note_looks(request, "view_group_network", [group])
    links = links_around(request.subject, key_of(group))
    shown = _shown(request, picture_of(group, links, *_days(request)), "view_group_network")
    return render(request, "network/view_group_network.html", {"group": group, **shown})


@page(about=Link, needs=Permission.VIEW_NETWORK, rows=links_with_ends)
def view_link(request: PageRequest, link: Link) -> HttpResponse:
    """One link: how do we know?"""
    note_looks(request, "view_link", [link.person, link.group, link.place])
    today = day_of(request.at)
    return render(request, "network/view_link.html", {"link": link, "may_write": _may_write(request), "today": today})


@page(about=Child, needs=Permission.VIEW_NETWORK)
def view_way(request: PageRequest, child: Child) -> HttpResponse:
    """The shortest way from a child to somebody or something, link by link, each with how it is known; through what is open to whoever asks alone."""
    day, goals = _days(request)[0], _goals(request, child)
    goal = goals.get(request.GET.get("to", ""))
    way = way_between(request.subject, key_of(child), key_of(goal), day) if goal is not None else None
    note_looks(request, "view_way", [end for link in way or () for end in (link.person, link.group, link.place)])
    shown = {"child": child, "goals": goals, "goal": goal, "to": request.GET.get("to", ""), "way": way, "day": day}
    return render(request, "network/view_way.html", shown)


@page(about=Child, needs=Permission.RECORD_LINK)
def record_link(request: PageRequest, child: Child) -> HttpResponse:
    """Tie a child to somebody or something; to another child of what was told to be missing together, the form is begun and leads back to the answer."""
    open_to = Child.objects.visible_to(request.subject)
    together, other = _told(request, child, open_to)
    begun = {"name": other.name, "born_on": other.born_on} if other else {}
    form = RecordLinkForm.of(request, ends=_entries(request, "record_link"), children=open_to, initial=begun)

    def act(given: dict[str, Any]) -> Link:
        return commands.record_link(child=child, end=form.end(), given=form.given(), **acting(request))

    back = reverse("network:answer_together", args=[together.pk]) if together else ""
    return _answer(request, form, act, child, "A link", child.name, (FIRST,), back)


def _told(request: PageRequest, child: Child, open_to: "QuerySet[Child]") -> tuple[Together | None, Child | None]:
    """What was told of this child and another, and the other, where the path names both and both are open to whoever asks."""
    try:
        asked, other = UUID(request.GET["together"]), UUID(request.GET["other"])
    except (KeyError, ValueError):
        return None, None
    together = Together.objects.visible_to(request.subject).filter(pk=asked, children__contains=[child.pk, other]).first()
    return together, open_to.filter(pk=other).first() if together else None


@page(about=Link, needs=Permission.RECORD_LINK, rows=links_with_ends)
def renew_link(request: PageRequest, link: Link) -> HttpResponse:
    """Look at a link again."""
    form = RenewLinkForm.of(request, link=link)

    def act(given: dict[str, Any]) -> Link:
        return commands.renew_link(link=link, grounds=form.grounds(), last_seen_on=given["last_seen_on"], **acting(request))

    return _answer(request, form, act, link.child, "Look at it again", _pair(link))


@page(about=Link, needs=Permission.RECORD_LINK, rows=links_with_ends)
def correct_link(request: PageRequest, link: Link) -> HttpResponse:
    """Put right what a link says."""
    form = CorrectLinkForm.of(request, link=link)

    def act(given: dict[str, Any]) -> Link:
        return commands.correct_link(link=link, given=form.given(), words=given["words"], **acting(request))

    lead = ("The wrong one is on no picture any more. With another person, group or place: end this one as a mistake, and write another.",)
    return _answer(request, form, act, link.child, "Put it right", _pair(link), lead)


@page(about=Link, needs=Permission.RECORD_LINK, rows=links_with_ends)
def end_link(request: PageRequest, link: Link) -> HttpResponse:
    """Let a link end, or say that it never was."""

    def act(is_error: str, **given: Any) -> Link:
        return commands.end_link(link=link, is_error=is_error == "yes", **given)

    return _answer(request, EndLinkForm.of(request), lambda given: act(**given), link.child, "End a link", _pair(link))


def _answer(
    request: PageRequest, form: Any, act: Any, child: Child, heading: str, caption: str, lead: tuple[str, ...] = (), back: str = ""
) -> HttpResponse:
    back = back or reverse("network:view_network", args=[child.pk])
    return answer(request, form, act, then=lambda done: back, heading=heading, caption=caption, lead=lead, back=back)


def _pair(link: Link) -> str:
    return f"{link.child} and {link.end}"


def _may_write(request: PageRequest) -> bool:
    return Permission.RECORD_LINK in ROLE[request.post.role].permissions


def _entries(request: PageRequest, name: str) -> list[PersonOfConcern | Group | Place]:
    """The people of concern, groups and places that are open to whoever asks and were looked at in time, by name. That they were listed is written down."""
    today, models = day_of(request.at), (PersonOfConcern, Group, Place)
    found = [one for model in models for one in model._default_manager.filter(review_on__gte=today).order_by("name", "pk")]
    note_looks(request, name, found)
    return found


def _goals(request: PageRequest, child: Child) -> dict[str, Any]:
    """To whom or what a way may be asked: the children of the picture, and every entry that is open to whoever asks."""
    links = links_around(request.subject, key_of(child))
    near = {one.pk: one for link in links for one in (link.child, link.other_child) if one is not None and one.pk != child.pk}
    return {str(one.pk): one for one in (*sorted(near.values(), key=lambda one: one.name), *_entries(request, "view_way"))}


def _days(request: PageRequest) -> tuple[date, date]:
    """The day that is shown, and the day to which it is compared: as asked, where both are days that were; otherwise today, and a quarter before."""
    today = day_of(request.at)
    day = min(_day(request.GET.get("on", "")) or today, today)
    since = _day(request.GET.get("since", ""))
    return day, since if since is not None and since < day else day - EARLIER


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None  # before the first days of the calendar there is no quarter


def _firsts(today: date) -> list[date]:
    """Today, and the first days of the last twelve months, the latest first."""
    months = [today.year * 12 + today.month - 1 - back for back in range(MONTHS)]
    return [today, *(date(month // 12, month % 12 + 1, 1) for month in months if date(month // 12, month % 12 + 1, 1) < today)]


def _shown(request: PageRequest, picture: Picture, name: str) -> dict[str, Any]:
    """What both pages of connections show; that entries about no child are among it is written down."""
    links = [edge.link for edge in picture.edges] + list(picture.gone)
    note_looks(request, name, [end for link in links for end in (link.person, link.group, link.place)])
    today = day_of(request.at)
    return {"picture": picture, "days": _firsts(today), "today": today, "may_write": _may_write(request), "first": FIRST}
