"""The child is found; the child is back. Two moments, and only the second starts the clock of the return interview."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from atlas.agencies.models import Authority, Team, TeamPurpose
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.clocks.commands import restart_clocks
from atlas.clocks.queries import in_force
from atlas.copies.commands.owing import owe_copy
from atlas.feeds.models import Row
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.commands import end_relationships, relate
from atlas.gate.policy import Kind as RelationshipKind
from atlas.gate.policy import Permission
from atlas.missing.codes import ClosedBecause
from atlas.missing.commands.copying import copy_again
from atlas.missing.commands.eighteen import ask_before_eighteen
from atlas.missing.commands.owed import move_return
from atlas.missing.commands.talk import judge_timeliness
from atlas.missing.copies import MAIN_TABLE, MISSING_EPISODE
from atlas.missing.models import Episode, ReturnCorrection, ReturnInterview
from atlas.missing.rules.away import was_overnight
from atlas.missing.rules.interview import RESPONSE_AFTERLIFE_HOURS, RETURN_INTERVIEW, STARTED_BY_RETURN
from atlas.missing.rules.steps import STEP_LIMITS
from atlas.missing.workflow import EpisodeState, InterviewState
from atlas.tasks.commands import hand_tasks, settle_alerts

if TYPE_CHECKING:
    from atlas.agencies.models import Post


HELD_ALREADY = (
    "The return interview has been held already, and this time decides whether it was held in time. "
    "Ask the child’s worker or the missing coordinator to correct it."
)


@command(needs=Permission.RECORD_FOUND)
def record_found(*, episode: Episode, found_at: Moment, words: str = "", by: "Post", at: datetime) -> Episode:
    """Record that a missing child was found. The child is not back until the return is recorded."""
    check_time(episode.last_seen, episode.reported, found_at, at, "found_at")
    take_found(episode, found_at, words)
    episode.save(update_fields=["state", "found_at", "found_precision", "found_words"])
    happened(Kind.FOUND, **what_was_found(episode, found_at))
    return episode


def take_found(episode: Episode, found_at: Moment, words: str) -> None:
    """Let the episode hold that the child was found; `save` is the caller's."""
    episode.move("record_found")
    episode.found_at, episode.found_precision, episode.found_words = found_at.at, found_at.precision, words[:300]


def what_was_found(episode: Episode, found_at: Moment) -> dict[str, Any]:
    """What the chronology says of it, as `flow` takes it."""
    return {"child": episode.child, "at": found_at, "about": episode, "words": episode.found_words, "is_historic": episode.is_historic}


@command(needs=Permission.RECORD_FOUND)
def record_lost_again(*, episode: Episode, lost_at: Moment, words: str = "", by: "Post", at: datetime) -> Episode:
    """Record that a child who was found went missing again before being back: the same episode goes on."""
    check_time(episode.last_seen, episode.reported, lost_at, at, "lost_at")
    episode.move("record_lost_again")
    episode.save(update_fields=["state"])
    happened(Kind.REPORTED_MISSING, child=episode.child, at=lost_at, about=episode, words=words[:300])
    return episode


@command(needs=Permission.RECORD_RETURN)
def record_return(
    *,
    episode: Episode,
    returned_at: Moment,
    returned_to: str = "",
    row: Row | None = None,
    is_historic: bool = False,
    by: "Post",
    at: datetime,
) -> Episode:
    """Record that a missing child is back, and start the clock for the return interview.

    Raises Invalid for a return before the report or still to come. A time that is not exact gives a band of deadlines;
    a time not known at all starts a clock without a deadline, which is shown as such.
    """
    check_time(episode.last_seen, episode.reported, returned_at, at, "returned_at")
    take_return(episode, returned_at, returned_to, at)
    episode.save()
    back = what_came_back(episode, returned_at, row, is_historic)
    entry = happened(Kind.RETURNED, **back, starts=STARTED_BY_RETURN, stops=STEP_LIMITS, answers=False)
    owe_interview(episode, returned_at, by, at, is_historic=is_historic)
    if row is None or row.table != MAIN_TABLE:  # what the main system said itself needs no copy there
        owe_copy(kind=MISSING_EPISODE, record=episode, entry=entry)
    if not is_historic:
        ask_before_eighteen(episode.child, episode, entry, at)
        gone = episode.last_seen if episode.last_seen is not None and episode.last_seen_at else episode.reported
        if was_overnight(gone, returned_at):
            happened(Kind.MISSING_OVERNIGHT, child=episode.child, at=returned_at, about=episode)
    settle_alerts(about_id=episode.pk, at=at)
    until = (returned_at.latest or at) + timedelta(hours=RESPONSE_AFTERLIFE_HOURS)
    end_relationships(source=episode, until_at=max(until, at), because="the child is back", kind=RelationshipKind.MISSING_RESPONSE)
    return episode


def take_return(episode: Episode, returned_at: Moment, returned_to: str, at: datetime) -> None:
    """Let the episode hold that the child is back; `save` is the caller's."""
    episode.move("record_return")
    episode.returned_at, episode.returned_precision, episode.returned_to = returned_at.at, returned_at.precision, returned_to[:200]
    episode.first_returned_at, episode.first_returned_precision, episode.return_recorded_at = returned_at.at, returned_at.precision, at


def what_came_back(episode: Episode, returned_at: Moment, row: Row | None, is_historic: bool) -> dict[str, Any]:
    """What the chronology says of it, as `flow` takes it."""
    return {
        "child": episode.child, "at": returned_at, "about": episode, "words": episode.returned_to, "row": row, "is_historic": is_historic,
    }  # fmt: skip


@command(needs=Permission.CORRECT_RETURN)
def correct_return(*, episode: Episode, returned_at: Moment, reason: str, by: "Post", at: datetime) -> Episode:
    """Correct the time of the return: the clock is judged again from it; the first time stays on record, and every change is listed."""
    if episode.state != EpisodeState.RETURNED:
        raise Invalid("No return has been recorded yet, so there is nothing to correct. Record the return.")
    if not reason.strip():
        raise Invalid("Say how the right time is known, for example: the carer's log.", "reason")
    check_time(episode.last_seen, episode.reported, returned_at, at, "returned_at")
    correction = ReturnCorrection(
        child=episode.child, episode=episode, responsible_authority=episode.responsible_authority, host_authority=episode.host_authority,
        from_at=episode.returned_at, from_precision=episode.returned_precision, to_at=returned_at.at, to_precision=returned_at.precision,
        reason=reason, corrected_at=at, recorded_by=by,
    )  # fmt: skip
    correction.save(force_insert=True)
    earlier = (
        Entry.objects.filter(about_id=episode.pk, kind__in=[Kind.RETURNED, Kind.RETURN_CORRECTED]).order_by("-recorded_at", "pk").first()
    )
    episode.returned_at, episode.returned_precision = returned_at.at, returned_at.precision
    episode.save(update_fields=["returned_at", "returned_precision"])
    entry = happened(Kind.RETURN_CORRECTED, child=episode.child, at=returned_at, about=episode, words=reason[:300], corrects=earlier)
    interview = ReturnInterview.objects.filter(episode=episode).select_related("episode").first()
    held = interview.held if interview is not None else None
    clocks = [clock for limit in STARTED_BY_RETURN for clock in restart_clocks(limit=limit, entry=entry, about=episode, answered=held)]
    if interview is not None:
        interview.due_at = next((clock.due_at for clock in clocks if clock.limit == RETURN_INTERVIEW.key), None)
        judge_timeliness(interview)
        copy_return(interview, episode, by)
        interview.save(
            update_fields=[
                "due_at", "timeliness", "timeliness_at_first", "returned_at", "returned_precision", "return_recorded_at", "return_team",
            ]
        )  # fmt: skip
    elif not move_return(episode, next((clock.due_at for clock in clocks if clock.limit == RETURN_INTERVIEW.key), None)):
        raise Invalid(HELD_ALREADY, "returned_at")
    copy_again(episode, entry)
    return episode


def owe_interview(episode: Episode, returned_at: Moment, by: "Post", at: datetime, *, is_historic: bool) -> None:
    """Make the interview that every return owes, due when its clock is, and give it to the team that does return interviews,
    where there is one.
    """
    interview = interview_of(episode, returned_at, by, at, is_historic=is_historic)
    team = interview_team(episode.responsible_authority)
    if team is not None and not is_historic:
        interview.team = team
        relate(kind=RelationshipKind.RETURN_INTERVIEW, because=f"return interview due, {episode.reference}", source=episode, from_at=at,
               child=episode.child, team=team)  # fmt: skip
        hand_tasks(about_id=episode.pk, post=None, team=team)
    ReturnInterview.objects.bulk_create(
        [interview], ignore_conflicts=True
    )  # it asks for nothing back: not everybody who adds it may read it


def interview_of(episode: Episode, returned_at: Moment, by: "Post", at: datetime, *, is_historic: bool) -> ReturnInterview:
    """The interview that a return owes, not yet saved; for a historic one, closed already."""
    rule, changes = in_force(RETURN_INTERVIEW, episode.child.responsible_authority_id, returned_at)
    deadline = rule.due(returned_at, changes)
    interview = ReturnInterview(
        child=episode.child, episode=episode, responsible_authority_id=episode.responsible_authority_id,
        host_authority_id=episode.host_authority_id, state=InterviewState.DUE, due_at=deadline.earliest if deadline else None,
    )  # fmt: skip
    copy_return(interview, episode, by)
    if is_historic:
        interview.state, interview.closed_because, interview.closed_at = InterviewState.CLOSED, ClosedBecause.HISTORY, at
    return interview


def copy_return(interview: ReturnInterview, episode: Episode, by: "Post") -> None:
    """Let the interview hold the episode's return too, and which team recorded it: the measures then read one table.

    A return whose time is not known at all stands where it was recorded, or it would be in no period. `save` is the caller's.
    """
    interview.returned_at = episode.returned_at or episode.return_recorded_at
    interview.returned_precision, interview.return_team = episode.returned_precision, by.team
    # When a historic return was first known is not known: when Atlas took it over says nothing of it.
    interview.return_recorded_at = None if episode.is_historic else episode.return_recorded_at


def interview_team(authority: Authority) -> Team | None:
    """The team that does return interviews for an authority; where it has none, the lead practitioner keeps the task."""
    return Team.objects.filter(agency__authorities=authority, purpose=TeamPurpose.RETURN_INTERVIEWS).order_by("name").first()


def check_time(last_seen: Moment | None, reported: Moment, moment: Moment, at: datetime, field: str) -> None:
    """Raise Invalid for a time that is still to come, or before the child went missing."""
    if moment.earliest is not None and moment.earliest > at:
        raise Invalid("This time is still to come. Check the date and the time.", field)
    first = last_seen.earliest if last_seen and last_seen.earliest else reported.earliest
    if moment.latest is not None and first is not None and moment.latest < first:
        raise Invalid("This is before the child went missing. Check the date and the time.", field)
