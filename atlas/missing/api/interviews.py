"""Return interviews over HTTP: which are owed, one of them, an offer made, a meeting arranged. What a child said is not read this way."""

from typing import Any
from uuid import UUID

from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from atlas.chronology.api import Instant, MomentSaid
from atlas.chronology.models import moment_of
from atlas.gate.api import Problem, acting, operation
from atlas.gate.page import PageRequest
from atlas.gate.policy import Permission
from atlas.missing.codes import OfferAnswer, OfferMethod
from atlas.missing.commands.offer import book_interview as book
from atlas.missing.commands.offer import offer_interview as offer
from atlas.missing.models import ReturnInterview
from atlas.missing.workflow import OPEN_INTERVIEW

router = Router(tags=["Return interviews"])
MOST = 200


class InterviewShown(Schema):
    """A return interview: where it stands, and by when. `timeliness` is judged when it has been held."""

    id: UUID
    episode: UUID
    episode_reference: str
    child: UUID
    child_name: str
    state: str
    due: AwareDatetime | None
    returned: MomentSaid | None
    first_offered: AwareDatetime | None
    held: MomentSaid | None
    timeliness: str
    owed_by: str
    interviewer: str
    version: int


class InterviewsShown(Schema):
    """A part of a list. `next`: give it as `after` for the part that follows; empty at the end."""

    interviews: list[InterviewShown]
    next: str = ""


class OfferSaid(Schema):
    """An offer of the interview. Only the child says yes or no; a no is kept in the child's own words."""

    method: OfferMethod
    offered: MomentSaid
    answer: OfferAnswer = OfferAnswer.THINKING
    words: str = Field("", max_length=2000)
    via: str = Field("", max_length=120)


class BookingSaid(Schema):
    """When and where the child will talk: a place that the child chose or feels safe in."""

    meets_at: Instant
    place: str = Field(min_length=1, max_length=200)


def interview_shown(interview: ReturnInterview) -> InterviewShown:
    """A return interview as it leaves."""
    returned = moment_of(interview.returned_at, interview.returned_precision)
    return InterviewShown(
        id=interview.pk, episode=interview.episode_id, episode_reference=interview.episode.reference, child=interview.child_id,
        child_name=interview.child.name, state=interview.state, due=interview.due_at, returned=MomentSaid.of(returned),
        first_offered=interview.first_offered_at, held=MomentSaid.of(interview.held), timeliness=interview.timeliness,
        owed_by=interview.responsible_authority.name, interviewer=str(interview.interviewer or ""), version=interview.version,
    )  # fmt: skip


def _rows() -> Any:
    return ReturnInterview.objects.select_related("child", "episode", "responsible_authority", "interviewer__user")


@router.get("", response=InterviewsShown)
@operation(needs=Permission.VIEW_MY_WORK)
def view_interviews(request: PageRequest, is_open: bool = True, after: UUID | None = None) -> InterviewsShown:
    """The return interviews that the person may see, 200 at a time: those still owed, or with `is_open=false` those that have ended."""
    seen = ReturnInterview.objects.visible_to(request.subject).values("pk")
    rows = _rows().filter(pk__in=seen).order_by("pk")
    rows = rows.filter(state__in=OPEN_INTERVIEW) if is_open else rows.exclude(state__in=OPEN_INTERVIEW)
    found = list((rows.filter(pk__gt=after) if after else rows)[: MOST + 1])
    more = str(found[MOST - 1].pk) if len(found) > MOST else ""
    return InterviewsShown(interviews=[interview_shown(one) for one in found[:MOST]], next=more)


@router.get("/{pk}", response={200: InterviewShown})
@operation(about=ReturnInterview, needs=Permission.VIEW_INTERVIEW, rows=_rows)
def view_interview(request: PageRequest, interview: ReturnInterview) -> InterviewShown:
    """One return interview."""
    return interview_shown(interview)


@router.post("/{pk}/offer_interview", response={200: InterviewShown, 409: Problem, 422: Problem})
@operation(about=ReturnInterview, needs=Permission.OFFER_INTERVIEW, rows=_rows)
def offer_interview(request: PageRequest, interview: ReturnInterview, said: OfferSaid) -> InterviewShown:
    """Record an offer."""
    given = said.model_dump(exclude={"offered"})
    offer(interview=interview, offered_at=said.offered.moment, **given, **acting(request))
    return interview_shown(_rows().get(pk=interview.pk))


@router.post("/{pk}/book_interview", response={200: InterviewShown, 409: Problem, 422: Problem})
@operation(about=ReturnInterview, needs=Permission.BOOK_INTERVIEW, rows=_rows)
def book_interview(request: PageRequest, interview: ReturnInterview, said: BookingSaid) -> InterviewShown:
    """Arrange when and where the child will talk."""
    book(interview=interview, meets_at=said.meets_at, place=said.place, **acting(request))
    return interview_shown(_rows().get(pk=interview.pk))
