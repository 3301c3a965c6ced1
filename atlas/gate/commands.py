"""Relationships and blocks, made and ended by the folders above as part of a command of theirs; why somebody may, or may not; and what
a second person says of what takes two.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps
from django.db import connections
from django.db.models import F, Model, Q

from atlas.gate.act import Conflict, Invalid, Refused, command, decision_on, hold, write_act
from atlas.gate.context import Subject, acting_as, acting_subject
from atlas.gate.models import Block, Outcome, Proposal, Relationship
from atlas.gate.policy import TWO_PERSONS, Kind, Permission, Purpose
from atlas.gate.proposing import MOST_BECAUSE, Gone, approving, arguments_of, is_unchanged, verb_of
from atlas.gate.queries import in_one_line, standings_held
from atlas.gate.rules import Asked, Decision, explained

if TYPE_CHECKING:
    from atlas.agencies.models import Authority, Post, Team
    from atlas.children.models import Child

DECIDED = "This was decided already, or taken back. Look at it again."
EXPIRED = "This waited too long and can no longer be approved. If it is still needed, propose it anew."
NOT_YOU = "It takes a second person: somebody else, in another post, and not in the line of the person who proposed it."
NOT_THEY = "The person who proposed this may no longer do it. Say that you do not approve it; if it is still needed, propose it yourself."
NOT_AS_IT_WAS = "What this is about has changed since it was proposed, so nothing was done. If it is still needed, it must be proposed anew as things are now."


def relate(
    *, kind: Kind, because: str, source: Model, from_at: datetime, until_at: datetime | None = None,
    child: "Child | None" = None, authority: "Authority | None" = None, post: "Post | None" = None, team: "Team | None" = None,
) -> Relationship:  # fmt: skip
    """Open a child (or an authority's children) to a post or a team, as an effect of the command that runs now.

    `source`: the record that is the reason. Raises LookupError outside a command: a relationship is never made by itself.
    """
    subject = acting_subject()
    relationship = Relationship(
        kind=kind, because=because, child=child, authority=authority, holder_post=post, holder_team=team,
        from_at=from_at, until_at=until_at, source_label=source._meta.label,
        source_id=source.pk if isinstance(source.pk, UUID) else None, granted_by=subject.post,
    )  # fmt: skip
    relationship.save(force_insert=True)
    return relationship


def end_relationships(*, source: Model, until_at: datetime, because: str, kind: Kind | None = None) -> int:
    """Let the relationships that this record gave end at that moment (which may be still to come). Returns how many."""
    given = Relationship.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=until_at), source_id=source.pk)
    if kind is not None:
        given = given.filter(kind=kind)
    # One that began after the end never held: it ends where it began.
    early = given.filter(from_at__gt=until_at).update(until_at=F("from_at"), ended_because=because)
    return early + given.filter(from_at__lte=until_at).update(until_at=until_at, ended_because=because)


@command(needs=Permission.DECLARE_CONNECTION)
def declare_connection(*, child: "Child", because: str = "", by: "Post", at: datetime) -> Block:
    """Say that one knows this family: shut oneself out of this child, and of the family, at once. No reason is needed; tick tells the manager.

    `because`: a note of one's own, for one's own list.
    """
    block = Block(child=child, user=by.user, because=because.strip()[:200] or "I know this family", from_at=at, made_by=by)
    block.save(force_insert=True)
    return block


@dataclass(frozen=True)
class Question:
    """May this post do this to this child at this moment, for the first of its purposes?"""

    who: "Post"
    child_id: UUID
    permission: Permission
    at: datetime


@command(needs=Permission.EXPLAIN)
def explain(*, question: Question, by: "Post", at: datetime) -> list[tuple[str, bool]]:
    """Every step of the decision (rules.STEPS) with whether it is passed, up to the first that denies.

    Told only to a privacy officer in whose reach the child is and to whom the child is not shut; for others the answer is the one of
    a child who does not exist. Nor about oneself, one's own line or team, or (outside the council) one's own agency: whoever is near could
    learn of a block that stands on an allegation; so they are told nothing of one another, whether there is one or not.
    Written as an act about the child, with the post that was asked about; a refusal names the child too.
    """
    child = apps.get_model("children.Child")(pk=question.child_id)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_may_explain(%s) AND gate_may_explain_post(%s)", [question.child_id, question.who.pk])
        if not cursor.fetchone()[0]:
            raise Refused("explain", Subject.of(by, at), Decision.NO_RELATIONSHIP, child)
        cursor.execute("SELECT child, holds, by FROM gate_explain(%s, %s, %s)", [question.who.pk, question.at, question.child_id])
        rows = cursor.fetchall()
    how = standings_held(Subject.of(question.who, question.at), [question.child_id], rows)[question.child_id]
    with acting_as(by, at) as subject:
        write_act(f"explain {question.permission}"[:60], subject, Outcome.DONE, Decision.ALLOWED, child, question.who)
    return explained(how, Asked.to(question.permission))


@command(needs=Permission.APPROVE_PROPOSAL)
def approve_proposal(*, proposal: Proposal, by: "Post", at: datetime) -> Proposal:
    """Do what somebody else proposed: the act of both. Both are judged anew, at this moment, and so is what the act is about.

    Raises Conflict for the first person, or one in their line; where it was decided or has expired; and where a record that it is about
    is not as it was when it was proposed.
    """
    subject = acting_subject()
    verb, first = verb_of(proposal), proposal.proposed_by
    _expect_waiting("approve_proposal", proposal, subject)
    if by.user_id == first.user_id or in_one_line(by.user_id, first.user_id, at) or not _is_pair(proposal, by):
        raise Conflict(NOT_YOU, Decision.SAME_PERSON, "approve_proposal", subject, proposal)
    if (decision := decision_on(subject, verb.needs, proposal.child_id, is_seconded=True)) is not Decision.ALLOWED:
        raise Refused("approve_proposal", subject, decision, proposal)
    with acting_as(first, at, purpose=Purpose(proposal.purpose)) as still:
        if decision_on(still, verb.needs, proposal.child_id, is_seconded=True) is not Decision.ALLOWED:
            raise Conflict(NOT_THEY, Decision.NOT_WAITING, "approve_proposal", subject, proposal)
        hold("approve_proposal", still, verb.needs, proposal.child_id, proposal)
    hold("approve_proposal", subject, verb.needs, proposal.child_id, proposal)
    try:
        given = arguments_of(proposal)
    except Gone:
        raise Conflict(NOT_AS_IT_WAS, Decision.CHANGED_SINCE, "approve_proposal", subject, proposal) from None
    if not is_unchanged(proposal, given):
        raise Conflict(NOT_AS_IT_WAS, Decision.CHANGED_SINCE, "approve_proposal", subject, proposal)
    for check in filter(None, (verb.proposed.check, verb.proposed.second)):
        check(by=by, at=at, **given)
    _decide("approve_proposal", proposal, Proposal.State.APPROVED, subject)
    with approving(proposal):
        result = verb.run(by=by, at=at, **given)
    write_act(verb.name, subject, Outcome.DONE, Decision.ALLOWED, given.get(verb.first), result, proposed_by=first.pk)
    return proposal


@command(needs=Permission.DECLINE_PROPOSAL)
def decline_proposal(*, proposal: Proposal, because: str, by: "Post", at: datetime) -> Proposal:
    """Do not approve what somebody else proposed, and say why. Raises Invalid for the first person, who takes it back instead."""
    subject = acting_subject()
    _expect_undecided("decline_proposal", proposal, subject)
    if not because.strip():
        raise Invalid("Say why, for the person who proposed it.", "because")
    if by.user_id == proposal.proposed_by.user_id:
        raise Conflict("You proposed this. Take it back instead.", Decision.SAME_PERSON, "decline_proposal", subject, proposal)
    _decide("decline_proposal", proposal, Proposal.State.NOT_APPROVED, subject, because)
    return proposal


@command(needs=Permission.WITHDRAW_PROPOSAL)
def withdraw_proposal(*, proposal: Proposal, by: "Post", at: datetime) -> Proposal:
    """Take back what one proposed oneself, in whichever post. Raises Conflict for anybody else."""
    subject = acting_subject()
    _expect_undecided("withdraw_proposal", proposal, subject)
    if by.user_id != proposal.proposed_by.user_id:
        raise Conflict(
            "Somebody else proposed this. Say instead that you do not approve it.",
            Decision.SAME_PERSON,
            "withdraw_proposal",
            subject,
            proposal,
        )
    _decide("withdraw_proposal", proposal, Proposal.State.WITHDRAWN, subject)
    return proposal


def _is_pair(proposal: Proposal, by: "Post") -> bool:
    """Whether one of the two holds the role that the policy asks of one of them."""
    one_is = TWO_PERSONS[Permission(proposal.permission)].one_is
    return not one_is or bool({by.role, proposal.proposed_by.role} & one_is)


def _expect_undecided(name: str, proposal: Proposal, subject: Subject) -> None:
    if proposal.state != Proposal.State.WAITING:
        raise Conflict(DECIDED, Decision.NOT_WAITING, name, subject, proposal)


def _expect_waiting(name: str, proposal: Proposal, subject: Subject) -> None:
    _expect_undecided(name, proposal, subject)
    if not proposal.is_waiting(subject.at):
        raise Conflict(EXPIRED, Decision.NOT_WAITING, name, subject, proposal)


def _decide(name: str, proposal: Proposal, state: Proposal.State, subject: Subject, because: str = "") -> None:
    """Let the database judge and write who decided; where somebody else was quicker, nothing is done."""
    waiting = Proposal.objects.filter(pk=proposal.pk, state=Proposal.State.WAITING)
    if not waiting.update(state=state, decided_by=subject.post, decided_at=subject.at, decided_because=because.strip()[:MOST_BECAUSE]):
        raise Conflict(DECIDED, Decision.NOT_WAITING, name, subject, proposal)
    proposal.refresh_from_db()
