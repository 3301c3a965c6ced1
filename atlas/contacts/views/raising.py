"""Raise a contact; what one raised; what one's team is asked. For a worker of any agency."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from atlas.agencies.queries import front_door_of
from atlas.contacts.commands import answering, raising
from atlas.contacts.forms import contact as forms
from atlas.contacts.models import AgencyAsk
from atlas.contacts.queries.queue import asked_of_team, asks_of_team, raised_by
from atlas.contacts.rules.words import first_line
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import Permission
from atlas.guidance.queries import thresholds_on

MOST = 100


@page(needs=Permission.RAISE_CONTACT)
def raise_contact(request: PageRequest) -> HttpResponse:
    """Tell the front door that one is worried about a child."""
    authority = front_door_of(request.post)
    document = thresholds_on(authority.pk, timezone.localdate(request.at)) if authority else None
    form, back = forms.RaiseContactForm.of(request, document=document), reverse("contacts:view_my_contacts")

    def act(given: dict[str, Any]) -> object:
        return raising.raise_contact(raised=form.raised(), **acting(request))

    warning = first_line(authority.front_door_number, authority.staffed_number) if authority else ""
    return answer(request, form, act, then=lambda done: back, heading="I am worried about a child", warning=warning, back=back)


@page(needs=Permission.VIEW_MY_CONTACTS)
def view_my_contacts(request: PageRequest) -> HttpResponse:
    """What one raised: where it stands, and what one was told. Nothing of any child's record."""
    authority = front_door_of(request.post)
    shown = {
        "contacts": list(raised_by(request.subject)[:MOST]), "asked": asked_of_team(request.subject).filter(replied_at__isnull=True).count(),
        "number": authority.front_door_number if authority else "",
    }  # fmt: skip
    return render(request, "contacts/view_my_contacts.html", shown)


@page(needs=Permission.VIEW_ASKS)
def view_asks(request: PageRequest) -> HttpResponse:
    """What the front door asks of one's team."""
    asks = list(asked_of_team(request.subject)[:MOST])
    return render(request, "contacts/view_asks.html", {"asks": asks, "now": request.at, "team": request.post.team.name})


@page(about=AgencyAsk, needs=Permission.ANSWER_ASK, rows=asks_of_team)
def answer_ask(request: PageRequest, ask: AgencyAsk) -> HttpResponse:
    """Say what one's team knows."""
    back = reverse("contacts:view_asks")
    return answer(
        request, forms.AnswerAskForm.of(request), lambda given: answering.answer_ask(ask=ask, **given), then=lambda done: back,
        heading="What does your team know?", caption=ask.about_words, lead=(ask.question,), back=back,
        warning="If a child is in danger now, ring 999. If it cannot wait, ring the front door as well.",
    )  # fmt: skip
