"""One agency challenges another: raised, tried, answered, gone up the ladder, settled or the dissent kept (practice.md 6.5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connections
from django.utils import timezone

from atlas.agencies.models import Post
from atlas.agencies.queries import posts_standing
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision
from atlas.design.words import reference_of
from atlas.flow import happened
from atlas.gate.act import Invalid, Refused, command
from atlas.gate.commands import end_relationships, relate
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.policy import Kind as RelationshipKind
from atlas.gate.policy import Permission
from atlas.gate.rules import Decision
from atlas.meetings.codes import ChallengeAbout, StepKind
from atlas.meetings.mail import tell
from atlas.meetings.models import AgencyAction, Challenge, ChallengeStep, MeetingDecision, MeetingItem
from atlas.meetings.queries.challenges import answers_challenge, due_at_stage, holds_challenge
from atlas.meetings.queries.leading import closes_at, may_be_invited
from atlas.meetings.rules.challenge import next_stage

if TYPE_CHECKING:
    from collections.abc import Iterable

SUBJECT = "Atlas: a challenge between agencies ({reference})"
MAIL = "{what}\n\nSign in, under Challenges.\n"
PUT = "A challenge is put to you, to be answered by {due}."
CLIMBED = "A challenge between agencies has come to you, to be answered by {due}."
ANSWERED = "The challenge that you raised has been answered. Say whether that settles it, or let it go to the next stage."
CLOSED = "A challenge that was put to you has ended."
OVER = "This challenge has ended. Raise another for what is new."
NOT_THEM = "This person cannot be told of this. Choose somebody else of their agency."


@dataclass(frozen=True)
class ChallengeGiven:
    """What is put to whom. `interim`: how the child is safe until it is settled; `is_unsafe`: the child is not, and every stage is shorter."""

    about: ChallengeAbout
    put_to: Post
    words: str
    asked: str
    interim: str = ""
    is_unsafe: bool = False
    action: AgencyAction | None = None


@command(needs=Permission.RAISE_CHALLENGE)
def raise_challenge(*, item: MeetingItem, given: ChallengeGiven, by: Post, at: datetime) -> Challenge:
    """Challenge another agency about something that stood on an agenda: put to a named person there, with what is asked and how the child is safe
    meanwhile. The first stage begins. Raises Invalid without these, for one's own agency, and for somebody who may not be told of the child.
    """
    _check(item, given, by)
    meeting = item.meeting
    challenge = Challenge(
        child_id=item.child_id, meeting=meeting, authority_id=meeting.authority_id, item=item, action=given.action, about=given.about, title=item.title,
        words=given.words.strip(), asked=given.asked.strip(), interim=given.interim.strip()[:500], is_unsafe=given.is_unsafe,
        by_agency=by.team.agency, to_agency=given.put_to.team.agency, raised_by=by, raised_at=at, put_to=given.put_to, put_from=by,
        due_at=due_at_stage(0, is_unsafe=given.is_unsafe, authority_id=meeting.authority_id, at=at),
    )  # fmt: skip
    challenge.save(force_insert=True)
    _step(challenge, StepKind.RAISED, challenge.words)
    if item.child is not None:
        for post in (given.put_to, by):  # for as long as it is open, also once the meeting has closed to them
            relate(kind=RelationshipKind.MEETING_MEMBER, because="a challenge", source=challenge, child=item.child, post=post, from_at=at)
        _note(challenge, Kind.CHALLENGE_RAISED, f"{challenge.by_agency.name} to {challenge.to_agency.name}: {challenge.asked}")
        if not MeetingDecision.objects.filter(item=item, replaced_by=None).exclude(dissent="").exists():
            _note(challenge, Kind.AGENCY_DISAGREES, f"{challenge.by_agency.name}: {challenge.words}")
    _write([given.put_to], challenge, PUT)
    return challenge


def _check(item: MeetingItem, given: ChallengeGiven, by: Post) -> None:
    if given.put_to.team.agency_id == by.team.agency_id:
        raise Invalid("A challenge is put to another agency. Within your own, speak with your manager.", "put_to")
    for value, field, said in (
        (given.words, "words", "Write what it is about."),
        (given.asked, "asked", "Write what you ask of them."),
        (given.interim if item.child_id else "-", "interim", "Write how the child is safe until it is settled."),
    ):
        if not value.strip():
            raise Invalid(said, field)
    if given.action is not None and given.action.item_id != item.pk:
        raise Invalid("Choose what was asked of them on this matter.", "action")
    if not may_be_invited(given.put_to.pk, [item.child_id] if item.child_id else []):
        raise Invalid(NOT_THEM, "put_to")


@command(needs=Permission.RAISE_CHALLENGE)
def record_attempt(*, challenge: Challenge, words: str, by: Post, at: datetime) -> ChallengeStep:
    """Keep that one tried to settle it: whom one spoke with, and what came of it. By either side. Raises Invalid without words, and once it has ended."""
    if not (holds_challenge(challenge, by) or answers_challenge(challenge, by)):
        raise Refused("record_attempt", acting_subject(), Decision.NO_RELATIONSHIP, challenge)
    _expect_open(challenge, words, "words", "Write with whom you spoke, and what came of it.")
    return _step(challenge, StepKind.ATTEMPT, words)


@command(needs=Permission.ANSWER_CHALLENGE)
def answer_challenge(*, challenge: Challenge, words: str, by: Post, at: datetime) -> Challenge:
    """Answer a challenge that is put to one. Its time stops; whoever raised it says whether that settles it. Raises Invalid without words."""
    if not answers_challenge(challenge, by):
        raise Refused("answer_challenge", acting_subject(), Decision.NO_RELATIONSHIP, challenge)
    _expect_open(challenge, words, "words", "Write what you will do, or why not.")
    challenge.answered_at = at
    challenge.save()
    _step(challenge, StepKind.ANSWERED, words)
    _note(challenge, Kind.CHALLENGE_ANSWERED, words)
    _write({challenge.raised_by, challenge.put_from}, challenge, ANSWERED)
    return challenge


@command(needs=Permission.CLIMB_CHALLENGE)
def climb_challenge(*, challenge: Challenge, reason: str, is_urgent: bool = False, by: Post, at: datetime) -> Challenge:
    """Let a challenge go to the next stage: its answer does not settle it, or its time is over; or at once to the heads of service, with the reason.

    Raises Invalid without a reason, from the last stage, and while its time runs and it is not urgent.
    """
    if not holds_challenge(challenge, by):
        raise Refused("climb_challenge", acting_subject(), Decision.NO_RELATIONSHIP, challenge)
    _expect_open(challenge, reason, "reason", "Write why.")
    stage = next_stage(challenge.stage, is_urgent=is_urgent)
    if stage is None:
        raise Invalid("There is no further stage. Keep the dissent, or say what settles it.")
    if not is_urgent and challenge.answered_at is None and at <= challenge.due_at:
        raise Invalid("Its time still runs. If the child cannot wait, say that it is urgent.", "is_urgent")
    climb(challenge, stage, reason.strip(), at)
    challenge.refresh_from_db()
    return challenge


def climb(challenge: Challenge, stage: int, reason: str, at: datetime) -> int:
    """Put a challenge between those who stand above, through the gate's function: tick, and whoever raised it, may open no child. How many were told."""
    due = due_at_stage(stage, is_unsafe=challenge.is_unsafe, authority_id=challenge.authority_id, at=at)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT put_to, put_from FROM gate_climb_challenge(%s, %s, %s, %s)", [challenge.pk, stage, due, reason])
        pair = {post for row in cursor.fetchall() for post in row}
    challenge.due_at = due
    return _write(posts_standing(day_of(at)).filter(pk__in=pair), challenge, CLIMBED)


@command(needs=Permission.CLOSE_CHALLENGE)
def close_challenge(*, challenge: Challenge, is_settled: bool, evidence: str, by: Post, at: datetime) -> Challenge:
    """Say that it is settled, with what shows it; or end it with the dissent kept, which the safety plan is asked about. By whoever raised it or speaks for
    them. Raises Invalid without words.
    """
    if not holds_challenge(challenge, by):
        raise Refused("close_challenge", acting_subject(), Decision.NO_RELATIONSHIP, challenge)
    _expect_open(challenge, evidence, "evidence", "Write what shows that it is settled, or how you still see it.")
    challenge.closed_at, challenge.is_settled = at, is_settled
    challenge.save()
    _step(challenge, StepKind.SETTLED if is_settled else StepKind.DISSENT, evidence)
    _note(challenge, Kind.CHALLENGE_CLOSED, f"{challenge.stands}: {evidence}")
    if not is_settled:
        _note(challenge, Kind.AGENCY_DISAGREES, f"{challenge.by_agency.name}: {evidence}")
    if challenge.child_id is not None:
        end_relationships(source=challenge, until_at=closes_at(day_of(at)), because="the challenge has ended")
    _write([challenge.put_to], challenge, CLOSED)
    return challenge


def _expect_open(challenge: Challenge, words: str, field: str, said: str) -> None:
    if not challenge.is_open:
        raise Invalid(OVER)
    if not words.strip():
        raise Invalid(said, field)


def _step(challenge: Challenge, kind: StepKind, words: str) -> ChallengeStep:
    subject = acting_subject()
    step = ChallengeStep(
        child_id=challenge.child_id, challenge=challenge, kind=kind, stage=challenge.stage, put_to_id=challenge.put_to_id,
        put_from_id=challenge.put_from_id, words=words.strip(), made_by=subject.post, made_at=subject.at,
    )  # fmt: skip
    step.save(force_insert=True)
    return step


def _note(challenge: Challenge, kind: Kind, words: str) -> None:
    if challenge.child is not None:
        happened(kind, child=challenge.child, at=Moment(acting_subject().at, Precision.MINUTE), about=challenge, words=words.strip()[:300])


def _write(posts: "Iterable[Post]", challenge: Challenge, what: str) -> int:
    """Tell these by e-mail, which names no child. How many were told."""
    due = timezone.localtime(challenge.due_at).strftime("%-d %B %Y, %H:%M")
    subject, words = SUBJECT.format(reference=reference_of(challenge.pk)), MAIL.format(what=what.format(due=due))
    return sum(tell(post, subject, words) for post in {post.pk: post for post in posts}.values())
