"""The authority that is responsible for a child who was missing from here is asked, by a link and a code, whether it holds the interview it owes."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Model

from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision
from atlas.clocks.models import Clock
from atlas.design.words import when
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.commands import relate
from atlas.gate.policy import Kind as RelationshipKind
from atlas.gate.policy import Permission, Purpose
from atlas.missing.codes import ClosedBecause
from atlas.missing.commands.back import interview_team
from atlas.missing.commands.talk import end_interview_access
from atlas.missing.models import ReturnInterview
from atlas.missing.queries.responsible import asked_of
from atlas.missing.rules.interview import RESPONSIBLE_REPLY, RESPONSIBLE_USUAL_DAYS, STARTED_BY_RETURN
from atlas.sharing.commands.disclosure import Grounds, Guest, put_to_guest
from atlas.sharing.models import GuestAnswer, GuestRequest
from atlas.sharing.rules import Ground
from atlas.tasks.commands import end_tasks_about, hand_tasks

if TYPE_CHECKING:
    from atlas.agencies.models import Post

K = GuestAnswer.Kind
REASON = "The authority that is responsible owes this child a return interview, and cannot hold one of which it does not know."


@command(needs=Permission.ASK_RESPONSIBLE)
def ask_responsible(
    *,
    interview: ReturnInterview,
    guest: Guest,
    is_family_told: bool,
    family_reason: str = "",
    days: int = RESPONSIBLE_USUAL_DAYS,
    by: "Post",
    at: datetime,
) -> GuestRequest:
    """Tell the responsible authority's worker of the episode, by a link that names no child, and ask whether it holds the interview; once it
    has said yes, ask what came of it. Gives the request with the token of its link, this once.

    The first asking starts the clock of its answer, which climbs like any other when nobody answers. Raises Invalid for an interview that
    our own authority owes, for one that is closed, while a link is still open, and as `ask_guest` does.
    """
    if interview.responsible_authority_id == interview.host_authority_id:
        raise Invalid("This child is no other authority’s: the interview is ours to hold.")
    asks = what_to_ask(interview)
    if asks is None:
        raise Invalid("This interview is closed, or held here, so there is nothing to ask any more.")
    if any(one.is_open(at) for one in asked_of(interview)):
        raise Invalid("A link is open already. Wait for the answer, or ring them.")
    grounds = Grounds(Purpose.RETURN_INTERVIEW, Ground.PUBLIC_TASK, REASON, is_family_told, family_reason)
    request = put_to_guest(
        interview.child, guest, question_of(interview, asks), [f"who:{interview.child_id}"], grounds, days, by, at, asks=asks,
        interview=interview, rings=interview.host_authority,
    )  # fmt: skip
    is_running = Clock.objects.filter(about_id=interview.pk, limit=RESPONSIBLE_REPLY.key, outcome=Clock.Outcome.RUNNING).exists()
    words = f"{guest.name}, {guest.organisation}: {request.get_asks_display()}"[:300]
    happened(
        Kind.RESPONSIBLE_ASKED, child=interview.child, at=Moment(at, Precision.MINUTE), about=interview, words=words,
        starts=() if is_running else (RESPONSIBLE_REPLY,),
    )  # fmt: skip
    return request


def what_to_ask(interview: ReturnInterview) -> GuestRequest.Asks | None:
    """What comes next: whether they hold it; then what came of it; nothing once it is held here or closed."""
    if interview.closed_at is not None or interview.held_at is not None or interview.reply == ReturnInterview.Reply.REFUSED:
        return None
    return GuestRequest.Asks.OUTCOME if interview.reply == ReturnInterview.Reply.ACCEPTED else GuestRequest.Asks.WHETHER


def question_of(interview: ReturnInterview, asks: GuestRequest.Asks) -> str:
    """The notice and the question, as the worker reads it: no place, and nothing that the child said."""
    episode, owes, host = interview.episode, interview.responsible_authority, interview.host_authority
    back = episode.returned.words() if episode.returned else "not known"
    told = (
        f"A child for whom {owes} is responsible, and who lives in {host}, was reported missing and is back.\n"
        f"Reported missing: {episode.reported.words()}. Back: {back}. Our reference: {episode.reference}.\n"
    )
    if asks == GuestRequest.Asks.OUTCOME:
        return told + f"{owes} said that it holds the return interview. When was the child met, by whom, and what came of it?"
    by = f", by {when(interview.due_at)}" if interview.due_at else ""
    hours = RESPONSIBLE_REPLY.allowed.words
    return (
        told
        + f"{owes} owes the child a return interview within 72 hours of coming back{by}. Does {owes} hold it? Please answer within {hours}."
    )


@command(needs=Permission.ASK_RESPONSIBLE)
def take_reply(*, interview: ReturnInterview, answer: GuestAnswer, by: "Post", at: datetime) -> ReturnInterview:
    """Take over what the responsible authority's worker sent: who delivers the interview, or what came of it. It stops the clock of the answer.

    A yes leaves it with them; a no gives it to the host's own interviewers, and it stays owed by the other authority; an outcome closes it
    here, and is not counted as held by us. *Please ring back* changes nothing of the interview. Raises Invalid for an answer that was taken.
    """
    if answer.request.about_id != interview.pk:
        raise Invalid("This answer is about something else. Reload the page.")
    if interview.reply_taken_id == answer.pk:
        raise Invalid("This answer has been taken already. Reload the page.")
    interview.reply_taken = answer
    fields = ["reply_taken"]
    if answer.kind in (K.ACCEPTED, K.REFUSED):
        interview.reply = ReturnInterview.Reply.ACCEPTED if answer.kind == K.ACCEPTED else ReturnInterview.Reply.REFUSED
        interview.deliverer = interview.responsible_authority if answer.kind == K.ACCEPTED else interview.host_authority
        fields += ["reply", "deliverer"]
    if answer.kind == K.REFUSED:
        fields += _give_to_host(interview, at)
    if answer.kind == K.OUTCOME:
        interview.move("close_interview")
        interview.closed_at, interview.closed_because, interview.closed_reason = at, ClosedBecause.OUTCOME, answer.words
        fields += ["state", "closed_at", "closed_because", "closed_reason"]
    interview.save(update_fields=fields)
    words = f"{answer.request.guest_name}, {answer.request.organisation}: {answer.get_kind_display()}"[:300]
    happened(
        Kind.RESPONSIBLE_ANSWERED, child=interview.child, at=Moment(answer.answered_at, Precision.MINUTE), about=interview, words=words,
        stops=(RESPONSIBLE_REPLY,),
    )  # fmt: skip
    if answer.kind == K.OUTCOME:
        _end_owed(interview, at)
    end_tasks_about(about_id=interview.pk, at=at)
    return interview


def _give_to_host(interview: ReturnInterview, at: datetime) -> list[str]:
    """The host's own return interviewers hold it, where it has some; whose duty it is does not change."""
    team = interview_team(interview.host_authority)
    if team is None:
        return []
    interview.team = team
    relate(kind=RelationshipKind.RETURN_INTERVIEW, because=f"return interview, {interview.episode.reference}, refused by those who owe it",
           source=interview.episode, from_at=at, child=interview.child, team=team)  # fmt: skip
    hand_tasks(about_id=interview.episode_id, post=None, team=team)
    return ["team"]


def _end_owed(interview: ReturnInterview, at: datetime) -> None:
    about: Model = interview
    happened(
        Kind.INTERVIEW_CLOSED, child=interview.child, at=Moment(at, Precision.MINUTE), about=about, words="The outcome came from the responsible authority",
        stops=STARTED_BY_RETURN, stops_about=[interview.episode], answers=False,
    )  # fmt: skip
    end_interview_access(interview, at)
