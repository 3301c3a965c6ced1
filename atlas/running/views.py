"""How the service stands, for those who can do something about it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.design.words import plural
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.running import commands, forms
from atlas.running.models import Shelved
from atlas.running.queries import beatings, decided, on_shelf, queued, shelved, went
from atlas.running.rules import for_what

MOST = 100


@page(needs=Permission.VIEW_RUNNING)
def view_running(request: PageRequest) -> HttpResponse:
    """Whose beat is late, what waits in the queues, and which jobs wait for a person."""
    shown = {
        "now": request.at, "beatings": beatings(), "queues": queued(), "for_what": for_what,
        "shelf": list(on_shelf()[:MOST]), "decided": list(decided(request.at)[:MOST]), "went": went(request.at), "may": ROLE[request.post.role].permissions,
    }  # fmt: skip
    return render(request, "running/view_running.html", shown)


def _step(request: PageRequest, one: Shelved, form: Any, act: Any, heading: str) -> HttpResponse:
    home = reverse("running:view_running")
    return answer(
        request, form.of(request), lambda given: act(shelved=one, **given), then=lambda done: home, heading=heading, back=home,
        lead=(f"{for_what(one.task)}. Tried {plural(one.tries, 'time')}.",),
    )  # fmt: skip


@page(about=Shelved, needs=Permission.TRY_JOB_AGAIN, rows=shelved)
def try_job_again(request: PageRequest, one: Shelved) -> HttpResponse:
    """Put it back into its queue."""
    return _step(request, one, forms.AgainForm, commands.try_job_again, "Try this again")


@page(about=Shelved, needs=Permission.GIVE_UP_JOB, rows=shelved)
def give_up_job(request: PageRequest, one: Shelved) -> HttpResponse:
    """Leave it undone, and say why."""
    return _step(request, one, forms.GiveUpForm, commands.give_up_job, "Give this up")
