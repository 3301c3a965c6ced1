"""A long delivery is taken, or undone, by the service, on behalf of whoever asks, so that it holds no page."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from procrastinate.contrib.django import app

from atlas.feeds.commands.delivery import alone_with, expect_takeable, expect_undoable
from atlas.feeds.models import Delivery
from atlas.gate.act import Invalid, Refused, command
from atlas.gate.behalf import Behalf
from atlas.gate.context import acting_subject
from atlas.gate.policy import Permission
from atlas.running.queue import state_of

if TYPE_CHECKING:
    from atlas.agencies.models import Post

MOST_AT_ONCE = 150  # rows: a live one takes 25 to 60 ms, and a page's thread is held for 20 seconds at most (protection.md E1)
STANDING = {"todo": "pending", "doing": "pending", "failed": "failed"}
LOST = "Whoever asked for it may not do that any more. Somebody else who keeps deliveries in order can ask for it."


def is_long(delivery: Delivery) -> bool:
    """Whether a delivery holds more rows than a page takes, or undoes, itself."""
    return delivery.rows_read > MOST_AT_ONCE


def standing(delivery: Delivery) -> str:
    """How it stands with what the service was asked: `pending`; `failed`, by no fault of the file, on the shelf of whoever runs Atlas; otherwise empty."""
    return STANDING.get(state_of(delivery.asked_job), "") if delivery.asked_job else ""


@command(needs=Permission.COMMIT_DELIVERY)
def commit_later(*, delivery: Delivery, by: "Post", at: datetime) -> Delivery:
    """Have the service take a delivery. Raises Invalid for one that was refused or undone, and while the service is at it already."""
    expect_takeable(alone_with(delivery))
    return _asked(delivery, Delivery.Asked.TAKE, by, at)


@command(needs=Permission.UNDO_DELIVERY)
def undo_later(*, delivery: Delivery, by: "Post", at: datetime) -> Delivery:
    """Have the service undo a delivery. Raises Invalid for one that was not taken or is not undone, and while the service is at it already."""
    expect_undoable(alone_with(delivery))
    return _asked(delivery, Delivery.Asked.UNDO, by, at)


def _asked(delivery: Delivery, asked: Delivery.Asked, by: "Post", at: datetime) -> Delivery:
    if standing(delivery) == "pending":
        raise Invalid(f"This delivery is {delivery.get_asked_for_display().lower()} already. Its page says when that is done.")
    behalf = Behalf(by.pk, acting_subject().purpose, str(uuid4()))  # a key for each time that it is asked
    task = app.configure_task("feeds.serve_delivery", queue="bulk")
    delivery.asked_job = task.defer(delivery=str(delivery.pk), asked=asked.value, **behalf.as_arguments())
    delivery.asked_for, delivery.asked_at, delivery.not_done = asked, at, ""
    delivery.save(update_fields=["asked_for", "asked_at", "asked_job", "not_done"])
    return delivery


def tell_stopped(delivery: UUID, problem: Refused | Invalid) -> int:
    """Say on a delivery why the service did not do what it was asked. No command: whoever has lost the right may do nothing."""
    words = problem.message[:500] if isinstance(problem, Invalid) else LOST
    return Delivery.objects.filter(pk=delivery).update(not_done=words)
