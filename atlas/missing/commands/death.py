"""A child has died: whatever would still ask, remind or write stops in the transaction that records it. Source: real-life.md point 20."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision, from_iso
from atlas.clocks.commands import stop_all_clocks
from atlas.feeds.models import Row
from atlas.flow import happened, lead
from atlas.gate.act import Invalid, command
from atlas.gate.commands import end_relationships
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.missing.codes import ClosedBecause, EndedBecause
from atlas.missing.commands.talk import end_interview_access
from atlas.missing.models import Episode, ReturnInterview
from atlas.missing.rules.interview import RESPONSE_AFTERLIFE_HOURS
from atlas.missing.workflow import OPEN_EPISODE, InterviewState
from atlas.tasks.commands import end_all_work, make_task

if TYPE_CHECKING:
    from atlas.agencies.models import Post

DIED = "The child has died"
LOOK_AGAIN = "The main system no longer says that this child has died: look at what was stopped"


@command(needs=Permission.RECORD_DEATH)
def record_death(*, child: Child, died_on: date, row: Row | None = None, is_historic: bool = False, by: "Post", at: datetime) -> Child:
    """Record that a child has died, as the main case system says, and stop all that was to come: every clock, unanswered; every open task;
    every alert; a missing episode; each return interview that is not closed. Links to people without an account, texts and webhooks about the
    child stand still from the same transaction on, since they ask whether the child lives. Nothing is deleted; the entry says why.

    The same day again changes nothing; another day corrects the first. Raises Invalid for a day to come.
    """
    person = child.person
    if person.died_on == died_on:
        return child
    if died_on > day_of(at):
        raise Invalid("The day of death is still to come. Ask the main system's team to put it right.")
    is_first = person.died_on is None
    person.died_on = died_on
    person.save(update_fields=["died_on"])
    words = (
        "From the main case system. Clocks, tasks, alerts and interviews have ended."
        if is_first
        else "The main case system corrected the day."
    )
    entry = happened(Kind.DIED, child=child, at=from_iso(died_on.isoformat()), words=words, row=row, is_historic=is_historic)
    if is_first:
        _end_missing(child, entry, at)
        stop_all_clocks(entry=entry)
        end_all_work(child_id=child.pk, at=at)
    return child


def _end_missing(child: Child, entry: Entry, at: datetime) -> None:
    for episode in Episode.objects.filter(child=child, state__in=OPEN_EPISODE):
        episode.move("end_episode")
        episode.ended_because, episode.ended_at = EndedBecause.DIED, at
        episode.save(update_fields=["state", "ended_because", "ended_at"])
        end_relationships(source=episode, until_at=at + timedelta(hours=RESPONSE_AFTERLIFE_HOURS), because=DIED)
    for interview in ReturnInterview.objects.filter(child=child).exclude(state=InterviewState.CLOSED).select_related("episode"):
        interview.move("close_interview")
        interview.closed_at, interview.closed_because, interview.closed_reason = at, ClosedBecause.DIED, entry.words
        interview.save(update_fields=["state", "closed_at", "closed_because", "closed_reason"])
        end_interview_access(interview, at)


@command(needs=Permission.RECORD_DEATH)
def take_back_death(*, child: Child, by: "Post", at: datetime) -> Child:
    """Record that the main case system no longer says that a child has died. Nothing begins again by itself: whoever works with the child is
    asked to look at what was stopped.
    """
    if child.person.died_on is None:
        return child
    child.person.died_on = None
    child.person.save(update_fields=["died_on"])
    entry = happened(Kind.DEATH_TAKEN_BACK, child=child, at=Moment(at, Precision.MINUTE), words="From the main case system")
    post, team = lead(child, at)
    make_task(name=LOOK_AGAIN, entry=entry, about=None, post=post, team=team)
    return child
