"""What is done while a child is missing: a step of the timetable, somebody told, a parent not told yet."""

from typing import Any

from django.http import Http404, HttpResponse

from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import Permission
from atlas.missing.commands import step as stepping
from atlas.missing.commands import telling
from atlas.missing.forms.now import DoNotTellForm, LetBeToldForm, StepForm, ToldForm
from atlas.missing.models import Episode, NotToldYet
from atlas.missing.rules.repeats import DUTY
from atlas.missing.rules.steps import STEP
from atlas.missing.rules.telling import WHO
from atlas.missing.views.episode import to_episode


@page(about=Episode, needs=Permission.TAKE_STEP)
def take_step(request: PageRequest, episode: Episode, step: str) -> HttpResponse:
    """Say that a step is done."""
    if step not in STEP and step not in DUTY:
        raise Http404
    found = STEP.get(step)
    lead = (f"{found.limit.source}.", *([f"Who hears of it: {found.told}."] if found.told else [])) if found else ()
    name = found.limit.name if found else DUTY[step]
    return _do(request, episode, StepForm, lambda given: stepping.take_step(episode=episode, step=step, **given), name, lead=lead)


@page(about=Episode, needs=Permission.RECORD_TOLD)
def record_told(request: PageRequest, episode: Episode, who: str) -> HttpResponse:
    """Record that somebody was told."""
    if who not in WHO:
        raise Http404
    return _do(request, episode, ToldForm, lambda given: telling.record_told(episode=episode, who=who, **given), f"Told: {WHO[who]}")


@page(about=Episode, needs=Permission.DO_NOT_TELL_PARENT)
def do_not_tell_parent(request: PageRequest, episode: Episode) -> HttpResponse:
    """Decide that a parent is not told yet."""
    lead = (
        "Where telling a parent may put the child in more danger. Everybody who opens this episode will see it. Lift it as soon as you can.",
    )
    act = lambda given: telling.do_not_tell_parent(episode=episode, **given)  # noqa: E731
    return _do(request, episode, DoNotTellForm, act, "Do not tell a parent yet", lead=lead)


@page(about=NotToldYet, needs=Permission.DO_NOT_TELL_PARENT)
def let_parent_be_told(request: PageRequest, decision: NotToldYet) -> HttpResponse:
    """Lift that decision."""
    lead = (f"Not told yet: {decision.whom_words}. {decision.reason}",)
    act = lambda given: telling.let_parent_be_told(decision=decision, **given)  # noqa: E731
    return _do(request, decision.episode, LetBeToldForm, act, "The parent may be told", lead=lead)


def _do(request: PageRequest, episode: Episode, form: Any, act: Any, heading: str, **more: Any) -> HttpResponse:
    return answer(
        request, form.of(request), act, then=to_episode, heading=heading, caption=f"{episode.child.name}, {episode.reference}",
        back=to_episode(episode), **more,
    )  # fmt: skip
