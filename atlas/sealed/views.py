"""Which sealed sets one may open; a child's sets and custodians; seal; open one, and see it for fifteen minutes; lift a seal by two people."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from atlas.children.models import Child
from atlas.design.forms import new_key
from atlas.gate.act import Invalid
from atlas.gate.door import hashed
from atlas.gate.events import Event
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import Permission
from atlas.gate.queries import standing
from atlas.gate.rules import Decision, decide
from atlas.sealed import commands, forms
from atlas.sealed.asking import NotOpened, Opened, ask
from atlas.sealed.models import SealedSet, SealLift
from atlas.sealed.queries import (
    custodians_of,
    is_location_sealed,
    lifts_of,
    lifts_with_set,
    possible_custodians,
    sets_of,
    sets_to_open,
    sets_with_child,
)
from atlas.sealed.rules import LOCATION, PUT_BACK, SETS, name_of

P = Permission
WARNING = "What you type here is kept nowhere in clear, also not for you: if you are signed out before you send it, it is gone."


def _custodians(record: Any) -> str:
    return reverse("sealed:view_custodians", args=[record.pk if isinstance(record, Child) else record.child_id])


@page(needs=Permission.VIEW_SEALED_SETS)
def view_sealed_sets(request: PageRequest) -> HttpResponse:
    """The sealed sets that this post may open, child by child; never what is in them."""
    return render(request, "sealed/view_sealed_sets.html", {"rows": list(sets_to_open(request.subject))})


@page(about=Child, needs=Permission.VIEW_CUSTODIANS)
def view_custodians(request: PageRequest, child: Child) -> HttpResponse:
    """Whom to ring about what is sealed; to those who may, which sets there are, and how to seal, to open, and to name a custodian."""
    held = standing(request.subject, child.pk)
    may = {
        permission.value: decide(held, permission) is Decision.ALLOWED
        for permission in (P.SEAL_SET, P.OPEN_SEALED_SET, P.NAME_CUSTODIAN, P.VIEW_CHILD)
    }
    shown = {
        "child": child,
        "is_location_sealed": is_location_sealed(child.pk),
        "custodians": list(custodians_of(child, request.subject)),
        "sets": list(sets_of(request.subject, child)) if may[P.OPEN_SEALED_SET] else [],
        "lifts": list(lifts_of(request.subject, child)) if may[P.OPEN_SEALED_SET] else [],
        "kinds": [(kind, name) for kind, (name, _) in SETS.items()] if may[P.SEAL_SET] else [],
        "may": may,
    }
    return render(request, "sealed/view_custodians.html", shown)


@page(about=Child, needs=Permission.SEAL_SET)
def seal_set(request: PageRequest, child: Child, which: str) -> HttpResponse:
    """Seal something about a child."""
    if which not in SETS:
        raise Http404
    form = forms.SealForm.of(request, kind=which)

    def act(given: dict[str, Any]) -> SealedSet:
        # The hash of what was sent would let whoever guesses an address see that the guess is right: it is keyed.
        acting: dict[str, Any] = {**{name: given[name] for name in ("by", "at", "key")}, "content": hashed(given["content"])}
        sealing = commands.seal_set(child=child, kind=which, values=form.values, **acting)
        if sealing.disclosures_ended:
            messages.info(
                request,
                "What was shared and held the same words has ended: its recipients cannot open it any more. Tell them what they may know.",
            )
        return sealing

    return answer(
            request, form, act, then=_custodians, heading=f"Seal: {name_of(which).lower()}", caption=child.name, back=_custodians(child), warning=WARNING,
            lead=("Leave empty what you do not know or what has not changed. What you write takes the place of what was sealed there before.",),
    )  # fmt: skip


@page(about=SealedSet, needs=Permission.OPEN_SEALED_SET, rows=sets_with_child, step_up=True)
def open_sealed_set(request: PageRequest, sealing: SealedSet) -> HttpResponse:
    """Say why, and let one set stand open for fifteen minutes."""

    def act(given: dict[str, Any]) -> Opened:
        try:
            return ask(request.subject, "open", sealing, given["reason"])
        except NotOpened as refused:
            raise Http404 from refused

    return answer(
            request, forms.OpenForm.of(request), act, then=lambda done: reverse("sealed:view_sealed_set", args=[sealing.pk]),
            heading=f"Open: {sealing.name.lower()}", caption=sealing.child.name, back=_custodians(sealing),
            lead=("Only one sealed set is open at a time. Do not copy what you see: ring, or hand it over, and let it go.",),
    )  # fmt: skip


@page(about=SealedSet, needs=Permission.OPEN_SEALED_SET, rows=sets_with_child, event=Event.UNSEAL)
def view_sealed_set(request: PageRequest, sealing: SealedSet) -> HttpResponse:
    """What is in the set, while it stands open; or shut it."""
    try:
        opened = ask(request.subject, "shut" if request.method == "POST" else "show", sealing)
    except NotOpened:
        return redirect("sealed:open_sealed_set", sealing.pk)
    except Invalid as problem:
        messages.error(request, problem.message)
        return redirect(_custodians(sealing))
    if opened.until is None:
        return redirect(_custodians(sealing))
    response = render(
        request, "sealed/view_sealed_set.html", {"sealing": sealing, "child": sealing.child, "opened": opened, "key": new_key()}
    )
    left = max(1, int((opened.until - request.at).total_seconds()))
    response["Refresh"] = f"{left}; url={_custodians(sealing)}"  # also without a script, the page does not stand there longer
    return response


SECOND = "A custodian of the child, who is not you and not in your line, must approve it within seven days. Until then nothing changes."


def _stays() -> str:
    """What of a location has no place in the clear, in words."""
    names = SETS[LOCATION][1]
    return ", ".join(name.lower() for field, name in names.items() if field not in {*PUT_BACK, "postcode"})


@page(about=SealedSet, needs=Permission.LIFT_SEAL, rows=sets_with_child)
def lift_seal(request: PageRequest, sealing: SealedSet) -> HttpResponse:
    """Propose that a set is sealed no longer."""
    stays = (
        f"Back to the contact details go addresses, telephone numbers, e-mail and online accounts. The rest stays locked: {_stays()}. "
        "A placement comes again with the next delivery."
    )

    form = forms.LiftLocationForm if sealing.kind == LOCATION else forms.LiftForm

    def act(given: dict[str, Any]) -> Any:
        is_put_back = given.pop("becomes", "closed") == "put_back"
        return commands.lift_seal(sealing=sealing, is_put_back=is_put_back, **given)

    return answer(
        request, form.of(request), act, then=_custodians, back=_custodians(sealing), heading=f"Lift the seal: {sealing.name.lower()}",
        caption=sealing.child.name, lead=(SECOND, "What is closed opens to nobody again. Open the set first, and hand over what is still needed.",
                                          *((stays,) if sealing.kind == LOCATION else ())),
    )  # fmt: skip


@page(about=SealLift, needs=Permission.PUT_BACK_SET, rows=lifts_with_set, step_up=True)
def put_back_set(request: PageRequest, lift: SealLift) -> HttpResponse:
    """Let the unsealer put back what two people lifted."""

    def act(given: dict[str, Any]) -> Opened:
        try:
            return ask(request.subject, "put_back", lift.sealing, lift=lift.pk)
        except NotOpened as refused:
            raise Http404 from refused

    def then(_: object) -> str:
        messages.success(request, "It is put back. Where the child is stands with the contact details again.")
        return _custodians(lift)

    return answer(
        request, forms.PutBackForm.of(request), act, then=then, heading=f"Put back: {lift.sealing.name.lower()}", caption=lift.child.name,
        back=_custodians(lift), warning="From then on everybody who works with the child can read where the child is.",
        lead=(f"Why it was lifted: {lift.because}", f"It goes to the contact details of {lift.child.name}; you are not shown what it says."),
    )  # fmt: skip


@page(about=Child, needs=Permission.NAME_CUSTODIAN)
def name_custodian(request: PageRequest, child: Child) -> HttpResponse:
    """Name somebody a custodian of the child's sealed sets."""
    form = forms.CustodianForm.of(request, posts=list(possible_custodians(request.subject)))
    return answer(
        request, form, lambda given: commands.name_custodian(child=child, **{**given, "post": form.posts[given["post"]]}),
        then=lambda done: _custodians(child), heading="Name a custodian", caption=child.name, back=_custodians(child),
        lead=("A custodian is rung by whoever needs what is sealed, and may open it. Only people who are vetted for it stand here.",),
    )  # fmt: skip


@page(about=Child, needs=Permission.NAME_CUSTODIAN)
def end_custodian(request: PageRequest, child: Child) -> HttpResponse:
    """Let somebody be a custodian no longer."""
    posts = [held.holder_post for held in custodians_of(child, request.subject) if held.holder_post]
    form = forms.EndCustodianForm.of(request, posts=posts)
    return answer(
        request, form, lambda given: commands.end_custodian(child=child, **{**given, "post": form.posts[given["post"]]}),
        then=lambda done: _custodians(child), heading="End a custodian", caption=child.name, back=_custodians(child),
        lead=("From now on this person opens nothing sealed about the child. Name somebody else first, so that there is somebody to ring.",),
    )  # fmt: skip
