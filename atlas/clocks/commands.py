"""Clocks start and stop as effects of what happens; a missed one asks a person for its reason. Limits and holidays are set here."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Model, Q

from atlas.agencies.models import Authority
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision, day_words
from atlas.clocks.calendar import ALWAYS_OFF, FIRST_YEAR, LAST_YEAR, bank_holidays, named_bank_holidays
from atlas.clocks.models import BankHolidayChange, Clock, LocalLimit
from atlas.clocks.queries import bank_holidays_changed, in_force, own_authorities, time_limits
from atlas.clocks.rules import AMOUNTS, MOST_LOCALLY, MissedReason, Rank, TimeLimit, is_allowed_locally, most_allowed
from atlas.gate.act import Invalid, command
from atlas.gate.days import day_of
from atlas.gate.policy import Permission

if TYPE_CHECKING:
    from atlas.agencies.models import Post


def start_clock(*, limit: TimeLimit, entry: Entry, about: Model | None, since: Moment | None = None) -> Clock:
    """Start a clock at the moment of the entry (or `since` another), as an effect of the command that runs now. The deadline is stored.

    Judged by the limit of the responsible authority where it has set one of its own. A historic entry makes a clock that is
    closed already.
    """
    clock = clock_of(limit=limit, entry=entry, about=about, since=since)
    clock.save(force_insert=True)
    return clock


def clock_of(*, limit: TimeLimit, entry: Entry, about: Model | None, since: Moment | None = None) -> Clock:
    """The clock that starts at the moment of the entry, not yet saved: for `start_clock`, and for a verb's set form."""
    clock = Clock(
        child_id=entry.child_id, authority_id=entry.child.responsible_authority_id, started_by=entry, is_historic=entry.is_historic,
        about_label=about._meta.label if about else "", about_id=about.pk if about else None,
    )  # fmt: skip
    rule = _judge(clock, limit, since or entry.happened)
    clock.limit, clock.limit_name = rule.key, rule.name
    if entry.is_historic:  # closed at once: history owes nobody anything
        clock.outcome, clock.stopped_by, clock.stopped_at = Clock.Outcome.STOPPED, entry, entry.recorded_at
    return clock


def clock_after(clock: Clock, limit: TimeLimit) -> Clock:
    """The clock of another limit that counts from the same start as one that is there, not yet saved: the next of several steps."""
    after = Clock(
        child_id=clock.child_id, authority_id=clock.authority_id, started_by_id=clock.started_by_id, about_label=clock.about_label,
        about_id=clock.about_id,
    )  # fmt: skip
    rule = _judge(after, limit, Moment(clock.started_at, Precision(clock.started_precision)))
    after.limit, after.limit_name = rule.key, rule.name
    return after


def _judge(clock: Clock, limit: TimeLimit, start: Moment) -> TimeLimit:
    """Let a clock count from this start, by the limit that is in force then for its authority. Gives that limit."""
    rule, changes = in_force(limit, clock.authority_id, start)
    deadline = rule.due(start, changes)
    clock.started_at, clock.started_precision = start.at, start.precision
    clock.due_at, clock.due_latest_at = (deadline.earliest, deadline.latest) if deadline else (None, None)
    clock.limit_version, clock.why = rule.version, rule.explain(start, changes)
    return rule


def stop_clocks(*, limits: Iterable[TimeLimit], entry: Entry, about_ids: Iterable[UUID] | None, is_answer: bool = True) -> list[Clock]:
    """Stop the running clocks of these limits about these records (None: about whatever of the child), at the moment of the entry.

    `is_answer`: the thing that was due happened, so the clock is in time, late, or not known; otherwise it is no longer needed.
    """
    running = Clock.objects.filter(child_id=entry.child_id, limit__in=[limit.key for limit in limits], outcome=Clock.Outcome.RUNNING)
    stopped = list(running if about_ids is None else running.filter(about_id__in=list(about_ids)))
    for clock in stopped:
        clock.stopped_by, clock.stopped_at = entry, entry.happened_at or entry.recorded_at
        clock.outcome = outcome(clock.due_at, clock.due_latest_at, entry.happened) if is_answer else Clock.Outcome.STOPPED
        clock.save(update_fields=["stopped_by", "stopped_at", "outcome"])
    return stopped


def stop_all_clocks(*, entry: Entry) -> int:
    """Stop every running clock of a child, unanswered: nothing that was due is needed any more. Returns how many."""
    running = Clock.objects.filter(child_id=entry.child_id, outcome=Clock.Outcome.RUNNING)
    return running.update(outcome=Clock.Outcome.STOPPED, stopped_by=entry, stopped_at=entry.recorded_at)


def outcome(due_at: datetime | None, due_latest_at: datetime | None, answered: Moment) -> Clock.Outcome:
    """In time where even the latest reading of the answer is by the earliest deadline; late where even the earliest reading
    is past the latest; otherwise not known. A date-only start or answer is never called in time or late by luck.
    """
    if due_at is None or due_latest_at is None or answered.earliest is None or answered.latest is None:
        return Clock.Outcome.NOT_KNOWN
    if answered.latest <= due_at:
        return Clock.Outcome.IN_TIME
    return Clock.Outcome.LATE if answered.earliest > due_latest_at else Clock.Outcome.NOT_KNOWN


def restart_clocks(*, limit: TimeLimit, entry: Entry, about: Model, answered: Moment | None = None) -> list[Clock]:
    """Judge this record's clocks of this limit again from a corrected start, by the rule in force on its day. A clock that was
    answered keeps its answer's moment; `answered`: that moment, for whoever corrects and does not read the entry that says so.
    """
    clocks = list(Clock.objects.filter(child_id=entry.child_id, limit=limit.key, about_id=about.pk).select_related("stopped_by"))
    for clock in clocks:
        _judge(clock, limit, entry.happened)
        clock.started_by, clock.overdue_noticed_at = entry, None
        moment = clock.stopped_by.happened if clock.stopped_by is not None else answered
        if clock.stopped_by_id is not None and moment is not None and clock.outcome != Clock.Outcome.STOPPED:
            clock.outcome = outcome(clock.due_at, clock.due_latest_at, moment)
        clock.save()
    return clocks


@command(needs=Permission.GIVE_MISSED_REASON)
def give_missed_reason(*, clock: Clock, reason: MissedReason, words: str = "", by: "Post", at: datetime) -> Clock:
    """Say why a time limit was missed. Raises Invalid for a clock that is not late."""
    if not clock.is_late(at):
        raise Invalid("This time limit has not been missed, so it needs no reason.")
    clock.missed_reason, clock.missed_words = reason, words
    clock.save(update_fields=["missed_reason", "missed_words"])
    return clock


@command(needs=Permission.SET_LOCAL_LIMIT)
def set_local_limit(
    *, authority: Authority, limit: str, count: int, unit: str, source: str, valid_from: date, valid_until: date | None = None,
    by: "Post", at: datetime,
) -> LocalLimit:  # fmt: skip
    """Set an authority's own limit for the time limit of this key, from a day on (until a day, that day included, where given).

    `count` of a `unit` (a key of AMOUNTS). It ends the one before; one not begun by then never comes into force. Raises Invalid
    for an authority that is not the post's own; for a first day before tomorrow, since what has started keeps the rule that
    judged it; and for a limit looser than the national one. An Atlas default (rank local) may be set to any amount, since no
    law or guidance stands behind it.
    """
    if not own_authorities(by).filter(pk=authority.pk).exists():
        raise Invalid(f"Only the council that answers for {authority} sets its time limits. Ask its head of service.", "authority")
    if (tomorrow := day_of(at) + timedelta(days=1)) > valid_from:
        raise Invalid(f"A clock keeps the limit that it started with, so a new one begins on {day_words(tomorrow)} or later.", "valid_from")
    if valid_until is not None and valid_until < valid_from:
        raise Invalid("The last day is before the first. Check both days.", "valid_until")
    if not source.strip():
        raise Invalid("Write who decided it and when, for example: Fernleigh protocol, June 2026.", "source")
    _check_amount(count, unit, [one for one in time_limits() if one.key == limit], valid_from, valid_until)
    Authority.objects.select_for_update().get(pk=authority.pk)  # two at once: one after the other
    stands = Q(valid_until__isnull=True) | Q(valid_until__gte=valid_from)
    for before in LocalLimit.objects.filter(stands, authority=authority, limit=limit):
        before.valid_until = max(valid_from, before.valid_from) - timedelta(days=1)
        before.save(update_fields=["valid_until"])
    row = LocalLimit(
        authority=authority, limit=limit, count=count, unit=unit, source=source.strip(), valid_from=valid_from, valid_until=valid_until,
        set_by=by, set_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def _check_amount(count: int, unit: str, versions: Iterable[TimeLimit], valid_from: date, valid_until: date | None) -> None:
    """Against every version of the limit that is in force while the local one would be."""
    if unit not in AMOUNTS or not 1 <= count <= MOST_LOCALLY:
        raise Invalid(f"Set 1 to {MOST_LOCALLY}, counted in {', '.join(f'{name}s' for name in AMOUNTS)}.", "count")
    beside = [one for one in versions if one.holds_on(valid_from) or (valid_from < one.valid_from <= (valid_until or one.valid_from))]
    if not beside:
        raise Invalid("There is no such time limit on that day. Choose one of the list, and check the day.", "valid_from")
    for national in beside:
        if national.rank is Rank.LOCAL or is_allowed_locally(replace(national, allowed=AMOUNTS[unit](count)), national):
            continue
        most, all_of_it = most_allowed(unit, national), national.allowed.words
        may = f"Set {AMOUNTS[unit](most).words} or less." if most else f"No number of {unit}s always ends by then: set {all_of_it} or less."
        raise Invalid(
            f"The national limit is {all_of_it} ({national.rank}: {national.source}). A local one cannot be looser. {may}", "count"
        )


@command(needs=Permission.CHANGE_BANK_HOLIDAY)
def change_bank_holiday(*, day: date, is_holiday: bool, name: str, source: str, by: "Post", at: datetime) -> BankHolidayChange:
    """Record that a day was proclaimed a bank holiday of England, or is one no longer.

    What starts from now on is judged by it. A clock that runs already keeps its deadline and its words (ADR 11): it was
    promised to somebody, and its words say which days were not counted. Raises Invalid where the change changes nothing.
    """
    if not own_authorities(by).exists():
        raise Invalid("Only a council changes bank holidays here. Ask its head of service.")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid(f"The calendar holds the years {FIRST_YEAR} to {LAST_YEAR}. Check the year.", "day")
    if day.weekday() >= 5:
        raise Invalid(f"{day_words(day)} is a {day:%A}, which is no working day anyway. Give the day that is not worked instead.", "day")
    if not is_holiday and named_bank_holidays().get(day) in ALWAYS_OFF:
        raise Invalid(f"{day_words(day)} is {named_bank_holidays()[day]}, which is never a working day in law.", "day")
    if (day in bank_holidays(bank_holidays_changed())) == is_holiday:
        raise Invalid(f"{day_words(day)} is {'a bank holiday' if is_holiday else 'a working day'} already.", "day")
    for text, field, words in ((name, "name", "what the day is called"), (source, "source", "where it was published")):
        if not text.strip():
            raise Invalid(f"Write {words}.", field)
    change = BankHolidayChange(
        day=day, is_holiday=is_holiday, name=name.strip(), source=source.strip(), changed_by=by, changed_at=at
    )  # fmt: skip
    change.save(force_insert=True)
    return change
