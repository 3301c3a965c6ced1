"""A child is offered to another authority: to a named manager in Atlas, or by a link to somebody without an account. The lead stays responsible."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q

from atlas.agencies.models import Authority
from atlas.agencies.queries import posts_standing
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision
from atlas.clocks.models import Clock
from atlas.design.words import reference_of
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.commands import end_relationships, relate
from atlas.gate.context import Subject, acting_subject
from atlas.gate.days import day_of
from atlas.gate.policy import Kind as RelationshipKind
from atlas.gate.policy import Permission, Purpose
from atlas.gate.queries import may_receive
from atlas.people.models import Identifier, IdentifierKind
from atlas.sharing.commands.disclosure import NOT_TO_THEM, Grounds, Guest, put_to_guest
from atlas.sharing.compile import compiled, free_words
from atlas.sharing.models import GuestRequest
from atlas.sharing.rules import GUEST_MOST_DAYS, Ground
from atlas.tasks.commands import end_tasks_about, make_task
from atlas.tasks.jobs import send_email
from atlas.transfers.commands.handing import what_is_open
from atlas.transfers.models import Transfer
from atlas.transfers.rules import MANAGERS, OFFER_HOLDS, TRANSFER_ANSWER
from atlas.transfers.workflow import TransferState

if TYPE_CHECKING:
    from atlas.agencies.models import Post

PURPOSE = "A transfer between authorities: who is responsible for the child"
REFUSED = "Another authority does not take the child over: decide what follows"
ANSWER_IT = "A child is offered to your authority: accept or refuse the transfer"


@dataclass(frozen=True)
class Offer:
    """What is said of a transfer. `moves_home`: the child lives in the other authority from then on; `items`: which records go with it."""

    reason: str
    must_know: str
    moves_home: bool
    is_family_told: bool
    family_reason: str = ""
    items: tuple[str, ...] = ()


def managers_elsewhere(child: Child, at: datetime) -> "list[Post]":
    """The managers of other authorities that work in Atlas, by authority and name: those who may say yes for theirs."""
    posts = posts_standing(day_of(at)).filter(role__in=MANAGERS, team__agency__kind="council", is_service=False)
    elsewhere = posts.filter(Q(team__agency__authorities__isnull=False)).exclude(team__agency__authorities=child.responsible_authority_id)
    return list(elsewhere.distinct().order_by("team__agency__name", "user__last_name", "pk"))


def authorities_outside(child: Child, at: datetime) -> list[Authority]:
    """The other authorities, of which no manager works in Atlas."""
    inside = {post.team.agency_id for post in managers_elsewhere(child, at)}
    return list(Authority.objects.exclude(pk=child.responsible_authority_id).exclude(agencies__in=inside).distinct().order_by("name"))


SAID_YES = (
    "{to} has said yes to the child whom you offered, reference {reference}. They are responsible from now on; what was open went to them. "
    "You do not see the child’s record any more.\n\n{address}\n"
)
SAID_NO = (
    "{to} has said no to the child whom you offered, reference {reference}. Your authority stays responsible. Why stands with the offer, under what "
    "you have to do: {address}\n"
)


@command(needs=Permission.START_TRANSFER)
def start_transfer(*, child: Child, to_post: "Post", offer: Offer, by: "Post", at: datetime) -> Transfer:
    """Offer a child to another authority, by name of the manager who is to answer. Until the answer is yes nothing moves: the authority before is
    responsible, and so is its lead. The manager may read what was compiled, and who the child is; no more.

    Starts the clock of the answer, which climbs the ladder of whoever offers. Raises Invalid for a post that cannot say yes for another
    authority, while an offer waits, for words that must not leave, and (without saying why) for somebody to whom the child is shut.
    """
    if to_post not in managers_elsewhere(child, at):
        raise Invalid("Choose a manager of another authority from the list.", "to_post")
    if not may_receive(to_post.pk, child.pk):
        raise Invalid(NOT_TO_THEM, "to_post")
    to = Authority.objects.filter(agencies=to_post.team.agency_id).exclude(pk=child.responsible_authority_id).order_by("name")[0]
    transfer, subject = _offered(child, to, offer, by, at)
    transfer.to_post, until = to_post, at + OFFER_HOLDS
    view = compiled(subject, child.pk, offer.items, recipient=to_post, purpose=PURPOSE, until=until).as_json()
    transfer.view = {**view, **_said(transfer, offer, child)}
    transfer.entry = _begun(transfer, f"To {to}: {to_post}")
    transfer.save(force_insert=True)
    relate(
        kind=RelationshipKind.TRANSFER, because=f"offered to {to}", source=transfer, from_at=at, until_at=until, child=child, post=to_post
    )
    make_task(name=ANSWER_IT, entry=transfer.entry, about=transfer, post=to_post, due_at=_answer_due(transfer))
    return transfer


@command(needs=Permission.START_TRANSFER)
def send_transfer(
    *, child: Child, to_authority: Authority, guest: Guest, offer: Offer, days: int = GUEST_MOST_DAYS, by: "Post", at: datetime
) -> GuestRequest:  # fmt: skip
    """Offer a child to an authority that does not work in Atlas: what is handed over is compiled for one named person there, who reads it by a
    link and a code to a number that somebody checked, and answers once. Gives the request with the token of its link, this once.

    Raises Invalid for an authority whose managers work in Atlas, while an offer waits, and as `ask_guest` does (never of a hidden child).
    """
    if to_authority not in authorities_outside(child, at):
        raise Invalid("That authority works in Atlas, or is the child’s own. Offer the child to a manager there.", "to_authority")
    transfer, _ = _offered(child, to_authority, offer, by, at)
    transfer.to_words = f"{guest.name}, {guest.organisation}"[:240]
    said = _said(transfer, offer, child)
    transfer.view = said
    transfer.entry = _begun(transfer, f"To {to_authority}: {transfer.to_words}"[:300])
    transfer.save(force_insert=True)
    grounds = Grounds(Purpose.INFORMATION_SHARING, Ground.PUBLIC_TASK, offer.reason, offer.is_family_told, offer.family_reason)
    return put_to_guest(
        child,
        guest,
        question_of(transfer, said),
        list(offer.items),
        grounds,
        days,
        by,
        at,
        asks=GuestRequest.Asks.TRANSFER,
        transfer=transfer,
    )


def question_of(transfer: Transfer, said: dict[str, Any]) -> str:
    """What the person without an account reads above the records: the question, why, and what is open. It names no child."""
    lives = "goes on living here" if transfer.stays_here else f"lives in {transfer.to_authority} from then on"
    lines = [
        f"Does {transfer.to_authority} take over responsibility for this child? Until it has said yes, {transfer.from_authority} is responsible.",
        f"The child {lives}. Why: {transfer.reason}",
    ]
    if said["must_know"]:
        lines.append(f"What you must know: {said['must_know']}")
    lines += [f"{name}: {'; '.join(rows)}" for name, rows in said["open"]]
    return "\n".join(lines) + "\nIf yes, name the worker who takes over, with a number."


def _offered(child: Child, to: Authority, offer: Offer, by: "Post", at: datetime) -> tuple[Transfer, Subject]:
    subject = acting_subject()
    if Transfer.objects.filter(child=child, state=TransferState.WAITING).exists():
        raise Invalid("This child is offered to an authority already. Take that offer back first, or wait for the answer.")
    if not offer.reason.strip():
        raise Invalid("Say why the child moves.", "reason")
    if not offer.is_family_told and not offer.family_reason.strip():
        raise Invalid("Say why the family has not been told.", "family_reason")
    held = Identifier.objects.filter(person=child.pk, kind=IdentifierKind.COUNCIL, until_on__isnull=True).order_by("value")
    transfer = Transfer(
        child=child, from_authority=child.responsible_authority, to_authority=to, host_after=to if offer.moves_home else child.host_authority,
        reason=free_words(subject, child.pk, offer.reason.strip(), "reason"), numbers=list(held.values_list("value", flat=True)),
        started_at=at, started_by=by,
    )  # fmt: skip
    return transfer, subject


def _said(transfer: Transfer, offer: Offer, child: Child) -> dict[str, Any]:
    subject = acting_subject()
    must_know = free_words(subject, child.pk, offer.must_know.strip(), "must_know") if offer.must_know.strip() else ""
    return {
        "reason": transfer.reason, "must_know": must_know, "open": [[name, lines] for name, lines in what_is_open(child)],
        "is_family_told": offer.is_family_told, "family_reason": offer.family_reason.strip(),
    }  # fmt: skip


def _begun(transfer: Transfer, words: str) -> Any:
    moment = Moment(transfer.started_at, Precision.MINUTE)
    return happened(Kind.TRANSFER_STARTED, child=transfer.child, at=moment, about=transfer, words=words[:300], starts=[TRANSFER_ANSWER])


def _answer_due(transfer: Transfer) -> datetime | None:
    """By when the answer is due, so that whoever is asked reads it too."""
    return Clock.objects.filter(about_id=transfer.pk, limit=TRANSFER_ANSWER.key).values_list("due_at", flat=True).first()


@command(needs=Permission.START_TRANSFER)
def withdraw_transfer(*, transfer: Transfer, reason: str, by: "Post", at: datetime) -> Transfer:
    """Take an offer back: whoever was asked reads nothing of it any more, from now on. Raises Invalid once it was answered."""
    if not reason.strip():
        raise Invalid("Say why the offer is taken back.", "reason")
    transfer.move("withdraw_transfer")
    close_offer(transfer, Kind.TRANSFER_WITHDRAWN, reason, by, at)
    return transfer


def close_offer(transfer: Transfer, kind: Kind, words: str, by: "Post", at: datetime) -> None:
    """Write down what became of an offer that is not accepted: its clock stops, its tasks end, and so does what it opened."""
    transfer.answered_at, transfer.answered_by, transfer.answer_words = at, by, words.strip()
    transfer.save(update_fields=["state", "answered_at", "answered_by", "answer_words"])
    entry = happened(
        kind, child=transfer.child, at=Moment(at, Precision.MINUTE), about=transfer, words=words.strip()[:300], stops=[TRANSFER_ANSWER],
        answers=kind is not Kind.TRANSFER_WITHDRAWN,
    )  # fmt: skip
    end_tasks_about(about_id=transfer.pk, at=at)
    if kind is Kind.TRANSFER_REFUSED:
        tell_offerer(transfer, by, SAID_NO)
        make_task(name=REFUSED, entry=entry, about=transfer, post=transfer.started_by)
    for request in GuestRequest.objects.filter(about_id=transfer.pk, ended_at__isnull=True, answered_at__isnull=True):
        request.ended_at = at
        request.save(update_fields=["ended_at"])
    end_relationships(source=transfer, until_at=at, because="the transfer was answered")


def tell_offerer(transfer: Transfer, by: "Post", words: str) -> None:
    """Tell whoever offered the child what was answered, by e-mail: a reference and the authority, never the child. After a yes nothing here opens
    the child to them any more. Not where they took the answer over themselves.
    """
    offered = transfer.started_by
    if offered.user_id == by.user_id or not offered.user.email:
        return
    said = words.format(to=transfer.to_authority.name, reference=reference_of(transfer.pk), address=settings.ATLAS_ADDRESS)
    send_email.defer(to=offered.user.email, subject="Atlas: an offer to another authority was answered", words=said)
