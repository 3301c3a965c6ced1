"""The child's own page, on their phone, behind a code that is sent to it: read what was given, say whether it is right, see what was done.

Nothing of it says what it is to somebody who looks over a shoulder: the title, the address and the picture in the tab are plain. It reads no record:
what is shown comes from the database's own function, under the link (gate/child_page.sql). Five minutes without a touch shut it; *Leave now* shuts it
at once and goes to the weather, after the GOV.UK pattern *Exit this page*. Source: protection.md 4.7; real-life.md 7.
"""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from atlas.clocks.queries import bank_holidays_changed
from atlas.design.forms import new_key
from atlas.design.words import day
from atlas.gate.page import PageRequest
from atlas.sharing import guest
from atlas.sharing import words_for_children as words
from atlas.sharing.copy_forms import ChildCodeForm, SayAsChildForm
from atlas.sharing.forms import SendCodeForm
from atlas.sharing.guest_pages import BACK, PROOF, again, ask_for_code, for_guests, hold_link, link_of
from atlas.sharing.models import ChildWords
from atlas.sharing.queries import clock_of_child
from atlas.sharing.rules import HIDES_AFTER
from atlas.tasks.rules import morning_of

AWAY = "https://www.bbc.co.uk/weather"  # as GOV.UK's own pattern goes
SENT, SHUT = "child_sent", "child_shut"


def _shown(request: PageRequest, template: str, **shown: Any) -> HttpResponse:
    """A page of the child's: the messages of other pages are not for it, and are thrown away."""
    list(messages.get_messages(request))
    form = shown.get("form")
    status = 422 if form is not None and form.errors else 200
    return render(
        request,
        f"sharing/{template}",
        {"say": words, "new_key": new_key, "hides_after": int(HIDES_AFTER.total_seconds()), **shown},
        status=status,
    )


@for_guests
def child_link(request: PageRequest, token: str) -> HttpResponse:
    """Take the token out of the address. Opening a link uses nothing up."""
    return hold_link(request, token, "open_child_page")


@for_guests
def open_child_page(request: PageRequest) -> HttpResponse:
    """Ask for a code; also what a page says that has shut, lapsed or was taken back: one answer for all."""
    form = SendCodeForm.of(request)
    if form.is_valid():
        ask_for_code(request)
        return redirect("prove_child_page")
    return _shown(
        request,
        "open_child_page.html",
        form=None,
        key=form["key"].value(),
        is_shut=request.session.pop(SHUT, False),
        is_kept=BACK in request.session,
    )


@for_guests
def prove_child_page(request: PageRequest) -> HttpResponse:
    """Type the code. Wrong, used, out of date, or of a page that has ended: one answer."""
    form = ChildCodeForm.of(request)
    if form.is_valid():
        proof = guest.prove(link_of(request), "".join(form.cleaned_data["code"].split()), request.at)
        if proof:
            request.session.cycle_key()
            request.session[PROOF] = proof
            return redirect(request.session.pop(BACK, None) or "child_page")
        form.add_error("code", words.WRONG_CODE)
    return _shown(request, "prove_child_page.html", form=form)


@for_guests
def child_page(request: PageRequest) -> HttpResponse:
    """Read it, and say of a line that it is right."""
    if request.method == "POST":
        return _say(request, SayAsChildForm.of(request)) or redirect("open_child_page")
    view = _view(request)
    if view is None:
        return redirect("open_child_page")
    latest: dict[str, dict[str, Any]] = {}
    for one in view["said"]:
        latest.setdefault(one["line"] or "", one)
    kind = request.session.pop(SENT, "")
    sent = words.SENT_RIGHT if kind == ChildWords.Kind.RIGHT else words.SENT if kind else ""
    return _shown(
        request,
        "child_page.html",
        view=view,
        latest=latest,
        sent=sent,
        answer_by=view["said"][0]["answer_by"] if kind in ChildWords.BY_DATE else "",
    )


@for_guests
def say_as_child(request: PageRequest) -> HttpResponse:
    """Say something of a line, or of the whole, in one's own words. What is typed when the page shuts waits for a new code."""
    if "hide" in request.POST:
        request.session.pop(PROOF, None)
        return again(request, "open_child_page")
    form = SayAsChildForm.of(request, initial={name: request.GET.get(name, "") for name in ("kind", "line")})
    view = _view(request)
    if view is None:
        return again(request, "open_child_page")
    if form.is_valid():
        return _say(request, form) or again(request, "open_child_page")
    of_line = next((line for block in view["blocks"] for line in block["lines"] if line["key"] == form["line"].value()), None)
    return _shown(request, "say_as_child.html", form=form.asking(), line=of_line, is_kept=form.is_put_back)


def exit_child_page(request: PageRequest) -> HttpResponse:
    """Shut the page and go where anybody might be."""
    request.session.pop(PROOF, None)
    return redirect(AWAY)


def close_child_page(request: PageRequest) -> HttpResponse:
    """Shut the page, as it does by itself when nobody touches it."""
    request.session.pop(PROOF, None)
    request.session[SHUT] = True
    return redirect("open_child_page")


def _view(request: PageRequest) -> dict[str, Any] | None:
    view = guest.child_shown(link_of(request), str(request.session.get(PROOF, "")), request.at)
    for one in view["said"] if view else ():
        for name in ("sent_at", "answer_by", "did_at"):
            one[name] = one[name] and day(datetime.fromisoformat(one[name]))
    return view


def _say(request: PageRequest, form: SayAsChildForm) -> HttpResponse | None:
    """Send it. None where it was not taken: the page has shut, or the form does not hold."""
    if not form.is_valid():
        return None
    kind, morning = form.cleaned_data["kind"], morning_of(request.at, bank_holidays_changed())
    held = clock_of_child(kind, request.at) | ({"morning": morning.isoformat()} if morning else {})
    link, proof = link_of(request), str(request.session.get(PROOF, ""))
    if not guest.say_as_child(link, proof, request.at, given=form.cleaned_data, held=held, is_night=morning is not None):
        return None
    request.session[SENT] = kind
    return redirect("child_page")
