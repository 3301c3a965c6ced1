"""The places that children named in return interviews: what waits, by the same words; and forms on which somebody says which place it is."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from atlas.agencies.queries import agencies_serving
from atlas.design.words import plural
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.missing.commands import mentions
from atlas.missing.forms.mentions import SettleMentionForm, SettleMentionsForm
from atlas.missing.models import LocationMention
from atlas.missing.queries.mentions import (
    SaidAlike,
    may_be,
    mentions_like,
    mentions_waiting,
    mentions_with_interview,
    places_named,
    said_alike_waiting,
)
from atlas.places.commands import record_place
from atlas.places.forms import PlaceForm
from atlas.places.models import Place

ON_A_PAGE = 25
LEAD = ("A place that children speak of is seen only where somebody says that it is the same. The child’s words stay as they were said.",)
ELSE = "Where it is not among the places yet, ask somebody who writes places down."


@page(needs=Permission.VIEW_MENTIONED_PLACES)
def view_mentioned_places(request: PageRequest) -> HttpResponse:
    """What children named and nobody has settled, by the same words; and which places were named how often."""
    groups = said_alike_waiting(request.subject)
    asked = Paginator(groups, ON_A_PAGE).get_page(request.GET.get("page"))
    shown: list[SaidAlike] = list(asked.object_list)
    rows = mentions_waiting(request.subject).in_bulk([pk for one in shown for pk in one.mentions])
    first = {one.mentions[0]: rows[one.mentions[0]] for one in shown}
    given = {
        "waiting": Page(shown, asked.number, asked.paginator), "first": first, "in_all": sum(len(one.mentions) for one in groups),
        "named": places_named(request.subject), "may_settle": Permission.SETTLE_MENTION in ROLE[request.post.role].permissions,
    }  # fmt: skip
    return render(request, "missing/view_mentioned_places.html", given)


@page(about=LocationMention, needs=Permission.SETTLE_MENTION, rows=mentions_with_interview)
def settle_mention(request: PageRequest, mention: LocationMention) -> HttpResponse:
    """Say which place a child meant."""
    form = SettleMentionForm.of(request, **_choices(request, mention))

    def act(given: dict[str, Any]) -> Any:
        return mentions.settle_mention(mention=mention, **form.given(), **acting(request))

    return _answer(request, form, act, mention, mention.interview.episode.reference)


@page(about=LocationMention, needs=Permission.SETTLE_MENTION, rows=mentions_with_interview)
def settle_mentions(request: PageRequest, mention: LocationMention) -> HttpResponse:
    """Say of all that say the same as this one which place it is."""
    alike = mentions_like(request.subject, mention)
    form = SettleMentionsForm.of(request, mentions=alike or [mention], **_choices(request, mention))

    def act(given: dict[str, Any]) -> Any:
        return mentions.settle_mentions(mentions=form.chosen(), **form.given(), **acting(request))

    return _answer(request, form, act, mention, plural(len(alike), "interview"))


@page(about=LocationMention, needs=Permission.SETTLE_MENTION, rows=mentions_with_interview)
def record_mentioned_place(request: PageRequest, mention: LocationMention) -> HttpResponse:
    """Write down the place that children named, and come back with it chosen."""
    agencies = agencies_serving(request.post.team.agency.authorities.all())
    form = PlaceForm.of(request, agencies=list(agencies), initial={"named_as": mention.words})
    back = reverse("missing:settle_mentions", args=[mention.pk])

    def act(given: dict[str, Any]) -> Any:
        return record_place(given=form.given(), **acting(request))

    lead = ("A place names no child. What a child said of it stays with the child.",)
    return answer(
        request, form, act, then=lambda done: f"{back}?{urlencode({'place': getattr(done, 'pk', '')})}", heading="A place",
        caption=f"“{mention.words}”", back=back, lead=lead,
    )  # fmt: skip


def _choices(request: PageRequest, mention: LocationMention) -> dict[str, Any]:
    """What may be chosen, and what is chosen already: the place that was just written down."""
    places = list(Place.objects.order_by("name", "pk"))
    likely = may_be(request.subject, mention)
    new = next((str(one.pk) for one in places if str(one.pk) == request.GET.get("place")), "")
    chosen = {"settled": new} if any(str(one.place.pk) == new for one in likely) else {"settled": "other", "place": new} if new else {}
    return {"may_be": likely, "places": places, "initial": chosen}


def _answer(request: PageRequest, form: SettleMentionForm, act: Any, mention: LocationMention, caption: str) -> HttpResponse:
    queue = reverse("missing:view_mentioned_places")
    writes = Permission.RECORD_PLACE in ROLE[request.post.role].permissions

    def then(done: Any) -> str:
        if isinstance(done, mentions.SettledTogether):
            messages.success(request, _said(done))
        return queue

    said = f"“{mention.words}”{f', {mention.area}' if mention.area else ''}"
    return answer(
        request, form, act, then=then, heading="A place that children named", caption=caption, back=queue,
        lead=(said, *LEAD, *(() if writes else (ELSE,))), template="missing/settle_mention.html", mention=mention, writes=writes,
    )  # fmt: skip


def _said(done: mentions.SettledTogether) -> str:
    """What one act settled, and what it passed over and why."""
    over = [
        f"{count} {words}"
        for count, words in (
            (done.settled_since, "settled by somebody else since you opened the page"),
            (done.taken_back, "taken back by the child"),
            (done.not_theirs, "not yours to settle"),
        )
        if count
    ]
    return f"Settled: {done.settled}." + (f" Passed over: {', '.join(over)}." if over else "")
