"""What was opened in an emergency, what waits for review, and how often each team does it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connections
from django.db.models import QuerySet

from atlas.agencies.models import Team
from atlas.break_glass.models import BreakGlass, BreakGlassNotice
from atlas.break_glass.rules import DAYS_COUNTED, is_over
from atlas.children.models import Child
from atlas.gate.context import Subject
from atlas.people.models import ContactDetail

SHOWN_FOR, MOST = timedelta(days=14), 20


def reviewable() -> list[tuple[BreakGlass, str]]:
    """The break-glasses that the acting post may review (with their reviews where there are any), each with the child's name, the most
    overdue first; the database says which. The name is empty where the child is shut to the reader. Never the own ones, nor those of the
    own line.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_break_glasses_reviewed()")
        ids = cursor.fetchone()[0]
    rows = BreakGlass.objects.filter(pk__in=ids).select_related("post__user", "team__agency", "review__reviewed_by__user")
    return _named(list(rows.order_by("review_due_at", "pk")))


def told_of(subject: Subject) -> list[tuple[BreakGlass, str]]:
    """What the subject was told of in the last 14 days, each with the child's name as above, the latest first."""
    notices = BreakGlassNotice.objects.filter(to_post=subject.post, told_at__gt=subject.at - SHOWN_FOR)
    rows = notices.select_related("break_glass__post__user", "break_glass__team__agency").order_by("-told_at", "pk")[:MOST]
    return _named([notice.break_glass for notice in rows])


def _named(rows: list[BreakGlass]) -> list[tuple[BreakGlass, str]]:
    """Not joined: a join would lose the row of a child who is shut to the reader."""
    names = dict(Child.objects.filter(pk__in=[row.child_id for row in rows]).values_list("pk", "name")) if rows else {}
    return [(row, names.get(row.child_id, "")) for row in rows]


def contact_details(subject: Subject, child: Child) -> "QuerySet[ContactDetail]":
    """Where and how the child can be reached now."""
    return ContactDetail.objects.of_child(subject, child.pk).filter(until_on__isnull=True).order_by("kind", "pk")


@dataclass
class Rate:
    """How often one team broke the glass, beside how often it opened a child."""

    team: Team
    weeks: dict[date, tuple[int, int]] = field(default_factory=dict)  # Monday -> broken, opened

    @property
    def broken(self) -> int:
        """In the weeks counted."""
        return sum(broken for broken, _ in self.weeks.values())

    @property
    def opened(self) -> int:
        """Child opens in the weeks counted."""
        return sum(opened for _, opened in self.weeks.values())

    @property
    def is_over(self) -> bool:
        """Whether it is more than one in a hundred."""
        return is_over(self.broken, self.opened)


def rates(at: datetime) -> list[Rate]:
    """The last 28 days by team, those over one in a hundred first. Teams that opened nothing are left out."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT team, week, broken, opened FROM gate_break_glass_rates(%s)", [at - timedelta(days=DAYS_COUNTED)])
        rows = cursor.fetchall()
    teams = Team.objects.select_related("agency").in_bulk({team for team, *_ in rows})
    found: dict[UUID, Rate] = {}
    for team, week, broken, opened in rows:
        found.setdefault(team, Rate(teams[team])).weeks[week] = (broken, opened)
    return sorted(found.values(), key=lambda rate: (not rate.is_over, -rate.broken, rate.team.agency.name, rate.team.name))
