"""What the police or another supplier lets a partner know about a child, and the desk of the unit that supplies it."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.children.models import Child
from atlas.design.words import day, when
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import PURPOSE_WORDS, REGIME_WORDS, ROLE, Permission, regime_of
from atlas.gate.writes import done_to
from atlas.intelligence import commands, forms, queries
from atlas.intelligence.models import Product, Raw
from atlas.intelligence.rules import VERBS, Checked, Handling, given_away, latest_review

P = Permission


def _child_page(record: object) -> str:
    assert isinstance(record, Raw | Product)
    return reverse("intelligence:view_intelligence", args=[record.child_id])


def _product_page(product: object) -> str:
    assert isinstance(product, Product)
    return reverse("intelligence:release_product", args=[product.pk])


def _desk(_: object = None) -> str:
    return reverse("intelligence:view_intelligence_desk")


def _latest(request: PageRequest) -> Any:
    return latest_review(request.post.team.agency.kind, day_of(request.at))


@page(about=Child, needs=P.VIEW_INTELLIGENCE)
def view_intelligence(request: PageRequest, child: Child) -> HttpResponse:
    """Every product about a child that the reader may read, with its grading, its conditions, and under which law it is kept and read."""
    may, subject = ROLE[request.post.role].permissions, request.subject
    shown = {
        "child": child, "products": queries.shown_products(subject, child), "purpose": PURPOSE_WORDS[subject.purpose],
        "read_under": REGIME_WORDS[regime_of(subject.purpose)], "read_by": f"{request.post}, {when(request.at)}",
        "may_record": P.RECORD_INTELLIGENCE in may, "back": reverse("desk:view_child", args=[child.pk]) if P.VIEW_CHILD in may else _desk(),
    }  # fmt: skip
    return render(request, "intelligence/view_intelligence.html", shown)


@page(needs=P.VIEW_INTELLIGENCE_DESK)
def view_intelligence_desk(request: PageRequest) -> HttpResponse:
    """What waits in the unit: entries without a wording, wordings without a second person, and what must be looked at again."""
    subject = request.subject
    shown = {
        "raws": list(queries.raw_without_product(subject)), "proposed": list(queries.products_proposed(subject)),
        "reviews": list(queries.products_to_review(subject)), "kept": list(queries.raw_kept(subject)),
        "today": day_of(request.at), "me": request.post.user_id,
    }  # fmt: skip
    return render(request, "intelligence/view_intelligence_desk.html", shown)


@page(about=Child, needs=P.RECORD_INTELLIGENCE)
def record_intelligence(request: PageRequest, child: Child) -> HttpResponse:
    """Write down what the unit holds about a child, graded."""
    form = forms.RecordIntelligenceForm.of(request, latest=_latest(request))
    return answer(
        request, form, lambda given: commands.record_intelligence(child=child, supplied=form.supplied(), **acting(request)), then=_desk,
        heading="Record intelligence", caption=child.name, back=reverse("intelligence:view_intelligence", args=[child.pk]),
    )  # fmt: skip


@page(about=Child, needs=P.RECORD_INTELLIGENCE)
def record_old_intelligence(request: PageRequest, child: Child) -> HttpResponse:
    """Take over an older item, with its own grading as it came."""
    form = forms.RecordOldIntelligenceForm.of(request, latest=_latest(request))

    def act(given: dict[str, Any]) -> Raw:
        return commands.record_old_intelligence(child=child, supplied=form.supplied(), old=form.old(), **acting(request))

    return answer(
        request, form, act, then=_desk, heading="Take over an older entry", caption=child.name,
        lead=("For an entry that was graded by the older scheme of five letters, five numbers and five handling codes (5x5x5).",),
        back=reverse("intelligence:view_intelligence", args=[child.pk]),
    )  # fmt: skip


@page(about=Raw, needs=P.PROPOSE_PRODUCT, rows=queries.raw_with_child)
def propose_product(request: PageRequest, raw: Raw) -> HttpResponse:
    """The raw item, and beside it the wording that partners will read."""
    form = forms.ProposeProductForm.of(request, raw=raw, agencies=queries.agencies_to_name(raw.child, raw.author))
    return answer(
        request, form, lambda given: commands.propose_product(raw=raw, sanitised=form.sanitised(), **acting(request)), then=_product_page,
        heading="Propose what partners read", template="intelligence/propose_product.html", raw=raw, back=_desk(),
        is_kept=raw.handling == Handling.AUTHOR_ONLY,
    )  # fmt: skip


@page(about=Product, needs=P.RELEASE_PRODUCT, rows=queries.product_beside_raw)
def release_product(request: PageRequest, product: Product) -> HttpResponse:
    """The original and the proposed wording side by side, what could give the source away, and the checklist; then the second person."""
    on = day_of(request.at)
    return answer(
        request, forms.ReleaseProductForm.of(request), lambda given: commands.release_product(product=product, **given), then=_desk,
        heading="What partners will read", template="intelligence/release_product.html", back=_desk(), **_beside(product),
        why_not=commands.why_not_release(product, request.post, on), is_mine=product.proposed_by.user_id == request.post.user_id,
    )  # fmt: skip


def _beside(product: Product) -> dict[str, Any]:
    """What both people see of a proposed product before it is released."""
    return {
        "product": product, "named": queries.names_in(queries.names_of([product]), product),
        "found": given_away(product.raw.wording, product.wording),
        "checklist": [(str(one.label), product.checklist.get(one.value, "")) for one in Checked],
        "done": [
            (at, who, name.replace("_", " ").capitalize(), VERBS[name].capitalize())
            for name, who, at in done_to(product, product.proposed_at - timedelta(seconds=1))
        ],
    }  # fmt: skip


@page(about=Product, needs=P.DECLINE_PRODUCT, rows=queries.product_beside_raw)
def decline_product(request: PageRequest, product: Product) -> HttpResponse:
    """Do not release a proposed wording, and say what must be changed."""
    return answer(
        request, forms.DeclineProductForm.of(request), lambda given: commands.decline_product(product=product, **given), then=_desk,
        heading="Send this wording back", caption=product.child.name, back=_product_page(product),
        lead=("The entry waits on the desk for a new wording, with what you write here.",),
    )  # fmt: skip


@page(about=Product, needs=P.REVIEW_INTELLIGENCE, rows=queries.product_beside_raw)
def review_intelligence(request: PageRequest, product: Product) -> HttpResponse:
    """Keep a product for longer, or go on to withdraw it."""
    return answer(
        request, forms.ReviewIntelligenceForm.of(request, latest=_latest(request)),
        lambda given: commands.review_intelligence(product=product, **given), then=_child_page, heading="Look at it again",
        template="intelligence/review_intelligence.html", back=_desk(), **_beside(product),
    )  # fmt: skip


@page(about=Product, needs=P.WITHDRAW_PRODUCT, rows=queries.product_beside_raw)
def withdraw_product(request: PageRequest, product: Product) -> HttpResponse:
    """Take a product back from partners."""
    return answer(
        request, forms.WithdrawProductForm.of(request), lambda given: commands.withdraw_product(product=product, **given), then=_desk,
        heading="Withdraw this wording", caption=f"{product.child.name}, to be looked at by {day(product.review_on)}", back=_product_page(product),
        warning="From now on no partner reads it. What they have read, they know.",
    )  # fmt: skip
