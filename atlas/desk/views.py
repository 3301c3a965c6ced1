"""What must I do now; the child's page; find a child; and what is shown where nothing can be."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.models import Authority
from atlas.agencies.queries import authority_served
from atlas.allocation.queries import who_works
from atlas.children.models import Child
from atlas.chronology.queries import SHOWN, chronology
from atlas.clocks.queries import clocks_of
from atlas.desk.forms import DeclareConnectionForm, FindChildForm, WrongFactForm
from atlas.desk.queries import child_with_numbers, found_children, mirrored_fact
from atlas.gate.commands import declare_connection as shut_out
from atlas.gate.events import Event
from atlas.gate.page import PageRequest, answer, page, terms_searched
from atlas.gate.policy import ROLE, Permission
from atlas.gate.queries import standings
from atlas.gate.rules import Decision, decide
from atlas.intelligence.queries import has_readable_products
from atlas.missing.queries import episodes_of, open_interviews
from atlas.people.models import IdentifierKind
from atlas.people.rules import name_key
from atlas.statuses.commands import doubt
from atlas.statuses.queries import mirrored
from atlas.tasks.queries import alerts_waiting, open_tasks


@page(needs=Permission.VIEW_MY_WORK)
def view_my_work(request: PageRequest) -> HttpResponse:
    """What must I do now? Alerts first, then tasks by how urgent they are, then interviews owed."""
    subject = request.subject
    may = ROLE[subject.post.role].permissions
    shown: dict[str, Any] = {
        "now": request.at,
        "tasks": list(open_tasks(subject)[:100]) if Permission.COMPLETE_TASK in may else [],
        "alerts": list(alerts_waiting(subject)[:50]) if Permission.ACKNOWLEDGE_ALERT in may else [],
        "interviews": list(open_interviews(subject)[:50]) if Permission.OFFER_INTERVIEW in may else [],
    }
    return render(request, "desk/view_my_work.html", shown)


@page(about=Child, needs=Permission.VIEW_CHILD, rows=child_with_numbers)
def view_child(request: PageRequest, child: Child) -> HttpResponse:
    """Who is this child, are they safe now, what changed since I last looked, what is due, who is doing what."""
    subject = request.subject
    last = request.last_look
    episodes = episodes_of(subject, child)
    before = max(0, int(request.GET["before"])) if request.GET.get("before", "").isdecimal() else 0
    entries, (statuses, doubts) = chronology(subject, child, before), mirrored(subject, child)
    shown = {
        "child": child,
        "now": request.at,
        "numbers": [(str(IdentifierKind(number["kind"]).label), number["kind"], number["value"]) for number in child.numbers],  # type: ignore[attr-defined]
        "open_episode": next((episode for episode in episodes if episode.is_open), None),
        "episodes": episodes,
        "profile": getattr(child, "missing_profile", None),
        "entries": entries[:SHOWN],
        "shown_before": before,
        "earlier": before + SHOWN if len(entries) > SHOWN else None,
        "since": last.looked_at if last else None,
        "news": [entry for entry in entries if last and entry.recorded_at > last.looked_at],
        "clocks": clocks_of(subject, child),
        "works": who_works(subject, child),
        "statuses": statuses,
        "doubts": doubts,
        "may_report_wrong": Permission.REPORT_WRONG_FACT in ROLE[subject.post.role].permissions,
        "main_system": settings.ATLAS_MAIN_SYSTEM_LINK,
        "may_mark": Permission.SET_EXPLOITATION_MARKER in ROLE[subject.post.role].permissions,
        "may_look_up": Permission.VIEW_LOOKS in ROLE[subject.post.role].permissions,
        "has_intelligence": Permission.VIEW_INTELLIGENCE in ROLE[subject.post.role].permissions and has_readable_products(subject, child),
        "may_share": Permission.DISCLOSE in ROLE[subject.post.role].permissions,
        "may_cover": Permission.COVER_CHILD in ROLE[subject.post.role].permissions,
    }
    return render(request, "desk/view_child.html", shown)


@page(about=Child, needs=Permission.REPORT_WRONG_FACT, rows=child_with_numbers)
def report_wrong_fact(request: PageRequest, child: Child, record: UUID) -> HttpResponse:
    """Say that a fact of the main case system is wrong, so that it is put right there."""
    fact = mirrored_fact(request.subject, child, record)
    if fact is None:
        raise Http404
    back, form = reverse("desk:view_child", args=[child.pk]), WrongFactForm.of(request)
    return answer(
        request, form, lambda given: doubt.report_wrong_fact(child=child, fact=fact, **given), then=lambda done: back, back=back,
        heading="This is wrong", caption=f"{child.name}: {fact.words}", template="desk/report_wrong_fact.html",
        lead=("It is put right in the main case system, never here. Whoever works with the child is asked to do it.",),
        main_system=settings.ATLAS_MAIN_SYSTEM_LINK, numbers=[number["value"] for number in child.numbers if number["kind"] == "council"],  # type: ignore[attr-defined]
    )  # fmt: skip


@page(about=Child, needs=Permission.DECLARE_CONNECTION)
def declare_connection(request: PageRequest, child: Child) -> HttpResponse:
    """Shut oneself out of a child whose family one knows; it works at once, and no reason is asked."""
    lead = (
        "You will not see this child any more, from now on. Nobody asks you why. Your manager lifts it only together with the privacy officer.",
    )
    return answer(
        request, DeclareConnectionForm.of(request), lambda given: shut_out(child=child, **given), then=lambda done: "/",
        heading="I know this family", lead=lead, back=f"/child/{child.pk}/",
    )  # fmt: skip


@page(needs=Permission.FIND_CHILD, event=Event.SEARCH)
def find_child(request: PageRequest) -> HttpResponse:
    """Find a child; from here one opens the page, or reports the child missing."""
    form = FindChildForm.of(request)
    found: list[tuple[Child, dict[Permission, bool]]] | None = None
    if form.is_valid():
        given = form.cleaned_data
        subject = request.subject
        children = list(found_children(subject, name=given["name"], born_on=given["born_on"], number=given["number"]))
        typed = name_key(given["name"]), str(given["born_on"] or ""), given["number"].replace(" ", "")
        request.searched = terms_searched(*typed, found=[name_key(child.name) for child in children])
        held = standings(subject, [child.pk for child in children])
        asked = (Permission.VIEW_CHILD, Permission.REPORT_MISSING, Permission.RECORD_INTELLIGENCE)
        found = [(child, {one: _may(held[child.pk], one) for one in asked}) for child in children]
    authority = authority_served(request.post)
    shown = {
        "form": form, "found": found, "now": request.at, "number": authority.front_door_number if authority else "",
        "may_look_up": Permission.VIEW_LOOKS in ROLE[request.post.role].permissions,
    }  # fmt: skip
    return render(request, "desk/find_child.html", shown, status=422 if form.errors else 200)


def _may(standing: Any, permission: Permission) -> bool:
    return decide(standing, permission) is Decision.ALLOWED


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """One text, one shape, for what is not there and for what one may not see."""
    number = Authority.objects.order_by("name").values_list("front_door_number", flat=True).first() or ""
    return render(request, "desk/not_found.html", {"number": number}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something went wrong; nothing half done was kept."""
    return render(request, "desk/server_error.html", {}, status=500)
