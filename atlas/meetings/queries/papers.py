"""The record of a meeting as one recipient reads it: compiled from what row security lets them see; nothing is blacked out (protection.md 4.7)."""

from collections.abc import Iterator
from uuid import UUID

from atlas.chronology.moments import day_words, when_words
from atlas.meetings.codes import Attended
from atlas.meetings.codes import Audience as Whose
from atlas.meetings.models import AgencyAction, Invitation, MeetingContribution
from atlas.meetings.queries.room import OnAgenda, Room
from atlas.sharing.copy import Audience, CompiledCopy, CopyBlock, CopyLine

NO_LINE = "Nothing that this copy holds."


def paper_of(room: Room) -> CompiledCopy:
    """The copy of whoever the room was read for: somebody who was asked, or who works with a child on its agenda."""
    blocks = [CopyBlock("meeting", "Meeting", tuple(_lines("meeting", _about(room)))), _people(room.invitations)]
    for on in room.agenda:
        blocks += _blocks(on, on.contributions)
    return CompiledCopy(Audience.PROFESSIONAL, room.meeting.kind_name, tuple(blocks))


def family_paper_of(room: Room, child_id: UUID) -> CompiledCopy:
    """The copy for one child and the family: that child's part alone; of what agencies knew, what everyone may read; no copy names another child."""
    on = next(one for one in room.agenda if one.item.child_id == child_id)
    said = [one for one in on.contributions if one.audience == Whose.EVERYONE]
    blocks = [CopyBlock("meeting", "Meeting", tuple(_lines("meeting", _about(room)))), *_blocks(on, said)]
    return CompiledCopy(Audience.CARER, room.meeting.kind_name, tuple(blocks))


def _about(room: Room) -> Iterator[str]:
    meeting = room.meeting
    yield f"{meeting.kind_name}, {when_words(meeting.starts_at)}. {meeting.get_state_display()}."
    if meeting.held_at:
        yield f"Held {when_words(meeting.held_at)}."
    if room.absent:
        yield f"Nobody who could decide was there for: {', '.join(group.label.lower() for group in room.absent)}. {meeting.quorum_reason}"


def _people(invitations: list[Invitation]) -> CopyBlock:
    lines = (
        f"{one.who} ({one.get_part_display().lower()}): {one.get_attended_display().lower() if one.attended != Attended.UNKNOWN else one.get_reply_display().lower()}"
        for one in invitations
    )
    return CopyBlock("people", "Who was asked", tuple(_lines("people", lines)))


def _blocks(on: OnAgenda, said: list[MeetingContribution]) -> list[CopyBlock]:
    key = str(on.item.pk)
    known = (f"{one.agency.name}: {one.words} ({one.source_words})" for one in said)
    decided = (
        f"{point.label}: {' '.join(filter(None, (decision.get_answer_display(), decision.words)))} Because: {decision.reason}"
        + (
            f" Seen otherwise{f' by {decision.dissent_by.name}' if decision.dissent_by else ''}: {decision.dissent}"
            if decision.dissent
            else ""
        )
        for point, decision in on.decisions
        if decision is not None
    )
    return [
        CopyBlock(f"{key} why", on.item.name, tuple(_lines(f"{key} why", [on.item.why]))),
        CopyBlock(f"{key} known", "What each knew", tuple(_lines(f"{key} known", known))),
        CopyBlock(f"{key} decided", "Decided", tuple(_lines(f"{key} decided", decided))),
        CopyBlock(f"{key} actions", "Who does what", tuple(_lines(f"{key} actions", (_action(one) for one in on.actions)))),
    ]


def _action(action: AgencyAction) -> str:
    return f"{action.agency.name}, {action.owned_by}, by {day_words(action.due_on)}: {action.words} So that: {action.intended}"


def _lines(key: str, words: "Iterator[str] | list[str]") -> "Iterator[CopyLine]":
    for number, one in enumerate(list(words) or [NO_LINE]):
        yield CopyLine(f"{key} {number}", one, may_answer=False)
