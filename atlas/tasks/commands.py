"""Tasks and alerts: made as effects of what happens, ended by what answers them or by a person."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Model

from atlas.chronology.models import Entry
from atlas.clocks.models import Clock
from atlas.clocks.queries import bank_holidays_changed
from atlas.design.words import reference_of
from atlas.gate.act import Invalid, command
from atlas.gate.context import current_subject
from atlas.gate.policy import Permission
from atlas.tasks.models import Alert, Notice, OvernightLine, Task
from atlas.tasks.rules import LADDER, TELL_CHILD, begins_at, morning_of

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


def end_tasks_about(*, about_id: UUID, at: datetime, state: Task.State = Task.State.NOT_NEEDED, name: str = "") -> int:
    """End the open tasks about a record that is answered, or no longer to be waited for; with a name, those that are called so."""
    subject = current_subject()
    tasks = Task.objects.filter(about_id=about_id, state=Task.State.OPEN)
    tasks = tasks.filter(name=name) if name else tasks
    return tasks.update(state=state, ended_at=at, ended_by=subject.post if subject else None)


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


def end_all_work(*, child_id: UUID, at: datetime) -> None:
    """Let nothing ask about a child any more: open tasks end, not needed; alerts climb no further; nothing of the night waits for the morning."""
    subject = current_subject()
    by = subject.post if subject else None
    Task.objects.filter(child=child_id, state=Task.State.OPEN).update(state=Task.State.NOT_NEEDED, ended_at=at, ended_by=by)
    alerts = Alert.objects.filter(child=child_id, acknowledged_at__isnull=True)
    alerts.update(acknowledged_at=at, acknowledged_by=by, climbs_at=None)
    OvernightLine.objects.filter(child=child_id, accepted_at__isnull=True).update(accepted_at=at, accepted_by=by)


def overnight_line(
    *, what: str, child_id: UUID, authority_id: UUID, entry_id: UUID, about: tuple[str, UUID | None], owner: tuple[UUID | None, UUID | None],
    at: datetime,
) -> OvernightLine | None:  # fmt: skip
    """A line of the morning list, not yet saved: where this moment is in the night, a weekend or a bank holiday; None by day.

    `about`: the label and id of the record that says more; `owner`: the ids of the post, or the team, that works with the child.
    """
    morning = morning_of(at, bank_holidays_changed())
    if morning is None:
        return None
    return OvernightLine(
        child_id=child_id, authority_id=authority_id, morning_on=morning, what=what[:200], noted_at=at, entry_id=entry_id, about_label=about[0],
        about_id=about[1], owner_post_id=owner[0], owner_team_id=owner[1],
    )  # fmt: skip


def _note_overnight(alert: Alert, what: str, at: datetime) -> None:
    line = overnight_line(
        what=what, child_id=alert.child_id, authority_id=alert.authority_id, entry_id=alert.entry_id, about=(alert.about_label, alert.about_id),
        owner=(alert.owner_post_id, alert.owner_team_id), at=at,
    )  # fmt: skip
    if line is not None:
        line.save(force_insert=True)


@command(needs=Permission.ACCEPT_OVERNIGHT)
def accept_overnight(*, line: OvernightLine, by: "Post", at: datetime) -> OvernightLine:
    """Take over, by name, all that happened to a child in the night of this line and before: it climbs no further.

    Raises Invalid before the night is over, since more may happen, and where somebody has taken it over already.
    """
    if at < begins_at(line.morning_on):
        raise Invalid("The night is not over. What happens until 08:00 still belongs to it: take it over then.")
    if line.accepted_at is not None:
        raise Invalid("Somebody has taken this over already. Go back to the list.")
    rows = OvernightLine.objects.filter(child=line.child_id, morning_on__lte=line.morning_on, accepted_at__isnull=True)
    taken = list(rows.values_list("pk", flat=True))
    rows.update(accepted_at=at, accepted_by=by)
    alerts = Alert.objects.filter(about_id__in=taken, acknowledged_at__isnull=True)
    alerts.update(acknowledged_at=at, acknowledged_by=by, climbs_at=None)
    line.accepted_at, line.accepted_by = at, by
    return line


@command(needs=Permission.ACKNOWLEDGE_ALERT)
def acknowledge_alert(*, alert: Alert, by: "Post", at: datetime) -> Alert:
    """Say that one has seen the alert and is acting on it: it stops climbing. A second acknowledgement changes nothing."""
    if alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by, alert.climbs_at = at, by, None
        alert.save(update_fields=["acknowledged_at", "acknowledged_by", "climbs_at"])
        _note_overnight(alert, f"{alert.get_reason_display()}: {by} is acting on it", at)
    return alert


def always_answered(alert: Alert) -> str:
    """Whom one rings at the end of the ladder, as a call about it is written down."""
    return f"{alert.authority.name[:60]}, the number that is always answered ({alert.authority.staffed_number})"


@command(needs=Permission.RECORD_CALL)
def record_call(*, alert: Alert, answer: Notice.Answer, to_post: "Post | None" = None, by: "Post", at: datetime) -> Notice:
    """Write down a telephone call about an alert: spoke with them, or rang and got no answer.

    After no answer the ladder waits no longer: tick tells its next rung within a minute. `to_post` None: the number that is always answered.
    Source: real-life.md point 5.
    """
    rung = min(alert.rung, len(LADDER) - 1)
    notice = Notice(
        child_id=alert.child_id, alert=alert, rung=rung, channel=Notice.Channel.TELEPHONE, to_post=to_post,
        to_words=str(to_post)[:120] if to_post else always_answered(alert), reference=reference_of(alert.pk),
        told_at=at, answer=answer,
        recorded_by=by,
    )  # fmt: skip
    notice.save(force_insert=True)
    _note_overnight(alert, f"{notice.to_words}: {Notice.Answer(answer).label.lower()}", at)
    if answer == Notice.Answer.NO_ANSWER and alert.acknowledged_at is None and alert.climbs_at is not None:
        alert.climbs_at = at
        alert.save(update_fields=["climbs_at"])
    return notice


@command(needs=Permission.COMPLETE_TASK)
def complete_task(*, task: Task, by: "Post", at: datetime) -> Task:
    """Tick off a task that no clock ends. Raises Invalid where a clock does: then the thing itself must be recorded."""
    if task.clock_id is not None:
        raise Invalid("This task ends by itself when what is due has been recorded. Record it on the child's page.")
    if task.name == TELL_CHILD:
        raise Invalid("Write down who told the child, and when: from the child’s page, under “Promises, and whom the child trusts”.")
    if task.state == Task.State.OPEN:
        task.state, task.ended_at, task.ended_by = Task.State.DONE, at, by
        task.save(update_fields=["state", "ended_at", "ended_by"])
    return task
