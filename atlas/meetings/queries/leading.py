"""Who leads a meeting, who carries the case, who may be asked, and how long an invitation opens it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connections

from atlas.chronology.moments import end_of_day, start_of_day
from atlas.clocks.calendar import add_working_days, is_working_day
from atlas.clocks.queries import bank_holidays_changed
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.gate.models import Relationship
from atlas.gate.policy import Kind, Mode, RecordKind
from atlas.gate.queries import standing
from atlas.gate.rules import may_touch
from atlas.meetings.codes import LEADING, About
from atlas.meetings.models import Invitation, LocalMeetingKind, Meeting, Panel
from atlas.meetings.rules.clocks import CLOSES_AFTER, OPENS_BEFORE
from atlas.meetings.rules.kinds import SHIPPED, SHIPPED_BY_KEY, MeetingKind

if TYPE_CHECKING:
    from atlas.agencies.models import Authority, Post


def meeting_kinds(authority: "Authority") -> list[MeetingKind]:
    """The kinds of meeting that may be called in an authority: those Atlas comes with, and its own that have not ended."""
    own = LocalMeetingKind.objects.filter(authority=authority, ended_at=None).select_related("authority").order_by("name")
    return [*SHIPPED, *(row.as_kind() for row in own)]


def kind_of(of: "Meeting | Panel") -> MeetingKind:
    """The kind of a meeting, or of those that a panel holds. Raises LocalMeetingKind.DoesNotExist for one that was never there."""
    if of.kind in SHIPPED_BY_KEY:
        return SHIPPED_BY_KEY[of.kind]
    return LocalMeetingKind.objects.select_related("authority").get(key=of.kind).as_kind()


def panel_kinds() -> set[str]:
    """The keys of the kinds of meeting that are panels: those Atlas comes with, and those that councils added."""
    shipped = {key for key, kind in SHIPPED_BY_KEY.items() if kind.about is About.PANEL}
    return shipped | set(LocalMeetingKind.objects.filter(about=About.PANEL).values_list("key", flat=True))


def leads(meeting: Meeting, post: "Post") -> bool:
    """Whether this post chairs the meeting, stands in for the chair, or takes its minutes."""
    return Invitation.objects.filter(meeting=meeting, post=post, part__in=LEADING, withdrawn_at=None).exists()


def works_with(subject: Subject, child_id: UUID | None) -> bool:
    """Whether the subject works with this child, so far as to write of the child's meetings; no, of what is about no child."""
    return child_id is not None and may_touch(standing(subject, child_id), RecordKind.MEETING, Mode.WRITE)


def carries_case(post: "Post", children: Iterable[UUID], at: datetime, *, or_line: bool = False) -> bool:
    """Whether a post works with one of these children as allocated (`or_line`: or stands above somebody who does, one or two steps)."""
    held = Relationship.live(at).filter(child__in=list(children), kind=Kind.ALLOCATED, holder_post__isnull=False)
    workers = [row.holder_post for row in held.select_related("holder_post__line_manager") if row.holder_post]
    for worker in workers:
        above = worker.line_manager if or_line else None
        if post.pk in {worker.pk, above and above.pk, above and above.line_manager_id}:
            return True
    return False


def may_be_invited(post_id: UUID, children: Iterable[UUID]) -> bool:
    """Whether a post may be asked to a meeting about these children, as the database judges it; never why not."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_may_be_invited(%s, %s::uuid[])", [post_id, list(children)])
        return bool(cursor.fetchone()[0])


def opens_at(starts_at: datetime, part: str, at: datetime) -> datetime:
    """From when an invitation opens the meeting: five working days before; to those who lead it, at once (protection.md 4.1)."""
    if part in LEADING:
        return at
    day, changes, left = day_of(starts_at), bank_holidays_changed(), OPENS_BEFORE
    while left:
        day -= timedelta(days=1)
        left -= is_working_day(day, changes)
    return max(at, start_of_day(day))


def closes_at(ended_on: date) -> datetime:
    """Until when an invitation opens the meeting: ten working days after it (protection.md 4.1)."""
    return end_of_day(add_working_days(ended_on, CLOSES_AFTER, bank_holidays_changed()))


def closes_first(starts_at: datetime, part: str) -> datetime | None:
    """The same, when somebody is asked: open to those who lead until the record is out."""
    return None if part in LEADING else closes_at(day_of(starts_at))
