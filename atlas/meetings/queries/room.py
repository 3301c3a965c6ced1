"""One meeting as it stands: before, in the room and after; what each may see of it is row security's to say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from atlas.agencies.models import Agency
from atlas.gate.context import Subject
from atlas.gate.policy import Mode, RecordKind
from atlas.gate.queries import standings
from atlas.gate.rules import may_touch
from atlas.meetings.codes import LEADING, Answer, Attended, Group, Part, Settles
from atlas.meetings.models import AgencyAction, Invitation, Meeting, MeetingContribution, MeetingDecision, MeetingItem
from atlas.meetings.queries.actions import actions_with_people, came_of, undone_before
from atlas.meetings.queries.leading import kind_of
from atlas.meetings.rules.kinds import MeetingKind
from atlas.meetings.rules.needed import Heard, Needed, absent, still_needed

Decisions = dict[tuple[UUID, str], MeetingDecision]


def meetings_with_people() -> "QuerySet[Meeting]":
    """Meetings with what their pages name beside them."""
    return Meeting.objects.select_related("authority", "panel", "called_by__user", "closed_by__user", "follows")


def items_with_meeting() -> "QuerySet[MeetingItem]":
    """What stands on agendas, with the meeting and the child."""
    return MeetingItem.objects.select_related("meeting__authority", "meeting__panel", "child", "person", "group", "place")


def my_meetings(subject: Subject) -> "QuerySet[Meeting]":
    """The meetings to which the subject's post is asked, and which are not over for it, each with what of its agenda is open to it: the soonest first."""
    asked = Invitation.objects.filter(post=subject.post, withdrawn_at=None)
    own = Prefetch("invitations", queryset=asked, to_attr="mine")
    # The list of a panel is long, and opening this page is no look at everybody on it.
    items = MeetingItem.objects.filter(meeting__panel=None).select_related("child", "person", "group", "place").order_by("number")
    about = Prefetch("meetingitems", queryset=items, to_attr="about")
    return meetings_with_people().filter(pk__in=asked.values("meeting")).prefetch_related(own, about).order_by("starts_at", "pk")


def meetings_about(subject: Subject, child_id: UUID) -> "QuerySet[MeetingItem]":
    """What meetings held about a child: each with its decisions as they stand, the latest first."""
    decisions = Prefetch("decisions", queryset=MeetingDecision.objects.filter(settles=Settles.DECISION, replaced_by=None), to_attr="now")
    items = (
        MeetingItem.objects.of_child(subject, child_id)
        .select_related("meeting", "child", "person", "group", "place")
        .prefetch_related(decisions)
    )
    return items.order_by("-meeting__starts_at", "pk")


def decisions_now(decisions: Iterable[MeetingDecision]) -> Decisions:
    """Of each point of each thing on the agenda, the version that stands: the one that none replaces."""
    rows = list(decisions)
    replaced = {row.replaces_id for row in rows}
    return {(row.item_id, row.settles): row for row in rows if row.pk not in replaced}


@dataclass(frozen=True)
class OnAgenda:
    """One thing on the agenda with what was brought, decided and agreed on it."""

    item: MeetingItem
    contributions: list[MeetingContribution]
    decisions: list[tuple[Settles, MeetingDecision | None]]
    actions: list[AgencyAction]

    @property
    def answer(self) -> str:
        """What is decided, in words; empty until it is."""
        decision = next((one for settles, one in self.decisions if settles is Settles.DECISION), None)
        return Answer(decision.answer).label if decision is not None and decision.answer else ""


@dataclass(frozen=True)
class Room:
    """A meeting as the subject may see it."""

    meeting: Meeting
    kind: MeetingKind
    agenda: list[OnAgenda]
    invitations: list[Invitation]
    undone: list[AgencyAction]
    needed: list[Needed]
    mine: Invitation | None
    is_led: bool
    agencies: dict[UUID, Agency]
    works_with: frozenset[UUID]
    came: list[AgencyAction]

    @property
    def absent(self) -> list[Group]:
        """Those of the quorum for whom nobody was there who could decide."""
        return absent(self.kind, heard_of(self.invitations, [one for on in self.agenda for one in on.contributions]))


def room_of(subject: Subject, meeting: Meeting) -> Room:
    """The meeting with everything on it that the subject may see."""
    kind = kind_of(meeting)
    items = list(MeetingItem.objects.filter(meeting=meeting).select_related("child", "person", "group", "place", "put_by__user"))
    said = (
        MeetingContribution.objects.filter(meeting=meeting)
        .select_related("agency", "written_by__user", "invitation__post__user")
        .order_by("written_at", "pk")
    )
    contributions, actions = list(said), list(actions_with_people().filter(meeting=meeting).order_by("due_on", "pk"))
    now = decisions_now(MeetingDecision.objects.filter(meeting=meeting).select_related("decided_by__user", "dissent_by", "passed_to"))
    invitations = list(
        Invitation.objects.filter(meeting=meeting, withdrawn_at=None)
        .select_related("post__user", "post__team__agency", "stands_in_for__post__user")
        .order_by("invited_at", "pk")
    )
    agenda = [
        OnAgenda(
            item, [one for one in contributions if one.item_id == item.pk], [(point, now.get((item.pk, point))) for point in kind.settles],
            [one for one in actions if one.item_id == item.pk],
        )
        for item in items
    ]  # fmt: skip
    mine = next((one for one in invitations if one.post_id == subject.post.pk), None)
    led = meeting.is_open and (meeting.called_by_id == subject.post.pk or (mine is not None and mine.part in LEADING))
    children = [item.child_id for item in items if item.child_id]
    named = {pk for one in contributions for pk in one.agencies}
    return Room(
        meeting, kind, agenda, invitations, list(undone_before(children, meeting.pk)) if meeting.is_open else [],
        _needed(meeting, kind, agenda, invitations) if led else [], mine, led, Agency.objects.in_bulk(named),
        frozenset(pk for pk, how in standings(subject, children).items() if may_touch(how, RecordKind.MEETING, Mode.WRITE)),
        list(came_of(children, meeting.pk, subject.at)) if meeting.is_open else [],
    )  # fmt: skip


def needed_of(meeting: Meeting) -> list[Needed]:
    """What a meeting still needs before its record is closed, for whoever leads it."""
    kind, items = kind_of(meeting), list(MeetingItem.objects.filter(meeting=meeting).select_related("child", "person", "group", "place"))
    now = decisions_now(MeetingDecision.objects.filter(meeting=meeting))
    said = list(MeetingContribution.objects.filter(meeting=meeting))
    agenda = [
        OnAgenda(item, [one for one in said if one.item_id == item.pk], [(point, now.get((item.pk, point))) for point in kind.settles], [])
        for item in items
    ]
    return _needed(meeting, kind, agenda, list(Invitation.objects.filter(meeting=meeting, withdrawn_at=None).select_related("post__team")))


def heard_of(invitations: Iterable[Invitation], contributions: Iterable[MeetingContribution]) -> list[Heard]:
    """Everybody who was asked, as a quorum counts them. Words of an agency count for whoever of it was asked; those who sent a deputy are left to them."""
    rows = list(invitations)
    said = {one.agency_id for one in contributions}
    replaced = {one.stands_in_for_id for one in rows}
    return [
        Heard(
            Group(one.group), Attended(one.attended), one.is_able_to_decide, one.post is not None and one.post.team.agency_id in said
        )
        for one in rows
        if one.pk not in replaced
    ]  # fmt: skip


def _needed(meeting: Meeting, kind: MeetingKind, agenda: list[OnAgenda], invitations: list[Invitation]) -> list[Needed]:
    settled = {on.item.name: {point for point, decision in on.decisions if decision is not None} for on in agenda}
    if (
        kind.with_family
        and all(one.attended == Attended.WHOLE for one in invitations if one.group == Group.FAMILY)
        and _has_child(invitations)
    ):
        settled = {what: done | {Settles.FAMILY} for what, done in settled.items()}
    said = [one for on in agenda for one in on.contributions]
    return still_needed(
        kind, heard=heard_of(invitations, said), quorum_reason=meeting.quorum_reason, settled=settled, is_held=meeting.held_at is not None
    )


def _has_child(invitations: list[Invitation]) -> bool:
    return any(one.part == Part.CHILD for one in invitations)


def is_now(meeting: Meeting, at: datetime) -> bool:
    """Whether a meeting goes on at that moment: its page then asks for what is new by itself."""
    return meeting.state == Meeting.State.HELD and meeting.closed_at is None and at < meeting.until_at
