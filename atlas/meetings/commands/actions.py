"""What agencies agree to do: asked of a named person with a day, taken on or not, done or not with what shows it, and whether it worked."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connections

from atlas.agencies.models import Agency
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision, day_words
from atlas.flow import happened
from atlas.gate.act import Invalid, Refused, command
from atlas.gate.commands import end_relationships, relate
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.policy import Kind as RelationshipKind
from atlas.gate.policy import Permission
from atlas.gate.rules import Decision
from atlas.meetings.codes import ActionState, Worked
from atlas.meetings.commands.inviting import NOT_THEM, expect_lead
from atlas.meetings.mail import tell
from atlas.meetings.models import AgencyAction, MeetingItem
from atlas.meetings.queries.actions import answers_for
from atlas.meetings.queries.leading import closes_at, leads, may_be_invited, works_with

if TYPE_CHECKING:
    from atlas.agencies.models import Post

SUBJECT = "Atlas: your agency is asked to do something ({reference})"
MAIL = (
    "A meeting asks you to do something by {due}. Sign in, under Agency actions, to take it on, or to say why not: that is an answer too.\n"
)


@dataclass(frozen=True)
class ActionGiven:
    """What is asked. Whose it is: somebody with an account, or an agency and the name and role of somebody without one."""

    words: str
    intended: str
    evidence_wanted: str
    due_on: date | None
    owner_post: "Post | None" = None
    agency: Agency | None = None
    owner_words: str = ""


@command(needs=Permission.AGREE_ACTION)
def agree_action(*, item: MeetingItem, given: ActionGiven, by: "Post", at: datetime) -> AgencyAction:
    """Ask an agency to do something: by a named person, by a day, with the effect that is intended and how it will be seen.

    It shows that person who the child is, and this action, until it is done. Raises Invalid without an owner, a day, an effect or how it is seen; for a day
    that is over; and for somebody who may not be told of the child.
    """
    expect_lead("agree_action", item.meeting)
    _check(item, given, at)
    agency = given.owner_post.team.agency if given.owner_post is not None else given.agency
    assert agency is not None
    assert given.due_on is not None
    action = AgencyAction(
        child_id=item.child_id, meeting_id=item.meeting_id, item=item, agency=agency, owner_post=given.owner_post,
        owner_words=given.owner_words.strip()[:120], about=item.title,
        words=given.words.strip(), intended=given.intended.strip()[:300], evidence_wanted=given.evidence_wanted.strip()[:300], due_on=given.due_on,
        agreed_at=at, agreed_by=by,
    )  # fmt: skip
    action.save(force_insert=True)
    if item.child is not None:
        if given.owner_post is not None:
            relate(
                kind=RelationshipKind.MEETING_MEMBER,
                because="asked to do something",
                source=action,
                child=item.child,
                post=given.owner_post,
                from_at=at,
            )
        happened(
            Kind.ACTION_AGREED,
            child=item.child,
            at=Moment(at, Precision.MINUTE),
            about=action,
            words=f"{agency.name}: {action.words}"[:300],
        )
    if given.owner_post != by:
        tell(given.owner_post, SUBJECT.format(reference=item.meeting.reference), MAIL.format(due=day_words(given.due_on)))
    return action


def _check(item: MeetingItem, given: ActionGiven, at: datetime) -> None:
    for value, field, said in (
        (given.words, "words", "Write what is to be done."),
        (given.intended, "intended", "Write what should be different for the child, or the place."),
        (given.evidence_wanted, "evidence_wanted", "Write how we shall see that it was done, and that it worked."),
    ):
        if not value.strip():
            raise Invalid(said, field)
    if given.owner_post is None and (given.agency is None or not given.owner_words.strip()):
        raise Invalid("Choose whose it is. For somebody without an account, choose the agency and write their name and role.", "owner")
    if given.due_on is None:
        raise Invalid("Say by which day.", "due_on")
    if given.due_on < day_of(at):
        raise Invalid("That day is over. Choose one to come.", "due_on")
    if given.owner_post is not None and not may_be_invited(given.owner_post.pk, [item.child_id] if item.child_id else []):
        raise Invalid(NOT_THEM, "owner")


@command(needs=Permission.ANSWER_ACTION)
def answer_action(
    *, action: AgencyAction, takes_on: bool, words: str = "", due_on: date | None = None, by: "Post", at: datetime
) -> AgencyAction:
    """Take on what one is asked to do, or say that one does not, and why: a refusal is an answer, and the chair sees it. What was refused can be taken on after
    all, as where a challenge has settled it; by another day (`due_on`) where the one asked for is over.

    By whoever it is for, and their line. Raises Invalid for a refusal without its reason, for a day that is over, and for what is over.
    """
    _expect_own("answer_action", action)
    was_refused = action.state == ActionState.REFUSED
    if not action.is_open and not (was_refused and takes_on):
        raise Invalid("This is no longer to be done.")
    if not takes_on and not words.strip():
        raise Invalid("Say why not, and what could be done instead.", "words")
    if was_refused:
        action.due_on = due_on or action.due_on
        if action.due_on < day_of(at):
            raise Invalid("The day that was asked for is over. Say by which day you will do it.", "due_on")
        words = f"{words.strip() or 'Taken on after all.'} Before: {action.answer_words}"
        action.chased_at, action.chased_times = None, 0
    action.state = ActionState.ACCEPTED if takes_on else ActionState.REFUSED
    action.answered_at, action.answer_words = at, words.strip()[:500]
    action.ended_at = None if takes_on else at
    action.save()
    _note(action, Kind.ACTION_ANSWERED, f"{action.get_state_display()}. {action.answer_words}")
    return action


@command(needs=Permission.END_ACTION)
def end_action(*, action: AgencyAction, is_done: bool, evidence: str, by: "Post", at: datetime) -> AgencyAction:
    """Say that it was done, with what shows it; or that it was not, and why. Raises Invalid without either, and for what is over."""
    _expect_own("end_action", action)
    if not action.is_open:
        raise Invalid("This is no longer to be done.")
    if not evidence.strip():
        raise Invalid("Write what shows it, or why it was not done.", "evidence")
    action.state = ActionState.DONE if is_done else ActionState.NOT_DONE
    action.ended_at, action.evidence = at, evidence.strip()[:500]
    action.save()
    _note(action, Kind.ACTION_ENDED, f"{action.get_state_display()}. {action.evidence}")
    return action


@command(needs=Permission.JUDGE_ACTION)
def judge_action(*, action: AgencyAction, worked: Worked, words: str, by: "Post", at: datetime) -> AgencyAction:
    """Say whether it had the effect that was intended. By whoever leads the meeting or works with the child; done and worked are two things.

    Raises Invalid without how it is seen, and for what is not over yet.
    """
    works = works_with(acting_subject(), action.child_id)
    if not (works or leads(action.meeting, by)):
        raise Refused("judge_action", acting_subject(), Decision.NO_RELATIONSHIP, action)
    if action.state not in {ActionState.DONE, ActionState.NOT_DONE}:
        raise Invalid("It is not over yet. Look again once it was done, or not.")
    if not words.strip():
        raise Invalid("Write how you see it.", "words")
    action.worked, action.worked_words, action.worked_at, action.worked_by = worked, words.strip()[:500], at, by
    action.save()
    if action.child is not None:
        words = f"{worked.label}. {action.worked_words}"[:300]
        happened(Kind.ACTION_JUDGED, child=action.child, at=Moment(at, Precision.MINUTE), about=action, words=words)
        end_relationships(source=action, until_at=closes_at(day_of(at)), because="the action is over")
    return action


def _expect_own(name: str, action: AgencyAction) -> None:
    subject = acting_subject()
    if not answers_for(action, subject.post) and not (action.owner_post_id is None and leads(action.meeting, subject.post)):
        raise Refused(name, subject, Decision.NO_RELATIONSHIP, action)


def _note(action: AgencyAction, kind: Kind, words: str) -> None:
    """Write it down for the child: by the gate's function, since whoever it is for may write nothing else about the child."""
    if action.child_id is None:
        return
    if not answers_for(action, acting_subject().post):  # the chair, for somebody without an account
        assert action.child is not None
        happened(kind, child=action.child, at=Moment(acting_subject().at, Precision.MINUTE), about=action, words=words[:300])
        return
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_action_entry(%s, %s, %s)", [action.pk, kind.value, words[:300]])
