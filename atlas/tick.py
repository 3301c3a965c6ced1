"""Tick: what follows with time. Overdue clocks raise alerts; alerts that nobody has acknowledged climb their ladder; what nobody took over in
the morning becomes an alert; accounts that nobody uses are suspended; what somebody who has left still owns, or is shut out of by a conflict of
interest, goes to the manager.

Runs every minute, under its own login and as a named service post. Safe to run twice at once and after an outage: it looks
for what is due by a stored moment, takes each row once (skipping what another run holds), and moves it on in the same
transaction as what it writes. A run that dies leaves nothing half done, and the next takes up what was left.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

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
    from atlas.agencies.models import Post

BATCH = 500


@dataclass
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


def tick(*, by: "Post", at: datetime) -> Ticked:
    """Do everything that is due by `at`, in batches, until nothing is left. Returns what was done."""
    done = Ticked()
    while batch := _overdue(by, at):
        done.overdue += batch
    with acting_as(by, at):  # before the ladder is climbed: an alert of which a message has not left goes on to the next person at once
        shelf = keep_shelf(at)
        done.shelved, done.taken_up = tell_of_shelf(shelf, at), shelf.taken_up
    with acting_as(by, at):  # before the ladder is climbed: it asks whose an alert is
        done.given_on, done.declarations = give_on(at), tell_managers(at)
    done.not_taken_over = climb_overnight(by=by, at=at)
    while climbed := _climb(by, at, done):
        done.climbed += climbed
    done.break_glass = tell_of_break_glasses(by=by, at=at)
    done.allegations = pass_on_allegations(by=by, at=at)
    done.contacts = tell_of_contacts(by=by, at=at)
    done.actions_chased = chase_actions(by=by, at=at)
    done.challenges = climb_challenges(by=by, at=at)
    done.dormant = suspend_dormant(at)
    done.odd_looks = find_odd_looks(by=by, at=at)
    done.retention_runs, done.erased = select_daily(by=by, at=at), erase_due(by=by, at=at)
    with acting_as(by, at):
        done.drafts = forget_drafts(at)
        done.exports, done.return_checks = forget_exports(at), forget_return_checks(at)
        done.silent_notices = forget_silent_notices(at)
        done.people_of_concern, done.places, done.links = forget_people_of_concern(at), forget_places(at), forget_links(at)
        done.handed_over = sum(hand_over(post) for post in leavers())
        done.asked, done.suggestions = ask_declarations(at), suggest_blocks(at)
        done.near_eighteen = ask_who_goes_on(at)
        done.plans_asked = ask_of_plans(at)
        done.measures_ending = ask_what_comes_after(at)
    return done


def _overdue(by: "Post", at: datetime) -> int:
    with acting_as(by, at):
        late = Clock.objects.filter(outcome=Clock.Outcome.RUNNING, overdue_noticed_at__isnull=True, due_latest_at__lt=at, is_historic=False)
        clocks = list(late.order_by("due_latest_at").select_for_update(skip_locked=True)[:BATCH])
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


def _climb(by: "Post", at: datetime, done: Ticked) -> int:
    with acting_as(by, at):
        due = Alert.objects.filter(acknowledged_at__isnull=True, climbs_at__lte=at)
        alerts = list(due.order_by("climbs_at").select_for_update(skip_locked=True, of=("self",)).select_related("authority")[:BATCH])
        for alert in alerts:
            done.notices += _tell(alert, at)
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
