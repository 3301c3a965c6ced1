"""What was promised to a child, whom the child trusts, and who told the child who comes: for whoever works with the child next."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.allocation import commands, forms
from atlas.allocation.models import Promise, TrustedAdult
from atlas.allocation.queries import promises_to, talk_wish, trusted_by
from atlas.children.models import Child
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import ROLE, Permission


@page(about=Child, needs=Permission.VIEW_PROMISES)
def view_promises(request: PageRequest, child: Child) -> HttpResponse:
    """What is promised and not kept yet, and whom the child trusts."""
    may = ROLE[request.post.role].permissions
    shown = {
        "child": child, "promises": list(promises_to(request.subject, [child.pk])), "trusted": list(trusted_by(request.subject, [child.pk])),
        "wish": talk_wish(request.subject, child.pk), "may_add": Permission.MAKE_PROMISE in may, "may_tell": Permission.TELL_CHILD in may,
    }  # fmt: skip
    return render(request, "allocation/view_promises.html", shown)


def _answered(request: PageRequest, child: Child, form: Any, act: Any, heading: str) -> HttpResponse:
    back = reverse("allocation:view_promises", args=[child.pk])
    return answer(request, form.of(request), act, then=lambda done: back, heading=heading, caption=child.name, back=back)


@page(about=Child, needs=Permission.MAKE_PROMISE)
def make_promise(request: PageRequest, child: Child) -> HttpResponse:
    """Write down what was promised."""
    act = lambda given: commands.make_promise(child=child, **given)  # noqa: E731
    return _answered(request, child, forms.PromiseForm, act, "What was promised to the child?")


@page(about=Promise, needs=Permission.END_PROMISE)
def end_promise(request: PageRequest, promise: Promise) -> HttpResponse:
    """Write down what came of a promise."""
    act = lambda given: commands.end_promise(promise=promise, **given)  # noqa: E731
    return _answered(request, promise.child, forms.EndPromiseForm, act, f"“{promise.words}”")


@page(about=Child, needs=Permission.NAME_TRUSTED_ADULT)
def name_trusted_adult(request: PageRequest, child: Child) -> HttpResponse:
    """Write down a grown-up whom the child trusts."""
    act = lambda given: commands.name_trusted_adult(child=child, **given)  # noqa: E731
    return _answered(request, child, forms.TrustedAdultForm, act, "Whom does the child trust?")


@page(about=Child, needs=Permission.RECORD_TALK_WISH)
def record_talk_wish(request: PageRequest, child: Child) -> HttpResponse:
    """Write down with whom the child would rather talk; what the child said before stands in the boxes."""
    before, back = talk_wish(request.subject, child.pk), reverse("allocation:view_promises", args=[child.pk])
    initial = {name: getattr(before, name) for name in forms.TalkWishForm.edits} if before else {}
    return answer(
        request, forms.TalkWishForm.of(request, initial=initial), lambda given: commands.record_talk_wish(child=child, **given),
        then=lambda done: back, heading="What makes it easier for the child to talk", caption=child.name, back=back,
        lead=("Ask the child. Whoever chooses who talks with the child after a time missing reads it first.",),
        edits=lambda: talk_wish(request.subject, child.pk),
    )  # fmt: skip


@page(about=TrustedAdult, needs=Permission.END_TRUSTED_ADULT)
def end_trusted_adult(request: PageRequest, adult: TrustedAdult) -> HttpResponse:
    """Write down that the child does not trust this grown-up any more."""
    act = lambda given: commands.end_trusted_adult(adult=adult, **given)  # noqa: E731
    return _answered(request, adult.child, forms.EndTrustForm, act, f"{adult.name}, {adult.who}")


@page(about=Child, needs=Permission.TELL_CHILD)
def tell_child(request: PageRequest, child: Child) -> HttpResponse:
    """Write down who told the child who works with them now, and when."""
    act = lambda given: commands.tell_child(child=child, **given)  # noqa: E731
    return _answered(request, child, forms.TellChildForm, act, "Who told the child who works with them now?")
