"""What was shared with whom, why and until when; and what was refused."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from atlas.chronology.models import Entry
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind
from atlas.sharing.rules import MOST_DAYS, PURPOSES, Ground


class Disclosure(AboutChild):
    """One decision on sharing about a child: shared with one named post until a day, as one frozen version; or refused, and why.

    Nothing of it is altered but its end.
    """

    record_kind = RecordKind.DISCLOSURE
    append_only = True
    version = None  # only its end may be moved
    ends_by: ClassVar[str] = "until_at"
    # Row security: beside those who may disclose about the child, the recipient alone, until it ends.
    recipient_column: ClassVar[str] = "recipient_id"

    class Outcome(models.TextChoices):
        SHARED = "shared", "Shared"
        REFUSED = "refused", "Not shared"

    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    purpose = models.CharField(max_length=24, choices=[(purpose.value, words) for purpose, words in PURPOSES.items()])
    ground = models.CharField(max_length=16, choices=Ground.choices)
    asked_words = models.TextField(blank=True, help_text="who asked, for what")
    reason = models.TextField(help_text="why it was necessary, or why it was refused")
    is_family_told = models.BooleanField()
    family_reason = models.TextField(blank=True, help_text="why the family was not told")
    is_agreed = models.BooleanField(default=False, help_text="the young person, who is 18, agreed to it")
    recipient = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    selection = models.JSONField(default=list)
    view = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    content_digest = models.CharField(max_length=64, blank=True)
    policy = models.CharField(max_length=16)
    made_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome="shared", recipient__isnull=False, view__isnull=False, until_at__isnull=False)
                | Q(outcome="refused", recipient__isnull=True, view__isnull=True, until_at__isnull=True),
                name="disclosure_shared_or_refused",
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("made_at"), until_at__lte=F("made_at") + timedelta(days=MOST_DAYS)),
                name="disclosure_ends",
            ),
            models.CheckConstraint(condition=Q(is_family_told=True) | ~Q(family_reason=""), name="disclosure_family_told_or_why"),
        )
        indexes = (
            models.Index(fields=["child", "-made_at"], name="disclosure_child"),
            models.Index(fields=["recipient", "until_at"], name="disclosure_recipient"),
        )

    def is_open(self, at: datetime) -> bool:
        """Whether the recipient may still read it at that moment."""
        return self.until_at is not None and self.until_at > at
