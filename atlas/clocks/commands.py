"""Clocks start and stop as effects of what happens; a missed one asks a person for its reason."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Model

from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.clocks.rules import MissedReason, TimeLimit
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission

if TYPE_CHECKING:
    from atlas.agencies.models import Post


def start_clock(*, limit: TimeLimit, entry: Entry, about: Model | None) -> Clock:
    """Start a clock at the moment of the entry, as an effect of the command that runs now. The deadline is stored.

    A historic entry makes a clock that is closed already.
    """
    clock = clock_of(limit=limit, entry=entry, about=about)
    clock.save(force_insert=True)
    return clock


def clock_of(*, limit: TimeLimit, entry: Entry, about: Model | None) -> Clock:
    """The clock that starts at the moment of the entry, not yet saved: for `start_clock`, and for a verb's set form."""
    moment, deadline = entry.happened, limit.due(entry.happened)
    clock = Clock(
        child_id=entry.child_id, authority_id=entry.child.responsible_authority_id, limit=limit.key, limit_version=limit.version, limit_name=limit.name, started_by=entry,
        started_at=moment.at, started_precision=moment.precision,
        due_at=deadline.earliest if deadline else None, due_latest_at=deadline.latest if deadline else None,
        why=limit.explain(moment), is_historic=entry.is_historic,
        about_label=about._meta.label if about else "", about_id=about.pk if about else None,
    )  # fmt: skip
    if entry.is_historic:  # closed at once: history owes nobody anything
        clock.outcome, clock.stopped_by, clock.stopped_at = Clock.Outcome.STOPPED, entry, entry.recorded_at
    return clock


def stop_clocks(*, limits: Iterable[TimeLimit], entry: Entry, about_ids: Iterable[UUID], is_answer: bool = True) -> list[Clock]:
    """Stop the running clocks of these limits about these records, at the moment of the entry.

    `is_answer`: the thing that was due happened, so the clock is in time, late, or not known; otherwise it is no longer needed.
    """
    running = Clock.objects.filter(
        child_id=entry.child_id, limit__in=[limit.key for limit in limits], about_id__in=list(about_ids), outcome=Clock.Outcome.RUNNING
    )
    stopped = list(running)
    for clock in stopped:
        clock.stopped_by, clock.stopped_at = entry, entry.happened_at or entry.recorded_at
        clock.outcome = outcome(clock.due_at, clock.due_latest_at, entry.happened) if is_answer else Clock.Outcome.STOPPED
        clock.save(update_fields=["stopped_by", "stopped_at", "outcome"])
    return stopped


def outcome(due_at: datetime | None, due_latest_at: datetime | None, answered: Moment) -> Clock.Outcome:
    """In time where even the latest reading of the answer is by the earliest deadline; late where even the earliest reading
    is past the latest; otherwise not known. A date-only start or answer is never called in time or late by luck.
    """
    if due_at is None or due_latest_at is None or answered.earliest is None or answered.latest is None:
        return Clock.Outcome.NOT_KNOWN
    if answered.latest <= due_at:
        return Clock.Outcome.IN_TIME
    return Clock.Outcome.LATE if answered.earliest > due_latest_at else Clock.Outcome.NOT_KNOWN


def restart_clocks(*, limit: TimeLimit, entry: Entry, about: Model) -> list[Clock]:
    """Judge this record's clocks of this limit again from a corrected start. A clock that was answered keeps its answer's moment."""
    clocks = list(Clock.objects.filter(child_id=entry.child_id, limit=limit.key, about_id=about.pk).select_related("stopped_by"))
    moment, deadline = entry.happened, limit.due(entry.happened)
    for clock in clocks:
        clock.started_by, clock.started_at, clock.started_precision = entry, moment.at, moment.precision
        clock.due_at, clock.due_latest_at = (deadline.earliest, deadline.latest) if deadline else (None, None)
        clock.why, clock.overdue_noticed_at = limit.explain(moment), None
        if clock.stopped_by is not None and clock.outcome != Clock.Outcome.STOPPED:
            clock.outcome = outcome(clock.due_at, clock.due_latest_at, clock.stopped_by.happened)
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
