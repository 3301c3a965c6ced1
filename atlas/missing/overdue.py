"""A step that is late raises its owner's alert; the next step's clock begins all the same. Called by tick."""

from collections.abc import Iterable
from datetime import datetime

from atlas.agencies.models import Post, Team
from atlas.chronology.moments import Moment, Precision
from atlas.clocks.commands import clock_after
from atlas.clocks.models import Clock
from atlas.missing.commands.step import next_step
from atlas.missing.rules.steps import STEP
from atlas.missing.whose import owner_of, response_team
from atlas.tasks.models import Alert, Task


def begin_next_steps(late: Iterable[Clock], at: datetime) -> int:
    """Of these clocks, which have just passed, each step's next one begins. Returns how many began."""
    begun = 0
    for clock in late:
        if clock.limit in STEP and clock.about_id is not None:
            begun += _begin_next(clock, at)
    return begun


def _begin_next(clock: Clock, at: datetime) -> int:
    others = Clock.objects.filter(about_id=clock.about_id, limit__in=STEP).exclude(pk=clock.pk)
    if others.filter(outcome=Clock.Outcome.RUNNING, due_latest_at__gt=at).exists():
        return 0
    done = {clock.limit, *others.values_list("limit", flat=True)}
    step = next_step(Moment(clock.started_at, Precision(clock.started_precision)), clock.authority_id, done, at)
    if step is None:
        return 0
    after = clock_after(clock, step.limit)
    after.save(force_insert=True)
    post, team = _lead(clock)
    owner, of_team = owner_of(step, clock.child_id, post, team, response_team(clock.authority), at)
    if owner is None and of_team is None:
        before = Task.objects.filter(clock=clock).select_related("owner_post", "owner_team").first()
        owner, of_team = (before.owner_post, before.owner_team) if before else (None, None)
    if owner is not None or of_team is not None:
        Task.objects.create(
            child_id=clock.child_id, name=step.limit.name, entry_id=clock.started_by_id, clock=after, owner_post=owner, owner_team=of_team,
            due_at=after.due_at, about_label=clock.about_label, about_id=clock.about_id,
        )  # fmt: skip
    return 1


def _lead(clock: Clock) -> "tuple[Post | None, Team | None]":
    """Who was the lead practitioner, or the team, when the child was reported missing: the alert says so, and may be read here."""
    alert = Alert.objects.filter(about_id=clock.about_id, reason=Alert.Reason.CHILD_MISSING).select_related(
        "owner_post__line_manager__line_manager", "owner_post__team", "owner_team"
    )
    first = alert.order_by("raised_at").first()
    return (first.owner_post, first.owner_team) if first else (None, None)
