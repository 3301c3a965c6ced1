"""What is not filed yet, where the copies of a record stand, and how an authority is sent its copies."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from atlas.copies.models import Channel, Copy, CopyChannel
from atlas.copies.workflow import NOT_FILED, CopyState
from atlas.gate.context import Subject


def newest(rows: "QuerySet[Copy]") -> "QuerySet[Copy]":
    """Of these copies, those that no newer one of the same record has replaced."""
    later = Q(owed_at__gt=OuterRef("owed_at")) | Q(owed_at=OuterRef("owed_at"), pk__gt=OuterRef("pk"))
    return rows.filter(~Exists(Copy.objects.filter(later, about_id=OuterRef("about_id"), kind=OuterRef("kind"))))


def not_filed(subject: Subject) -> "QuerySet[Copy]":
    """The copies that are not filed, as far as the subject may see them: what failed first, then the longest owed."""
    rows = newest(Copy.objects.visible_to(subject).filter(state__in=NOT_FILED))
    return rows.select_related("child", "authority").order_by(Case(When(state=CopyState.FAILED, then=0), default=1), "owed_at", "pk")


def filed_last(subject: Subject) -> "QuerySet[Copy]":
    """What was filed, the newest first."""
    rows = Copy.objects.visible_to(subject).filter(state=CopyState.FILED)
    return rows.select_related("child", "authority").order_by("-filed_at", "pk")


def copies_with_child() -> "QuerySet[Copy]":
    """Copies with what their page shows beside them. Not with their entry: who answers for missing children need not read the chronology."""
    return Copy.objects.select_related("child", "authority")


def versions(copy: Copy) -> "QuerySet[Copy]":
    """Every copy of the same record, the newest first."""
    return Copy.objects.filter(about_id=copy.about_id, kind=copy.kind).order_by("-owed_at", "-pk")


def copies_about(about: Iterable[UUID]) -> list[Copy]:
    """The newest copy of each of these records, as whoever acts now may see it: where it stands in the main system."""
    rows = newest(Copy.objects.filter(about_id__in=list(about)))
    return list(rows.order_by("owed_at", "pk"))


def number_of(copy: Copy, among: Iterable[Copy]) -> tuple[int, UUID | None]:
    """Which version of its record this copy is, and which it replaces: the last before it that went out. `among`: its versions, newest first."""
    went = [one.pk for one in among if one.sent_at is not None and (one.owed_at, one.pk) < (copy.owed_at, copy.pk)]
    return len(went) + 1, went[0] if went else None


def channel_of(authority_id: UUID, at: datetime) -> Channel:
    """How an authority is sent its copies at a moment."""
    held = CopyChannel.objects.filter(authority=authority_id, decided_at__lte=at).values_list("channel", flat=True).first()
    return Channel(held) if held else Channel.OFF


def waiting(authority_id: UUID, at: datetime) -> "QuerySet[Copy]":
    """The newest copies of an authority that wait to be sent, the longest owed first, as whoever acts now may see them."""
    rows = newest(Copy.objects.filter(authority=authority_id, state=CopyState.WAITING, owed_at__lte=at))
    return rows.select_related("authority").order_by("owed_at", "pk")


def unscreened(authority_id: UUID, at: datetime) -> "QuerySet[Copy]":
    """The copies of an authority whose words nobody who sees all its children has read yet."""
    rows = Copy.objects.filter(authority=authority_id, screened_at__isnull=True, state__in=NOT_FILED, owed_at__lte=at)
    return rows.order_by("owed_at", "pk")


def late(authority_id: UUID, at: datetime) -> "QuerySet[Copy]":
    """The newest copies of an authority that are not filed and climb by this moment."""
    return newest(Copy.objects.filter(authority=authority_id, state__in=NOT_FILED, climbs_at__lt=at)).order_by("climbs_at", "pk")


def record_filed_as(kind: str, key: str) -> UUID | None:
    """The record that the main system knows by this key: its own reference from a receipt, or the id that we gave it; None where none is."""
    held = Copy.objects.filter(kind=kind, reference=key).values_list("about_id", flat=True).first() if key else None
    try:
        return held or UUID(key)
    except ValueError:
        return None
