"""What searching leaves behind: a question for the front door, and a silent notice for those on a guarded child's list of names."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from atlas.gate.models import AboutChild, GatedQuerySet, version_field
from atlas.gate.policy import RecordKind


class SilentNotice(AboutChild):
    """Somebody who may not see a guarded child searched for exactly this child. Shown to those on the child's list of names alone.

    Written by the database (`gate_match`) at every such search; with no child where none was met, so that the same work is done.
    """

    record_kind = RecordKind.RELATIONSHIP
    append_only: ClassVar[bool] = True
    written_by_gate: ClassVar[bool] = True

    # Without a constraint: checking it would take longer where a child was met.
    child = models.ForeignKey(  # type: ignore[assignment]
        "children.Child", on_delete=models.PROTECT, related_name="+", null=True, db_constraint=False
    )
    post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", db_index=False)
    searched_at = models.DateTimeField()


class FrontDoorQuestion(models.Model):
    """Somebody from a school or the voluntary sector asked after a child who is not theirs: what was typed, for the front door alone."""

    class Outcome(models.TextChoices):
        RANG = "rang", "I rang them"
        CONTACT = "contact", "I took it as a contact about the child"
        NOTHING = "nothing", "Nothing further is needed"

    record_kind = RecordKind.CHILD

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    born_on = models.DateField(null=True)
    number = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    version = version_field()

    objects = GatedQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(answered_at__isnull=True) | ~Q(outcome=""), name="question_answered_with_outcome"),
        )
        indexes = (models.Index(fields=["authority", "asked_at"], name="question_open", condition=Q(answered_at__isnull=True)),)
