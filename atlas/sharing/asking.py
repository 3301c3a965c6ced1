"""The worker's pages about people without an account: ask one, see how it stands and what came back, take a question back."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.children.models import Child
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import Permission
from atlas.sharing import forms
from atlas.sharing.commands import disclosure as commands
from atlas.sharing.compile import offered
from atlas.sharing.link import no_texts, or_link
from atlas.sharing.models import GuestAnswer, GuestRequest
from atlas.sharing.queries import guest_requests
from atlas.sharing.rules import GUEST_PARTS


def _to(request: object) -> str:
    assert isinstance(request, GuestRequest)
    return reverse("sharing:view_guest_request", args=[request.pk])


@page(about=Child, needs=Permission.ASK_GUEST)
def ask_guest(request: PageRequest, child: Child) -> HttpResponse:
    """Ask somebody without an account one question, and show the link this once: only its hash is kept."""
    form = forms.AskGuestForm.of(request, items=offered(request.subject, child.pk, GUEST_PARTS), is_adult=child.is_adult(request.at))
    made: list[GuestRequest] = []

    def act(given: dict[str, Any]) -> GuestRequest:
        made.append(
            commands.ask_guest(
                child=child, guest=form.guest(), question=given["question"], items=given["items"], grounds=form.grounds(given["reason"]),
                days=given["days"], **acting(request),
            )
        )  # fmt: skip
        return made[0]

    back = reverse("sharing:view_disclosures", args=[child.pk])
    answered = answer(
        request, form, act, then=_to, heading="Ask somebody without an account", caption=child.name, back=back,
        lead=("For a GP, an academy, a hotel, a small charity or another council. They get a link, and a code to their own number.", *no_texts()),
    )  # fmt: skip
    return or_link(request, answered, made)


@page(about=GuestRequest, needs=Permission.VIEW_GUEST_REQUEST, rows=guest_requests)
def view_guest_request(request: PageRequest, asked: GuestRequest) -> HttpResponse:
    """One question: to whom, in which words, how it stands, and what came back."""
    shown = {
        "asked": asked,
        "answer": getattr(asked, "answer", None),
        "said": list(asked.said.order_by("-sent_at", "pk")) if asked.asks == GuestRequest.Asks.CARER else [],
        "state": asked.state(request.at),
        "is_open": asked.is_open(request.at),
    }
    return render(request, "sharing/view_guest_request.html", shown)


@page(about=GuestAnswer, needs=Permission.VIEW_GUEST_REQUEST)
def view_guest_file(request: PageRequest, given: GuestAnswer) -> HttpResponse:
    """What was sent: our own pixels, never the file itself."""
    if given.file is None:
        raise Http404
    headers = {
        "Content-Disposition": "inline; filename=answer.jpg",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    }
    return HttpResponse(bytes(given.file), content_type=given.file_kind, headers=headers)


@page(about=GuestRequest, needs=Permission.WITHDRAW_GUEST_REQUEST)
def withdraw_guest_request(request: PageRequest, asked: GuestRequest) -> HttpResponse:
    """Take a question back."""
    return answer(
        request, forms.WithdrawGuestRequestForm.of(request), lambda given: commands.withdraw_guest_request(request=asked, **given), then=_to,
        heading="Take the question back", caption=f"{asked.guest_name}, {asked.organisation}", back=_to(asked),
        warning="The link opens nothing any more. What they have read, they know.",
    )  # fmt: skip
