"""What safety plans ask of somebody and is five working days late: it stands before the panel (practice.md 5.3, LP-8)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.db.models import F, Min, Q

from atlas.children.models import Child
from atlas.chronology.moments import day_words
from atlas.gate.context import Subject
from atlas.meetings.models import Meeting
from atlas.meetings.rules.clocks import BEFORE_PANEL_AFTER
from atlas.plans.models import PlanLine
from atlas.plans.overdue import late_before

if TYPE_CHECKING:
    from atlas.meetings.models import Panel

MOST = 50


@dataclass(frozen=True)
class LateLine:
    """A line that is late: which agency was to do it, and by when. Not what it says: whoever sits on a panel need not work with the child."""

    agency: str
    due_on: date

    @property
    def words(self) -> str:
        """As the meeting reads it."""
        return f"A line of the safety plan was to be done by {day_words(self.due_on)}{f', by {self.agency}' if self.agency else ''}"


def late_lines(meeting: Meeting, at: datetime) -> dict[UUID, list[LateLine]]:
    """Of each child on the agenda of a panel's meeting, what is late by the safety plan, the longest first. Nothing for other meetings: they read the plan."""
    found: dict[UUID, list[LateLine]] = defaultdict(list)
    if meeting.panel_id is None:
        return found
    with connection.cursor() as cursor:
        cursor.execute("SELECT child, agency, due FROM gate_late_lines(%s, %s)", [meeting.pk, late_before(at, BEFORE_PANEL_AFTER)])
        for child, agency, due_on in cursor.fetchall():
            found[child].append(LateLine(agency, due_on))
    return found


def children_for_panel(subject: Subject, panel: "Panel", listed: Iterable[Child], at: datetime) -> list[tuple[Child, date]]:
    """The children whose plans are open to whoever asks, who have a line five working days late and do not stand on the panel's list; with the day on which
    the first of it was due, the longest first, fifty at most.
    """
    in_force = Q(until_number__isnull=True) | Q(until_number__gt=F("plan__number"))
    lines = PlanLine.objects.visible_to(subject).filter(
        in_force, child__responsible_authority=panel.authority_id, from_number__lte=F("plan__number"), plan__closed_at__isnull=True,
        status=PlanLine.Status.OPEN, due_on__lt=late_before(at, BEFORE_PANEL_AFTER),
    )  # fmt: skip
    others = lines.exclude(child__in=[child.pk for child in listed])
    late = dict(others.values_list("child").annotate(first=Min("due_on")).order_by("first", "child")[:MOST])
    children = Child.objects.in_bulk(late)
    return [(children[pk], due_on) for pk, due_on in late.items()]
