"""The carers' page itself, for somebody without an account who has proved the code of its link: what to do, whom to ring, and what we did."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from atlas.clocks.queries import bank_holidays_changed
from atlas.gate.page import PageRequest
from atlas.sharing import guest
from atlas.sharing.forms import SayAsCarerForm
from atlas.sharing.guest_pages import PROOF, again, for_guests, link_of
from atlas.sharing.queries import clock_of_carer
from atlas.sharing.rules import STEPS, WHEN_BACK
from atlas.tasks.rules import morning_of

SENT = "Thank you. We have it, and somebody answers. If they are in danger, ring 999: this page is not read every minute."


@for_guests
def carer_page(request: PageRequest) -> HttpResponse:
    """Read it, and send words. Where the proof has run out, what was typed waits for a new code; a link that does not hold says no more."""
    link, proof, form = link_of(request), str(request.session.get(PROOF, "")), SayAsCarerForm.of(request)
    if form.is_valid():
        morning = morning_of(request.at, bank_holidays_changed())
        held = clock_of_carer(request.at) | ({"morning": morning.isoformat()} if morning else {})
        if guest.say_as_carer(link, proof, request.at, given=form.cleaned_data, held=held, is_night=morning is not None):
            request.session["carer_sent"] = True
            return redirect("carer_page")
        return again(request)
    view = guest.carer_shown(link, proof, request.at)
    if view is None:
        return again(request)
    shown = {
        "form": form, "view": view, "steps": STEPS, "when_back": WHEN_BACK, "sent": SENT if request.session.pop("carer_sent", False) else "",
    }  # fmt: skip
    return render(request, "sharing/carer_page.html", shown, status=422 if form.errors else 200)
