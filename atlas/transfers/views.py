"""Transfers that wait; one transfer; offer a child, in Atlas or by a link; answer, take back, take an answer over."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.children.models import Child
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.sharing.compile import offered
from atlas.sharing.link import no_texts, or_link
from atlas.sharing.models import GuestAnswer, GuestRequest
from atlas.transfers import forms
from atlas.transfers.commands import answer as answering
from atlas.transfers.commands import start
from atlas.transfers.commands.handing import what_is_open
from atlas.transfers.models import Transfer
from atlas.transfers.queries import others_shown, request_of, transfers_with_child, waiting_for
from atlas.transfers.workflow import TransferState

UNTIL_THEN = "Nothing moves until the answer is yes. Until then your authority is responsible, and so is the child’s worker."


def to_transfer(transfer: object) -> str:
    """The address of a transfer's page."""
    assert isinstance(transfer, Transfer)
    return reverse("transfers:view_transfer", args=[transfer.pk])


def to_list(done: object) -> str:
    """The address of the list."""
    return reverse("transfers:view_transfers")


@page(needs=Permission.VIEW_TRANSFERS)
def view_transfers(request: PageRequest) -> HttpResponse:
    """What waits for one's own answer; and the other transfers that one may see, open ones first."""
    shown = {"mine": waiting_for(request.subject), "others": others_shown(request.subject, request.at), "now": request.at}
    return render(request, "transfers/view_transfers.html", shown)


@page(about=Transfer, needs=Permission.VIEW_TRANSFER, rows=transfers_with_child)
def view_transfer(request: PageRequest, transfer: Transfer) -> HttpResponse:
    """One transfer: to whom, why, what goes along, what is open, and how it stands."""
    asked = request_of(transfer) if transfer.is_outside else None
    is_waiting, may = transfer.state == TransferState.WAITING, ROLE[request.post.role].permissions
    is_asked = transfer.to_post_id == request.post.pk
    shown = {
        "transfer": transfer,
        "view": transfer.view,
        "asked": asked,
        "asked_state": asked.state(request.at) if asked else "",
        "reply": _reply(asked),
        "is_waiting": is_waiting,
        "may_answer": is_waiting and is_asked,
        "may_withdraw": is_waiting and not is_asked and Permission.START_TRANSFER in may,
    }
    return render(request, "transfers/view_transfer.html", shown)


def _reply(asked: GuestRequest | None) -> GuestAnswer | None:
    return asked.answer if asked is not None and asked.answered_at is not None else None


@page(about=Child, needs=Permission.START_TRANSFER)
def start_transfer(request: PageRequest, child: Child) -> HttpResponse:
    """Offer a child to a manager of another authority that works in Atlas."""
    managers = start.managers_elsewhere(child, request.at)
    form = forms.StartTransferForm.of(request, managers=managers, items=offered(request.subject, child.pk))

    def act(given: dict[str, Any]) -> object:
        return start.start_transfer(child=child, to_post=form.posts[given["to_post"]], offer=form.offer(), **acting(request))

    return answer(
        request, form, act, then=to_transfer, heading="Transfer to another authority", caption=child.name, back=_home(child),
        template="transfers/start_transfer.html", child=child, open=what_is_open(child), lead=(UNTIL_THEN,), is_outside=False,
        none_there=not managers,
    )  # fmt: skip


@page(about=Child, needs=Permission.START_TRANSFER)
def send_transfer(request: PageRequest, child: Child) -> HttpResponse:
    """Offer a child to an authority that does not work in Atlas, and show the link this once: only its hash is kept."""
    authorities = start.authorities_outside(child, request.at)
    form = forms.SendTransferForm.of(request, authorities=authorities, items=offered(request.subject, child.pk))
    made: list[GuestRequest] = []

    def act(given: dict[str, Any]) -> GuestRequest:
        to = form.authorities[given["to_authority"]]
        made.append(
            start.send_transfer(child=child, to_authority=to, guest=form.guest(), offer=form.offer(), days=given["days"], **acting(request))
        )
        return made[0]

    answered = answer(
        request, form, act, then=lambda done: reverse("transfers:view_transfers"), heading="Transfer to an authority outside Atlas", caption=child.name,
        back=_home(child), template="transfers/start_transfer.html", child=child, open=what_is_open(child), lead=(UNTIL_THEN, *no_texts()),
        is_outside=True, none_there=not authorities,
    )  # fmt: skip
    return or_link(request, answered, made, "transfers/send_transfer.html")


def _home(child: Child) -> str:
    return reverse("desk:view_child", args=[child.pk])


@page(about=Transfer, needs=Permission.ANSWER_TRANSFER, rows=transfers_with_child)
def answer_transfer(request: PageRequest, transfer: Transfer) -> HttpResponse:
    """Say yes or no for one's own authority."""
    form = forms.AnswerTransferForm.of(request, leads=answering.may_lead(request.post, day_of(request.at)))

    def act(given: dict[str, Any]) -> object:
        lead = form.posts.get(given["lead"])
        return answering.answer_transfer(
            transfer=transfer, is_accepted=given["answer"] == "yes", lead=lead, words=given["words"], **acting(request)
        )  # fmt: skip

    lead = (f"From {transfer.from_authority}, {transfer.started_by}. Why: {transfer.reason}",
            "With a yes your authority is responsible at once, and all that is open is yours.")  # fmt: skip
    return answer(
        request, form, act, then=to_list, heading=f"Does {transfer.to_authority} take the child over?", caption=transfer.child.name, back=to_transfer(transfer),
        lead=lead,
    )  # fmt: skip


@page(about=Transfer, needs=Permission.START_TRANSFER, rows=transfers_with_child)
def withdraw_transfer(request: PageRequest, transfer: Transfer) -> HttpResponse:
    """Take an offer back."""
    return answer(
        request, forms.WithdrawTransferForm.of(request), lambda given: start.withdraw_transfer(transfer=transfer, **given), then=to_transfer,
        heading="Take the offer back", caption=f"{transfer.child.name}, to {transfer.to_authority}", back=to_transfer(transfer),
        warning="Whoever was asked reads nothing of it any more. What they have read, they know.",
    )  # fmt: skip


@page(about=Transfer, needs=Permission.START_TRANSFER, rows=transfers_with_child)
def take_transfer_reply(request: PageRequest, transfer: Transfer) -> HttpResponse:
    """Take over what came back from outside."""
    reply = _reply(request_of(transfer))
    if reply is None or (transfer.state != TransferState.WAITING and request.method == "GET"):
        raise Http404
    to, own = transfer.to_authority.name, transfer.from_authority.name
    follows = {
        GuestAnswer.Kind.ACCEPTED: f"Taken over, {to} is responsible at once: the allocations here end, and what is open is theirs.",
        GuestAnswer.Kind.REFUSED: f"Taken over, the offer is closed. {own} stays responsible, and so does the child’s worker.",
    }.get(GuestAnswer.Kind(reply.kind), "Ring them, take the offer back, and send it again.")
    said = (f"{reply.request.guest_name}, {reply.request.organisation}: {reply.said}", *reply.words.splitlines(), follows)
    return answer(
        request, forms.TakeTransferReplyForm.of(request),
        lambda given: answering.take_transfer_reply(transfer=transfer, answer=reply, **given), then=to_list,
        heading=f"What {transfer.to_authority} answered", caption=transfer.child.name, back=to_transfer(transfer), lead=said,
    )  # fmt: skip
