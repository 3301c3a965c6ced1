"""A copy is made and handed over, by the authority's feed; what became of it is recorded; one that failed is sent again."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from atlas.clocks.queries import bank_holidays_changed
from atlas.copies.kinds import copied
from atlas.copies.making import Made, made_of
from atlas.copies.models import Channel, Copy
from atlas.copies.rules import MOST_REASON, MOST_TRIES, Receipt, climbs_at
from atlas.copies.workflow import CopyState
from atlas.flow import lead
from atlas.gate.act import Invalid, command
from atlas.gate.context import acting_subject
from atlas.gate.policy import Permission, Sensitivity
from atlas.gate.queries import standing
from atlas.sharing.compile import must_stay, written_in
from atlas.tasks.commands import end_tasks_about, hand_tasks, make_task
from atlas.tasks.models import Task

if TYPE_CHECKING:
    from atlas.agencies.models import Post, Team

GUARDED = "This child is guarded, and the main system may show the child to more people than Atlas does. Somebody on the list of names files it by hand."


@command(needs=Permission.SEND_COPY)
def screen_copy(*, copy: Copy, by: "Post", at: datetime) -> Copy:
    """Read what somebody wrote in a record, before anybody is shown its copy: what names another child, or where the child is, stays behind."""
    kind, subject = copied()[copy.kind], acting_subject()
    record = kind.rows(subject).filter(pk=copy.about_id).first()
    free = written_in(subject, copy.child_id, kind.chosen(record)) if record is not None else {}
    copy.left_out, copy.screened_at = sorted({*copy.left_out, *must_stay(subject, copy.child_id, free)}), at
    copy.save(update_fields=["left_out", "screened_at"])
    return copy


@command(needs=Permission.SEND_COPY)
def send_copy(*, copy: Copy, by: "Post", at: datetime) -> Made:
    """Make a copy as it is to be handed over now. Of a guarded child none goes by itself: Raises Invalid, as `made_of` does."""
    if copy.state != CopyState.WAITING:
        raise Invalid("This copy does not wait to be sent.")
    subject = acting_subject()
    if standing(subject, copy.child_id).sensitivity is not Sensitivity.STANDARD:
        raise Invalid(GUARDED)
    return made_of(copy, subject)


@command(needs=Permission.SEND_COPY)
def record_sent(*, copy: Copy, channel: Channel, digest: str, by: "Post", at: datetime) -> Copy:
    """Say that a copy was handed over, by which channel, and what (the hash of its note)."""
    copy.move("record_sent")
    copy.channel, copy.sent_at, copy.digest, copy.reason = channel, at, digest, ""
    copy.save(update_fields=["state", "channel", "sent_at", "digest", "reason"])
    return copy


@command(needs=Permission.SEND_COPY)
def record_not_sent(*, copy: Copy, reason: str, may_try_again: bool = False, by: "Post", at: datetime) -> Copy:
    """Say that a copy could not be handed over, and why. One that may be tried again waits; the fifth time it has failed."""
    copy.tries, copy.reason = min(copy.tries + 1, MOST_TRIES), reason[:MOST_REASON]
    if not may_try_again or copy.tries >= MOST_TRIES:
        copy.move("record_not_sent")
    copy.save(update_fields=["state", "tries", "reason"])
    return copy


@command(needs=Permission.RECORD_RECEIPT)
def record_receipt(*, copy: Copy, receipt: Receipt, by: "Post", at: datetime) -> Copy:
    """Record what became of a copy in the main system: filed, under which reference; or not, and why. The same receipt twice is once.

    One that was never sent was filed by hand. Raises Invalid for a time to come, a refusal without a reason, and a second receipt that says
    something else.
    """
    if copy.state == CopyState.FILED and receipt.is_filed and receipt.reference in ("", copy.reference):
        return copy
    if receipt.filed_at is not None and receipt.filed_at > at:
        raise Invalid("The time of filing is still to come. Check the date and the time.", "filed_at")
    if receipt.is_filed:
        return _file(copy, receipt, at)
    if not receipt.reason.strip():
        raise Invalid("Say why it could not be filed, so that somebody can put it right.", "reason")
    copy.move("refuse")
    copy.reason = receipt.reason.strip()[:MOST_REASON]
    copy.save(update_fields=["state", "reason"])
    return copy


def _file(copy: Copy, receipt: Receipt, at: datetime) -> Copy:
    copy.move("record_receipt")
    if copy.sent_at is None:
        copy.channel, copy.sent_at = Channel.PASTE, at
    copy.filed_at, copy.reference, copy.reason, copy.climbs_at = receipt.filed_at or at, receipt.reference, "", None
    copy.save(update_fields=["state", "channel", "sent_at", "filed_at", "reference", "reason", "climbs_at"])
    end_tasks_about(about_id=copy.pk, at=at, state=Task.State.DONE)
    return copy


@command(needs=Permission.SEND_COPY_AGAIN)
def send_copy_again(*, copy: Copy, by: "Post", at: datetime) -> Copy:
    """Let a copy that failed, or of which nothing was heard, be sent once more. It goes under the same id, so that it is filed once."""
    copy.move("send_copy_again")
    copy.tries, copy.reason = 0, ""
    copy.save(update_fields=["state", "tries", "reason"])
    return copy


@command(needs=Permission.SEND_COPY)
def climb_copy(*, copy: Copy, by: "Post", at: datetime) -> Copy:
    """Ask somebody about a copy that is not filed in time: whoever works with the child; a working day later, that person's manager."""
    post, team = lead(copy.child, at)
    asked = (post.line_manager or post) if post is not None and copy.rung > 0 else post
    _ask(copy, asked, team)
    copy.rung += 1
    copy.climbs_at = climbs_at(copy.owed_at, copy.rung, bank_holidays_changed())
    copy.save(update_fields=["rung", "climbs_at"])
    return copy


def _ask(copy: Copy, post: "Post | None", team: "Team | None") -> None:
    if (post or team) and not hand_tasks(about_id=copy.pk, post=post, team=team):
        name = f"Not filed in the main system: {copied()[copy.kind].name.lower()}"
        make_task(name=name, entry=copy.entry, about=copy, post=post, team=team, due_at=copy.due_at)


def heard(receipt: Receipt, at: datetime) -> Receipt:
    """A receipt whose clock runs ahead of ours says that it was filed now."""
    return replace(receipt, filed_at=None) if receipt.filed_at is not None and receipt.filed_at > at else receipt
