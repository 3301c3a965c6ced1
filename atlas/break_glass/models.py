"""A break-glass, whom it was told to, and what its review came to. None of it is ever altered; the database writes the first two itself."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual

from atlas.design.words import reference_of
from atlas.gate.models import AboutChild, GatedQuerySet
from atlas.gate.policy import PURPOSE_WORDS, RecordKind


class BreakGlass(AboutChild):
    """Somebody opened a child's core record in an emergency; or tried to, while shut out of the child (`is_refused`)."""

    record_kind = RecordKind.AUDIT
    append_only: ClassVar[bool] = True
    written_by_gate: ClassVar[bool] = True

    post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("agencies.Team", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=24)
    reason = models.CharField(max_length=1000)
    callback = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    until_at = models.DateTimeField()
    review_due_at = models.DateTimeField()
    guardian_at = models.DateTimeField(help_text="unreviewed by then, it goes to the Caldicott guardian")
    is_refused = models.BooleanField(default=False)

    class Meta:
        verbose_name = "break-glass"
        verbose_name_plural = "break-glasses"
        constraints = (
            models.CheckConstraint(condition=GreaterThanOrEqual(Length("reason"), 30), name="break_glass_has_reason"),
            models.CheckConstraint(
                condition=Q(review_due_at__gt=models.F("opened_at"), guardian_at__gt=models.F("review_due_at")),
                name="break_glass_reviewed_after",
            ),
        )
        indexes = (models.Index(fields=["post", "opened_at"], name="break_glass_post"),)

    @property
    def reference(self) -> str:
        """The reference that stands for it outside Atlas: eight characters of its own random id, about nobody."""
        return reference_of(self.pk)

    @property
    def purpose_words(self) -> str:
        """The purpose in the words of the screen."""
        return next((words for purpose, words in PURPOSE_WORDS.items() if purpose == self.purpose), self.purpose)


class BreakGlassNotice(models.Model):
    """One telling of a break-glass to one post: on the screen at once, by e-mail and text as soon as the queue takes it."""

    record_kind = RecordKind.AUDIT
    append_only: ClassVar[bool] = True
    written_by_gate: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    break_glass = models.ForeignKey(BreakGlass, on_delete=models.PROTECT, related_name="notices")
    to_post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True, help_text="when the queue took what goes out of Atlas")

    objects = GatedQuerySet.as_manager()

    class Meta:
        verbose_name = "break-glass notice"
        constraints = (models.UniqueConstraint(fields=["break_glass", "to_post"], name="break_glass_told_once"),)
        indexes = (models.Index(fields=["break_glass"], name="break_glass_not_handed", condition=Q(handed_at__isnull=True)),)


class BreakGlassReview(models.Model):
    """What a review came to: by somebody who is neither the person nor in the person's line."""

    class Outcome(models.TextChoices):
        JUSTIFIED = "justified", "Justified"
        TRAINING = "training", "No harm meant: training or advice given"
        MISUSE = "misuse", "Suspected misuse: passed on under the disciplinary procedure"

    record_kind = RecordKind.AUDIT
    append_only: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    break_glass = models.OneToOneField(BreakGlass, on_delete=models.PROTECT, related_name="review")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    words = models.CharField(max_length=1000)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    objects = GatedQuerySet.as_manager()

    class Meta:
        verbose_name = "break-glass review"

    @property
    def child_id(self) -> uuid.UUID:
        """The child whom the act of the review names."""
        return self.break_glass.child_id
