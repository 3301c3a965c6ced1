"""A transfer is answered. With a yes everything that was open follows in the same transaction: authority, access, clocks, tasks, register."""

from datetime import datetime
from typing import TYPE_CHECKING

from atlas.agencies.models import Post
from atlas.agencies.queries import posts_standing
from atlas.allocation.commands import begin_covering, end_allocations, give_to_front_door, make_responsible
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.commands import end_relationships, relate
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.policy import Kind as RelationshipKind
from atlas.gate.policy import Permission
from atlas.gate.queries import may_receive
from atlas.sharing.commands.disclosure import NOT_TO_THEM
from atlas.sharing.models import GuestAnswer
from atlas.tasks.commands import end_tasks_about
from atlas.transfers.commands.handing import Handing, hand_over
from atlas.transfers.commands.start import SAID_YES, close_offer, tell_offerer
from atlas.transfers.models import Transfer
from atlas.transfers.rules import OFFER_HOLDS, TRANSFER_ANSWER

if TYPE_CHECKING:
    from datetime import date

K = GuestAnswer.Kind
MOVED = "the child moved to another authority"


def may_lead(manager: Post, on: "date") -> list[Post]:
    """Who may take a child for this manager: the manager, and those whose line manager this is."""
    return [manager, *posts_standing(on).filter(line_manager=manager, is_service=False).order_by("user__last_name", "pk")]


@command(needs=Permission.ANSWER_TRANSFER)
def answer_transfer(
    *, transfer: Transfer, is_accepted: bool, lead: Post | None = None, words: str = "", by: Post, at: datetime
) -> Transfer:  # fmt: skip
    """Accept a transfer for one's own authority, with who works with the child from now on; or refuse it with a reason, and it goes back.

    Only the manager to whom it was put. Raises Invalid where it was answered or taken back meanwhile, without a reason for a no, and for
    somebody who is not in the manager's line or to whom the child is shut.
    """
    if not is_accepted:
        if not words.strip():
            raise Invalid("Say why your authority does not take the child over.", "words")
        transfer.move("refuse_transfer")
        close_offer(transfer, Kind.TRANSFER_REFUSED, words, by, at)
        return transfer
    transfer.move("accept_transfer")
    if lead is None or lead not in may_lead(by, day_of(at)):
        raise Invalid("Choose who works with the child from now on: yourself, or somebody whose manager you are.", "lead")
    child = transfer.child
    # From here on whoever answers stands in the line of whoever works with the child, and writes by that.
    covering = begin_covering(child=child, post=lead, at=at)
    subject = acting_subject()
    subject.known.clear()
    if not may_receive(lead.pk, child.pk):
        raise Invalid(NOT_TO_THEM, "lead")
    end_allocations(child=child, at=at, because=MOVED, but=covering)
    _move_child(transfer)
    make_responsible(child=child, team=lead.team, at=at)
    entry = _accepted(transfer, f"{transfer.to_authority} is responsible: {lead}", by, at)
    transfer.lead, transfer.answer_words = lead, words.strip()
    transfer.save(update_fields=["state", "answered_at", "answered_by", "answer_words", "lead"])
    hand_over(Handing(transfer, child, lead, entry, by, at))
    end_relationships(source=transfer, until_at=at, because="the transfer was accepted")
    return transfer


def _move_child(transfer: Transfer) -> None:
    child = transfer.child
    child.responsible_authority, child.host_authority = transfer.to_authority, transfer.host_after
    child.save(update_fields=["responsible_authority", "host_authority"])


def _accepted(transfer: Transfer, words: str, by: Post, at: datetime) -> Entry:
    transfer.answered_at, transfer.answered_by = at, by
    moment = Moment(at, Precision.MINUTE)
    entry = happened(Kind.TRANSFER_ACCEPTED, child=transfer.child, at=moment, about=transfer, words=words[:300], stops=[TRANSFER_ANSWER])
    end_tasks_about(about_id=transfer.pk, at=at)
    tell_offerer(transfer, by, SAID_YES)
    return entry


@command(needs=Permission.START_TRANSFER)
def take_transfer_reply(*, transfer: Transfer, answer: GuestAnswer, by: Post, at: datetime) -> Transfer:
    """Take over what somebody without an account answered to an offer. With a yes their authority is responsible: the allocations here end, and
    what was open is theirs. Where the child goes on living here, our missing team answers and the placed-in register holds it; otherwise the
    record stays with our front door, which tells whoever rings where the child's care went on.

    Raises Invalid for an answer to something else, and where the transfer was answered or taken back meanwhile.
    """
    if answer.request.about_id != transfer.pk:
        raise Invalid("This answer is about something else. Reload the page.")
    said = f"{answer.request.guest_name}, {answer.request.organisation}: {answer.words}".strip()
    if answer.kind == K.REFUSED:
        transfer.move("refuse_transfer")
        close_offer(transfer, Kind.TRANSFER_REFUSED, said, by, at)
        return transfer
    if answer.kind != K.ACCEPTED:
        raise Invalid("They ask to be rung back. Ring them, take the offer back, and send it again.")
    transfer.move("accept_transfer")
    child = transfer.child
    # For this transaction: who takes the answer over changes whose the child is, which a manager's line alone may not.
    relate(kind=RelationshipKind.TRANSFER, because="takes over the answer to a transfer", source=transfer, from_at=at, until_at=at + OFFER_HOLDS, child=child,
           post=by)  # fmt: skip
    entry = _accepted(transfer, f"{transfer.to_authority} is responsible: {said}", by, at)
    transfer.answer_words = answer.words
    transfer.save(update_fields=["state", "answered_at", "answered_by", "answer_words"])
    _move_child(transfer)
    hand_over(Handing(transfer, child, None, entry, by, at))
    give_to_front_door(child=child, at=at, of=transfer.from_authority)
    end_allocations(child=child, at=at, because=MOVED)
    end_relationships(source=transfer, until_at=at, because="the transfer was accepted")
    return transfer
