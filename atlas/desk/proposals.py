"""What waits for a second person: seen, approved, not approved, taken back."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.desk.forms import ApproveProposalForm, DeclineProposalForm, WithdrawProposalForm
from atlas.desk.queries import proposals_with_people, waiting_proposals, why_not_second, words_of
from atlas.gate import commands
from atlas.gate.models import Proposal
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import Permission

MOST = 100


def _to(proposal: Proposal) -> str:
    return reverse("desk:view_proposal", args=[proposal.pk])


def _then(proposal: Proposal) -> str:
    """Where it goes on, once it is approved: the page of what was lifted."""
    goes_on = proposal.state == Proposal.State.APPROVED and proposal.permission == Permission.LIFT_SEAL
    return reverse("sealed:view_custodians", args=[proposal.child_id]) if goes_on else ""


@page(needs=Permission.VIEW_PROPOSALS)
def view_proposals(request: PageRequest) -> HttpResponse:
    """What waits for a second person and this post may do."""
    rows = list(waiting_proposals(request.subject)[:MOST])
    return render(request, "desk/view_proposals.html", {"rows": rows, "mine": request.post.user_id, "now": request.at})


@page(about=Proposal, needs=Permission.VIEW_PROPOSALS, rows=proposals_with_people)
def view_proposal(request: PageRequest, proposal: Proposal) -> HttpResponse:
    """What will change in words, who proposed it and why; and, for a second person, the way to decide."""
    words = words_of(proposal)
    shown = {
        "proposal": proposal, "words": words, "now": request.at, "is_waiting": proposal.is_waiting(request.at),
        "then": _then(proposal),
        "is_mine": proposal.proposed_by.user_id == request.post.user_id, "why_not": why_not_second(proposal, request.subject),
    }  # fmt: skip
    return render(request, "desk/view_proposal.html", shown)


@page(about=Proposal, needs=Permission.APPROVE_PROPOSAL, step_up=True)
def approve_proposal(request: PageRequest, proposal: Proposal) -> HttpResponse:
    """Approve it, and do it."""
    return answer(
        request, ApproveProposalForm.of(request), lambda given: commands.approve_proposal(proposal=proposal, **given),
        then=lambda done: _to(proposal), heading="Approve this?", back=_to(proposal), lead=(words_of(proposal), f"Why: {proposal.because}"),
        warning="It is done at once, as the act of both of you.",
    )  # fmt: skip


@page(about=Proposal, needs=Permission.DECLINE_PROPOSAL)
def decline_proposal(request: PageRequest, proposal: Proposal) -> HttpResponse:
    """Do not approve it, and say why."""
    return answer(
        request, DeclineProposalForm.of(request), lambda given: commands.decline_proposal(proposal=proposal, **given),
        then=lambda done: _to(proposal), heading="Not approved", back=_to(proposal), lead=(words_of(proposal),),
    )  # fmt: skip


@page(about=Proposal, needs=Permission.WITHDRAW_PROPOSAL)
def withdraw_proposal(request: PageRequest, proposal: Proposal) -> HttpResponse:
    """Take back what one proposed oneself."""
    return answer(
        request, WithdrawProposalForm.of(request), lambda given: commands.withdraw_proposal(proposal=proposal, **given),
        then=lambda done: _to(proposal), heading="Take this back?", back=_to(proposal), lead=(words_of(proposal),),
    )  # fmt: skip
