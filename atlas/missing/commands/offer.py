"""The return interview is given to somebody, offered, arranged, and (with a manager's reason) not offered."""

from datetime import datetime
from typing import TYPE_CHECKING

from atlas.agencies.queries import skills_of
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision
from atlas.copies.commands.owing import owe_copy
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.commands import relate
from atlas.gate.days import day_of
from atlas.gate.policy import Kind as RelationshipKind
from atlas.gate.policy import Permission
from atlas.missing.codes import ClosedBecause, NotOffered, OfferAnswer, OfferMethod
from atlas.missing.commands.after import draw_for_check
from atlas.missing.commands.talk import CLOSE, end_interview_access
from atlas.missing.copies import RETURN_INTERVIEW
from atlas.missing.models import Appointment, Offer, ReturnInterview
from atlas.missing.queries.choosing import lacking, needed_for
from atlas.missing.rules.interview import STARTED_BY_RETURN
from atlas.tasks.commands import end_tasks_about, hand_tasks
from atlas.tasks.models import Task

if TYPE_CHECKING:
    from atlas.agencies.models import Post


@command(needs=Permission.ALLOCATE_INTERVIEW)
def allocate_interview(*, interview: ReturnInterview, interviewer: "Post", reason: str = "", by: "Post", at: datetime) -> ReturnInterview:
    """Name who will talk with the child: opens the child to that post and hands the task over.

    Raises Invalid for a post that is not held today, and without a `reason` for somebody who lacks training that the child needs. The reason stands
    in the chronology. Source: capabilities.md row 19.
    """
    if not interviewer.stands_on(day_of(at)):
        raise Invalid(f"{interviewer.user.name} does not hold this post today. Choose someone who does.", "interviewer")
    lacks = lacking(needed_for(interview), skills_of([interviewer]).get(interviewer.pk, []), day_of(at))
    if lacks and not reason.strip():
        raise Invalid(
            f"{interviewer.user.name} has no training that counts today in: {', '.join(lacks)}. Choose somebody else, or write why.",
            "reason",
        )
    interview.interviewer, interview.team = interviewer, interviewer.team
    interview.save(update_fields=["interviewer", "team"])
    relate(kind=RelationshipKind.RETURN_INTERVIEW, because=f"return interviewer, {interview.episode.reference}", source=interview.episode,
           from_at=at, child=interview.child, post=interviewer)  # fmt: skip
    hand_tasks(about_id=interview.episode_id, post=interviewer)
    words = f"{interviewer}. Without training in {', '.join(lacks)}: {reason.strip()}" if lacks else str(interviewer)
    happened(Kind.INTERVIEW_ALLOCATED, child=interview.child, at=Moment(at, Precision.MINUTE), about=interview, words=words[:300])
    return interview


@command(needs=Permission.OFFER_INTERVIEW)
def offer_interview(
    *, interview: ReturnInterview, offered_at: Moment, method: OfferMethod, answer: OfferAnswer = OfferAnswer.THINKING, words: str = "",
    via: str = "", by: "Post", at: datetime,
) -> Offer:  # fmt: skip
    """Record an offer. To the child: told who, what, that it is apart from police and carers, and given a choice.

    Through a carer it is counted apart, moves nothing, and can carry no answer: only the child can say yes or no.
    A *no* is kept in the child's own words, and the child may change it until the interview is closed.
    """
    to_child = method != OfferMethod.THROUGH_CARER
    if offered_at.earliest is None or offered_at.at is None:
        raise Invalid("Give the day of the offer, even if the time is not known.", "offered_at")
    if offered_at.earliest > at:
        raise Invalid("The time of the offer is still to come. Check the date and the time.", "offered_at")
    if not to_child and answer != OfferAnswer.THINKING:
        raise Invalid("Only the child can say yes or no. Record what the carer said as words, and offer it to the child.", "answer")
    if answer == OfferAnswer.NO and not words.strip():
        raise Invalid("Write what the child said, in the child's own words. If the child was not asked, it is not a no.", "words")
    offer = Offer(
        child=interview.child, interview=interview, offered_at=offered_at.at, offered_precision=offered_at.precision, to_child=to_child,
        via=via, method=method, answer=answer, words=words, offered_by=by,
    )  # fmt: skip
    offer.save(force_insert=True)
    if not to_child:
        happened(Kind.INTERVIEW_OFFERED_VIA_CARER, child=interview.child, at=offered_at, about=interview)
        return offer
    interview.move("offer_interview")
    interview.first_offered_at = min(filter(None, (interview.first_offered_at, offered_at.at)))
    happened(Kind.INTERVIEW_OFFERED, child=interview.child, at=offered_at, about=interview)
    _take_answer(interview, offered_at, answer, words)
    interview.save()
    return offer


def _take_answer(interview: ReturnInterview, answered_at: Moment, answer: OfferAnswer, words: str) -> None:
    if answer == OfferAnswer.YES:
        interview.move("accept")
        interview.accepted_at = answered_at.at
        happened(Kind.INTERVIEW_ACCEPTED, child=interview.child, at=answered_at, about=interview)
    elif answer == OfferAnswer.NO:
        interview.move("say_no")
        interview.refused_words = words
        before = ReturnInterview.objects.filter(child=interview.child).exclude(pk=interview.pk).exclude(refused_words="")
        happened(Kind.SAID_NO_FOR_NOW, child=interview.child, at=answered_at, about=interview)
        if before.exists():  # somebody may be pressing the child (practice.md 7, EV-23)
            happened(Kind.SAID_NO_TWICE, child=interview.child, at=answered_at, about=interview)


@command(needs=Permission.BOOK_INTERVIEW)
def book_interview(
    *, interview: ReturnInterview, meets_at: datetime, place: str, with_post: "Post | None" = None, by: "Post", at: datetime
) -> Appointment:
    """Arrange when, where and with whom the child will talk: a neutral place where the child feels safe."""
    if not place.strip():
        raise Invalid("Say where you will meet: a place that the child chose or feels safe in.", "place")
    interview.move("book_interview")
    interview.accepted_at = interview.accepted_at or at
    interview.save(update_fields=["state", "accepted_at"])
    planned = Appointment.objects.filter(interview=interview, came=Appointment.Came.PLANNED)
    planned.update(came=Appointment.Came.MOVED)
    appointment = Appointment(
        child=interview.child, interview=interview, meets_at=meets_at, place=place[:200], with_post=with_post or interview.interviewer or by
    )
    appointment.save(force_insert=True)
    happened(Kind.INTERVIEW_BOOKED, child=interview.child, at=Moment(at, Precision.MINUTE), about=interview)
    return appointment


@command(needs=Permission.RECORD_NOT_MET)
def record_not_met(*, interview: ReturnInterview, words: str = "", by: "Post", at: datetime) -> ReturnInterview:
    """Record that interviewer and child did not manage to meet. It is offered again; the clock goes on."""
    interview.move("record_not_met")
    interview.save(update_fields=["state"])
    Appointment.objects.filter(interview=interview, came=Appointment.Came.PLANNED).update(came=Appointment.Came.NOT_MET, words=words)
    happened(Kind.NOT_MET, child=interview.child, at=Moment(at, Precision.MINUTE), about=interview, words=words[:300])
    return interview


@command(needs=Permission.RECORD_NOT_REACHED)
def record_not_reached(*, interview: ReturnInterview, words: str, by: "Post", at: datetime) -> ReturnInterview:
    """Record that the child could not be reached, and what was tried. A carer's no is this, never the child's no."""
    if not words.strip():
        raise Invalid("Say what was tried to reach the child: when, how, and what came of it.", "words")
    interview.move("record_not_reached")
    interview.save(update_fields=["state"])
    happened(Kind.NOT_REACHED, child=interview.child, at=Moment(at, Precision.MINUTE), about=interview, words=words[:300])
    return interview


@command(needs=Permission.DECIDE_NOT_OFFERED)
def decide_not_offered(*, interview: ReturnInterview, because: NotOffered, reason: str, by: "Post", at: datetime) -> ReturnInterview:
    """Decide, as a manager and with a reason, that no interview is offered. It is listed, never counted away."""
    if not reason.strip():
        raise Invalid("Write the reason. A short absence is none: an interview is owed after each time a child was missing.", "reason")
    interview.move("decide_not_offered")
    interview.not_offered_because, interview.not_offered_reason, interview.not_offered_by = because, reason, by
    interview.save(update_fields=["state", "not_offered_because", "not_offered_reason", "not_offered_by"])
    happened(
        Kind.NOT_OFFERED, child=interview.child, at=Moment(at, Precision.MINUTE), about=interview, words=reason[:300],
        stops=STARTED_BY_RETURN, stops_about=[interview.episode], answers=False,
    )  # fmt: skip
    return interview


@command(needs=Permission.CLOSE_INTERVIEW)
def close_interview(*, interview: ReturnInterview, because: ClosedBecause, reason: str = "", by: "Post", at: datetime) -> ReturnInterview:
    """Close an interview: held and passed on, or with the reason why it never was. Ends its clock and, in 28 days, its access."""
    if because != ClosedBecause.SHARED and not reason.strip():
        raise Invalid("Write why the interview is closed without having been held.", "reason")
    if because == ClosedBecause.SHARED and interview.shared_at is None:
        raise Invalid("What the child agreed to has not been passed on yet. Do that first, or choose another reason.", "because")
    interview.move("close_interview")
    interview.closed_at, interview.closed_because, interview.closed_reason = at, because, reason
    interview.save(update_fields=["state", "closed_at", "closed_because", "closed_reason"])
    entry = happened(
        Kind.INTERVIEW_CLOSED, child=interview.child, at=Moment(at, Precision.MINUTE), about=interview, words=reason[:300],
        stops=STARTED_BY_RETURN, stops_about=[interview.episode], answers=False,
    )  # fmt: skip
    end_tasks_about(about_id=interview.pk, at=at, state=Task.State.DONE, name=CLOSE)
    owe_copy(kind=RETURN_INTERVIEW, record=interview, entry=entry)
    end_interview_access(interview, at)
    if because == ClosedBecause.SHARED:
        draw_for_check(interview, at)
    return interview
