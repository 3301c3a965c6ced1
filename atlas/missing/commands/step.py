"""The steps while a child is missing: one clock runs at a time, and the next begins when a step is done, or late."""

from datetime import datetime
from typing import TYPE_CHECKING

from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision
from atlas.clocks.commands import clock_after, start_clock
from atlas.clocks.models import Clock
from atlas.clocks.queries import bank_holidays_changed, in_force
from atlas.flow import happened, lead
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.missing.codes import CouncilStatus
from atlas.missing.models import Episode, StepTaken
from atlas.missing.rules.repeats import DUTY
from atlas.missing.rules.steps import STEP, Step, steps_for
from atlas.missing.whose import owner_of, response_team
from atlas.tasks.commands import make_task

if TYPE_CHECKING:
    from atlas.agencies.models import Post


@command(needs=Permission.TAKE_STEP)
def take_step(*, episode: Episode, step: str, taken_at: datetime | None = None, words: str = "", by: "Post", at: datetime) -> StepTaken:
    """Say that a step of the timetable is done, by whom and when: its clock stops, and the next step's begins.

    `step`: its key; `taken_at`: now, where not said. Raises Invalid for a time to come or before the report, and where the step asks for words.
    """
    when, found = taken_at or at, STEP.get(step)
    if found is None and step in DUTY:
        return _take_duty(episode, step, when, words, by, at)
    if found is None:
        raise Invalid("There is no such step. Open the episode again and choose one of its steps.")
    if when > at:
        raise Invalid("This time is still to come. Check the date and the time.", "taken_at")
    if episode.reported.earliest is not None and when < episode.reported.earliest:
        raise Invalid("This is before the child was reported missing. Check the date and the time.", "taken_at")
    if found.needs_words and not words.strip():
        raise Invalid(found.needs_words, "words")
    taken = StepTaken(
        child=episode.child, episode=episode, step=found.key, step_name=found.limit.name, taken_at=when, words=words.strip(), recorded_by=by
    )
    taken.save(force_insert=True)
    entry = happened(
        Kind.STEP_TAKEN, child=episode.child, at=Moment(when, Precision.MINUTE), about=episode, words=found.limit.name, stops=[found.limit]
    )
    begin_next(episode, entry, at)
    return taken


def _take_duty(episode: Episode, duty: str, when: datetime, words: str, by: "Post", at: datetime) -> StepTaken:
    """Say that a standing duty for a looked-after child was seen to. It has no clock here."""
    if when > at:
        raise Invalid("This time is still to come. Check the date and the time.", "taken_at")
    taken = StepTaken(
        child=episode.child, episode=episode, step=duty, step_name=DUTY[duty][:120], taken_at=when, words=words.strip(), recorded_by=by
    )
    taken.save(force_insert=True)
    happened(Kind.STEP_TAKEN, child=episode.child, at=Moment(when, Precision.MINUTE), about=episode, words=DUTY[duty])
    return taken


def begin_next(episode: Episode, entry: Entry, at: datetime) -> Clock | None:
    """Start the clock of the next step that is not done and still to come, with a task for whoever answers for it, as an effect of the command
    that runs now. None where one runs already, where the child is not missing any more, or where nothing is still to come.
    """
    begun = list(Clock.objects.filter(about_id=episode.pk, limit__in=STEP).order_by("due_at"))
    is_known = episode.council_status in {CouncilStatus.AWAY, CouncilStatus.NOT_MISSING}
    if (
        is_known
        or not episode.is_open
        or episode.is_historic
        or any(clock.outcome == Clock.Outcome.RUNNING and not clock.is_late(at) for clock in begun)
    ):
        return None
    done = set(StepTaken.objects.filter(episode=episode).values_list("step", flat=True)) | {
        clock.limit for clock in begun if clock.is_late(at)
    }
    step = next_step(episode.reported, episode.child.responsible_authority_id, done, at)
    if step is None:
        return None
    clock = clock_after(begun[-1], step.limit) if begun else start_clock(limit=step.limit, entry=entry, about=episode)
    if begun:
        clock.save(force_insert=True)
    post, team = owner_of(step, episode.child_id, *lead(episode.child, at), response_team(episode.responsible_authority), at)
    make_task(name=step.limit.name, entry=entry, about=episode, clock=clock, post=post, team=team)
    return clock


def next_step(reported: Moment, authority_id: object, done: set[str], at: datetime) -> Step | None:
    """The first step that is neither done nor past: what is past is shown as late on the episode's page, and is not alerted all at once."""
    if reported.at is None:
        return None
    due: list[tuple[datetime, Step]] = []
    for step in steps_for(reported.at, bank_holidays_changed()):
        rule, changes = in_force(step.limit, authority_id, reported)  # type: ignore[arg-type]
        deadline = rule.due(reported, changes)
        if step.key not in done and deadline is not None and deadline.latest > at:
            due.append((deadline.earliest, step))
    return min(due, key=lambda one: one[0])[1] if due else None
