"""Spells of a status, placements and legal statuses, each dated, each from a row of the main case system."""

from django.db import models
from django.db.models import F, Q

from atlas.chronology.models import Entry
from atlas.feeds.models import Row
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind


class FromMainSystem(AboutChild):
    """A dated fact that the main case system holds."""

    record_kind = RecordKind.STATUS

    from_on = models.DateField()
    until_on = models.DateField(null=True)
    source_key = models.CharField(max_length=48)
    row = models.ForeignKey(Row, on_delete=models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    as_at = models.DateTimeField(help_text="when the main system wrote it")

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="%(class)s_ends_after_start"),
            models.UniqueConstraint(fields=["source_key", "child"], name="%(class)s_once_per_source"),
        )
        indexes = (models.Index(fields=["child", "-from_on"], name="%(class)s_child"),)


class Spell(FromMainSystem):
    """A period in one status."""

    class Status(models.TextChoices):
        CHILD_IN_NEED = "child_in_need", "Child in need"
        CHILD_PROTECTION = "child_protection", "Child protection plan"
        LOOKED_AFTER = "looked_after", "Looked after"
        ASSESSMENT = "assessment", "Assessment"
        SECTION_47 = "section_47", "Section 47 enquiry"

    status = models.CharField(max_length=20, choices=Status.choices)
    detail = models.CharField(max_length=100, blank=True)


class Placement(FromMainSystem):
    """Where a looked-after child lives: type (SSDA903 placement codes), provider, area. The address is kept apart."""

    kind = models.CharField(max_length=100)
    provider = models.CharField(max_length=48, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    is_out_of_area = models.BooleanField(default=False)


class LegalStatus(FromMainSystem):
    """The legal status of a looked-after child (SSDA903 codes)."""

    code = models.CharField(max_length=100)
