"""The plan of a place and of a group: what must change there, by whom, by when, what was tried and whether it worked, of every meeting that is open to whoever asks."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.connections.looks import note_looks
from atlas.connections.models import Group
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, page
from atlas.gate.policy import Permission
from atlas.meetings.queries.places import actions_about
from atlas.places.models import Place


@page(about=Place, needs=Permission.VIEW_PLACE)
def view_place_plan(request: PageRequest, place: Place) -> HttpResponse:
    """What is to change at a place, and what was tried."""
    note_looks(request, "view_place_plan", [place])
    back, compared = reverse("places:view_place", args=[place.pk]), reverse("meetings:compare_place", args=[place.pk])
    return render(request, "meetings/view_place_plan.html", {**_plan(request, place), "back": back, "compared": compared})


@page(about=Group, needs=Permission.VIEW_GROUP)
def view_group_plan(request: PageRequest, group: Group) -> HttpResponse:
    """What is to change around a group, and what was tried."""
    note_looks(request, "view_group_plan", [group])
    return render(
        request,
        "meetings/view_group_plan.html",
        {**_plan(request, group), "back": reverse("connections:view_group", args=[group.pk]), "compared": ""},
    )


def _plan(request: PageRequest, entry: Place | Group) -> dict[str, Any]:
    actions = actions_about(entry)
    return {
        "entry": entry, "to_do": [one for one in actions if one.is_open], "tried": [one for one in actions if not one.is_open],
        "today": day_of(request.at),
    }  # fmt: skip
