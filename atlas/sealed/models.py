"""Which sealed sets a child has, and which seals two people lifted; never what is in a set: that stands in the schema `sealed`, which the
service cannot read.
"""

from typing import ClassVar

from django.db import models

from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind
from atlas.sealed.rules import SETS, name_of


class SealedSet(AboutChild):
    """Somebody sealed something of this kind about the child, then. Each sealing adds to the set of its kind."""

    record_kind = RecordKind.SEALED
    append_only = True

    kind = models.CharField(max_length=20, choices=[(kind, name) for kind, (name, _) in SETS.items()])
    sealed_at = models.DateTimeField()
    sealed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    lifted_at = models.DateTimeField(null=True, editable=False, help_text="set by the database alone, when two people lifted the seal")

    disclosures_ended: int = 0  # by this sealing, for whoever seals

    class Meta:
        indexes = (models.Index(fields=["child", "kind", "-sealed_at"], name="sealed_set_child"),)

    @property
    def name(self) -> str:
        """What the set is called."""
        return name_of(self.kind)


class SealedLocation(AboutChild):
    """A sealed location exists: where the child is stands nowhere in clear. Read by whoever sees how the child stands."""

    record_kind = RecordKind.STATUS
    written_as: ClassVar[RecordKind] = RecordKind.SEALED
    append_only = True

    since = models.DateTimeField()
    until_at = models.DateTimeField(null=True, editable=False, help_text="set by the database alone, when two people lifted the seal")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["child"], condition=models.Q(until_at__isnull=True), name="sealed_location_once"),)


class SealLift(AboutChild):
    """Two people lifted the seal of a set: closed for good, or to go back to the clear, which is done when the unsealer has put it back.

    Whatever a statement says, the database itself writes who, why and what from the proposal that was approved (`sealed.lifting`).
    """

    record_kind = RecordKind.SEALED
    append_only = True
    own_column: ClassVar[str] = "lifted_by_id"

    sealing = models.ForeignKey(SealedSet, on_delete=models.PROTECT, related_name="lifts")
    is_put_back = models.BooleanField(help_text="it goes back to the clear; otherwise it is closed where it lies")
    because = models.CharField(max_length=500)
    proposed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    lifted_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["sealing"], condition=models.Q(done_at__isnull=False), name="seal_lift_done_once"),
            models.CheckConstraint(condition=~models.Q(lifted_by=models.F("proposed_by")), name="seal_lift_by_two"),
        )
        indexes = (models.Index(fields=["child", "-lifted_at"], name="seal_lift_child"),)
