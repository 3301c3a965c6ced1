"""Children who are missing together: that it be looked, and how far that is; and the answer of somebody who knows them."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from atlas.agencies.queries import served_or_404
from atlas.children.models import Child
from atlas.design.words import day, when
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import Permission
from atlas.network.commands import together as commands
from atlas.network.forms import AnswerTogetherForm, SearchTogetherForm
from atlas.network.models import Together, TogetherSearch
from atlas.network.together import pairs_to_link, searches

SHOWN, MOST_PAIRS = 5, 15
LEAD = (
    "Looks which children of the last year were missing at the same time more often than their own ways of going missing would make it by chance, two by two and in "
    "groups. It names nobody here: what it tells stands on the connections of each child, for those who may see every child of it, until somebody answers it.",
    "Beyond chance is not together: it is a reason to ask the children. It takes about a minute, goes on when you leave, and is deleted after three months.",
)

ASK = "A child is a child first. Ask the children; what you write is read by whoever may see every one of them."


@page(needs=Permission.SEARCH_TOGETHER)
def search_together(request: PageRequest) -> HttpResponse:
    """Look which children are missing together; and how far the last searches are."""
    authority = served_or_404(request.post)
    lead = (*LEAD, *(_told(one) for one in searches(authority)[:SHOWN]))
    here = reverse("network:search_together")

    def act(given: dict[str, Any]) -> TogetherSearch:
        return commands.search_together(**acting(request))

    return answer(
        request,
        SearchTogetherForm.of(request),
        act,
        then=lambda done: here,
        heading="Children missing together",
        lead=lead,
        back=reverse("profile:view_profiles"),
    )


@page(about=Together, needs=Permission.ANSWER_TOGETHER)
def answer_together(request: PageRequest, together: Together) -> HttpResponse:
    """Say to what was told whether it is so."""
    children = list(Child.objects.visible_to(request.subject).filter(pk__in=together.children).order_by("name", "pk"))
    names = [one.name for one in children]
    back = reverse("network:view_network", args=[together.child_id])

    def act(given: dict[str, Any]) -> Together:
        return commands.answer_together(together=together, answer=given["answer"], words=given["words"], **acting(request))

    return answer(
        request, AnswerTogetherForm.of(request), act, then=lambda done: back, heading="Were they together?",
        caption=f"{', '.join(names[:-1])} and {names[-1]}", lead=(_said(together), ASK), back=back,
        template="network/answer_together.html", together=together, pairs=pairs_to_link(together, children)[:MOST_PAIRS],
    )  # fmt: skip


def _said(together: Together) -> str:
    last = f"last on {day(together.last_on)}"
    if together.is_group:
        return f"{together.occasions} pairs of these {len(together.children)} children were missing at the same time more often than chance explains, {last}."
    return (
        f"They were missing at the same time on {together.occasions} occasions, {last}; by chance one would expect {together.expected:.1f}."
    )


def _told(one: TogetherSearch) -> str:
    last = one.until_on - timedelta(days=1)
    state = one.get_state_display().lower()
    if one.state == TogetherSearch.State.RUNNING:
        state = f"is being made, {one.progress} per cent"
    elif one.state == TogetherSearch.State.FAILED:
        state = f"could not be made: {one.failed_words}"
    elif one.finished_at is not None:
        state = f"finished {when(one.finished_at)}"
    return f"{day(one.from_on)} to {day(last)}, asked for by {one.asked_by}: {state}."
