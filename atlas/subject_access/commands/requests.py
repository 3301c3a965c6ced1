"""A request is received, accepted or refused, made clear, given more time, and handed over."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connections

from atlas.agencies.models import Post
from atlas.agencies.queries import expect_served
from atlas.children.models import Child
from atlas.gate.act import Invalid, command
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.subject_access.models import Clarification, SubjectAccessRequest
from atlas.subject_access.rules import Asks, Refusal, Right, open_until, why_not

State = SubjectAccessRequest.State
ANSWERED = (State.OPEN, State.RELEASED)  # until it is handed over, an answer can be made anew
NOT_OPEN = "This request is not being answered: it waits to be accepted, or it is over."


@dataclass(frozen=True)
class Accepted:
    """What showed who asks and that they may; how the answer reaches them safely; who answers."""

    identity_words: str
    right_words: str
    child_understands: bool | None
    child_agrees: bool | None
    proof_asked_on: date | None
    proved_on: date
    how: str
    safe_words: str
    officer: Post


@command(needs=Permission.RECEIVE_SUBJECT_REQUEST)
def receive_subject_request(
    *, child: Child, asks: Asks, name: str, words: str, received_on: date, by: Post, at: datetime
) -> SubjectAccessRequest:  # fmt: skip
    """Write down that somebody asks for a child's record: from that day a month runs. Nothing is opened by it. Raises Invalid for a day to come."""
    if received_on > day_of(at):
        raise Invalid("That day is still to come.", "received_on")
    if received_on < day_of(at) - timedelta(days=366):
        raise Invalid("That is more than a year ago. Check the year.", "received_on")
    row = SubjectAccessRequest(
        child=child, authority=expect_served(by), asks=asks, name=name.strip(), words=words.strip(), received_on=received_on, received_by=by, received_at=at
    )  # fmt: skip
    row.save(force_insert=True)
    return row


@command(needs=Permission.ACCEPT_SUBJECT_REQUEST)
def accept_subject_request(*, request: SubjectAccessRequest, accepted: Accepted, by: Post, at: datetime) -> SubjectAccessRequest:
    """Accept a request: who they are and that they may ask has been shown. The record opens to one post, who answers it, for at most 90 days.

    Raises Invalid where something is not shown, where a child who understands it does not agree, and where the post cannot answer it.
    """
    if request.state != State.RECEIVED:
        raise Invalid("This request was decided already.")
    right = Right(Asks(request.asks), accepted.identity_words, accepted.right_words, accepted.child_understands, accepted.child_agrees)
    if missing := why_not(right):
        raise Invalid(missing[1], missing[0])
    if not request.received_on <= accepted.proved_on <= day_of(at):
        raise Invalid("Choose a day from the day on which the request came until today.", "proved_on")
    if accepted.proof_asked_on and not request.received_on <= accepted.proof_asked_on <= accepted.proved_on:
        raise Invalid("They were asked between the day on which the request came and the day on which they showed it.", "proof_asked_on")
    if not accepted.safe_words.strip():
        raise Invalid("Write why it is safe to hand it over in this way: who else lives there, who else reads their post.", "safe_words")
    for name in (
        "identity_words",
        "right_words",
        "child_understands",
        "child_agrees",
        "proof_asked_on",
        "proved_on",
        "how",
        "safe_words",
        "officer",
    ):
        value = getattr(accepted, name)
        setattr(request, name, value.strip() if isinstance(value, str) else value)
    request.accepted_by, request.accepted_at, request.state = by, at, State.OPEN
    request.save()
    _open_record(request, at)
    return request


def _open_record(request: SubjectAccessRequest, at: datetime) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_open_for_request(%s, %s)", [request.pk, open_until(at)])
        if not cursor.fetchone()[0]:
            raise Invalid("This post cannot answer it: choose somebody who answers requests for records in your council.", "officer")


@command(needs=Permission.ACCEPT_SUBJECT_REQUEST)
def reopen_subject_request(*, request: SubjectAccessRequest, by: Post, at: datetime) -> SubjectAccessRequest:
    """Open the record once more to whoever answers, for at most 90 days, where the request has lasted longer. Raises Invalid where it is not being answered."""
    if request.state not in ANSWERED:
        raise Invalid(NOT_OPEN)
    _open_record(request, at)
    return request


@command(needs=Permission.REFUSE_SUBJECT_REQUEST)
def refuse_subject_request(*, request: SubjectAccessRequest, why: Refusal, words: str, by: Post, at: datetime) -> SubjectAccessRequest:
    """Refuse a request, with what they were told: why, and where they may complain. What was opened shuts. Raises Invalid without words, and for one that is over."""
    if request.is_over or request.state == State.RELEASED:
        raise Invalid("This request is over, or its answer is released already.")
    if not words.strip():
        raise Invalid("Write what you told them: why, and that they may complain to you and to the Information Commissioner.", "words")
    request.refused_because, request.refused_words = Refusal(why), words.strip()
    _end(request, State.REFUSED, "", by, at)
    return request


def _end(request: SubjectAccessRequest, state: State, words: str, by: Post, at: datetime) -> None:
    request.state, request.ended_at, request.ended_by, request.ended_words = state, at, by, words
    request.save()
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_shut_for_request(%s)", [request.pk])


@command(needs=Permission.ASK_CLARIFICATION)
def ask_clarification(*, request: SubjectAccessRequest, words: str, asked_on: date, by: Post, at: datetime) -> Clarification:
    """Write down that whoever asks was asked what they want: the time stands still until they answer. Raises Invalid where one waits already."""
    if request.is_over:
        raise Invalid(NOT_OPEN)
    if request.clarifications.filter(answered_on=None).exists():
        raise Invalid("They have been asked already, and have not answered yet.")
    if not request.received_on <= asked_on <= day_of(at):
        raise Invalid("Choose a day from the day on which the request came until today.", "asked_on")
    row = Clarification(child_id=request.child_id, request=request, words=words.strip(), asked_on=asked_on, asked_by=by, asked_at=at)
    row.save(force_insert=True)
    return row


@command(needs=Permission.ASK_CLARIFICATION)
def record_clarification(*, clarification: Clarification, answer: str, answered_on: date, by: Post, at: datetime) -> Clarification:
    """Write down what they answered: the time runs again from that day. Raises Invalid where it was answered, and for a day before they were asked."""
    if clarification.answered_on is not None:
        raise Invalid("They answered this already.")
    if not clarification.asked_on <= answered_on <= day_of(at):
        raise Invalid("Choose a day from the day on which they were asked until today.", "answered_on")
    clarification.answer, clarification.answered_on = answer.strip(), answered_on
    clarification.save()
    return clarification


@command(needs=Permission.EXTEND_SUBJECT_REQUEST)
def extend_subject_request(*, request: SubjectAccessRequest, because: str, by: Post, at: datetime) -> SubjectAccessRequest:
    """Take two more months, because what is asked for is complex or much: they are told why within the first month. Raises Invalid later, and twice."""
    if request.state != State.OPEN:
        raise Invalid(NOT_OPEN)
    if request.extended_at is not None:
        raise Invalid("It was extended already. It cannot be again.")
    due = request.due_on()
    if due is not None and due < day_of(at):
        raise Invalid("The month is over. More time can be taken only within it: answer now, and say why it is late.")
    if not because.strip():
        raise Invalid("Write why, as you told them.", "because")
    request.extended_at, request.extended_because = at, because.strip()
    request.save()
    return request


@command(needs=Permission.RECORD_HANDED_OVER)
def record_handed_over(*, request: SubjectAccessRequest, words: str, by: Post, at: datetime) -> SubjectAccessRequest:
    """Write down that the released answer reached whoever asked; the record shuts to whoever answered. Raises Invalid before it is released, and without words."""
    latest = request.answers.order_by("-number").first()
    if request.state != State.RELEASED or latest is None or latest.released_at is None:
        raise Invalid("Two people release the latest answer first.")
    if not words.strip():
        raise Invalid("Write to whom it was handed, how, and who was there.", "words")
    _end(request, State.HANDED_OVER, words.strip(), by, at)
    return request
