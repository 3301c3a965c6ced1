"""Which sealed sets a child has, never what is in them: that stands in the schema `sealed`, which the service cannot read."""

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

    class Meta:
        constraints = (models.UniqueConstraint(fields=["child"], name="sealed_location_once"),)
