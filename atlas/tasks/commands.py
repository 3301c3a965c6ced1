"""Tasks and alerts: made as effects of what happens, ended by what answers them or by a person."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Model

from atlas.chronology.models import Entry
from atlas.clocks.models import Clock
from atlas.gate.act import Invalid, command
from atlas.gate.context import current_subject
from atlas.gate.policy import Permission
from atlas.tasks.models import Alert, Notice, Task
from atlas.tasks.rules import LADDER

if TYPE_CHECKING:
    from atlas.agencies.models import Authority, Post, Team


def make_task(
    *, name: str, entry: Entry, about: Model | None, clock: Clock | None = None, post: "Post | None" = None, team: "Team | None" = None,
    due_at: datetime | None = None,
) -> Task:  # fmt: skip
    """Give one post or one team something to do, as an effect of the command that runs now."""
    task = Task(
        child_id=entry.child_id, name=name, entry=entry, clock=clock, owner_post=post, owner_team=team,
        due_at=clock.due_at if clock else due_at,
        about_label=about._meta.label if about else "", about_id=about.pk if about else None,
    )  # fmt: skip
    task.save(force_insert=True)
    return task


def end_tasks(*, clocks: Iterable[Clock], at: datetime, state: Task.State = Task.State.DONE) -> int:
    """End the open tasks of these clocks, which something has answered."""
    subject = current_subject()
    tasks = Task.objects.filter(clock__in=list(clocks), state=Task.State.OPEN)
    return tasks.update(state=state, ended_at=at, ended_by=subject.post if subject else None)


def end_tasks_about(*, about_id: UUID, at: datetime) -> int:
    """End the open tasks about a record that is no longer to be waited for."""
    subject = current_subject()
    tasks = Task.objects.filter(about_id=about_id, state=Task.State.OPEN)
    return tasks.update(state=Task.State.NOT_NEEDED, ended_at=at, ended_by=subject.post if subject else None)


def hand_tasks(*, about_id: UUID, post: "Post | None", team: "Team | None" = None) -> int:
    """Give the open tasks about a record to another owner."""
    return Task.objects.filter(about_id=about_id, state=Task.State.OPEN).update(owner_post=post, owner_team=team)


def raise_alert(
    *, reason: Alert.Reason, entry: Entry, about: Model | None, authority: "Authority", at: datetime,
    post: "Post | None" = None, team: "Team | None" = None, task: Task | None = None,
) -> Alert:  # fmt: skip
    """Raise an alert; `tick` tells the first rung within a minute, and climbs until a person acknowledges it."""
    alert = Alert(
        child_id=entry.child_id, reason=reason, entry=entry, task=task, authority=authority, owner_post=post, owner_team=team,
        raised_at=at, climbs_at=at, about_label=about._meta.label if about else "", about_id=about.pk if about else None,
    )  # fmt: skip
    alert.save(force_insert=True)
    return alert


def settle_alerts(*, about_id: UUID, at: datetime) -> int:
    """Let the alerts about a record that has come to its good end stop climbing, acknowledged by whoever ended it."""
    subject = current_subject()
    alerts = Alert.objects.filter(about_id=about_id, acknowledged_at__isnull=True)
    return alerts.update(acknowledged_at=at, acknowledged_by=subject.post if subject else None, climbs_at=None)


@command(needs=Permission.ACKNOWLEDGE_ALERT)
def acknowledge_alert(*, alert: Alert, by: "Post", at: datetime) -> Alert:
    """Say that one has seen the alert and is acting on it: it stops climbing. A second acknowledgement changes nothing."""
    if alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by, alert.climbs_at = at, by, None
        alert.save(update_fields=["acknowledged_at", "acknowledged_by", "climbs_at"])
    return alert


@command(needs=Permission.RECORD_CALL)
def record_call(*, alert: Alert, answer: Notice.Answer, to_post: "Post | None" = None, by: "Post", at: datetime) -> Notice:
    """Write down a telephone call about an alert: spoke with them, or rang and got no answer (then ring the next)."""
    notice = Notice(
        child_id=alert.child_id, alert=alert, rung=alert.rung, channel=Notice.Channel.TELEPHONE, to_post=to_post,
        to_words=str(to_post) if to_post else LADDER[alert.rung].name, reference=str(alert.pk)[:8], told_at=at, answer=answer,
        recorded_by=by,
    )  # fmt: skip
    notice.save(force_insert=True)
    return notice


@command(needs=Permission.COMPLETE_TASK)
def complete_task(*, task: Task, by: "Post", at: datetime) -> Task:
    """Tick off a task that no clock ends. Raises Invalid where a clock does: then the thing itself must be recorded."""
    if task.clock_id is not None:
        raise Invalid("This task ends by itself when what is due has been recorded. Record it on the child's page.")
    if task.state == Task.State.OPEN:
        task.state, task.ended_at, task.ended_by = Task.State.DONE, at, by
        task.save(update_fields=["state", "ended_at", "ended_by"])
    return task
