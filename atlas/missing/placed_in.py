"""Children whom another authority placed here: when its notice was due, and the register. Pure rule, and named questions.

Source: shared/reference/practice.md 3.10 (regulations of 2013 amending the Care Planning, Placement and Case Review (England) Regulations
2010): the host is told in writing before the placement or, where it was made in an emergency, within five working days of its start.
"""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from atlas.agencies.models import Authority
from atlas.chronology.moments import LONDON, start_of_day
from atlas.clocks.calendar import Override
from atlas.clocks.rules import WorkingDays
from atlas.gate.context import Subject
from atlas.missing.models import Episode, PlacedInNotice
from atlas.missing.workflow import OPEN_EPISODE, EpisodeState

IN_EMERGENCY = WorkingDays(5)


def judged(placed_on: date, notified_on: date | None, *, is_emergency: bool, changes: tuple[Override, ...] = ()) -> str:
    """Whether notice came: "in time", "late", or "absent" where the other authority never gave it."""
    if notified_on is None:
        return "absent"
    if not is_emergency:
        return "in time" if notified_on <= placed_on else "late"
    due = IN_EMERGENCY.after(start_of_day(placed_on), changes).astimezone(LONDON).date()
    return "in time" if notified_on <= due else "late"


def placed_in_now(subject: Subject) -> "QuerySet[PlacedInNotice]":
    """The children placed here by others now whom the subject may see: those missing now first, then by name."""
    missing = Episode.objects.filter(child=OuterRef("child"), state__in=OPEN_EPISODE)
    rows = PlacedInNotice.objects.visible_to(subject).filter(ended_on__isnull=True).annotate(is_missing=Exists(missing))
    return rows.select_related("child", "responsible_authority", "host_authority").order_by("-is_missing", "child__name", "pk")


def without_notice(subject: Subject, authority: Authority) -> list[tuple[UUID, str, str]]:
    """Children of others who were missing from here and of whom no notice stands: id, name, and the authority responsible."""
    notice = PlacedInNotice.objects.filter(child=OuterRef("child"))
    episodes = Episode.objects.visible_to(subject).filter(~Exists(notice), ~Q(responsible_authority=authority), host_authority=authority)
    live = episodes.filter(is_historic=False).exclude(state=EpisodeState.WITHDRAWN).order_by("child__name", "child")
    return list(live.values_list("child", "child__name", "responsible_authority__name").distinct()[:50])


def notice_of(child_id: UUID) -> PlacedInNotice | None:
    """The notice that stands of a child, where there is one: row security says to whom."""
    return PlacedInNotice.objects.filter(child=child_id, ended_on__isnull=True).select_related("responsible_authority").first()
