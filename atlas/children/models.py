"""The child. Everything about a child hangs on this row, and is seen only through the gate."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from atlas.agencies.models import Authority
from atlas.gate.days import day_of
from atlas.gate.models import GatedQuerySet, version_field
from atlas.gate.policy import RecordKind
from atlas.gate.seen import note_seen
from atlas.people.models import Person
from atlas.people.rules import adult_on, age_on


class Child(models.Model):
    """A child, with the authority that is responsible and the authority that hosts the child.

    The name in use and the date of birth are held here too, written by the same commands that write the person's: a list
    of children then reads one table.
    """

    record_kind = RecordKind.CHILD
    child_path: ClassVar[str] = "pk"
    authority_columns: ClassVar[tuple[str, ...]] = ("responsible_authority", "host_authority")

    person = models.OneToOneField(Person, on_delete=models.PROTECT, primary_key=True, related_name="child")
    name = models.CharField(max_length=360)
    born_on = models.DateField(null=True)
    expected_on = models.DateField(null=True, help_text="when the birth of a child who was recorded before it is, or was, expected")
    pregnancy_ended_on = models.DateField(null=True, help_text="the pregnancy ended without a birth")
    mother_name = models.CharField(max_length=200, blank=True, help_text="of an unborn child, as it was told")
    responsible_authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="owed_children")
    host_authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="hosted_children")
    version = version_field()

    objects = GatedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "children"
        indexes = (
            models.Index(fields=["responsible_authority"], name="child_responsible"),
            models.Index(fields=["host_authority"], name="child_host"),
            models.Index(fields=["born_on"], name="child_born_on"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(pregnancy_ended_on__isnull=True) | Q(expected_on__isnull=False, born_on__isnull=True), name="child_not_born"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **options: Any) -> Self:
        row = super().from_db(db, field_names, values, **options)
        note_seen(row.__dict__.get("person_id"))
        return row

    def age_on(self, day: date) -> int | None:
        """Age in whole years on that day; None where the date of birth is not known."""
        return age_on(self.born_on, day) if self.born_on else None

    def is_adult(self, at: datetime) -> bool:
        """Whether the person is 18 at that moment, by London's day; no where the date of birth is not known."""
        return self.born_on is not None and day_of(at) >= adult_on(self.born_on)

    @property
    def is_unborn(self) -> bool:
        """Whether a birth is expected, or was and did not come: nothing can be recorded of somebody who is missing, or harmed by others."""
        return self.expected_on is not None and self.born_on is None
