"""A child whom another authority placed here: its notice, and whom to ring at any hour."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from atlas.chronology.models import Entry
from atlas.missing.models.episode import AboutMissing


class PlacedInNotice(AboutMissing):
    """A placed-in notice: another authority placed this child here. When it told us, what of risk, where, and whom to ring at any hour.

    It opens no full record: who the child is, and this, is all that is kept until something happens.
    """

    authority_columns: ClassVar[tuple[str, ...]] = ("responsible_authority", "host_authority")

    class HeardFrom(models.TextChoices):
        AUTHORITY = "authority", "The authority that placed the child"
        HOME = "home", "The home or carer"
        POLICE = "police", "The police"
        OTHER = "other", "Somebody else"

    responsible_authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    host_authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    placed_on = models.DateField()
    is_emergency = models.BooleanField(default=False)
    heard_from = models.CharField(max_length=9, choices=HeardFrom.choices, default=HeardFrom.AUTHORITY)
    notified_on = models.DateField(null=True, help_text="empty: the authority never gave notice")
    risk_told = models.TextField(blank=True, help_text="what it said of risk; empty: nothing")
    home_name = models.CharField(max_length=120, blank=True)
    home_telephone = models.CharField(max_length=30, blank=True)
    worker_name = models.CharField(max_length=120, blank=True)
    worker_telephone = models.CharField(max_length=30, blank=True)
    out_of_hours_telephone = models.CharField(max_length=30, blank=True)
    ended_on = models.DateField(null=True)
    ended_reason = models.TextField(blank=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "placed-in notice"
        constraints = (
            models.UniqueConstraint(fields=["child"], condition=Q(ended_on__isnull=True), name="placed_in_once"),
            models.CheckConstraint(condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("placed_on")), name="placed_in_ends_after_start"),
        )
