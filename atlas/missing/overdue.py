"""A step that is late raises its owner's alert, and the next step's clock begins all the same; and eighteen comes nearer while something is open.
Called by tick.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from atlas.agencies.models import Post, Team
from atlas.chronology.moments import LONDON, Moment, Precision, start_of_day
from atlas.clocks.commands import clock_after
from atlas.clocks.models import Clock
from atlas.missing.commands.step import next_step
from atlas.missing.rules.eighteen import decide_before_eighteen, question_of
from atlas.missing.rules.steps import STEP
from atlas.missing.whose import owner_of, response_team
from atlas.tasks.models import Alert, Task

EVERY_MINUTES = 15


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


def ask_who_goes_on(at: datetime) -> int:
    """Ask who goes on with each child who turns 18 within 90 days while a missing episode or a return interview is open; and again within 30,
    in place of a question that still waits. Run every quarter of an hour. Returns how many were asked. Source: real-life.md point 21.
    """
    if at.minute % EVERY_MINUTES:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT child, born, label, record, entry, post, team FROM gate_nearly_eighteen()")
        rows = cursor.fetchall()
    today, asked = at.astimezone(LONDON).date(), 0
    for child, born, label, record, entry, post, team in rows:
        question = decide_before_eighteen(born, today)
        if question is None:
            continue
        of_child = Task.objects.filter(child=child, name=question_of(question[0]))
        due_at = start_of_day(question[1])
        if of_child.filter(due_at=due_at).exists():
            continue
        of_child.filter(state=Task.State.OPEN).update(state=Task.State.NOT_NEEDED, ended_at=at)
        Task.objects.create(
            child_id=child, name=question_of(question[0]), entry_id=entry, owner_post_id=post, owner_team_id=team, due_at=due_at,
            about_label=label, about_id=record,
        )  # fmt: skip
        asked += 1
    return asked
