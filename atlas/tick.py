"""Tick: what follows with time. Overdue clocks raise alerts; alerts that nobody has acknowledged climb their ladder; what nobody took over in
the morning becomes an alert; accounts that nobody uses are suspended; what somebody who has left still owns, or is shut out of by a conflict of
interest, goes to the manager.

Runs every minute, under its own login and as a named service post. Safe to run twice at once and after an outage: it looks
for what is due by a stored moment, takes each row once (skipping what another run holds), and moves it on in the same
transaction as what it writes. A run that dies leaves nothing half done, and the next takes up what was left.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from atlas.accounts.record import suspend_dormant
from atlas.agencies.commands import hand_over
from atlas.agencies.queries import leavers
from atlas.allegations.overdue import pass_on_allegations
from atlas.audit.finding import find_odd_looks
from atlas.break_glass.overdue import tell_of_break_glasses
from atlas.clocks.models import Clock
from atlas.clocks.queries import bank_holidays_changed, in_working_days
from atlas.connections.ending import forget_people_of_concern
from atlas.connections.finding import ask_declarations, suggest_blocks
from atlas.contacts.overdue import tell_of_contacts
from atlas.desk.ending import forget_silent_notices
from atlas.exploitation.commands.ending import ask_what_comes_after
from atlas.gate.context import acting_as
from atlas.gate.drafts import forget_drafts
from atlas.meetings.overdue import chase_actions, climb_challenges
from atlas.missing.commands.eighteen import ask_who_goes_on
from atlas.missing.overdue import begin_next_steps
from atlas.network.ending import forget_links
from atlas.places.ending import forget_places
from atlas.plans.overdue import ask_of_plans
from atlas.retention.ending import erase_due, select_daily
from atlas.returns.ending import forget_return_checks
from atlas.running.shelf import keep_shelf
from atlas.sharing.exports.ending import forget_exports
from atlas.tasks.handover import give_on, tell_managers
from atlas.tasks.models import Alert, Notice, Task
from atlas.tasks.notices import tell_rung
from atlas.tasks.overnight import climb_overnight, note_missed
from atlas.tasks.rules import LADDER, begins_at, morning_of
from atlas.tasks.shelved import tell_of_shelf

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from atlas.agencies.models import Post

BATCH = 500
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Ticked:
    """What one run did."""

    overdue: int = 0
    climbed: int = 0
    not_taken_over: int = 0
    notices: int = 0
    dormant: int = 0
    odd_looks: int = 0
    drafts: int = 0
    exports: int = 0
    return_checks: int = 0
    silent_notices: int = 0
    people_of_concern: int = 0
    places: int = 0
    links: int = 0
    handed_over: int = 0
    given_on: int = 0
    declarations: int = 0
    asked: int = 0
    suggestions: int = 0
    near_eighteen: int = 0
    plans_asked: int = 0
    measures_ending: int = 0
    break_glass: int = 0
    allegations: int = 0
    contacts: int = 0
    actions_chased: int = 0
    challenges: int = 0
    retention_runs: int = 0
    erased: int = 0
    shelved: int = 0
    taken_up: int = 0


Step = Callable[["Post", datetime, Ticked], None]


def tick(*, by: "Post", at: datetime) -> Ticked:
    """Do everything that is due by `at`, in batches, until nothing is left. Returns what was done.

    A step that fails stops no other: what raises and climbs alerts is not to hang on what forgets drafts. Raises an ExceptionGroup of what failed, at the end.
    """
    done, failed = Ticked(), list[Exception]()
    for step in STEPS:
        try:
            step(by, at, done)
        except Exception as problem:
            log.exception("A step of tick failed; the others go on")
            failed.append(problem)
    if failed:
        raise ExceptionGroup(f"{len(failed)} of {len(STEPS)} steps of tick failed", failed)
    return done


def _raise_alerts(by: "Post", at: datetime, done: Ticked) -> None:
    """For every clock that is overdue; where a batch fails, one by one, so that the others' alerts are raised."""
    stuck: list[UUID] = []
    while clocks := _overdue(by, at, stuck):
        aside = len(stuck)
        try:
            taken = _notice(by, at, clocks)
        except Exception:
            taken = sum(_alone(partial(_notice, by, at, [clock]), clock, stuck) for clock in clocks)
        done.overdue += taken
        if not taken and len(stuck) == aside:  # another run holds them
            break
    _say_stuck(stuck, "clocks")


def _keep_shelf(by: "Post", at: datetime, done: Ticked) -> None:
    with acting_as(by, at):
        shelf = keep_shelf(at)
        done.shelved, done.taken_up = tell_of_shelf(shelf, at), shelf.taken_up


def _climb_ladders(by: "Post", at: datetime, done: Ticked) -> None:
    stuck: list[UUID] = []
    while climbed := _climb(by, at, done, stuck):
        done.climbed += climbed
    done.climbed -= len(stuck)
    _say_stuck(stuck, "alerts")


def _alone(does: Callable[[], int], which: UUID, stuck: list[UUID]) -> int:
    """What it comes to; where it fails, nothing, and the one is put aside for this run."""
    try:
        return does()
    except Exception:
        log.exception("One clock or alert failed; the others go on")
        stuck.append(which)
        return 0


def _say_stuck(stuck: list[UUID], what: str) -> None:
    if stuck:
        raise RuntimeError(f"{len(stuck)} {what} could not go on")


def _overdue(by: "Post", at: datetime, stuck: list[UUID]) -> list[UUID]:
    with acting_as(by, at):
        return list(_late(at).exclude(pk__in=stuck).order_by("due_latest_at", "pk").values_list("pk", flat=True)[:BATCH])


def _late(at: datetime) -> "QuerySet[Clock]":
    return Clock.objects.filter(outcome=Clock.Outcome.RUNNING, overdue_noticed_at__isnull=True, due_latest_at__lt=at, is_historic=False)


def _notice(by: "Post", at: datetime, wanted: list[UUID]) -> int:
    with acting_as(by, at):
        clocks = list(_late(at).filter(pk__in=wanted).order_by("due_latest_at", "pk").select_for_update(skip_locked=True))
        owners = {task.clock_id: task for task in Task.objects.filter(clock__in=clocks, state=Task.State.OPEN)}
        Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).update(overdue_noticed_at=at)
        alerts = [_alert(clock, owners.get(clock.pk), at) for clock in clocks]
        Alert.objects.bulk_create(alerts, ignore_conflicts=True)
        note_missed(zip(clocks, alerts, strict=True), at)
        begin_next_steps(clocks, at)
    return len(clocks)


def _alert(clock: Clock, task: Task | None, at: datetime) -> Alert:
    return Alert(
        child_id=clock.child_id, reason=Alert.Reason.CLOCK_MISSED, entry_id=clock.started_by_id, task=task, authority_id=clock.authority_id,
        owner_post_id=task.owner_post_id if task else None, owner_team_id=task.owner_team_id if task else None, raised_at=at,
        climbs_at=_told_from(clock, at), about_label=clock.about_label, about_id=clock.about_id,
    )  # fmt: skip


def _told_from(clock: Clock, at: datetime) -> datetime:
    """From when people are told that a time limit passed: at once; where it counts in working days and passes at night, when the next begins."""
    morning = morning_of(at, bank_holidays_changed()) if clock.limit in in_working_days() else None
    return begins_at(morning) if morning else at


def _climb(by: "Post", at: datetime, done: Ticked, stuck: list[UUID]) -> int:
    with acting_as(by, at):
        due = Alert.objects.filter(acknowledged_at__isnull=True, climbs_at__lte=at).exclude(pk__in=stuck)
        alerts = list(due.order_by("climbs_at").select_for_update(skip_locked=True, of=("self",)).select_related("authority")[:BATCH])
        for alert in alerts:
            done.notices += _alone(transaction.atomic(partial(_tell, alert, at)), alert.pk, stuck)
    return len(alerts)


def _tell(alert: Alert, at: datetime) -> int:
    """Tell the rung that is due; one where nobody stands is climbed past at once. The last rung is a telephone number on the screen."""
    told: list[Notice] = []
    rung = alert.rung
    while rung < len(LADDER):
        told = tell_rung(alert, rung, at)
        wait = LADDER[rung].wait
        rung += 1
        if told or wait is None:
            break
    alert.rung, alert.climbs_at = rung, None if rung >= len(LADDER) else at + (LADDER[rung - 1].wait or timedelta(0))
    alert.save(update_fields=["rung", "climbs_at"])
    return len(told)


def _counted(name: str, does: Callable[..., int]) -> Step:
    """A step that acts by itself."""

    def step(by: "Post", at: datetime, done: Ticked) -> None:
        setattr(done, name, does(by=by, at=at))

    return step


def _as_tick(name: str, does: Callable[[datetime], int]) -> Step:
    """A step in a transaction of its own, in which tick acts."""

    def step(by: "Post", at: datetime, done: Ticked) -> None:
        with acting_as(by, at):
            setattr(done, name, does(at))

    return step


STEPS: tuple[Step, ...] = (
    _raise_alerts,
    _keep_shelf,  # before ladders are climbed: an alert of which a message has not left goes on to the next person at once
    _as_tick("given_on", give_on), _as_tick("declarations", tell_managers),  # before, too: they ask whose an alert is
    _counted("not_taken_over", climb_overnight),
    _climb_ladders,
    _counted("break_glass", tell_of_break_glasses), _counted("allegations", pass_on_allegations), _counted("contacts", tell_of_contacts),
    _counted("actions_chased", chase_actions), _counted("challenges", climb_challenges),
    _counted("dormant", lambda by, at: suspend_dormant(at)), _counted("odd_looks", find_odd_looks),
    _counted("retention_runs", select_daily), _counted("erased", erase_due),
    _as_tick("drafts", forget_drafts), _as_tick("exports", forget_exports), _as_tick("return_checks", forget_return_checks),
    _as_tick("silent_notices", forget_silent_notices), _as_tick("people_of_concern", forget_people_of_concern), _as_tick("places", forget_places),
    _as_tick("links", forget_links), _as_tick("handed_over", lambda at: sum(hand_over(post) for post in leavers())),
    _as_tick("asked", ask_declarations), _as_tick("suggestions", suggest_blocks), _as_tick("near_eighteen", ask_who_goes_on),
    _as_tick("plans_asked", ask_of_plans), _as_tick("measures_ending", ask_what_comes_after),
)  # fmt: skip
