"""What teams across agencies are asked, and what came of it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.advice import commands, forms
from atlas.advice.models import Referral
from atlas.advice.queries import advice_about, asked_by, asked_of, referrals_with_child, teams_to_ask
from atlas.children.models import Child
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import ROLE, Mode, Permission
from atlas.gate.queries import standing
from atlas.gate.rules import may_touch
from atlas.sealed.queries import is_location_sealed

MOST = 100
SEALED = "Where this child lives is sealed: write it into no box."


@page(needs=Permission.VIEW_REFERRALS)
def view_referrals(request: PageRequest) -> HttpResponse:
    """What the own team is asked and nobody has answered; and what one asked oneself."""
    may = ROLE[request.post.role].permissions
    shown = {
        "now": request.at, "team": request.post.team.name, "advises": Permission.ACCEPT_REFERRAL in may,
        "of_team": list(asked_of(request.subject)[:MOST]) if Permission.ACCEPT_REFERRAL in may else [],
        "own": list(asked_by(request.subject)[:MOST]),
    }  # fmt: skip
    return render(request, "advice/view_referrals.html", shown)


@page(about=Referral, needs=Permission.VIEW_REFERRAL, rows=referrals_with_child)
def view_referral(request: PageRequest, referral: Referral) -> HttpResponse:
    """One referral: the question, who took it on, the answer, what is made of it."""
    may, is_adviser = ROLE[request.post.role].permissions, referral.adviser_id == request.post.pk
    is_of_team = referral.team_id == request.post.team_id
    shown = {
        "referral": referral,
        "may_accept": referral.state == "asked" and is_of_team and Permission.ACCEPT_REFERRAL in may,
        "may_answer": referral.state == "accepted" and is_adviser,
        "may_decide": referral.state == "answered"
        and not is_adviser
        and Permission.DECIDE_ON_ADVICE in may
        and _decides(request, referral),
    }
    return render(request, "advice/view_referral.html", shown)


def _decides(request: PageRequest, referral: Referral) -> bool:
    """Whoever asked, and whoever works with the child."""
    own = referral.asked_by_id == request.post.pk
    return own or may_touch(standing(request.subject, referral.child_id), Referral.record_kind, Mode.WRITE)


@page(about=Child, needs=Permission.VIEW_ADVICE)
def view_advice(request: PageRequest, child: Child) -> HttpResponse:
    """Everything that was asked about the child, by whom of whom, and what came of it."""
    shown = {
        "child": child, "referrals": list(advice_about(request.subject, child.pk)[:MOST]),
        "may_refer": Permission.REFER_TO_TEAM in ROLE[request.post.role].permissions,
    }  # fmt: skip
    return render(request, "advice/view_advice.html", shown)


@page(about=Child, needs=Permission.REFER_TO_TEAM)
def refer_to_team(request: PageRequest, child: Child) -> HttpResponse:
    """Put a question to a team across agencies."""
    form = forms.ReferForm.of(request, teams=list(teams_to_ask(child)))

    def act(team: str, **given: Any) -> Referral:
        return commands.refer_to_team(child=child, team=form.teams[team], **given)

    lead = ("Those whom you ask see who the child is, the statuses and the chronology until one of them has answered.",)
    return answer(
        request, form, lambda given: act(**given), then=_to, heading="Ask a team across agencies", caption=child.name,
        back=reverse("advice:view_referrals"), lead=(*lead, SEALED) if is_location_sealed(child.pk) else lead,
        warning="This is no report that a child is in danger now. Ring 999, or the front door.",
    )  # fmt: skip


@page(about=Child, needs=Permission.REFER_TO_TEAM)
def record_advice(request: PageRequest, child: Child) -> HttpResponse:
    """Write down advice that one gave by telephone."""
    lead = ("Whoever works with the child reads it, and says what they make of it.",)
    return answer(
        request, forms.TelephoneForm.of(request), lambda given: commands.record_advice(child=child, **given), then=_to,
        heading="Advice that you gave by telephone", caption=child.name, back=reverse("advice:view_referrals"),
        lead=(*lead, SEALED) if is_location_sealed(child.pk) else lead,
    )  # fmt: skip


def _to(done: object) -> str:
    assert isinstance(done, Referral)
    return reverse("advice:view_referral", args=[done.pk])


def _step(request: PageRequest, referral: Referral, form: Any, act: Any, heading: str, then: Any = _to) -> HttpResponse:
    return answer(
        request, form.of(request), lambda given: act(referral=referral, **given), then=then, heading=heading, caption=referral.child.name,
        back=_to(referral), lead=(referral.question,),
    )  # fmt: skip


@page(about=Referral, needs=Permission.ACCEPT_REFERRAL, rows=referrals_with_child)
def accept_referral(request: PageRequest, referral: Referral) -> HttpResponse:
    """Take it on, by name."""
    return _step(request, referral, forms.AcceptForm, commands.accept_referral, "Take this on")


@page(about=Referral, needs=Permission.SEND_BACK_REFERRAL, rows=referrals_with_child)
def send_back_referral(request: PageRequest, referral: Referral) -> HttpResponse:
    """Send it back with a reason; the child closes to the team."""
    home = lambda done: reverse("advice:view_referrals")  # noqa: E731
    return _step(request, referral, forms.SendBackForm, commands.send_back_referral, "Send it back", then=home)


@page(about=Referral, needs=Permission.GIVE_ADVICE, rows=referrals_with_child)
def give_advice(request: PageRequest, referral: Referral) -> HttpResponse:
    """Answer it."""
    return _step(request, referral, forms.AdviceForm, commands.give_advice, "Answer")


@page(about=Referral, needs=Permission.DECIDE_ON_ADVICE, rows=referrals_with_child)
def decide_on_advice(request: PageRequest, referral: Referral) -> HttpResponse:
    """Say what is made of it."""
    return answer(
        request, forms.DecideForm.of(request), lambda given: commands.decide_on_advice(referral=referral, **given), then=_to,
        heading="What do you make of this advice?", caption=referral.child.name, back=_to(referral), lead=(referral.answer,),
    )  # fmt: skip
