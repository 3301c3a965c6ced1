"""Ties between children; what a worker declares of their own home; what the two have in common; people of concern and groups."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from atlas.connections.grounds import OnGrounds
from atlas.gate.models import AboutChild, version_field
from atlas.gate.policy import RecordKind


class Tie(AboutChild):
    """A child is tied to another person, as what, how surely, says who, from when until when. One row holds for both ends.

    It lapses on its review date; one without a review date is the main case system's, which says it again every night. A tie that was
    written in error never was; any other that ends goes on shutting out whoever was shut out while it stood.
    """

    record_kind = RecordKind.STATUS
    # The column that names another than the child: row security keeps the row from whomever that one is shut to.
    names_person: ClassVar[str] = "tied_id"

    class Kind(models.TextChoices):
        MOTHER = "mother", "Mother and her child, also one not born yet"
        SIBLING = "sibling", "Brother or sister"
        HOUSEHOLD = "household", "Same household"
        CARER = "carer", "Parent or carer"

    class Grade(models.TextChoices):
        RECORDED = "recorded", "Recorded: a document, or the main case system"
        TOLD = "told", "Told by somebody who knows the family"
        THOUGHT = "thought", "Thought to be so"

    tied = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    grade = models.CharField(max_length=10, choices=Grade.choices)
    source = models.CharField(max_length=60)
    source_key = models.CharField(max_length=160, blank=True, help_text="what of the main case system says so")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True)
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    is_error = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(child=F("tied")), name="tie_of_two"),
            models.CheckConstraint(condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")), name="tie_ends_after_start"),
            models.CheckConstraint(condition=Q(review_on__isnull=False) | ~Q(source_key=""), name="tie_is_reviewed"),
            models.UniqueConstraint(fields=["child", "tied", "kind", "source_key"], condition=Q(until_at__isnull=True), name="tie_once"),
        )
        indexes = (models.Index(fields=["child"], name="tie_child"), models.Index(fields=["tied"], name="tie_tied"))


class Declaration(models.Model):
    """What a worker says of their own home, so that a conflict of interest is noticed: asked for at joining and every year.

    It is the worker's alone. Nobody else reads it, but the one function of the database that compares it with children (`gate_alike`).
    """

    # Rows of a person, about no child: the gate's own rules for them stand in `install.py`.
    record_kind = RecordKind.CONFLICT
    is_own: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    declared_at = models.DateTimeField(null=True)
    surnames = ArrayField(models.CharField(max_length=100), default=list)
    house = models.CharField(max_length=60, blank=True)
    street = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    telephones = ArrayField(models.CharField(max_length=20), default=list)
    schools = ArrayField(models.UUIDField(), default=list)
    version = version_field()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user"], condition=Q(declared_at__isnull=True), name="declaration_asked_once"),)
        indexes = (models.Index(fields=["user", "-declared_at"], name="declaration_user"),)


class Suggestion(AboutChild):
    """Something that a worker's own home and a child have in common: somebody who answers for conflicts says whether to keep the worker out.

    Facts alone, and no score; never shown to the worker.
    """

    record_kind = RecordKind.CONFLICT
    open_to_tick: ClassVar[bool] = True

    class Reason(models.TextChoices):
        HOUSEHOLD = "household", "They live at the same address"
        STREET = "street", "They have the same surname and live in the same street"
        TELEPHONE = "telephone", "A telephone number of the child, or of somebody to ring for the child, is the worker's"
        SCHOOL = "school", "The child is known to the school of the worker's own children"

    class Outcome(models.TextChoices):
        KEPT_OUT = "kept_out", "The worker is kept out"
        DISMISSED = "dismissed", "There is no conflict of interest"

    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    found_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    words = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "child", "reason"], name="suggestion_once"),
            models.CheckConstraint(condition=Q(closed_at__isnull=True) | ~Q(outcome=""), name="suggestion_closed_with_outcome"),
        )
        indexes = (models.Index(fields=["found_at"], name="suggestion_waiting", condition=Q(closed_at__isnull=True)),)


class PersonOfConcern(OnGrounds):
    """An adult whose contact with children worries those who work with them, with the capacity in which they are named. Never anybody under 18: a child is a
    child first, and one item of a panel, taken under safeguarding (real-life.md point 8).
    """

    looked_at_as: ClassVar[str] = "person of concern"

    class Capacity(models.TextChoices):
        """The role codes of practice.md 4.10 that an adult on such a list may hold: who is harmed, saw something, or is merely known is on no such list."""

        PERSON_OF_CONCERN = "person_of_concern", "Contact that worries those who work with children"
        SUSPECT = "suspect", "Named in an investigation that is going on"
        CONVICTED = "convicted", "Convicted"
        FACILITATOR = "facilitator", "Lets it happen: a place, transport, drugs"

    name = models.CharField(max_length=120)
    other_names = models.CharField(max_length=200, blank=True, help_text="what else they are called, online too")
    born_on = models.DateField(null=True)
    adult_words = models.CharField(max_length=200, help_text="how it is known that they are 18 or over")
    capacity = models.CharField(max_length=17, choices=Capacity.choices)

    class Meta(OnGrounds.Meta):
        verbose_name_plural = "people of concern"
        constraints = (  # type: ignore[assignment]
            *OnGrounds.Meta.constraints,
            models.CheckConstraint(
                # 18 years hold four or five leap days; the command reckons it to the day.
                condition=Q(born_on__isnull=True) | Q(born_on__lte=F("added_at") - timedelta(days=6573)),
                name="person_of_concern_is_adult",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(adult_words=""), name="person_of_concern_named"),
        )

    def __str__(self) -> str:
        return self.name


class Group(OnGrounds):
    """A group that agencies look at: peers, or adults who act together. It lists no child: a child in it is a child first, with an item of their own."""

    looked_at_as: ClassVar[str] = "group"

    class Kind(models.TextChoices):
        PEERS = "peers", "Young people who are together"
        ADULTS = "adults", "Adults who act together"
        MIXED = "mixed", "Adults and young people"
        ONLINE = "online", "Online"

    name = models.CharField(max_length=120, help_text="what others call it; no child's name")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    harm_words = models.CharField(max_length=300, blank=True, help_text="how children are harmed by it, or in it")

    def __str__(self) -> str:
        return self.name
