"""Recorded twice? What waits, the two records side by side, the decision, and taking it back."""

from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.gate.act import decision_on
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.gate.rules import Decision
from atlas.linkage import commands, forms, pairs
from atlas.linkage.models import Pair

ON_A_PAGE = 25
SHOWN = {"waiting": "Waiting", "unsure": "Cannot tell yet", "decided": "Decided"}


def to_pair(pair: object) -> str:
    """The address of a pair's page; of the list, where a decision has shut the pair to whoever decided."""
    assert isinstance(pair, Pair)
    return reverse("linkage:view_pair", args=[pair.pk]) if Pair.objects.filter(pk=pair.pk).exists() else reverse("linkage:view_pairs")


@page(needs=Permission.VIEW_PAIRS)
def view_pairs(request: PageRequest) -> HttpResponse:
    """The pairs that wait for a decision, those of which nobody can tell yet, and those decided: each list by age."""
    which = request.GET.get("which", "waiting")
    which = which if which in SHOWN else "waiting"
    rows = pairs.decided_pairs(request.subject) if which == "decided" else pairs.pairs_open_to(request.subject, which)
    asked = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "which": which, "lists": SHOWN, "pairs": Page(list(asked.object_list), asked.number, asked.paginator), "searches": pairs.last_searches(),
        "at": request.at,
    }  # fmt: skip
    return render(request, "linkage/view_pairs.html", shown)


def _may(request: PageRequest, pair: Pair, permission: Permission) -> bool:
    return permission in ROLE[request.post.role].permissions and decision_on(request.subject, permission, pair.child_id) is Decision.ALLOWED


def _opens(request: PageRequest, child: UUID) -> bool:
    return decision_on(request.subject, Permission.VIEW_CHILD, child) is Decision.ALLOWED


@page(about=Pair, needs=Permission.VIEW_PAIR, rows=pairs.pairs_with_children)
def view_pair(request: PageRequest, pair: Pair) -> HttpResponse:
    """Both records side by side, each difference and each reason in words; what was decided."""
    shown = {
        "pair": pair, "lines": pairs.side_by_side(pair, request.subject), "decisions": pairs.decisions_on(pair),
        "may_decide": not pair.is_decided and _may(request, pair, Permission.DECIDE_PAIR),
        "open": [_opens(request, child) for child in (pair.child_id, pair.other_child_id)],
        "to_join": pairs.is_to_join(pair), "may_record_joined": _may(request, pair, Permission.RECORD_JOINED),
        "may_take_back": pair.is_decided and _may(request, pair, Permission.TAKE_BACK_PAIR),
    }  # fmt: skip
    return render(request, "linkage/view_pair.html", shown)


@page(about=Pair, needs=Permission.DECIDE_PAIR, rows=pairs.pairs_with_children)
def decide_pair(request: PageRequest, pair: Pair) -> HttpResponse:
    """Say whether it is the same child."""
    form = forms.DecidePairForm.of(request, children=(pair.child, pair.other_child))

    def act(given: dict[str, Any]) -> Pair:
        said = {name: given[name] for name in ("outcome", "because", "settles", "ask_again_on")}
        return commands.decide_pair(pair=pair, decided=commands.Decided(**said, stands=form.standing()), **acting(request))

    return answer(
        request, form, act, then=to_pair, heading="Is it the same child?", caption="Recorded twice?", back=to_pair(pair), template="linkage/decide_pair.html",
        pair=pair, lines=pairs.side_by_side(pair, request.subject),
    )  # fmt: skip


@page(about=Pair, needs=Permission.TAKE_BACK_PAIR, rows=pairs.pairs_with_children)
def take_back_pair(request: PageRequest, pair: Pair) -> HttpResponse:
    """Take a decision back, however long ago it was."""
    return answer(
        request, forms.TakeBackPairForm.of(request), lambda given: commands.take_back_pair(pair=pair, **given), then=to_pair,
        heading="Take this decision back?", caption="Recorded twice?", back=to_pair(pair),
        lead=(f"It was decided: {pair.get_state_display().lower()}.", "Nothing was moved, so both records are as they were before. The pair waits again."),
    )  # fmt: skip


@page(about=Pair, needs=Permission.RECORD_JOINED, rows=pairs.pairs_with_children)
def record_joined(request: PageRequest, pair: Pair) -> HttpResponse:
    """Say that the main case system has joined the two records."""
    return answer(
        request, forms.JoinedForm.of(request), lambda given: commands.record_joined(pair=pair, **given), then=to_pair,
        heading="Are the two records joined in the main case system?", caption="Recorded twice?", back=to_pair(pair),
        lead=("Where the nightly delivery gives one number as a former number of the other, this is recorded by itself.",),
    )  # fmt: skip
