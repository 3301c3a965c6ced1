"""Requests for a child's record: for the privacy officer, who lets them in, and for whoever answers them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.queries import expect_served, served_or_404
from atlas.children.models import Child
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.subject_access import forms
from atlas.subject_access.commands import requests as commands
from atlas.subject_access.models import Clarification, SubjectAccessRequest
from atlas.subject_access.queries import clarification_with_request, officers, progress, request_with_people, requests_of, waiting
from atlas.subject_access.rules import Asks, Refusal

MOST = 200
BEFORE = (
    "Nothing about the child is opened by writing this down. A month runs from the day on which it came.",
    "An abuser may ask, in a child’s name or as a parent. Tell nobody who asks what is recorded, or that anything is.",
)


@page(needs=Permission.VIEW_SUBJECT_REQUESTS)
def view_subject_requests(request: PageRequest) -> HttpResponse:
    """Every request: those due soonest first."""
    today = day_of(request.at)
    found = waiting(requests_of(served_or_404(request.post), request.subject)[:MOST], today)
    return render(
        request,
        "subject_access/view_subject_requests.html",
        {"found": found, "today": today, "may_receive": _may(request, Permission.RECEIVE_SUBJECT_REQUEST)},
    )


def _may(request: PageRequest, permission: Permission) -> bool:
    return permission in ROLE[request.post.role].permissions


@page(about=Child, needs=Permission.RECEIVE_SUBJECT_REQUEST)
def receive_subject_request(request: PageRequest, child: Child) -> HttpResponse:
    """Write down that somebody asks for this child's record."""

    def act(given: dict[str, Any]) -> object:
        return commands.receive_subject_request(child=child, **given | {"asks": Asks(given["asks"])})

    form = forms.ReceiveForm.of(request, initial={"received_on": day_of(request.at)})
    return answer(
        request,
        form,
        act,
        then=page_of,
        heading="Somebody asks for this record",
        caption=child.name,
        back=reverse("desk:find_child"),
        lead=BEFORE,
    )


def page_of(done: Any) -> str:
    """The path of the page of the request that this is, or is of."""
    return reverse("subject_access:view_subject_request", args=[getattr(done, "request_id", None) or done.pk])


@page(about=SubjectAccessRequest, needs=Permission.VIEW_SUBJECT_REQUEST, rows=request_with_people)
def view_subject_request(request: PageRequest, asked: SubjectAccessRequest) -> HttpResponse:
    """One request: who asks and by what right, by when it is answered, how far it is, and what may be done."""
    today, due = day_of(request.at), asked.due_on()
    may = {one.value for one in Permission if one in ROLE[request.post.role].permissions}
    answers_it = asked.officer_id == request.post.pk
    shown = {
        "asked": asked, "due": due, "is_late": due is not None and due < today and not asked.is_over, "may": may, "answers_it": answers_it,
        "clarifications": list(asked.clarifications.order_by("asked_on")), "opinions": list(asked.opinions.select_related("recorded_by__user").order_by("given_on")),
        "answers": list(asked.answers.select_related("made_by__user", "released_by__user").order_by("-number")),
        "done": progress(asked) if answers_it else None,
    }  # fmt: skip
    return render(request, "subject_access/view_subject_request.html", shown)


@page(about=SubjectAccessRequest, needs=Permission.ACCEPT_SUBJECT_REQUEST, rows=request_with_people)
def accept_subject_request(request: PageRequest, asked: SubjectAccessRequest) -> HttpResponse:
    """Accept it: who asks, by what right, how it reaches them safely, and who answers."""
    form = forms.AcceptForm.of(
        request, posts=officers(expect_served(request.post), day_of(request.at)), initial={"proved_on": day_of(request.at)}
    )
    return answer(
        request, form, lambda given: commands.accept_subject_request(request=asked, accepted=form.given(), **acting(request)), then=page_of,
        heading="Who asks, and may they?", caption=asked.child.name, back=page_of(asked),
        lead=(f"{asked.name} asks ({Asks(asked.asks).label.lower()}): {asked.words}", "Ask the child’s worker whom this person is to the child, and what could follow."),
    )  # fmt: skip


@page(about=SubjectAccessRequest, needs=Permission.ACCEPT_SUBJECT_REQUEST, rows=request_with_people)
def reopen_subject_request(request: PageRequest, asked: SubjectAccessRequest) -> HttpResponse:
    """Open the record once more to whoever answers."""
    return answer(
        request, forms.ReopenForm.of(request), lambda given: commands.reopen_subject_request(request=asked, **given), then=page_of,
        heading="Open the record again", caption=asked.child.name, back=page_of(asked), lead=(f"To {asked.officer}, for 90 days at most.",),
    )  # fmt: skip


@page(about=SubjectAccessRequest, needs=Permission.REFUSE_SUBJECT_REQUEST, rows=request_with_people)
def refuse_subject_request(request: PageRequest, asked: SubjectAccessRequest) -> HttpResponse:
    """Refuse it, with what they were told."""

    def act(given: dict[str, Any]) -> object:
        return commands.refuse_subject_request(request=asked, **given | {"why": Refusal(given["why"])})

    return answer(
        request,
        forms.RefuseForm.of(request),
        act,
        then=page_of,
        heading="Turn this request down",
        caption=asked.child.name,
        back=page_of(asked),
    )


@page(about=SubjectAccessRequest, needs=Permission.ASK_CLARIFICATION, rows=request_with_people)
def ask_clarification(request: PageRequest, asked: SubjectAccessRequest) -> HttpResponse:
    """They were asked what they want."""
    return answer(
        request, forms.AskClarificationForm.of(request, initial={"asked_on": day_of(request.at)}), lambda given: commands.ask_clarification(request=asked, **given),
        then=page_of, heading="They were asked what they want", caption=asked.child.name, back=page_of(asked),
        lead=("Only where it is not clear what they ask for. Until they answer, the time stands still.",),
    )  # fmt: skip


@page(about=Clarification, needs=Permission.ASK_CLARIFICATION, rows=clarification_with_request)
def record_clarification(request: PageRequest, clarification: Clarification) -> HttpResponse:
    """They answered what they want."""
    return answer(
        request, forms.RecordClarificationForm.of(request, initial={"answered_on": day_of(request.at)}),
        lambda given: commands.record_clarification(clarification=clarification, **given), then=page_of, heading="They answered",
        caption=clarification.request.child.name, back=page_of(clarification), lead=(f"They were asked: {clarification.words}",),
    )  # fmt: skip


@page(about=SubjectAccessRequest, needs=Permission.EXTEND_SUBJECT_REQUEST, rows=request_with_people)
def extend_subject_request(request: PageRequest, asked: SubjectAccessRequest) -> HttpResponse:
    """Two more months."""
    return answer(
        request, forms.ExtendForm.of(request), lambda given: commands.extend_subject_request(request=asked, **given), then=page_of, heading="Two more months",
        caption=asked.child.name, back=page_of(asked), lead=("Only where it is complex, or they ask for much.",
        "They are told why within the first month. It can be done once.",),
    )  # fmt: skip


@page(about=SubjectAccessRequest, needs=Permission.RECORD_HANDED_OVER, rows=request_with_people)
def record_handed_over(request: PageRequest, asked: SubjectAccessRequest) -> HttpResponse:
    """It reached whoever asked."""
    return answer(
        request, forms.HandedOverForm.of(request), lambda given: commands.record_handed_over(request=asked, **given), then=page_of, heading="It was handed over",
        caption=asked.child.name, back=page_of(asked), lead=("The record shuts to whoever answered it. It stays written down what was given.",),
    )  # fmt: skip
