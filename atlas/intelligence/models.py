"""Intelligence in two rows: what the supplier holds in its own wording, and what partners may read of it."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from atlas.connections.grades import Information, Source
from atlas.gate.models import AboutChild
from atlas.gate.policy import REGIME_WORDS, RecordKind
from atlas.intelligence.rules import Capacity, FactOrOpinion, Handling, State

if TYPE_CHECKING:
    from atlas.agencies.models import Agency


class Raw(AboutChild):
    """Raw intelligence: the supplier's own wording. The source is never here in clear, only the supplier's reference to it."""

    record_kind = RecordKind.INTELLIGENCE_RAW
    obeys_author = "alone"

    author = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40, help_text="the item's number in the supplier's own system")
    source_reference = models.CharField(max_length=40, help_text="where the supplier keeps who said it; never a name")
    wording = models.TextField()
    source = models.CharField(max_length=1, choices=Source.choices)
    information = models.CharField(max_length=1, choices=Information.choices)
    handling = models.CharField(max_length=1, choices=Handling.choices)
    conditions = models.TextField(blank=True)
    old_source = models.CharField(max_length=10, blank=True, help_text="the grade of the source of an older 5x5x5 item, as it came")
    old_information = models.CharField(max_length=10, blank=True, help_text="the grade of the information of an older item, as it came")
    old_handling = models.CharField(max_length=10, blank=True, help_text="the handling code of an older 5x5x5 item, as it came")
    known_on = models.DateField(null=True, help_text="when the supplier came to know it; of an older item it may not be known")
    review_on = models.DateField()
    regime = models.CharField(max_length=8, choices=[(one.value, words) for one, words in REGIME_WORDS.items()])
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = "raw intelligence"
        constraints = (
            models.UniqueConstraint(fields=["author", "reference", "child"], name="raw_once_per_reference"),
            models.CheckConstraint(condition=~Q(handling=Handling.CONDITIONS) | ~Q(conditions=""), name="raw_conditions_said"),
        )

    @property
    def controller(self) -> "Agency":
        """Who answers for it under data protection law: the agency that wrote it down (protection.md 4.1: controller)."""
        return self.author


class Product(AboutChild):
    """A product: the sanitised wording of one raw item, graded, with its conditions and the date when it must be looked at again."""

    record_kind = RecordKind.INTELLIGENCE
    obeys_author = "by handling"

    raw = models.ForeignKey(Raw, on_delete=models.PROTECT, related_name="+", db_index=True)
    author = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    edition = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    wording = models.TextField()
    source = models.CharField(max_length=1, choices=Source.choices)
    information = models.CharField(max_length=1, choices=Information.choices)
    handling = models.CharField(max_length=1, choices=Handling.choices)
    conditions = models.TextField(blank=True)
    named_agencies = ArrayField(models.UUIDField(), default=list, help_text="who may read a product with conditions")
    fact_or_opinion = models.CharField(max_length=8, choices=FactOrOpinion.choices)
    capacity = models.CharField(max_length=24, choices=Capacity.choices)
    month = models.DateField(help_text="the first of the month in which it happened; never the day")
    review_on = models.DateField()
    regime = models.CharField(max_length=8, choices=[(one.value, words) for one, words in REGIME_WORDS.items()])
    checklist = models.JSONField(default=dict, help_text="question of the checklist: what was looked at or changed")
    proposed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    released_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "agencies.Post", on_delete=models.PROTECT, null=True, related_name="+", help_text="who withdrew it, or did not release it"
    )
    ended_at = models.DateTimeField(null=True)
    ended_because = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(handling=Handling.CONDITIONS) | (~Q(conditions="") & ~Q(named_agencies=[])), name="product_conditions_said"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="product_month_only"),
            models.CheckConstraint(
                condition=~Q(state=State.RELEASED) | (Q(released_by__isnull=False) & ~Q(released_by=models.F("proposed_by"))),
                name="product_released_by_another",
            ),
            models.UniqueConstraint(fields=["raw", "edition"], name="product_edition_once"),
            models.UniqueConstraint(fields=["raw"], condition=Q(state=State.RELEASED), name="product_released_once"),
        )
        indexes = (models.Index(fields=["child", "state"], name="product_child"),)

    @property
    def controller(self) -> "Agency":
        """Who answers for it under data protection law: the agency that wrote it down (protection.md 4.1: controller)."""
        return self.author
