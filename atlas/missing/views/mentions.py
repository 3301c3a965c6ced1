"""The places that children named in return interviews: a list, and a form on which somebody says which place each is."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import Permission
from atlas.missing.commands import mentions
from atlas.missing.forms.mentions import SettleMentionForm
from atlas.missing.models import LocationMention
from atlas.missing.queries.mentions import may_be, mentions_waiting, mentions_with_interview, places_named
from atlas.places.models import Place

ON_A_PAGE = 25
LEAD = (
    "A place that children speak of is seen only where somebody says that it is the same. The child’s words stay as they were said.",
    "Where it is not among the places yet, write it down first, under Places, with its grounds.",
)


@page(needs=Permission.VIEW_MENTIONED_PLACES)
def view_mentioned_places(request: PageRequest) -> HttpResponse:
    """What children named and nobody has settled, and which places were named how often."""
    asked = Paginator(mentions_waiting(request.subject), ON_A_PAGE).get_page(request.GET.get("page"))
    shown = {"waiting": Page(list(asked.object_list), asked.number, asked.paginator), "named": places_named(request.subject)}
    return render(request, "missing/view_mentioned_places.html", shown)


@page(about=LocationMention, needs=Permission.SETTLE_MENTION, rows=mentions_with_interview)
def settle_mention(request: PageRequest, mention: LocationMention) -> HttpResponse:
    """Say which place a child meant."""
    queue, likely = reverse("missing:view_mentioned_places"), may_be(request.subject, mention)
    form = SettleMentionForm.of(request, may_be=likely, places=Place.objects.order_by("name", "pk"))

    def act(given: dict[str, Any]) -> Any:
        return mentions.settle_mention(mention=mention, **form.given(), **acting(request))

    said = f"“{mention.words}”{f', {mention.area}' if mention.area else ''}"
    return answer(
        request, form, act, then=lambda done: queue, heading="A place that a child named", caption=mention.interview.episode.reference,
        back=queue, lead=(said, *LEAD),
    )  # fmt: skip
