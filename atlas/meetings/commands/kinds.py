"""A council adds a kind of meeting, changes it for those that are called from now on, and ends it. What was called keeps the rules under which it was called."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.text import slugify

from atlas.clocks.queries import own_authorities
from atlas.gate.act import Invalid, command
from atlas.gate.policy import ROLES, Permission
from atlas.meetings.models import LocalMeetingKind, Panel
from atlas.meetings.rules.local_kinds import ANSWERS, KindGiven, what_is_wrong

if TYPE_CHECKING:
    from atlas.agencies.models import Authority, Post

MAY_CHAIR = frozenset(role.key for role in ROLES if {Permission.RECORD_MEETING_DECISION, Permission.CLOSE_MEETING} <= role.permissions)
NOT_YOURS = "Only the council that answers for {authority} says which kinds of meeting it holds. Ask its head of service."
ENDED = "This kind has ended. Add another."
IN_USE = "A panel still meets as this kind: {panel}. Close the panel first, or change the kind."


@command(needs=Permission.ADD_MEETING_KIND)
def add_meeting_kind(*, authority: "Authority", given: KindGiven, by: "Post", at: datetime) -> LocalMeetingKind:
    """Add a kind of meeting to those that may be called in an authority. Raises Invalid for another council's authority, a name that is taken, nobody who may chair, what
    need not be decided, and for less than a strategy discussion needs where it decides on section 47 enquiries.
    """
    _check(authority, given, by, None)
    return _keep(authority, given, by, at)


@command(needs=Permission.CHANGE_MEETING_KIND)
def change_meeting_kind(*, kind: LocalMeetingKind, given: KindGiven, by: "Post", at: datetime) -> LocalMeetingKind:
    """Change a kind for the meetings that are called from now on; panels that meet as this kind go on with it. A meeting that was called keeps its rules."""
    if kind.ended_at is not None:
        raise Invalid(ENDED)
    _check(kind.authority, given, by, kind)
    if ANSWERS[given.decides].about != kind.about and (panel := _panel_of(kind)):
        raise Invalid(
            f"A panel meets as this kind: {panel.name}. It cannot become a meeting about something else. Add another kind.", "decides"
        )
    _end(kind, at)
    made = _keep(kind.authority, given, by, at)
    Panel.objects.filter(kind=kind.key, closed_at=None).update(kind=made.key)
    return made


@command(needs=Permission.END_MEETING_KIND)
def end_meeting_kind(*, kind: LocalMeetingKind, by: "Post", at: datetime) -> LocalMeetingKind:
    """Let no meeting of this kind be called any more. Those that were called go on. Raises Invalid while a panel meets as this kind."""
    if not own_authorities(by).filter(pk=kind.authority_id).exists():
        raise Invalid(NOT_YOURS.format(authority=kind.authority))
    if kind.ended_at is not None:
        raise Invalid(ENDED)
    if panel := _panel_of(kind):
        raise Invalid(IN_USE.format(panel=panel.name))
    _end(kind, at)
    return kind


def _check(authority: "Authority", given: KindGiven, by: "Post", instead_of: LocalMeetingKind | None) -> None:
    if not own_authorities(by).filter(pk=authority.pk).exists():
        raise Invalid(NOT_YOURS.format(authority=authority), "authority")
    others = LocalMeetingKind.objects.filter(authority=authority, ended_at=None)
    taken = frozenset(one.name.casefold() for one in others if instead_of is None or one.pk != instead_of.pk)
    if wrong := what_is_wrong(given, MAY_CHAIR, taken):
        raise Invalid(*wrong)


def _keep(authority: "Authority", given: KindGiven, by: "Post", at: datetime) -> LocalMeetingKind:
    """A row of its own, so that what was called under another keeps its rules."""
    decides = ANSWERS[given.decides]
    row = LocalMeetingKind(
        authority=authority, key=f"{slugify(given.name)[:30]}-{uuid.uuid4().hex[:8]}", name=given.name.strip(), about=decides.about,
        chaired_by=sorted(given.chaired_by), quorum=list(given.quorum), answers=list(decides.answers), settles=list(given.settles),
        is_independent=given.is_independent, with_family=given.with_family, record_within=given.record_within, until_age=given.until_age, set_by=by, set_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def _panel_of(kind: LocalMeetingKind) -> Panel | None:
    return Panel.objects.filter(kind=kind.key, closed_at=None).order_by("name").first()


def _end(kind: LocalMeetingKind, at: datetime) -> None:
    kind.ended_at = at
    kind.save(update_fields=["ended_at"])
