"""The pages of somebody without an account. They read no record: what may be shown comes from the database's own function, under the link.

Every link gets the same pages, texts and work, whether it holds or not; only a proved code shows a question. After sending nothing is
shown but a receipt. The token leaves the address at once, so that it stands in no history, no referrer and no log of the next page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from atlas.agencies.models import Authority
from atlas.design.pictures import Unclean, redrawn
from atlas.design.typed import sent, way_back
from atlas.gate.page import PageRequest
from atlas.sharing import guest
from atlas.sharing.forms import AnswerForm, ProveForm, SendCodeForm
from atlas.sharing.jobs import send_guest_code
from atlas.sharing.models import GuestAnswer

LINK, PROOF, RECEIPT, BACK = "guest_link", "guest_proof", "guest_receipt", "guest_back"
# The one answer to every code that does not open anything.
QUIET = "That code does not open anything. Check it, or ask for a new one. After several wrong codes the link is shut: then ring whoever asked you."
OWN_PAGES = {"carer": "carer_page", "child": "child_page"}  # what is no question has a page of its own
LARGEST_PAGE = 2400  # a page of writing must stay readable

View = Callable[[PageRequest], HttpResponse]


def for_guests(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that is for nobody who is signed in: nobody answers as a guest and acts as a post."""

    @wraps(view)
    def show(request: PageRequest, **path: Any) -> HttpResponse:
        return render(request, "sharing/guest_link.html", {}) if request.user.is_authenticated else view(request, **path)

    return show


def link_of(request: HttpRequest) -> str:
    return str(request.session.get(LINK, guest.NO_LINK))


def _numbers() -> list[tuple[str, str]]:
    return list(Authority.objects.filter(is_partner=True).order_by("name").values_list("name", "front_door_number"))


@for_guests
def guest_link(request: PageRequest, token: str) -> HttpResponse:
    """Take the token out of the address. Opening a link uses nothing up: mail programs open links too."""
    return hold_link(request, token, "open_guest")


def hold_link(request: PageRequest, token: str, then: str) -> HttpResponse:
    """Keep the hash of the link in the session, forget any other, and go on to the page called so."""
    request.session.cycle_key()
    for held in (PROOF, RECEIPT, BACK):
        request.session.pop(held, None)
    request.session[LINK] = guest.hash_of_token(token)
    answered = redirect(then)
    answered["Referrer-Policy"] = "no-referrer"
    return answered


@for_guests
def open_guest(request: PageRequest) -> HttpResponse:
    """Ask for a code. Whether the link holds is decided by the job that sends one, so that the answer and its time are the same."""
    form = SendCodeForm.of(request)
    if form.is_valid():
        ask_for_code(request)
        return redirect("prove_guest")
    return render(request, "sharing/open_guest.html", {"form": form, "numbers": _numbers()})


def ask_for_code(request: PageRequest) -> None:
    """Let the job send a code, where from here one may be asked for."""
    link = link_of(request)
    if guest.may_ask_for_code(link, request.at):
        send_guest_code.defer(link=link, asked_at=request.at.isoformat(), door=guest.from_here())


@for_guests
def prove_guest(request: PageRequest) -> HttpResponse:
    """Type the code. Wrong, used, out of date, or of a link that does not hold: one answer."""
    form = ProveForm.of(request)
    if form.is_valid():
        proof = guest.prove(link_of(request), "".join(form.cleaned_data["code"].split()), request.at)
        if proof:
            request.session.cycle_key()
            request.session[PROOF] = proof
            return redirect(request.session.pop(BACK, None) or "answer_guest")
        form.add_error("code", QUIET)
    return render(request, "sharing/prove_guest.html", {"form": form, "numbers": _numbers()}, status=422 if form.errors else 200)


@for_guests
def answer_guest(request: PageRequest) -> HttpResponse:
    """Read the question and answer it once. Where the proof has run out meanwhile, what was typed waits for a new code."""
    link, proof, form = link_of(request), str(request.session.get(PROOF, "")), AnswerForm.of(request)
    if form.is_valid():
        reference = _answered(request, form, link, proof)
        if reference:
            request.session[RECEIPT] = [reference, request.at.isoformat()]
            return redirect("guest_receipt")
        if not form.errors:
            return again(request)
    view = guest.shown_to(link, proof, request.at)
    if view is None:
        return again(request)
    if view.get("asks") in OWN_PAGES:
        return redirect(OWN_PAGES[view["asks"]])
    form = form.asks(view.get("asks", "question"))
    return render(request, "sharing/answer_guest.html", {"form": form, "view": view}, status=422 if form.errors else 200)


def _answered(request: PageRequest, form: AnswerForm, link: str, proof: str) -> str | None:
    given = form.cleaned_data
    file, file_kind = None, ""
    if given["kind"] == GuestAnswer.Kind.FILE:
        try:
            file, _ = redrawn(given["file"].read(), LARGEST_PAGE)
            file_kind = "image/jpeg"
        except Unclean as problem:
            form.add_error("file", str(problem))
            return None
    return guest.give_answer(
        link, proof, request.at, key=given["key"], kind=given["kind"], words=given["words"].strip(), file=file, file_kind=file_kind
    )


def again(request: PageRequest, to: str = "open_guest") -> HttpResponse:
    """To a new code, and back to the same words. The same for a link that has ended: nothing says which it was."""
    typed = sent(request)
    if typed:
        request.session[BACK] = way_back(request, typed, request.user.pk)
    messages.info(request, "Ask for a new code to go on." + (" What you typed is kept." if typed else ""))
    return redirect(to)


@for_guests
def guest_receipt(request: PageRequest) -> HttpResponse:
    """That something was sent, when, and its reference. Nothing of what was asked or said."""
    receipt = request.session.get(RECEIPT)
    if receipt is None:
        return redirect("open_guest")
    return render(request, "sharing/guest_receipt.html", {"reference": receipt[0]})
