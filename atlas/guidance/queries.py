"""Which version of the threshold document holds on a day."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from atlas.guidance.models import ThresholdDocument


def thresholds_on(authority_id: UUID, day: date) -> ThresholdDocument | None:
    """The version that is in force for an authority on a day; None where none has begun."""
    return editions(authority_id).filter(valid_from__lte=day).first()


def editions(authority_id: UUID) -> "QuerySet[ThresholdDocument]":
    """Every version for an authority, the latest first: to come, in force, and past."""
    return ThresholdDocument.objects.filter(authority=authority_id).select_related("authority", "set_by__user").order_by("-valid_from")
