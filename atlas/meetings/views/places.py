"""A place before and after a panel looked at it."""

from django.http import HttpResponse
from django.shortcuts import render

from atlas.connections.looks import note_looks
from atlas.gate.page import PageRequest, page
from atlas.gate.policy import Permission
from atlas.meetings.queries.places import before_after_place, looked_at_since
from atlas.meetings.rules.before_after import LEAST, OF_A_PLACE, days_each
from atlas.places.models import Place
from atlas.places.rules import is_named_to
from atlas.places.views import places


@page(about=Place, needs=Permission.COMPARE_PLACE, rows=places)
def compare_place(request: PageRequest, place: Place) -> HttpResponse:
    """How often it was named before and after, over as many days, and what such a count cannot say."""
    note_looks(request, "compare_place", [place])
    since, agency = looked_at_since(place), request.post.team.agency
    is_named = is_named_to(place.type, agency_kind=agency.kind, answers=agency.pk in {place.agency_id, place.responsible_id})
    shown = {
        "place": place, "is_named": is_named, "since": since, "days": days_each(since, request.at) if since else 0, "limits": OF_A_PLACE, "least": LEAST,
        "compared": before_after_place(place, since, request.at) if since else None,
    }  # fmt: skip
    return render(request, "meetings/compare_place.html", shown)
