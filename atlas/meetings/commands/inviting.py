"""Somebody is asked to a meeting, answers, sends a deputy; and it is recorded who was there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connections

from atlas.children.models import Child
from atlas.chronology.models import Entry
from atlas.chronology.moments import when_words
from atlas.clocks.rules import TimeLimit
from atlas.gate.act import Invalid, Refused, command
from atlas.gate.commands import end_relationships, relate
from atlas.gate.context import acting_subject
from atlas.gate.policy import Kind as RelationshipKind
from atlas.gate.policy import Permission
from atlas.gate.rules import Decision
from atlas.meetings.codes import GROUP_OF, LEADING, OF_FAMILY, Attended, Group, Part, Reply
from atlas.meetings.mail import tell
from atlas.meetings.models import Invitation, Meeting, MeetingItem
from atlas.meetings.queries.leading import carries_case, closes_first, kind_of, leads, may_be_invited, opens_at

if TYPE_CHECKING:
    from atlas.agencies.models import Post

NOT_THEM = "This person cannot be asked to this meeting. Ask somebody else of their agency."
CARRIES = "Whoever works with the child as allocated does not chair a meeting about the child. Choose another chair."
NOT_APART = "The chair of this kind of meeting is neither who works with the child nor in the line above them. Choose another chair."
NOT_CHAIR = "Somebody in this post does not chair this kind of meeting. Choose another chair."
CLOSED = "The record of this meeting is closed. Call another meeting for what is new."
SUBJECT = "Atlas: you are asked to a meeting ({reference})"
MAIL = "You are asked to a meeting on {when}. Sign in, under Meetings, to answer, to send somebody in your place, or to write down what you know.\n"


@dataclass(frozen=True)
class Asked:
    """Who is asked, as what. `post`: somebody with an account; otherwise `words`, how they were asked and by whom they are prepared."""

    part: str = Part.MEMBER
    post: "Post | None" = None
    group: str = ""
    words: str = ""
    how: str = ""
    prepared_by: str = ""
    child: Child | None = None


def expect_lead(name: str, meeting: Meeting) -> None:
    """Raise Refused unless the acting post leads the meeting or called it; Invalid where its record is closed."""
    subject = acting_subject()
    if not (leads(meeting, subject.post) or meeting.called_by_id == subject.post.pk):
        raise Refused(name, subject, Decision.NO_RELATIONSHIP, meeting)
    if not meeting.is_open:
        raise Invalid(CLOSED)


@command(needs=Permission.INVITE)
def invite(*, meeting: Meeting, asked: Asked, by: "Post", at: datetime) -> Invitation:
    """Ask somebody to a meeting. It opens to them five working days before, with the children on its agenda (protection.md 4.1).

    Raises Invalid for somebody who may not be asked, who is asked already, for a chair who carries the case or may not chair this kind, and for
    somebody without an account who has no name.
    """
    expect_lead("invite", meeting)
    return ask(meeting, asked, at)


def ask(meeting: Meeting, asked: Asked, at: datetime) -> Invitation:
    """Ask somebody, as an effect of the command that runs now."""
    by, post = acting_subject().post, asked.post
    children = [item.child for item in MeetingItem.objects.filter(meeting=meeting, child__isnull=False).select_related("child")]
    _check(meeting, asked, [child.pk for child in children], at)
    invitation = Invitation(
        meeting=meeting, part=asked.part, post=post, words=asked.words.strip()[:120], how=asked.how.strip()[:120], invited_by=by, invited_at=at,
        prepared_by=asked.prepared_by.strip()[:120], group=asked.group or _group(asked), child=asked.child if asked.part in OF_FAMILY else None,
        opens_at=opens_at(meeting.starts_at, asked.part, at), closes_at=closes_first(meeting.starts_at, asked.part),
    )  # fmt: skip
    invitation.save(force_insert=True)
    for child in children:
        open_to(invitation, child)
    if post != by:
        tell(post, SUBJECT.format(reference=meeting.reference), MAIL.format(when=when_words(meeting.starts_at)))
    return invitation


def open_to(invitation: Invitation, child: Child) -> None:
    """Let whoever is asked see who the child is, and what the meeting holds, for as long as the invitation does."""
    if invitation.post is not None:
        relate(
            kind=RelationshipKind.MEETING_MEMBER, because="asked to a meeting", source=invitation, child=child, post=invitation.post,
            from_at=invitation.opens_at, until_at=invitation.closes_at,
        )  # fmt: skip


def stop_item_clocks(item: MeetingItem, limits: Iterable[TimeLimit], entry: Entry) -> None:
    """Let this entry answer the running clocks of these limits on something that stands on an agenda, through the gate's function: whoever leads a meeting
    does not always read what is due for the child.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_stop_item_clocks(%s, %s, %s)", [item.pk, [limit.key for limit in limits], entry.pk])


def leading_last(meeting: Meeting) -> list[Invitation]:
    """Everybody who is asked, those who lead last: the database lets them change what is the others' for as long as theirs is open."""
    asked = Invitation.objects.filter(meeting=meeting, withdrawn_at=None).select_related("post__user")
    return sorted(asked, key=lambda one: (one.part in LEADING, one.post_id == acting_subject().post.pk))


@command(needs=Permission.INVITE)
def withdraw_invitation(*, invitation: Invitation, because: str, by: "Post", at: datetime) -> Invitation:
    """Take an invitation back, with the reason: the meeting closes to them at once. Raises Invalid for the chair, in whose place another is asked first."""
    expect_lead("withdraw_invitation", invitation.meeting)
    if invitation.part == Part.CHAIR:
        raise Invalid("A meeting has a chair. Change the chair instead.")
    if not because.strip():
        raise Invalid("Say why.", "because")
    invitation.withdrawn_at, invitation.closes_at = at, at
    invitation.attended_words = because.strip()[:300]
    invitation.save()
    end_relationships(source=invitation, until_at=at, because="no longer asked")
    return invitation


@command(needs=Permission.ANSWER_INVITATION)
def answer_invitation(
    *, invitation: Invitation, reply: str, words: str = "", deputy: UUID | None = None, by: "Post", at: datetime
) -> Invitation:
    """Say whether one comes, sends somebody of the own agency, or what is known instead. Raises Invalid for somebody else's invitation, a deputy who may not
    come, and without a reason where one cannot come.
    """
    if invitation.post_id != by.pk:
        raise Refused("answer_invitation", acting_subject(), Decision.NO_RELATIONSHIP, invitation)
    if not invitation.meeting.is_open:
        raise Invalid(CLOSED)
    if reply == Reply.CANNOT and not words.strip():
        raise Invalid("Say why, so that the chair can ask somebody else.", "words")
    if reply == Reply.DEPUTY and not _name_deputy(invitation, deputy):
        raise Invalid("This person cannot come in your place. Choose somebody else of your agency who is not asked already.", "deputy")
    invitation.reply, invitation.reply_words, invitation.replied_at = reply, words.strip()[:300], at
    invitation.save()
    return invitation


def _name_deputy(invitation: Invitation, deputy: UUID | None) -> bool:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_name_deputy(%s, %s)", [invitation.pk, deputy])
        return cursor.fetchone()[0] is not None


@command(needs=Permission.RECORD_ATTENDANCE)
def record_attendance(
    *, invitation: Invitation, attended: str, words: str = "", is_able_to_decide: bool = True, view: str = "", by: "Post", at: datetime
) -> Invitation:
    """Say whether somebody was there, for which part, and whether they could decide for their agency; of the family also what they said beforehand.

    Raises Invalid where somebody of the family was not there, or not for all of it, without the reason (real-life.md point 9).
    """
    expect_lead("record_attendance", invitation.meeting)
    if invitation.part in {Part.CHILD, Part.PARENT} and attended in {Attended.PARTLY, Attended.NOT} and not words.strip():
        raise Invalid("Say for which part they were not there, and why.", "words")
    invitation.attended, invitation.attended_words, invitation.is_able_to_decide = attended, words.strip()[:300], is_able_to_decide
    invitation.view = view.strip() or invitation.view
    invitation.save()
    return invitation


def _group(asked: Asked) -> str:
    if asked.part in OF_FAMILY:
        return Group.FAMILY
    kind = asked.post.team.agency.kind if asked.post is not None else ""
    return GROUP_OF.get(kind, Group.OTHER)  # type: ignore[call-overload]


def _check(meeting: Meeting, asked: Asked, children: list[UUID], at: datetime) -> None:
    if asked.post is None:
        if not asked.words.strip():
            raise Invalid("Write who it is: their name, and their role or how they are tied to the child.", "words")
        if asked.part in {Part.CHAIR, Part.DEPUTY_CHAIR, Part.MINUTE_TAKER}:
            raise Invalid("Whoever leads a meeting has an account here.", "part")
        return
    if Invitation.objects.filter(meeting=meeting, post=asked.post, withdrawn_at=None).exists():
        raise Invalid("This person is asked already.", "post")
    if not may_be_invited(asked.post.pk, children):
        raise Invalid(NOT_THEM, "post")
    if asked.part in {Part.CHAIR, Part.DEPUTY_CHAIR}:
        kind = kind_of(meeting)
        if asked.post.role not in kind.chaired_by:
            raise Invalid(NOT_CHAIR, "post")
        if carries_case(asked.post, children, at):
            raise Invalid(CARRIES, "post")
        if kind.is_independent and carries_case(asked.post, children, at, or_line=True):
            raise Invalid(NOT_APART, "post")
