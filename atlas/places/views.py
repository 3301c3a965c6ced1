"""The places, one place, and what lets one be written down, looked at again, deleted. Every look is written."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.queries import agencies_serving
from atlas.connections.concern_forms import RemoveForm, RenewForm
from atlas.connections.concern_views import AGAIN, GONE, shown_of
from atlas.connections.looks import note_looks
from atlas.connections.queries import entries_of
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.places import commands
from atlas.places.forms import PlaceForm, PositionForm
from atlas.places.models import Place
from atlas.places.rules import is_named_to


def places() -> Any:
    """Places with what their page names."""
    return Place.objects.select_related("agency", "responsible", "added_by__user", "reviewed_by__user")


@page(needs=Permission.VIEW_PLACES)
def view_places(request: PageRequest) -> HttpResponse:
    """The places that are open to whoever asks; first those of their own agency that must be looked at again."""
    found = entries_of(places(), day_of(request.at))
    note_looks(request, "view_places", found.all)
    shown = {"found": found, "may": ROLE[request.post.role].permissions, "P": Permission}
    return render(request, "places/view_places.html", shown)


@page(about=Place, needs=Permission.VIEW_PLACE, rows=places)
def view_place(request: PageRequest, place: Place) -> HttpResponse:
    """One place: what it is, why it is looked at, who controls it, which partner answers for it."""
    note_looks(request, "view_place", [place])
    agency = request.post.team.agency
    is_named = is_named_to(place.type, agency_kind=agency.kind, answers=agency.pk in {place.agency_id, place.responsible_id})
    return render(request, "places/view_place.html", {**shown_of(request, place, Permission.RENEW_PLACE), "is_named": is_named})


@page(needs=Permission.RECORD_PLACE)
def record_place(request: PageRequest) -> HttpResponse:
    """Write down a place."""
    agencies = agencies_serving(request.post.team.agency.authorities.all())
    form = PlaceForm.of(request, agencies=list(agencies))

    def act(given: dict[str, Any]) -> object:
        return commands.record_place(given=form.given(), **acting(request))

    return _answer(request, form, act, "A place", lead=("A place names no child. What a child said of it stays with the child.",))


@page(about=Place, needs=Permission.PUT_PLACE_ON_MAP, rows=places)
def put_place_on_map(request: PageRequest, place: Place) -> HttpResponse:
    """Say where it lies."""
    stands = "" if place.easting is None else f"{place.easting} {place.northing}"
    form = PositionForm.of(request, initial={"position": stands})

    def act(given: dict[str, Any]) -> object:
        return commands.put_place_on_map(place=place, position=given["position"], **acting(request))

    return _answer(request, form, act, "Put it on the map", place)


@page(about=Place, needs=Permission.RENEW_PLACE, rows=places)
def renew_place(request: PageRequest, place: Place) -> HttpResponse:
    """Look at it again."""
    form = RenewForm.of(request)

    def act(given: dict[str, Any]) -> object:
        return commands.renew_place(place=place, grounds=form.grounds(), **acting(request))

    return _answer(request, form, act, "Look at it again", place, (AGAIN,))


@page(about=Place, needs=Permission.REMOVE_PLACE, rows=places)
def remove_place(request: PageRequest, place: Place) -> HttpResponse:
    """Delete it."""

    def act(given: dict[str, Any]) -> object:
        return commands.remove_place(place=place, **acting(request))

    return _answer(request, RemoveForm.of(request), act, "Delete a place", place, (GONE,))


def _answer(
    request: PageRequest, form: Any, act: Any, heading: str, place: Place | None = None, lead: tuple[str, ...] = ()
) -> HttpResponse:
    back = reverse("places:view_places")

    def then(done: Any) -> str:
        return reverse("places:view_place", args=[done.pk]) if done is not None else back

    return answer(request, form, act, then=then, heading=heading, caption=str(place or ""), back=back, lead=lead)
