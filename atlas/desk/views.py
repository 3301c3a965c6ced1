"""What must I do now; the child's page; find a child; and what is shown where nothing can be."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.models import Authority
from atlas.agencies.queries import front_door_of
from atlas.allocation.queries import who_works
from atlas.break_glass.commands import Reference
from atlas.break_glass.queries import told_of
from atlas.children.models import Child
from atlas.children.queries import found_children
from atlas.chronology.queries import SHOWN, chronology, recent_days
from atlas.clocks.queries import clocks_of
from atlas.connections.queries import declaration_asked
from atlas.contacts.queries.queue import waits_at_front_door
from atlas.design.asked import small_number
from atlas.desk import commands
from atlas.desk.forms import AnswerFrontDoorQuestionForm, DeclareConnectionForm, FindChildForm, WrongFactForm
from atlas.desk.models import FrontDoorQuestion
from atlas.desk.queries import (
    child_at_a_glance,
    child_with_numbers,
    front_door_questions,
    match_cards,
    mirrored_fact,
    search_shape,
    silent_notices,
    waiting,
    waiting_proposals,
)
from atlas.exploitation.queries import level_told
from atlas.gate.commands import declare_connection as shut_out
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.gate.events import Event
from atlas.gate.page import PageRequest, acting, answer, page, terms_searched
from atlas.gate.policy import ROLE, Permission, Shape
from atlas.gate.queries import standing, standings
from atlas.gate.rules import Decision, decide
from atlas.gate.writes import content_of
from atlas.linkage.pairs import pairs_of
from atlas.missing.queries.episodes import episodes_of, open_interviews
from atlas.people.models import IdentifierKind
from atlas.people.rules import name_key
from atlas.plans.queries.lists import state_told
from atlas.sealed.rules import RING
from atlas.statuses.commands import doubt
from atlas.statuses.queries import mirrored
from atlas.tasks.queries import alerts_waiting, open_tasks


@page(needs=Permission.VIEW_MY_WORK)
def view_my_work(request: PageRequest) -> HttpResponse:
    """What must I do now? Alerts first, then tasks by how urgent they are, then interviews owed."""
    subject = request.subject
    may, waits = ROLE[subject.post.role].permissions, waiting(subject)
    shown: dict[str, Any] = {
        "now": request.at,
        "own_post": subject.post.pk if Permission.VIEW_HANDOVER in may else None,
        "tasks": list(open_tasks(subject)[:100]) if Permission.COMPLETE_TASK in may else [],
        "alerts": list(alerts_waiting(subject)[:50]) if waits.alerts and Permission.ACKNOWLEDGE_ALERT in may else [],
        "may_declare": Permission.DECLARE_CONNECTION in may,
        "asked": declaration_asked(subject) if waits.asked else None,
        "interviews": list(open_interviews(subject)[:50]) if waits.interviews and Permission.OFFER_INTERVIEW in may else [],
        "emergencies": told_of(subject) if waits.told else [],
        "searches": list(silent_notices(request.at)[:20]) if waits.searched else [],
        "may_review": Permission.VIEW_BREAK_GLASSES in may,
        "questions": front_door_questions().count() if waits.questions and Permission.VIEW_FRONT_DOOR_QUESTIONS in may else 0,
        "contacts": waits_at_front_door() if waits.contacts and Permission.VIEW_CONTACTS in may else 0,
        "team_asked": waits.team_asked and Permission.VIEW_ASKS in may,
        "invitations": waits.invitations,
        "actions": waits.actions,
        "proposals": waiting_proposals(subject).exclude(proposed_by__user=subject.post.user_id).count()
        if waits.proposals and Permission.VIEW_PROPOSALS in may
        else 0,
    }
    return render(request, "desk/view_my_work.html", shown)


# What stands on the child's page for those whose role may: the name in the template, and the permission.
WAYS_ON = {
    "may_report_wrong": Permission.REPORT_WRONG_FACT,
    "may_mark": Permission.SET_EXPLOITATION_MARKER,
    "may_look_up": Permission.VIEW_LOOKS,
    "may_know_custodians": Permission.VIEW_CUSTODIANS,
    "may_share": Permission.DISCLOSE,
    "may_view_ties": Permission.VIEW_TIES,
    "may_view_network": Permission.VIEW_NETWORK,
    "may_view_blocks": Permission.VIEW_BLOCKS,
    "may_view_advice": Permission.VIEW_ADVICE,
    "may_view_screening": Permission.VIEW_SCREENING,
    "may_give_carer_page": Permission.GIVE_CARER_PAGE,
    "may_view_promises": Permission.VIEW_PROMISES,
    "may_transfer": Permission.START_TRANSFER,
    "may_cover": Permission.COVER_CHILD,
    "may_register": Permission.REGISTER_CHILD,
    "may_view_plan": Permission.VIEW_PLAN,
    "may_view_direct_work": Permission.VIEW_DIRECT_WORK,
    "may_view_meetings": Permission.VIEW_CHILD_MEETINGS,
    "may_view_copies_given": Permission.VIEW_COPIES_GIVEN,
    "may_record_event": Permission.RECORD_EVENT,
}


@page(about=Child, needs=Permission.VIEW_CHILD, rows=child_at_a_glance)
def view_child(request: PageRequest, child: Child) -> HttpResponse:
    """Who is this child, are they safe now, what changed since I last looked, what is due, who is doing what."""
    subject = request.subject
    last = request.last_look
    episodes = episodes_of(subject, child)
    before = small_number(request.GET.get("before", ""))
    entries, (statuses, doubts) = chronology(subject, child, before), mirrored(subject, child)
    shown = {
        "child": child,
        "now": request.at,
        "numbers": [(str(IdentifierKind(number["kind"]).label), number["kind"], number["value"]) for number in child.numbers],  # type: ignore[attr-defined]
        "open_episode": next((episode for episode in episodes if episode.is_open), None),
        "episodes": episodes,
        "profile": getattr(child, "missing_profile", None),
        "safety_plan": state_told(child.plan_told, request.at) if Permission.VIEW_PLAN in ROLE[request.post.role].permissions else None,  # type: ignore[attr-defined]
        "entries": entries[:SHOWN],
        "recent_days": recent_days(subject, child.pk),
        "shown_before": before,
        "earlier": before + SHOWN if len(entries) > SHOWN else None,
        "since": last.looked_at if last else None,
        "news": [entry for entry in entries if last and entry.recorded_at > last.looked_at],
        "clocks": clocks_of(subject, child),
        "works": who_works(subject, child),
        "twice": _twice(subject, child) if child.is_recorded_twice else [],  # type: ignore[attr-defined]
        "statuses": statuses,
        "doubts": doubts,
        "main_system": settings.ATLAS_MAIN_SYSTEM_LINK,
        "level": level_told(child.levels_told),  # type: ignore[attr-defined]
        "may_view_exploitation": _may(standing(subject, child.pk), Permission.VIEW_EXPLOITATION),
        "may_plan": _may(standing(subject, child.pk), Permission.VIEW_TRIGGER_PLAN),
        "ring": RING,
        **{name: permission in ROLE[subject.post.role].permissions for name, permission in WAYS_ON.items()},
        "sensitivity": standing(subject, child.pk).sensitivity,
        "may_see_guard": _may(standing(subject, child.pk), Permission.VIEW_GUARD),
    }
    return render(request, "desk/view_child.html", shown)


def _twice(subject: Subject, child: Child) -> list[dict[str, Any]]:
    """The other records of this child, where people have said so: whether this one is written on, and what of the others may be opened."""
    found = []
    for pair in pairs_of(child):
        other = pair.other_child if pair.child_id == child.pk else pair.child
        may_open, may_look = (
            _may(standing(subject, other.pk), Permission.VIEW_CHILD),
            _may(standing(subject, pair.child_id), Permission.VIEW_PAIR),
        )
        found.append(
            {"pair": pair, "other": other, "is_written_on": pair.stands_id == child.pk, "may_open": may_open, "may_look": may_look}
        )
    return found


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
        "From now on you do not see this child, a brother or sister, or the household. Nobody asks you why. Your manager is told that you know a "
        "family here, and finds somebody else. Two people must agree before it is lifted.",
    )
    return answer(
        request, DeclareConnectionForm.of(request), lambda given: shut_out(child=child, **given), then=lambda done: reverse("connections:view_my_connections"),
        heading="I know this family", lead=lead, back=f"/child/{child.pk}/",
    )  # fmt: skip


@page(needs=Permission.FIND_CHILD, event=Event.SEARCH)
def find_child(request: PageRequest) -> HttpResponse:
    """Find a child; from here one opens the page, or reports the child missing. Of others, what the shape of the search says."""
    shape = search_shape()
    form = FindChildForm.of(request, shape=shape)
    authority = front_door_of(request.post)
    may = ROLE[request.post.role].permissions
    shown: dict[str, Any] = {
        "form": form, "found": None, "cards": [], "shape": shape, "now": request.at, "number": authority.front_door_number if authority else "",
        "may_look_up": Permission.VIEW_LOOKS in may, "may_view_blocks": Permission.VIEW_BLOCKS in may,
        "may_receive": Permission.RECEIVE_SUBJECT_REQUEST in may, "may_register": Permission.REGISTER_UNBORN in may, "may_advise": Permission.ACCEPT_REFERRAL in may,
    }  # fmt: skip
    if form.is_valid():
        given = form.cleaned_data
        typed = commands.Typed(given["name"], given["born_on"], given["number"])
        shown["found"] = _found(request, typed)
        cards = match_cards(name=typed.name, born_on=typed.born_on, number=typed.number, on=day_of(request.at))
        may_break = Permission.BREAK_GLASS in may
        shown["cards"] = [(card, Reference(card.child, request.post.pk).signed() if may_break else "") for card in cards]
        names = [name_key(name) for name in (*(child.name for child, *_ in shown["found"]), *(card.name for card in cards))]
        words = name_key(typed.name), str(typed.born_on or ""), typed.number.replace(" ", "")
        request.searched = terms_searched(*words, found=names)
        if shape is Shape.ASK and not shown["found"]:
            # The same words by the same person are told once a day, however often the page is sent again.
            asked = acting(request) | {"key": f"{request.at:%Y-%m-%d} {content_of(request)}"}
            commands.ask_front_door(typed=typed, **asked)
    return render(request, "desk/find_child.html", shown, status=422 if form.errors else 200)


def _found(request: PageRequest, typed: commands.Typed) -> list[tuple[Child, dict[Permission, bool]]]:
    """The searcher's own children who are called so, each with what may be done from the list."""
    children = list(found_children(request.subject, name=typed.name, born_on=typed.born_on, number=typed.number))
    held = standings(request.subject, [child.pk for child in children])
    asked = (
        Permission.VIEW_CHILD,
        Permission.REPORT_MISSING,
        Permission.RECORD_INTELLIGENCE,
        Permission.VIEW_GUARD,
        Permission.REFER_TO_TEAM,
    )
    return [(child, {one: _may(held[child.pk], one) for one in asked}) for child in children]


def _may(how: Any, permission: Permission) -> bool:
    return decide(how, permission) is Decision.ALLOWED


@page(needs=Permission.VIEW_FRONT_DOOR_QUESTIONS)
def view_front_door_questions(request: PageRequest) -> HttpResponse:
    """What schools and the voluntary sector asked after: to be rung back."""
    return render(request, "desk/view_front_door_questions.html", {"questions": list(front_door_questions()[:200]), "now": request.at})


@page(about=FrontDoorQuestion, needs=Permission.ANSWER_FRONT_DOOR_QUESTION, rows=front_door_questions)
def answer_front_door_question(request: PageRequest, question: FrontDoorQuestion) -> HttpResponse:
    """Say what came of a question."""
    queue = reverse("desk:view_front_door_questions")
    who = f"{question.post.user.name}, {question.post.title}, {question.post.team.agency.name}"
    return answer(
        request, AnswerFrontDoorQuestionForm.of(request), lambda given: commands.answer_front_door_question(question=question, **given),
        then=lambda done: queue, heading="What came of this question?", caption=who, back=queue,
    )  # fmt: skip


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """One text, one shape, for what is not there and for what one may not see."""
    number = Authority.objects.order_by("name").values_list("front_door_number", flat=True).first() or ""
    return render(request, "desk/not_found.html", {"number": number}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something went wrong; nothing half done was kept."""
    return render(request, "desk/server_error.html", {}, status=500)
