"""Two records that may be of one child, what people decided of them, and when an authority's children were last searched."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from atlas.gate.models import AboutChild, version_field
from atlas.gate.policy import RecordKind
from atlas.linkage.rules import Reason


class Pair(AboutChild):
    """Two records of children that may be of one child: found when and from what, with the reasons in words, and what a person decided.

    It holds no score, and nothing of what was compared: that stands in the two records, and is read there. Open to whoever may read of both children how
    they stand, and to nobody else; found by the feed's own post alone. Decided to be one child, the stricter protection of the two holds for both
    (`gate/linkage.sql`).
    """

    record_kind = RecordKind.STATUS
    names_other_child: ClassVar[str] = "other_child_id"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a decision"
        UNSURE = "unsure", "Cannot tell yet"
        SAME = "same", "The same child"
        DIFFERENT = "different", "Two children"
        LET_GO = "let_go", "No longer alike"

    class From(models.TextChoices):
        NIGHTLY = "nightly", "the nightly search"
        NEW_RECORD = "new_record", "the search when a record was made"
        MAIN_SYSTEM = "main_system", "the main case system, which has joined the two"

    other_child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField(help_text="since when it waits: when it was found, or found anew")
    found_from = models.CharField(max_length=11, choices=From.choices)
    reasons = models.JSONField(help_text="term by term: which, how far it agrees, in words, what it speaks for")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    because = models.CharField(max_length=1000, blank=True)
    settles = models.CharField(max_length=500, blank=True, help_text="what would settle it, where nobody can tell yet")
    ask_again_on = models.DateField(null=True)
    stands = models.ForeignKey(
        "children.Child", on_delete=models.PROTECT, related_name="+", null=True, help_text="the record to write on from now on"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(child=F("other_child")), name="pair_of_two"),
            models.UniqueConstraint(fields=["child", "other_child"], name="pair_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "let_go"]) | (~Q(because="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="pair_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="unsure") | (~Q(settles="") & Q(ask_again_on__isnull=False)), name="pair_unsure_until"
            ),
            models.CheckConstraint(condition=~Q(state="same") | Q(stands=F("child")) | Q(stands=F("other_child")), name="pair_same_stands"),
        )
        indexes = (
            models.Index(fields=["found_at"], name="pair_waiting", condition=Q(state="waiting")),
            models.Index(fields=["child"], name="pair_child_same", condition=Q(state="same")),
            models.Index(fields=["other_child"], name="pair_other_same", condition=Q(state="same")),
            models.Index(fields=["other_child"], name="pair_other"),
        )

    @property
    def why(self) -> list[Reason]:
        """The reasons, as they were found."""
        return [Reason(*one) for one in self.reasons]

    @property
    def is_decided(self) -> bool:
        """Whether somebody has said that it is one child, or that it is two."""
        return self.state in {self.State.SAME, self.State.DIFFERENT}


class PairDecision(AboutChild):
    """One decision on a pair, as it was taken: never altered, so that one that is taken back stands beside it."""

    record_kind = RecordKind.STATUS
    names_other_child: ClassVar[str] = "other_child_id"
    append_only = True
    version = None  # never altered

    class Outcome(models.TextChoices):
        SAME = "same", "The same child"
        DIFFERENT = "different", "Two children"
        UNSURE = "unsure", "Cannot tell yet"
        TAKEN_BACK = "taken_back", "The decision was taken back"

    pair = models.ForeignKey(Pair, on_delete=models.PROTECT, related_name="decisions")
    other_child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    because = models.CharField(max_length=1000)
    settles = models.CharField(max_length=500, blank=True)
    stands = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["pair", "decided_at"], name="pair_decision_pair"),)


class PairSearch(models.Model):
    """One day's search among an authority's children: how many records, how many pairs were compared, how many are newly asked about."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    searched_at = models.DateTimeField()
    records = models.PositiveIntegerField()
    compared = models.PositiveIntegerField()
    asked = models.PositiveIntegerField(help_text="newly, or anew")
    version = version_field()

    class Meta:
        verbose_name_plural = "pair searches"
        constraints = (models.UniqueConstraint(fields=["authority", "day"], name="pair_search_once_a_day"),)
