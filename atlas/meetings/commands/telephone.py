"""A strategy discussion held at once by telephone, at night or when a child is in danger: police and the duty social worker; health joins on the next working day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision
from atlas.flow import happened, lead
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.meetings.codes import Answer, Attended, Group, Part, Reply, Settles
from atlas.meetings.commands.calling import Called, convene, put_child
from atlas.meetings.commands.inviting import Asked, ask, open_to
from atlas.meetings.commands.recording import Decided, Said, contribute, record_meeting_decision
from atlas.meetings.models import Invitation, Meeting, MeetingItem
from atlas.meetings.queries.leading import may_be_invited
from atlas.meetings.rules.clocks import HEALTH_JOINS, STRATEGY_RECORD
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY

if TYPE_CHECKING:
    from atlas.agencies.models import Post

LASTS = timedelta(minutes=30)


@dataclass(frozen=True)
class Telephoned:
    """What was said and decided. `police`: who was rung, name, rank and number. `plan`: what keeps the child safe until the day takes over."""

    held_at: datetime
    police: str
    known: str
    answer: Answer
    reason: str
    plan: str
    child_told: str
    health: str


@command(needs=Permission.CALL_MEETING)
def record_telephone_discussion(*, child: Child, said: Telephoned, by: "Post", at: datetime) -> Meeting:
    """Write down a strategy discussion held by telephone, in eight fields (real-life.md point 5). The manager of whoever works with the child takes it on;
    health is asked, with a clock of its own, and the record stays open until health is heard.

    Raises Invalid for a time to come, and without who was rung, what is known, what is decided and why, what keeps the child safe, and whom health is asked of.
    """
    if said.held_at > at:
        raise Invalid("That time is still to come.", "held_at")
    for field, words in (
        ("police", "Write who of the police was rung: name, rank and number."), ("known", "Write what is known to the two of you."), ("reason", "Write why."),
        ("plan", "Write what keeps the child safe until the day takes over."), ("child_told", "Write who tells the child and the family, what and when."),
        ("health", "Write whom of health the day asks, and by when."),
    ):  # fmt: skip
        if not str(getattr(said, field)).strip():
            raise Invalid(words, field)
    kind = SHIPPED_BY_KEY["strategy_discussion"]
    called = Called(kind, said.held_at, by, int(LASTS.total_seconds() // 60), by_telephone=True)
    meeting = convene(called, child.responsible_authority, at)
    item = put_child(meeting, child, said.known, 1)
    _people(meeting, child, said, by, at)
    meeting.state, meeting.held_at = Meeting.State.HELD, said.held_at
    meeting.save()
    happened(
        Kind.MEETING_HELD, child=child, at=Moment(said.held_at, Precision.MINUTE), about=item, starts=[STRATEGY_RECORD, HEALTH_JOINS],
        words=f"{meeting.kind_name} by telephone",
    )  # fmt: skip
    item = MeetingItem.objects.select_related("meeting", "child").get(pk=item.pk)
    contribute(item=item, said=Said(said.known, f"By telephone with {said.police}"[:200]), by=by, at=at)
    for point, answer, words in (
        (Settles.DECISION, said.answer, ""), (Settles.PLAN, "", said.plan), (Settles.CHILD_TOLD, "", said.child_told)
    ):  # fmt: skip
        record_meeting_decision(item=item, decided=Decided(point, said.reason, answer, words), by=by, at=at)
    return meeting


def _people(meeting: Meeting, child: Child, said: Telephoned, by: "Post", at: datetime) -> None:
    """The duty worker leads; the police are there by telephone; whoever manages the work with the child takes over by day; health is still to be heard."""
    mine = Invitation(
        meeting=meeting, part=Part.CHAIR, post=by, group=Group.SOCIAL_WORK, invited_by=by, invited_at=at, opens_at=at, reply=Reply.COMES, replied_at=at,
        attended=Attended.WHOLE,
    )  # fmt: skip
    mine.save(force_insert=True)
    open_to(mine, child)
    for group, words, attended in ((Group.POLICE, said.police, Attended.WHOLE), (Group.HEALTH, said.health, Attended.NOT)):
        Invitation(
            meeting=meeting, part=Part.GUEST, words=words.strip()[:120], group=group, how="by telephone", invited_by=by, invited_at=at, opens_at=at,
            attended=attended,
        ).save(force_insert=True)  # fmt: skip
    worker, _ = lead(child, at)
    manager = worker.line_manager if worker is not None else None
    if manager is not None and manager != by and may_be_invited(manager.pk, [child.pk]):
        ask(meeting, Asked(Part.MINUTE_TAKER, manager), at)
