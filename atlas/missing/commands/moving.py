"""What is open of a missing child goes to another authority, as a part of the command that runs now. `transfers` calls it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from atlas.agencies.models import Authority
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision
from atlas.flow import happened
from atlas.gate.commands import end_relationships, relate
from atlas.gate.days import day_of
from atlas.gate.policy import Kind as RelationshipKind
from atlas.missing.codes import ClosedBecause, EndedBecause
from atlas.missing.commands.back import interview_team
from atlas.missing.commands.placed_in import NoticeOf, close_notice, hold_notice
from atlas.missing.commands.report import open_to_response
from atlas.missing.commands.talk import end_interview_access
from atlas.missing.models import Episode, PlacedInNotice, ReturnInterview
from atlas.missing.rules.interview import RESPONSE_AFTERLIFE_HOURS, STARTED_BY_RETURN
from atlas.missing.workflow import InterviewState
from atlas.tasks.commands import hand_tasks

if TYPE_CHECKING:
    from atlas.agencies.models import Post

MOVED = "The duty moved to another authority"


def move_episode(episode: Episode, responsible: Authority, host: Authority, at: datetime) -> None:
    """An open episode goes on under the authority that is responsible now: its response teams see the child, those of the one before no more."""
    episode.responsible_authority, episode.host_authority = responsible, host
    episode.save(update_fields=["responsible_authority", "host_authority"])
    end_relationships(source=episode, until_at=at, because=MOVED, kind=RelationshipKind.MISSING_RESPONSE)
    open_to_response(episode, at)


def end_here(episode: Episode, at: datetime) -> None:
    """An open episode of a child for whom nobody here answers any more ends here; it goes on where the child is."""
    episode.move("end_episode")
    episode.ended_because, episode.ended_at = EndedBecause.MOVED, at
    episode.save(update_fields=["state", "ended_because", "ended_at"])
    end_relationships(source=episode, until_at=at + timedelta(hours=RESPONSE_AFTERLIFE_HOURS), because=MOVED)


def move_interview(interview: ReturnInterview, responsible: Authority, host: Authority, at: datetime, *, leaves_atlas: bool) -> None:
    """An interview that is owed is owed by the authority that is responsible now. A meeting that is arranged stands, with whoever arranged it.

    `leaves_atlas`: nobody here answers for the child any more, so it is closed here.
    """
    if leaves_atlas:
        interview.move("close_interview")
        interview.closed_at, interview.closed_because, interview.closed_reason = at, ClosedBecause.MOVED, MOVED
        interview.save(update_fields=["state", "closed_at", "closed_because", "closed_reason"])
        happened(
            Kind.INTERVIEW_CLOSED, child=interview.child, at=Moment(at, Precision.MINUTE), about=interview, words=MOVED,
            stops=STARTED_BY_RETURN, stops_about=[interview.episode], answers=False,
        )  # fmt: skip
        end_interview_access(interview, at)
        return
    interview.responsible_authority, interview.host_authority = responsible, host
    if interview.state != InterviewState.BOOKED:
        interview.interviewer, interview.team = None, interview_team(responsible) or interview_team(host)
        end_relationships(source=interview.episode, until_at=at, because=MOVED, kind=RelationshipKind.RETURN_INTERVIEW)
        if interview.team is not None:
            relate(kind=RelationshipKind.RETURN_INTERVIEW, because=f"return interview due, {interview.episode.reference}", source=interview.episode,
                   from_at=at, child=interview.child, team=interview.team)  # fmt: skip
            hand_tasks(about_id=interview.episode_id, post=None, team=interview.team)
    interview.save(update_fields=["responsible_authority", "host_authority", "interviewer", "team"])


def hand_placed_in(child: Child, by: "Post", at: datetime) -> None:
    """The placed-in register follows: a notice of the authority before ends; where the child lives in another authority than the one that is
    responsible now, a notice of that one begins.
    """
    for notice in PlacedInNotice.objects.filter(child=child, ended_on__isnull=True).select_related("child"):
        close_notice(notice, day_of(at), f"{child.responsible_authority} is responsible from today", at)
    if child.host_authority_id == child.responsible_authority_id:
        return
    responsible = child.responsible_authority
    notice = NoticeOf(day_of(at), day_of(at), worker_name=f"{responsible} front door", worker_telephone=responsible.front_door_number,
                      out_of_hours_telephone=responsible.staffed_number, risk_told="")  # fmt: skip
    hold_notice(child, responsible, notice, by, at)
