"""The thresholds in force, with those before and to come; a new version."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from atlas.agencies.queries import front_door_of
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.guidance import commands
from atlas.guidance.forms import SetThresholdsForm
from atlas.guidance.queries import editions, thresholds_on


@page(needs=Permission.VIEW_THRESHOLDS)
def view_thresholds(request: PageRequest) -> HttpResponse:
    """The four levels in the words of the version in force."""
    today, authority = timezone.localdate(request.at), front_door_of(request.post)
    every = list(editions(authority.pk)[:20]) if authority else []
    held = next((one for one in every if one.valid_from <= today), None)
    shown = {
        "held": held, "every": every, "today": today, "may_set": Permission.SET_THRESHOLDS in ROLE[request.post.role].permissions,
        "authority": authority,
    }  # fmt: skip
    return render(request, "guidance/view_thresholds.html", shown)


@page(needs=Permission.SET_THRESHOLDS)
def set_thresholds(request: PageRequest) -> HttpResponse:
    """Put a new version into force."""
    authority, back = front_door_of(request.post), reverse("guidance:view_thresholds")
    held = thresholds_on(authority.pk, timezone.localdate(request.at)) if authority else None
    form = SetThresholdsForm.of(request, held=held)

    def act(given: dict[str, Any]) -> object:
        return commands.set_thresholds(edition=form.typed(), **acting(request))

    lead = ("What was decided until then keeps the version by which it was decided.",)
    return answer(request, form, act, then=lambda done: back, heading="A new version of the threshold document", back=back, lead=lead)
