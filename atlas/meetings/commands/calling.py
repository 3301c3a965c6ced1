"""A meeting is called, moved, called off; what it is about is put on its agenda; and it is said that it was held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision, when_words
from atlas.connections.models import Group, PersonOfConcern
from atlas.flow import happened
from atlas.gate.act import Invalid, Refused, command, judge
from atlas.gate.commands import end_relationships
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.models import Relationship
from atlas.gate.policy import Permission
from atlas.gate.rules import Decision
from atlas.meetings.codes import About, ItemKind, Part
from atlas.meetings.commands.inviting import CLOSED, Asked, ask, expect_lead, leading_last, open_to, stop_item_clocks
from atlas.meetings.mail import tell
from atlas.meetings.models import Invitation, Meeting, MeetingItem, Panel
from atlas.meetings.queries.elsewhere import discussed_elsewhere
from atlas.meetings.queries.leading import closes_first, kind_of, leads, opens_at, works_with
from atlas.meetings.rules.clocks import HOLD_STRATEGY, record_limit
from atlas.meetings.rules.kinds import OF_STRATEGY, MeetingKind
from atlas.meetings.rules.step_down import FIRST_MEETING
from atlas.places.models import Place

if TYPE_CHECKING:
    from atlas.agencies.models import Authority, Post

MOST_HOURS = 12
Held = PersonOfConcern | Group | Place
# What each kind of item that is recorded elsewhere is called there.
HELD_AS = {ItemKind.PERSON: PersonOfConcern.looked_at_as, ItemKind.GROUP: Group.looked_at_as, ItemKind.PLACE: Place.looked_at_as}
SUBJECT = "Atlas: a meeting has changed ({reference})"
MAIL = "{what} Sign in, under Meetings.\n"


@dataclass(frozen=True)
class Called:
    """When, where, and who leads. `minutes`: how long it is planned to last."""

    kind: MeetingKind
    starts_at: datetime
    chair: "Post"
    minutes: int = 60
    minute_taker: "Post | None" = None
    place: str = ""
    joining: str = ""
    by_telephone: bool = False
    follows: Meeting | None = None


@command(needs=Permission.CALL_MEETING)
def call_meeting(*, child: Child, called: Called, why: str, others: Sequence[Child] = (), by: "Post", at: datetime) -> Meeting:
    """Call a meeting about a child, and about brothers and sisters where it is one meeting for them (real-life.md point 20).

    A strategy discussion starts the time within which it must be held. Raises Invalid without a reason, for a kind that is not about a child, for a child
    who is older than the kind allows, for a chair who may not chair it.
    """
    if called.kind.about not in {About.CHILD, About.BRIEFING}:
        raise Invalid("This kind of meeting is not called about one child. Put the child on a panel’s list instead.", "kind")
    if not why.strip():
        raise Invalid("Say why this meeting is needed, in words that the child may read one day.", "why")
    for other in others:
        judge("call_meeting", acting_subject(), Permission.CALL_MEETING, other.pk, other)
    meeting = convene(called, child.responsible_authority, at)
    items = [put_child(meeting, one, why, number) for number, one in enumerate((child, *others), 1)]
    ask(meeting, Asked(Part.CHAIR, called.chair), at)
    if called.minute_taker is not None and called.minute_taker != called.chair:
        ask(meeting, Asked(Part.MINUTE_TAKER, called.minute_taker), at)
    starts = [HOLD_STRATEGY] if called.kind.answers == OF_STRATEGY else []
    for item in items:
        assert item.child is not None
        happened(
            Kind.MEETING_CALLED, child=item.child, at=Moment(at, Precision.MINUTE), about=item, starts=starts,
            words=f"{called.kind.name}, {when_words(called.starts_at)}",
        )  # fmt: skip
    return meeting


def convene(called: Called, authority: "Authority", at: datetime, panel: Panel | None = None) -> Meeting:
    """A meeting with nothing on its agenda yet, as an effect of the command that runs now."""
    if not 5 <= called.minutes <= MOST_HOURS * 60:
        raise Invalid("A meeting lasts between 5 minutes and 12 hours.", "minutes")
    meeting = Meeting(
        authority=authority, kind=called.kind.key, kind_name=called.kind.name, panel=panel, follows=called.follows, starts_at=called.starts_at,
        until_at=called.starts_at + timedelta(minutes=called.minutes), place=called.place.strip()[:200],
        joining=called.joining.strip()[:300], by_telephone=called.by_telephone, called_at=at, called_by=acting_subject().post,
    )  # fmt: skip
    meeting.save(force_insert=True)
    return meeting


def put_child(meeting: Meeting, child: Child, why: str, number: int) -> MeetingItem:
    """A child on the agenda, as an effect of the command that runs now. Raises Invalid for one who is older than the kind allows."""
    kind, day = kind_of(meeting), day_of(meeting.starts_at)
    age = child.age_on(day)
    if age is not None and age >= kind.until_age:
        raise Invalid(f"This person will be {age} on that day. A {kind.name.lower()} is for those under {kind.until_age}.", "child")
    item = MeetingItem(
        meeting=meeting,
        kind=ItemKind.CHILD,
        child=child,
        why=why.strip(),
        number=number,
        put_by=acting_subject().post,
        put_at=acting_subject().at,
    )
    item.save(force_insert=True)
    return item


@command(needs=Permission.PUT_ON_AGENDA)
def put_on_agenda(
    *,
    meeting: Meeting,
    kind: ItemKind,
    why: str,
    child: Child | None = None,
    title: str = "",
    held: Held | None = None,
    is_aware: bool = False,
    by: "Post",
    at: datetime,
) -> MeetingItem:
    """Put a child on the agenda; or a person of concern, group or place that is recorded (`held`); or a group, place or theme in words. It opens to everybody
    who is asked to the meeting.

    By whoever leads the meeting; a child also by whoever works with the child. Raises Invalid without a reason, for a child where the kind holds none
    or who is there already, for a person of concern who is not recorded (whose age nobody was asked), for what is no child without a name, and for a
    child whom another panel took within a year, unless whoever puts the child there says that they know of it (`is_aware`).
    """
    subject = acting_subject()
    works = works_with(subject, child.pk if child else None)
    if not (works or leads(meeting, by) or meeting.called_by_id == by.pk):
        raise Refused("put_on_agenda", subject, Decision.NO_RELATIONSHIP, meeting)
    if not meeting.is_open:
        raise Invalid(CLOSED)
    if not why.strip():
        raise Invalid("Say why it is taken to this meeting.", "why")
    number = MeetingItem.objects.filter(meeting=meeting).count() + 1
    if kind is not ItemKind.CHILD:
        return _put_other(meeting, kind, title, held, why, number)
    if not is_aware and child is not None:
        _expect_aware(meeting, child, at)
    return _put_child(meeting, child, why, number)


def _put_child(meeting: Meeting, child: Child | None, why: str, number: int) -> MeetingItem:
    """A child, who opens to everybody who is asked."""
    subject = acting_subject()
    if child is None or not kind_of(meeting).opens_child:
        raise Invalid("No child stands on the agenda of this kind of meeting.", "kind")
    if MeetingItem.objects.filter(meeting=meeting, child=child).exists():
        raise Invalid("This child stands on its agenda already.", "child")
    item = put_child(meeting, child, why, number)
    for invitation in Invitation.objects.filter(meeting=meeting, withdrawn_at=None, post__isnull=False).select_related("post"):
        open_to(invitation, child)
    happened(
        Kind.MEETING_CALLED,
        child=child,
        at=Moment(subject.at, Precision.MINUTE),
        about=item,
        words=f"{meeting.kind_name}, {when_words(meeting.starts_at)}",
    )
    return item


def _expect_aware(meeting: Meeting, child: Child, at: datetime) -> None:
    """Raise Invalid where another panel took the child within a year, with what it decided or whom to ask: no child is discussed twice unaware."""
    if kind_of(meeting).about is not About.PANEL or MeetingItem.objects.filter(meeting=meeting, child=child).exists():
        return
    if known := [one for one in discussed_elsewhere([child.pk], meeting, at).get(child.pk, []) if one.is_panel]:
        raise Invalid(f"{known[0].words}. Speak with them; or say below that you know of it, and above why this panel too.", "is_aware")


def _put_other(meeting: Meeting, kind: ItemKind, title: str, held: Held | None, why: str, number: int) -> MeetingItem:
    """What is no child. Of what is recorded elsewhere the item says only of what kind it is: deleted there, nothing of it is left here."""
    subject = acting_subject()
    if held is None and kind is ItemKind.PERSON:
        raise Invalid(
            "Write the person down first: you are asked whether they are 18 or over. Nobody under 18 is a person of concern.", "kind"
        )
    if held is None and not title.strip():
        raise Invalid("Give it a short name for the agenda. Name no child there.", "title")
    if held is not None and (held.looked_at_as != HELD_AS.get(kind) or not held.is_current(day_of(subject.at))):
        raise Invalid("Choose one of this kind that was looked at again in time.", "held")
    if held is not None and MeetingItem.objects.filter(meeting=meeting, **{kind.value: held}).exists():
        raise Invalid("This stands on its agenda already.", "held")
    said = kind.label if held is not None else title.strip()[:120]
    item = MeetingItem(meeting=meeting, kind=kind, title=said, why=why.strip(), number=number, put_by=subject.post, put_at=subject.at)
    if held is not None:
        setattr(item, kind.value, held)
    item.save(force_insert=True)
    return item


@command(needs=Permission.MOVE_MEETING)
def move_meeting(*, meeting: Meeting, starts_at: datetime, because: str, by: "Post", at: datetime) -> Meeting:
    """Let it be at another time, with the reason. Everybody who is asked learns of it; what an invitation opens moves with it."""
    expect_lead("move_meeting", meeting)
    if meeting.held_at is not None:
        raise Invalid("This meeting was held. Call the next one.")
    if not because.strip():
        raise Invalid("Say why it is moved.", "because")
    lasts = meeting.until_at - meeting.starts_at
    meeting.starts_at, meeting.until_at = starts_at, starts_at + lasts
    meeting.save()
    for invitation in Invitation.objects.filter(meeting=meeting, withdrawn_at=None).select_related("post__user"):
        invitation.opens_at, invitation.closes_at = opens_at(starts_at, invitation.part, at), closes_first(starts_at, invitation.part)
        invitation.save()
        given = Relationship.objects.filter(source_id=invitation.pk)
        given.update(from_at=invitation.opens_at, until_at=invitation.closes_at)
    _tell(meeting, Kind.MEETING_MOVED, because, at)
    return meeting


@command(needs=Permission.CANCEL_MEETING)
def cancel_meeting(*, meeting: Meeting, because: str, by: "Post", at: datetime) -> Meeting:
    """Call it off, with the reason. What it opened closes. A strategy discussion that was needed is still needed, and its time goes on."""
    expect_lead("cancel_meeting", meeting)
    if meeting.held_at is not None:
        raise Invalid("This meeting was held. Close its record instead.")
    if not because.strip():
        raise Invalid("Say why it is called off, and what happens instead.", "because")
    _tell(meeting, Kind.MEETING_CANCELLED, because, at)
    meeting.state, meeting.cancelled_because = Meeting.State.CANCELLED, because.strip()[:300]
    meeting.save()
    MeetingItem.objects.filter(meeting=meeting).update(ended_at=at)
    for invitation in leading_last(meeting):
        end_relationships(source=invitation, until_at=at, because="the meeting was called off")
        Invitation.objects.filter(pk=invitation.pk).update(closes_at=at)
    return meeting


@command(needs=Permission.HOLD_MEETING)
def hold_meeting(*, meeting: Meeting, held_at: datetime, by: "Post", at: datetime) -> Meeting:
    """Say that it began, and when: the time to hold it stops, the time to send its record starts. Raises Invalid for a time to come."""
    expect_lead("hold_meeting", meeting)
    if meeting.held_at is not None:
        raise Invalid("It is recorded already that this meeting was held.")
    if held_at > at:
        raise Invalid("That time is still to come.", "held_at")
    meeting.state, meeting.held_at = Meeting.State.HELD, held_at
    meeting.save()
    starts = record_limit(kind_of(meeting))
    for item in MeetingItem.objects.filter(meeting=meeting, child__isnull=False).select_related("child"):
        assert item.child is not None
        moment = Moment(held_at, Precision.MINUTE)
        entry = happened(Kind.MEETING_HELD, child=item.child, at=moment, about=item, starts=[starts], words=meeting.kind_name)
        stop_item_clocks(item, [HOLD_STRATEGY, FIRST_MEETING], entry)
    return meeting


def _tell(meeting: Meeting, kind: Kind, because: str, at: datetime) -> None:
    """Write it down for each child, and tell everybody who is asked, without a name."""
    for item in MeetingItem.objects.filter(meeting=meeting, child__isnull=False).select_related("child"):
        assert item.child is not None
        words = f"{meeting.kind_name}, {when_words(meeting.starts_at)}: {because.strip()}"[:300]
        happened(kind, child=item.child, at=Moment(at, Precision.MINUTE), about=item, words=words)
    what = f"It is now on {when_words(meeting.starts_at)}." if kind is Kind.MEETING_MOVED else "It is called off."
    for invitation in Invitation.objects.filter(meeting=meeting, withdrawn_at=None, post__isnull=False).select_related("post__user"):
        tell(invitation.post, SUBJECT.format(reference=meeting.reference), MAIL.format(what=what))
