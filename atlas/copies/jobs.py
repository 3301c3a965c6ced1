"""The job that sends what waits, takes receipts, and asks about what is not filed in time: as the authority's own feed, judged for each copy."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from atlas.agencies.models import Authority, Post
from atlas.clocks.queries import bank_holidays_changed
from atlas.copies.channels import NotHandedOver, address_of, folder_of, put_away, put_into_folder, receipts_in, send_over_http
from atlas.copies.commands.sending import climb_copy, heard, record_not_sent, record_receipt, record_sent, screen_copy, send_copy
from atlas.copies.making import Made
from atlas.copies.models import Channel, Copy
from atlas.copies.queries import channel_of, late, unscreened, waiting
from atlas.copies.rules import Receipt
from atlas.feeds.queries import carriers
from atlas.gate.act import Invalid, Refused
from atlas.gate.behalf import Behalf
from atlas.gate.context import acting_as
from atlas.gate.policy import Purpose
from atlas.running.behalf import Errand, carry
from atlas.tasks.rules import morning_of

BATCH = 200
Clock = Callable[[], datetime]


@app.periodic(cron="*/5 * * * *")
@app.task(name="copies.send_copies", queue="bulk")
def send_copies(timestamp: int) -> None:
    """For each authority that is sent its copies: receipts first, then what waits, then what is late."""
    for feed, authority in carriers(timezone.now()):
        serve(authority, feed, timezone.now)


def serve(authority: Authority, feed: Post, clock: Clock) -> None:
    """All that is due for one authority. Run twice, or twice at once, it does the same as once."""
    channel = channel_of(authority.pk, clock())
    if channel is Channel.OFF:
        return
    take_receipts(authority, feed, clock())
    screen_new(authority, feed, clock())
    if channel in (Channel.FOLDER, Channel.API):
        send_waiting(authority, channel, feed, clock)
    climb_late(authority, feed, clock())


def screen_new(authority: Authority, feed: Post, at: datetime) -> int:
    """Read the words of what is newly owed. Returns of how many copies."""
    with acting_as(feed, at):
        copies = list(unscreened(authority.pk, at)[:BATCH])
    for copy in copies:
        screen_copy(copy=copy, by=feed, at=at)
    return len(copies)


def send_waiting(authority: Authority, channel: Channel, feed: Post, clock: Clock) -> int:
    """Hand over each copy that waits. Returns how many went; one that cannot go keeps none of the others back."""
    at = clock()
    with acting_as(feed, at):
        chosen = [(copy.pk, copy.tries) for copy in waiting(authority.pk, at)[:BATCH]]
    return sum(
        carry(Behalf(feed.pk, Purpose.SYSTEM_REPAIR, f"{pk}:{tries}"), _errand(authority, channel, pk), clock) for pk, tries in chosen
    )


def _errand(authority: Authority, channel: Channel, copy: UUID) -> Errand[Made]:
    return Errand("copies.send_copies", partial(_make, copy), partial(_hand_over, authority, channel, copy), partial(_stopped, copy))


def _make(copy: UUID, by: Post, at: datetime) -> Made:
    return send_copy(copy=_found(copy, by, at), by=by, at=at)


def _hand_over(authority: Authority, channel: Channel, copy: UUID, made: Made, by: Post, at: datetime, key: str) -> None:
    """Outside of any transaction: a main system that is slow holds no lock. Then what came of it is written down."""
    try:
        answered = send_over_http(address_of(authority), made, at) if channel is Channel.API else _into_folder(authority, made)
    except NotHandedOver as problem:
        record_not_sent(copy=_found(copy, by, at), reason=problem.message, may_try_again=problem.may_try_again, by=by, at=at)
        return
    record_sent(copy=_found(copy, by, at), channel=channel, digest=made.digest, by=by, at=at)
    if answered is not None:
        record_receipt(copy=_found(copy, by, at), receipt=heard(answered, at), by=by, at=at)


def _into_folder(authority: Authority, made: Made) -> Receipt | None:
    put_into_folder(folder_of(authority), made)
    return None


def _stopped(copy: UUID, by: Post, at: datetime, problem: Refused | Invalid) -> None:
    """Say why nothing was sent. Where the gate refuses the feed itself, nobody may write: the copy waits, and climbs."""
    if isinstance(problem, Invalid):
        with acting_as(by, at):
            held = Copy.objects.filter(pk=copy, state="waiting").first()
        if held is not None:
            record_not_sent(copy=held, reason=problem.message, by=by, at=at)


def _found(copy: UUID, by: Post, at: datetime) -> Copy:
    with acting_as(by, at):
        return Copy.objects.get(pk=copy)


def take_receipts(authority: Authority, feed: Post, at: datetime) -> int:
    """Take the receipts that lie in the authority's folder. One that cannot be read, or is of no copy of this authority, is put aside for a person."""
    taken = 0
    for path, pk, receipt, _ in receipts_in(folder_of(authority)):
        is_taken = pk is not None and receipt is not None and _take(authority, pk, receipt, feed, at)
        put_away(path, is_taken=is_taken)
        taken += is_taken
    return taken


def _take(authority: Authority, pk: UUID, receipt: Receipt, feed: Post, at: datetime) -> bool:
    with acting_as(feed, at):
        copy = Copy.objects.filter(pk=pk, authority=authority).first()
    try:
        if copy is not None:
            record_receipt(copy=copy, receipt=heard(receipt, at), by=feed, at=at)
    except (Invalid, Refused):
        return False
    return copy is not None


def climb_late(authority: Authority, feed: Post, at: datetime) -> int:
    """Ask about each copy that is not filed in time; by day only, since nobody is woken for it. Returns how many climbed."""
    with acting_as(feed, at):
        copies = [] if morning_of(at, bank_holidays_changed()) else list(late(authority.pk, at).select_related("child")[:BATCH])
    for copy in copies:
        climb_copy(copy=copy, by=feed, at=at)
    return len(copies)
