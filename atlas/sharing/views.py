"""What has been shared about a child; disclose, refuse, share again, end; and what a recipient sees."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.children.models import Child
from atlas.design.words import reference_of, when
from atlas.gate.events import Event
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import Mode, Permission
from atlas.gate.queries import standing
from atlas.gate.rules import may_touch
from atlas.sealed.queries import is_location_sealed
from atlas.sealed.rules import RING
from atlas.sharing import forms
from atlas.sharing.commands import disclosure as commands
from atlas.sharing.compile import offered
from atlas.sharing.models import Disclosure
from atlas.sharing.pdf import pdf_of
from atlas.sharing.queries import disclosures_of, guest_requests_of, recipients, shared_with


def _list(disclosure: object) -> str:
    assert isinstance(disclosure, Disclosure)
    return reverse("sharing:view_disclosures", args=[disclosure.child_id])


@page(about=Child, needs=Permission.VIEW_DISCLOSURES)
def view_disclosures(request: PageRequest, child: Child) -> HttpResponse:
    """Every decision on sharing about a child: with whom, why, until when; and what was refused."""
    rows = list(disclosures_of(request.subject, child))
    shown = {"child": child, "rows": [(row, row.is_open(request.at)) for row in rows], "guests": guest_requests_of(request.subject, child)}
    return render(request, "sharing/view_disclosures.html", shown)


@page(needs=Permission.VIEW_SHARED)
def view_shared(request: PageRequest) -> HttpResponse:
    """What others have shared with this post and may still be opened."""
    return render(request, "sharing/view_shared.html", {"rows": list(shared_with(request.post, request.at))})


@page(about=Disclosure, needs=Permission.VIEW_DISCLOSURE)
def view_disclosure(request: PageRequest, disclosure: Disclosure) -> HttpResponse:
    """One frozen version, as its recipient gets it; to those who may disclose, also why it was shared."""
    may_end = may_touch(standing(request.subject, disclosure.child_id), Disclosure.record_kind, Mode.WRITE)
    shown = {"disclosure": disclosure, "view": disclosure.view, "is_open": disclosure.is_open(request.at), "may_end": may_end}
    return render(request, "sharing/view_disclosure.html", shown)


@page(about=Disclosure, needs=Permission.VIEW_DISCLOSURE, event=Event.PRINT)
def print_disclosure(request: PageRequest, disclosure: Disclosure) -> HttpResponse:
    """The same version as a PDF, marked on every page with who printed it, when, and the reference."""
    if disclosure.view is None:
        return HttpResponse("Nothing was shared, so there is nothing to print.", status=404, content_type="text/plain; charset=utf-8")
    mark = f"Printed by {request.post}, {when(request.at)}, reference {reference_of(disclosure.pk)}"
    response = HttpResponse(pdf_of(disclosure.view, mark), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="shared.pdf"'
    return response


@page(about=Child, needs=Permission.DISCLOSE)
def disclose(request: PageRequest, child: Child) -> HttpResponse:
    """Share chosen records with one named post."""
    form = forms.DiscloseForm.of(
        request, posts=recipients(request.subject), items=offered(request.subject, child.pk), is_adult=child.is_adult(request.at)
    )

    def act(given: dict[str, Any]) -> Disclosure:
        return commands.disclose(
            child=child, recipient=form.posts[given["recipient"]], items=given["items"], grounds=form.grounds(given["reason"]),
            days=given["days"], **acting(request),
        )  # fmt: skip

    back = reverse("sharing:view_disclosures", args=[child.pk])
    return answer(
        request, form, act, then=_list, heading="Share about a child", caption=child.name, back=back,
        lead=(
            "They get only what you tick, as it is now. Addresses, telephone numbers and intelligence cannot be shared here.",
            *((f"{RING}. Tick nothing that would lead to the child.",) if is_location_sealed(child.pk) else ()),
        ),
    )  # fmt: skip


@page(about=Child, needs=Permission.REFUSE_TO_SHARE)
def refuse_to_share(request: PageRequest, child: Child) -> HttpResponse:
    """Record that something was asked for and not given."""
    form = forms.RefuseForm.of(request)

    def act(given: dict[str, Any]) -> Disclosure:
        return commands.refuse_to_share(child=child, grounds=form.grounds(given["reason"]), **acting(request))

    back = reverse("sharing:view_disclosures", args=[child.pk])
    return answer(request, form, act, then=_list, heading="Not shared", caption=child.name, back=back)


@page(about=Disclosure, needs=Permission.RESHARE_DISCLOSURE)
def reshare_disclosure(request: PageRequest, disclosure: Disclosure) -> HttpResponse:
    """Share the same version for longer, where nothing has changed."""
    return answer(
        request, forms.ReshareForm.of(request), lambda given: commands.reshare_disclosure(disclosure=disclosure, **given), then=_list,
        heading="Share the same again", back=_list(disclosure),
    )  # fmt: skip


@page(about=Disclosure, needs=Permission.WITHDRAW_DISCLOSURE)
def withdraw_disclosure(request: PageRequest, disclosure: Disclosure) -> HttpResponse:
    """End a disclosure now."""
    return answer(
        request, forms.WithdrawForm.of(request), lambda given: commands.withdraw_disclosure(disclosure=disclosure, **given), then=_list,
        heading="End what was shared", back=_list(disclosure), warning="They cannot open it any more. What they have read or printed, they know.",
    )  # fmt: skip
