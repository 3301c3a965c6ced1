"""The front door's queue, and each step of a contact."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from atlas.contacts.codes import Concern, Level, Outcome, Rating
from atlas.contacts.commands import answering, deciding, matching
from atlas.contacts.forms import contact as forms
from atlas.contacts.models import Contact, ContactDecision
from atlas.contacts.queries.consistency import decisions_alike
from atlas.contacts.queries.queue import (
    MOST,
    candidates,
    contacts_waiting,
    contacts_with_people,
    decisions_with_people,
    reads_screening,
    teams_to_ask,
    whole_of,
)
from atlas.contacts.rules.clocks import RATED
from atlas.contacts.rules.consistency import FALSE_ALARMS, groups, unlike
from atlas.design.asked import looked_up
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.guidance.models import ThresholdDocument
from atlas.guidance.queries import thresholds_on

P = Permission
STEPS = (P.RATE_CONTACT, P.MATCH_CONTACT, P.SET_ASIDE_CONTACT, P.DECIDE_CONTACT, P.ASK_AGENCY, P.ANSWER_REFERRER, P.GIVE_SECOND_VIEW)
LOOKED_BACK = timedelta(days=365)
CONCERNS = dict(Concern.choices)


@page(needs=P.VIEW_CONTACTS)
def view_contacts(request: PageRequest) -> HttpResponse:
    """The queue of the front door, by clock."""
    contacts = list(contacts_waiting(request.at)[:MOST])
    shown = {
        "waiting": [one for one in contacts if one.state in (Contact.State.RAISED, Contact.State.MATCHED)],
        "unanswered": [one for one in contacts if one.state in (Contact.State.DECIDED, Contact.State.SET_ASIDE)],
        "now": request.at, "ratings": [(Rating(rating).label, limit.allowed.words) for rating, limit in RATED.items()],
        "may_compare": P.VIEW_CONSISTENCY in ROLE[request.post.role].permissions,
    }  # fmt: skip
    return render(request, "contacts/view_contacts.html", shown)


@page(about=Contact, needs=P.VIEW_CONTACT, rows=contacts_with_people)
def view_contact(request: PageRequest, contact: Contact) -> HttpResponse:
    """One contact: what was typed, by whom, what was asked, decided and answered. Whoever raised it, and is of neither the front door nor of
    those who read the child's screening, reads it on their own page instead.
    """
    may = ROLE[request.post.role].permissions
    if contact.raised_by_id == request.post.pk and not (P.MATCH_CONTACT in may or reads_screening(request.subject, contact)):
        raise Http404
    shown = {
        "contact": contact,
        "whole": whole_of(contact),
        "now": request.at,
        "may": {str(step) for step in STEPS if step in may},
        "may_call": P.CALL_MEETING in may,
    }
    return render(request, "contacts/view_contact.html", shown)


def _to(contact: Contact) -> str:
    return reverse("contacts:view_contact", args=[contact.pk])


def _step(request: PageRequest, about: Contact, form: Any, act: Any, heading: str, **context: Any) -> HttpResponse:
    back = _to(about)
    given = {"caption": about.name, "back": back, "lead": (), **context}
    return answer(request, form, act, then=lambda done: back, heading=heading, **given)


@page(about=Contact, needs=P.RATE_CONTACT, rows=contacts_with_people)
def rate_contact(request: PageRequest, contact: Contact) -> HttpResponse:
    """Say how soon the hub looks at it."""
    hours = "; ".join(f"{Rating(rating).label} {limit.allowed.words}" for rating, limit in RATED.items())
    form, lead = forms.RateContactForm.of(request), (f"A local limit, not law, from when it came: {hours}.",)
    return _step(request, contact, form, lambda given: matching.rate_contact(contact=contact, **given), "How soon?", lead=lead)


@page(about=Contact, needs=P.MATCH_CONTACT, rows=contacts_with_people)
def match_contact(request: PageRequest, contact: Contact) -> HttpResponse:
    """Say about which child it is."""
    search = looked_up(request, "search")[:200]
    form = forms.MatchContactForm.of(request, found=candidates(contact, request.subject, search))

    def act(given: dict[str, Any]) -> object:
        return matching.match_contact(contact=contact, child=form.children[form.cleaned_data["child"]], **acting(request))

    return _step(request, contact, form, act, "Which child is it?", template="contacts/match_contact.html", contact=contact)


@page(about=Contact, needs=P.MATCH_CONTACT, rows=contacts_with_people)
def register_from_contact(request: PageRequest, contact: Contact) -> HttpResponse:
    """Record a child whom nobody here knew."""
    form = forms.RegisterFromContactForm.of(request, contact=contact)

    def act(given: dict[str, Any]) -> object:
        return matching.register_from_contact(contact=contact, known=form.known(), **acting(request))

    return _step(request, contact, form, act, "Record the child", lead=("Look first whether the child is known under another name.",))


@page(about=Contact, needs=P.SET_ASIDE_CONTACT, rows=contacts_with_people)
def set_aside_contact(request: PageRequest, contact: Contact) -> HttpResponse:
    """Say why it leads to no decision here."""
    lead = ("Whoever raised it is answered all the same, or it is written down why not.",)
    form = forms.SetAsideContactForm.of(request)
    return _step(request, contact, form, lambda given: matching.set_aside_contact(contact=contact, **given), "Set it aside", lead=lead)


@page(about=Contact, needs=P.DECIDE_CONTACT, rows=contacts_with_people)
def decide_contact(request: PageRequest, contact: Contact) -> HttpResponse:
    """Decide, with the reasons."""
    document = thresholds_on(contact.authority_id, timezone.localdate(request.at))
    form = forms.DecideContactForm.of(request, document=document)

    def act(given: dict[str, Any]) -> object:
        return deciding.decide_contact(contact=contact, decision=form.decision(), **acting(request))

    return _step(request, contact, form, act, "Decide on this contact", lead=_by_what(document, contact))


def _by_what(document: ThresholdDocument | None, contact: Contact) -> tuple[str, ...]:
    """The thresholds that it is decided by, and what whoever raised it sees."""
    lead = f"By: {document}, in force since {document.valid_from:%-d %B %Y}." if document else "No threshold document is in force here."
    if contact.level_given is None:
        return (lead,)
    given = document.name_of(contact.level_given) if document else f"Level {contact.level_given}"
    return lead, f"Whoever raised it sees: {given}. You may see it otherwise."


@page(about=ContactDecision, needs=P.GIVE_SECOND_VIEW, rows=decisions_with_people)
def give_second_view(request: PageRequest, decision: ContactDecision) -> HttpResponse:
    """Say, as another person, whether one agrees."""
    form = forms.SecondViewForm.of(request, document=decision.document)

    def act(given: dict[str, Any]) -> object:
        level = Level(int(given.pop("level")))
        return deciding.give_second_view(decision=decision, agrees=given.pop("agrees") == "yes", level=level, **given)

    lead = (f"Decided: level {decision.level}, {Outcome(decision.outcome).label.lower()}.", decision.rationale)
    return _step(request, decision.contact, form, act, "A second view", lead=lead)


@page(about=Contact, needs=P.ASK_AGENCY, rows=contacts_with_people)
def ask_agency(request: PageRequest, contact: Contact) -> HttpResponse:
    """Ask a team of another agency what it knows."""
    form = forms.AskAgencyForm.of(request, teams=list(teams_to_ask(contact.authority_id, request.post)), initial=_about(contact))

    def act(given: dict[str, Any]) -> object:
        return answering.ask_agency(contact=contact, team=form.teams[given.pop("team")], **given)

    lead = ("Somebody without an account is asked from the child’s page, under “Shared”: a link with one question.",)
    return _step(request, contact, form, act, "Ask what others know", lead=lead)


def _about(contact: Contact) -> dict[str, str]:
    child = contact.child
    born = f", born {child.born_on:%-d %B %Y}" if child is not None and child.born_on else ""
    return {"about": f"{child.name if child is not None else contact.name}{born}"}


@page(about=Contact, needs=P.ANSWER_REFERRER, rows=contacts_with_people)
def answer_referrer(request: PageRequest, contact: Contact) -> HttpResponse:
    """Tell whoever raised it what they may know, or write down why not; with it the contact is closed."""
    form = forms.AnswerReferrerForm.of(request, has_account=contact.raised_by_id is not None)

    def act(given: dict[str, Any]) -> object:
        return answering.answer_referrer(contact=contact, telling=form.telling(), **acting(request))

    who = contact.raised_by.user.get_full_name() if contact.raised_by else contact.who_words or "somebody who did not say who they are"
    lead = (f"Raised by: {who}{', ' + contact.reach_words if contact.reach_words else ''}.",)
    return _step(request, contact, form, act, "Answer whoever raised it", lead=lead)


@page(needs=P.VIEW_CONSISTENCY)
def view_consistency(request: PageRequest) -> HttpResponse:
    """How alike decisions on like cases are, over a year: by agency and by team; by decider for that person and whoever is above them alone."""
    rows = decisions_alike(request.at - LOOKED_BACK, request.at)
    outcomes = [str(one) for one in Outcome]
    shown = {
        "outcomes": [one.label for one in Outcome], "many": sum(row.many for row in rows), "chance": f"{FALSE_ALARMS:.0%}",
        "tables": (
            ("By the agency that raised it", groups(rows, lambda row: row.agency, outcomes)),
            ("By the team that decided", groups(rows, lambda row: row.team, outcomes)),
            ("By what it is about", groups(rows, lambda row: CONCERNS[row.concern], outcomes)),
        ),
        "deciders": groups([row for row in rows if row.decider is not None], lambda row: row.called, outcomes), "unlike": unlike(rows),
    }  # fmt: skip
    return render(request, "contacts/view_consistency.html", shown)
