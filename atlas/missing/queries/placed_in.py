"""Children whom another authority placed here: the register, and those of whom no notice stands."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from atlas.agencies.models import Authority
from atlas.gate.context import Subject
from atlas.missing.models import Episode, PlacedInNotice
from atlas.missing.workflow import OPEN_EPISODE, EpisodeState


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
