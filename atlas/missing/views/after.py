"""After a return: the prevention interview, what repeated, and the check of sampled interviews."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import Permission
from atlas.missing.commands import after
from atlas.missing.forms import after as forms
from atlas.missing.models import Episode, QualityCheck, RepeatTrigger
from atlas.missing.queries.episodes import checks_by_interviewer, checks_waiting, checks_with_interview
from atlas.missing.rules.quality import POINTS, RATE
from atlas.missing.rules.repeats import RULE
from atlas.missing.views.episode import to_episode


@page(about=Episode, needs=Permission.RECORD_PREVENTION_INTERVIEW)
def record_prevention_interview(request: PageRequest, episode: Episode) -> HttpResponse:
    """Record that the police saw the child on return."""
    lead = (
        "Also called a safe and well check. It is not the return interview, which somebody else offers to the child.",
        "If sexual harm is possible, ask for advice before any detailed talk, and keep what the child wore.",
    )
    form = forms.PreventionInterviewForm.of(request)

    def act(given: dict[str, Any]) -> Any:
        acting = {name: given[name] for name in ("held_at", "by", "at", "key", "content")}
        return after.record_prevention_interview(episode=episode, seen=form.seen(), **acting)

    return answer(
        request, form, act, then=to_episode, heading="Prevention interview", caption=f"{episode.child.name}, {episode.reference}",
        back=to_episode(episode), lead=lead,
    )  # fmt: skip


@page(about=RepeatTrigger, needs=Permission.DECIDE_REPEAT)
def decide_repeat(request: PageRequest, trigger: RepeatTrigger) -> HttpResponse:
    """Say what was decided of a repeat."""
    rule = RULE[trigger.rule]
    lead = (f"Met by {rule.words}: {len(trigger.episodes)} counted.", f"{rule.basis}.")
    return answer(
        request, forms.DecideRepeatForm.of(request), lambda given: after.decide_repeat(trigger=trigger, **given), then=to_episode,
        heading=rule.asks, caption=trigger.child.name, back=to_episode(trigger.episode), lead=lead,
    )  # fmt: skip


@page(needs=Permission.VIEW_QUALITY_CHECKS)
def view_quality_checks(request: PageRequest) -> HttpResponse:
    """The interviews that were drawn for a check and wait, and what was found, by interviewer: for the coordinator alone."""
    shown = {
        "waiting": list(checks_waiting(request.subject)[:100]), "people": checks_by_interviewer(request.subject), "points": POINTS,
        "one_in": round(1 / RATE), "now": request.at,
    }  # fmt: skip
    return render(request, "missing/view_quality_checks.html", shown)


@page(about=QualityCheck, needs=Permission.CHECK_QUALITY, rows=checks_with_interview)
def check_quality(request: PageRequest, check: QualityCheck) -> HttpResponse:
    """Judge the five points of a drawn interview."""
    form, queue = forms.QualityForm.of(request), reverse("missing:view_quality_checks")

    def act(given: dict[str, Any]) -> Any:
        acting = {name: given[name] for name in ("words", "by", "at", "key", "content")}
        return after.check_quality(check=check, points={name: given[name] for name in POINTS}, **acting)

    lead = ("Read the interview first. This is about the conversation and its record, never about the child's answers.",)
    return answer(
        request, form, act, then=lambda done: queue, heading="Quality of a return interview", caption=check.interview.episode.reference,
        back=queue, lead=lead,
    )  # fmt: skip
