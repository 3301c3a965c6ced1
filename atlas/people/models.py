"""A person's names, identifiers and contact details, each dated. For a child, the person's id is the child's id."""

import uuid
from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q

from atlas.gate.models import GatedQuerySet, version_field
from atlas.gate.policy import RecordKind
from atlas.gate.seen import note_seen


class Sex(models.TextChoices):
    """As in the 2025 census of children in need: sex replaced gender."""

    MALE = "M", "Male"
    FEMALE = "F", "Female"
    UNKNOWN = "U", "Not known"


class Person(models.Model):
    """A human being. Who the person is to Atlas (a child, for now) is said by the tables above."""

    record_kind = RecordKind.CHILD
    child_path: ClassVar[str] = "pk"
    way_to_child: ClassVar[str] = "child"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    ethnicity = models.CharField(max_length=4, blank=True)
    language = models.CharField(max_length=60, blank=True)
    communication = models.CharField(max_length=200, blank=True, help_text="How the person communicates; interpreter.")
    born_on = models.DateField(null=True)
    died_on = models.DateField(null=True)
    version = version_field()

    objects = GatedQuerySet.as_manager()


class OfPerson(models.Model):
    """A dated fact of a person, gated as the child whose id the person shares."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    source = models.CharField(max_length=60, blank=True)
    version = version_field()

    record_kind: ClassVar[RecordKind]
    child_path: ClassVar[str] = "person_id"
    way_to_child: ClassVar[str] = "person__child"

    objects = GatedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **options: Any) -> Self:
        row = super().from_db(db, field_names, values, **options)
        note_seen(row.__dict__.get("person_id"))
        return row


class Name(OfPerson):
    """A name that the person has or had. One is the name in use."""

    record_kind = RecordKind.CHILD

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="names")
    forename = models.CharField(max_length=100, blank=True)
    surname = models.CharField(max_length=255, blank=True)
    is_in_use = models.BooleanField(default=True)
    # The folded name, written from linkage's rule: search and matching read this and nothing else.
    key = models.CharField(max_length=360)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person"], condition=Q(is_in_use=True), name="name_one_in_use"),)
        indexes = (GinIndex(OpClass("key", name="gin_trgm_ops"), name="name_key_trigram"), models.Index(fields=["key"], name="name_key"))

    def __str__(self) -> str:
        return f"{self.forename} {self.surname}".strip() or "Name not known"


class IdentifierKind(models.TextChoices):
    NHS = "nhs", "NHS number"
    UPN = "upn", "Unique pupil number"
    POLICE = "police", "Police reference"
    COUNCIL = "council", "Main case system"


class Identifier(OfPerson):
    """A number by which an agency knows the person, in its system, from when until when."""

    record_kind = RecordKind.CHILD

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identifiers")
    kind = models.CharField(max_length=10, choices=IdentifierKind.choices)
    system = models.CharField(max_length=60, blank=True, help_text="The system that gave it: two forces may give the same number.")
    value = models.CharField(max_length=60)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "system", "value"], condition=Q(until_on__isnull=True), name="identifier_one_person"),
        )
        indexes = (models.Index(fields=["person"], name="identifier_person"), models.Index(fields=["value"], name="identifier_value"))


class ContactKind(models.TextChoices):
    ADDRESS = "address", "Address"
    TELEPHONE = "telephone", "Telephone"
    EMAIL = "email", "E-mail"
    ONLINE = "online", "Online account"


class ContactDetail(OfPerson):
    """Where or how the person can be reached. A set apart, so that it can be sealed."""

    record_kind = RecordKind.CONTACT
    shut_where_sealed: ClassVar[bool] = True

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contact_details")
    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    text = models.CharField(max_length=400)
    postcode = models.CharField(max_length=8, blank=True)
    reference = models.CharField(max_length=48, blank=True)

    class Meta:
        indexes = (models.Index(fields=["person"], name="contact_detail_person"),)
