"""The job that takes a long delivery, or undoes it, on behalf of whoever asked."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from atlas.agencies.models import Post
from atlas.feeds.commands.delivery import commit_delivery, undo_delivery
from atlas.feeds.commands.later import tell_stopped
from atlas.feeds.models import Delivery
from atlas.gate.behalf import Behalf
from atlas.gate.context import acting_as
from atlas.running.behalf import Errand, carry

AGAIN = RetryStrategy(max_attempts=3, linear_wait=30)
VERBS: dict[str, Any] = {Delivery.Asked.TAKE: commit_delivery, Delivery.Asked.UNDO: undo_delivery}


@app.task(name="feeds.serve_delivery", queue="bulk", retry=AGAIN)
def serve_delivery(delivery: str, asked: str, **behalf: str) -> None:
    """Take a delivery, or undo it, all of it or nothing; where that is not possible any more, its page says why."""
    carry(Behalf.of_arguments(**behalf), errand_of(UUID(delivery), asked), timezone.now)


def errand_of(delivery: UUID, asked: str) -> Errand[Delivery]:
    """What is done for a delivery: it is found, and taken or undone in one transaction."""
    return Errand("feeds.serve_delivery", partial(_found, delivery), partial(_done, VERBS[asked]), partial(_stopped, delivery))


def _found(pk: UUID, by: Post, at: datetime) -> Delivery:
    with acting_as(by, at):
        return Delivery.objects.select_related("carried_by__user", "carried_by__team__agency").get(pk=pk)


def _done(verb: Any, delivery: Delivery, by: Post, at: datetime, key: str) -> object:
    return verb(delivery=delivery, by=by, at=at, key=key)


def _stopped(pk: UUID, by: Post, at: datetime, problem: Any) -> None:
    with acting_as(by, at):
        carried_by = Delivery.objects.select_related("carried_by__user", "carried_by__team__agency").get(pk=pk).carried_by
    with acting_as(carried_by, at):
        tell_stopped(pk, problem)
