"""What the main case system holds of a child: spells, placements, legal statuses, conferences, disabilities, families; each from a row."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from atlas.chronology.models import Entry
from atlas.feeds.models import Row
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind


class FromMainSystem(AboutChild):
    """A fact that the main case system holds."""

    record_kind = RecordKind.STATUS

    source_key = models.CharField(max_length=150, help_text="its table and its key there")
    row = models.ForeignKey(Row, on_delete=models.PROTECT, null=True, related_name="+")
    as_at = models.DateTimeField(help_text="when the main system last said so")

    class Meta:
        abstract = True
        constraints = (models.UniqueConstraint(fields=["source_key", "child"], name="%(class)s_once_per_source"),)


class Dated(FromMainSystem):
    """A fact that holds from a day, until a day or still."""

    from_on = models.DateField()
    until_on = models.DateField(null=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="%(class)s_ends_after_start"),
            *FromMainSystem.Meta.constraints,
        )
        indexes = (models.Index(fields=["child", "-from_on"], name="%(class)s_child"),)


class Spell(Dated):
    """A period in one status."""

    class Status(models.TextChoices):
        REFERRAL = "referral", "Referral"
        CHILD_IN_NEED = "child_in_need", "Child in need"
        CHILD_PROTECTION = "child_protection", "Child protection plan"
        LOOKED_AFTER = "looked_after", "Looked after"
        ASSESSMENT = "assessment", "Assessment"
        SECTION_47 = "section_47", "Section 47 enquiry"

    status = models.CharField(max_length=20, choices=Status.choices)
    detail = models.CharField(max_length=100, blank=True)


class Placement(Dated):
    """Where a looked-after child lives: type (SSDA903 placement codes), provider, area. The address is kept apart."""

    shut_where_sealed: ClassVar[bool] = True

    kind = models.CharField(max_length=100)
    provider = models.CharField(max_length=48, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    is_out_of_area = models.BooleanField(default=False)


class LegalStatus(Dated):
    """The legal status of a looked-after child (SSDA903 codes)."""

    code = models.CharField(max_length=100)


class Conference(FromMainSystem):
    """A child protection conference, initial or review: when it is due, when it was held, and whether a plan follows or goes on."""

    class Kind(models.TextChoices):
        INITIAL = "initial", "Initial child protection conference"
        REVIEW = "review", "Review child protection conference"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    due_on = models.DateField(null=True)
    held_on = models.DateField(null=True)
    is_for_plan = models.BooleanField(null=True, help_text="the child has a child protection plan after it; empty where not said")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+", help_text="empty until it was held")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(due_on__isnull=False) | Q(held_on__isnull=False), name="conference_has_date"),
            models.CheckConstraint(condition=Q(held_on__isnull=True) | Q(entry__isnull=False), name="conference_held_has_entry"),
            *FromMainSystem.Meta.constraints,
        )
        indexes = (models.Index(fields=["child"], name="conference_child"),)


class Disability(FromMainSystem):
    """A disability, as the main system records it: a code without dates (census of children in need, item DISA002A)."""

    class Code(models.TextChoices):
        NONE = "NONE", "No disability"
        MOBILITY = "MOB", "Mobility"
        HAND = "HAND", "Hand function"
        PERSONAL_CARE = "PC", "Personal care"
        INCONTINENCE = "INC", "Incontinence"
        COMMUNICATION = "COMM", "Communication"
        LEARNING = "LD", "Learning"
        HEARING = "HEAR", "Hearing"
        VISION = "VIS", "Vision"
        BEHAVIOUR = "BEH", "Behaviour"
        CONSCIOUSNESS = "CON", "Consciousness"
        AUTISM = "AUT", "Autism"
        OTHER = "DDA", "Other disability"

    code = models.CharField(max_length=4, choices=Code.choices)

    class Meta(FromMainSystem.Meta):
        indexes = (models.Index(fields=["child"], name="disability_child"),)


class Family(FromMainSystem):
    """The family to which the main system counts the child: its number there, and nothing about anybody in it."""

    number = models.CharField(max_length=48)

    class Meta(FromMainSystem.Meta):
        verbose_name_plural = "families"
        indexes = (models.Index(fields=["child"], name="family_child"),)
