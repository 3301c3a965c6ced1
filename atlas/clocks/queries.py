"""Which time limits there are, which one judges a start, and which clocks are running or were missed."""

from functools import cache
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from atlas.agencies.models import AgencyKind, Authority, Post
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.clocks.calendar import Override
from atlas.clocks.models import BankHolidayChange, Clock, LocalLimit
from atlas.clocks.rules import TimeLimit, WorkingDays, limit_that_judges
from atlas.gate.act import asked_once
from atlas.gate.context import Subject
from atlas.gate.kept import Kept


def time_limits() -> list[TimeLimit]:
    """Every time limit of Atlas, by key: the TimeLimit constants of the `rules.py` that the settings name."""
    found = [value for module in settings.TIME_LIMITS for value in vars(import_module(module)).values() if isinstance(value, TimeLimit)]
    return sorted(found, key=lambda limit: (limit.key, limit.valid_from))


@cache
def in_working_days() -> frozenset[str]:
    """The keys of the limits that count in working days: each ends at the end of a day, and nobody is woken for it. Product default, not law."""
    return frozenset(limit.key for limit in time_limits() if isinstance(limit.allowed, WorkingDays))


def in_force(limit: TimeLimit, authority_id: UUID, start: Moment) -> tuple[TimeLimit, tuple[Override, ...]]:
    """The rule that judges a start of this limit for an authority, and the changes of bank holidays to judge it with.

    What a clock and its task go by. A measure that must be comparable between authorities judges by the limit itself.
    """
    own = LocalLimit.objects.filter(authority=authority_id).select_related("authority").order_by("-valid_from", "-set_at")
    rows = asked_once(("local limits", authority_id), lambda: list(own))
    changes = bank_holidays_changed()
    local = [row.instead_of(limit) for row in rows if row.limit == limit.key]
    return limit_that_judges(start, limit, local, changes), changes


def local_limits() -> "QuerySet[LocalLimit]":
    """Every limit that an authority has set, the latest first: those to come, in force, and ended."""
    return LocalLimit.objects.select_related("authority", "set_by__user").order_by("authority__name", "-valid_from", "-set_at")


def limits_side_by_side() -> list[tuple[TimeLimit, list[LocalLimit]]]:
    """Every time limit with what authorities have set in its place, beside the version that was in force on the local one's first day."""
    rows = list(local_limits())
    return [(limit, [row for row in rows if row.limit == limit.key and limit.holds_on(row.valid_from)]) for limit in time_limits()]


def bank_holiday_changes() -> "QuerySet[BankHolidayChange]":
    """Every change of a bank holiday, the latest recorded first."""
    return BankHolidayChange.objects.select_related("changed_by__user").order_by("-pk")


def bank_holidays_changed() -> tuple[Override, ...]:
    """The changes of bank holidays as the calendar takes them, in the order in which they were recorded."""
    return asked_once("bank holiday changes", lambda: tuple(row.override for row in BankHolidayChange.objects.order_by("pk")))


def own_authorities(post: Post) -> "QuerySet[Authority]":
    """The authorities for which a post's council answers; none where its agency is no council."""
    return Authority.objects.filter(agencies=post.team.agency_id, agencies__kind=AgencyKind.COUNCIL).order_by("name")


MOST_CLOCKS = 30
_CLOCKS = Kept(
    lambda child_id: Clock.objects.filter(child=child_id, is_historic=False).order_by("stopped_at", "due_at", "pk")[:MOST_CLOCKS]
)


def clocks_of(subject: Subject, child: Child) -> list[Clock]:
    """The child's clocks, running ones first, the most urgent on top; at most 30."""
    return _CLOCKS.rows(child.pk) if Clock.objects.may_read(subject, child.pk) else []
