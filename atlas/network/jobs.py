"""The job that looks which children are missing together, on behalf of whoever asked."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from atlas.agencies.models import Post
from atlas.gate.act import Invalid
from atlas.gate.behalf import Behalf
from atlas.gate.context import acting_as
from atlas.network.commands.together import begin_search, fail_search, finish_search, tell_search_progress
from atlas.network.models import TogetherSearch
from atlas.network.together import Row, told_of
from atlas.running.behalf import Errand, carry

AGAIN = RetryStrategy(max_attempts=3, linear_wait=30)
STEP = 10
Found = tuple[list[Row], list[dict[str, object]]]


@app.task(name="network.search_together", queue="bulk", retry=AGAIN)
def search_together(search: str, **behalf: str) -> None:
    """Look, and keep what was told; where its asker has lost the right in between, say so and keep nothing."""
    carry(Behalf.of_arguments(**behalf), errand_of(UUID(search)), timezone.now)


def errand_of(search: UUID) -> Errand[Found]:
    """What is done for a search, verb by verb."""
    return Errand("network.search_together", partial(_make, search), partial(_deliver, search), partial(_stopped, search))


def _make(pk: UUID, by: Post, at: datetime) -> Found:
    search = _found(pk, by, at)
    rows = begin_search(search=search, by=by, at=at)

    def tell(percent: int) -> None:
        if percent % STEP == 0:
            with acting_as(by, at):
                tell_search_progress(pk, percent)

    try:
        return rows, told_of(rows, search.from_on, search.until_on, tell)
    except ValueError as problem:  # the engine says in plain words what it cannot take
        raise Invalid(str(problem)) from problem


def _deliver(pk: UUID, found: Found, by: Post, at: datetime, key: str) -> TogetherSearch:
    rows, told = found
    keyed: dict[str, Any] = {"key": key}
    return finish_search(search=_found(pk, by, at), rows=rows, told=told, by=by, at=at, **keyed)


def _stopped(pk: UUID, by: Post, at: datetime, problem: Any) -> None:
    with acting_as(by, at):
        fail_search(pk, problem)


def _found(pk: UUID, by: Post, at: datetime) -> TogetherSearch:
    with acting_as(by, at):
        return TogetherSearch.objects.select_related("authority").get(pk=pk)
