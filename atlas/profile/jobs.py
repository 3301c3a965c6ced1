"""The job that makes a profile, on behalf of whoever asked for it."""

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
from atlas.profile.commands import begin_profile, fail_profile, finish_profile, tell_progress
from atlas.profile.document import Made
from atlas.profile.facts import Facts
from atlas.profile.models import AnalysisRun
from atlas.running.behalf import Errand, carry

AGAIN = RetryStrategy(max_attempts=3, linear_wait=30)
Counted = tuple[Facts, Made]


@app.task(name="profile.make_profile", queue="bulk", retry=AGAIN)
def make_profile(run: str, **behalf: str) -> None:
    """Make a profile and keep it; where its asker has lost the right in between, say so and keep nothing."""
    carry(Behalf.of_arguments(**behalf), errand_of(UUID(run)), timezone.now)


def errand_of(run: UUID) -> Errand[Counted]:
    """What is done for a profile, verb by verb."""
    return Errand("profile.make_profile", partial(_make, run), partial(_deliver, run), partial(_stopped, run))


def _make(pk: UUID, by: Post, at: datetime) -> Counted:
    from atlas.profile.making import made  # brings the engine with it, which no page needs

    run = _found(pk, by, at)
    facts = begin_profile(run=run, by=by, at=at)

    def tell(percent: int) -> None:
        with acting_as(by, at):
            tell_progress(pk, percent)

    try:
        return facts, made(facts, run.authority.name, run.parameters["living_here"], tell)
    except ValueError as problem:  # the engine says in plain words what it cannot take
        raise Invalid(str(problem)) from problem


def _deliver(pk: UUID, counted: Counted, by: Post, at: datetime, key: str) -> AnalysisRun:
    facts, profile = counted
    keyed: dict[str, Any] = {"key": key}
    return finish_profile(run=_found(pk, by, at), facts=facts, made=profile, by=by, at=at, **keyed)


def _stopped(pk: UUID, by: Post, at: datetime, problem: Any) -> None:
    with acting_as(by, at):
        fail_profile(pk, problem)


def _found(pk: UUID, by: Post, at: datetime) -> AnalysisRun:
    with acting_as(by, at):
        return AnalysisRun.objects.select_related("authority").get(pk=pk)
