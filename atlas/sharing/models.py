"""Disclosures: what was shared with whom, why and until when; and what was refused. Exports: lists that left, and their files."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from atlas.chronology.models import Entry
from atlas.gate.models import AboutChild, version_field
from atlas.gate.policy import RecordKind
from atlas.sharing.rules import MOST_CHILDREN, MOST_DAYS, MOST_EXPORT_DAYS, PURPOSES, Ground


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


class Export(models.Model):
    """One list that left, or was to leave: for what, to whom, by whom, until when; and the secret of its marks. It names no child."""

    record_kind = RecordKind.DISCLOSURE

    class State(models.TextChoices):
        ASKED = "asked", "Being made"
        READY = "ready", "Ready"
        STOPPED = "stopped", "Stopped"

    class Format(models.TextChoices):
        CSV = "csv", "Text table (CSV)"
        XLSX = "xlsx", "Workbook (XLSX)"
        PDF = "pdf", "Paper (PDF)"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = version_field()
    reference = models.CharField(max_length=12, unique=True)
    mark = models.BinaryField(help_text="from this secret follow the choices of words by which a leak names its exporter")
    listed = models.CharField(max_length=40)
    columns = ArrayField(models.CharField(max_length=40))
    format = models.CharField(max_length=4, choices=Format.choices)
    period_from = models.DateField()
    period_until = models.DateField()
    purpose = models.CharField(max_length=24, choices=[(purpose.value, words) for purpose, words in PURPOSES.items()])
    reason = models.TextField(help_text="why the recipient needs it")
    recipient = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    outside_name = models.CharField(max_length=100, blank=True, help_text="a person who has no post in Atlas")
    outside_organisation = models.CharField(max_length=120, blank=True)
    made_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    until_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    delivered_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(null=True)
    children_counted = models.PositiveSmallIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True, help_text="of the file as it was made")
    policy = models.CharField(max_length=16)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, outside_name="", outside_organisation="")
                | (Q(recipient__isnull=True) & ~Q(outside_name="") & ~Q(outside_organisation="")),
                name="export_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(until_at__gt=F("asked_at"), until_at__lte=F("asked_at") + timedelta(days=MOST_EXPORT_DAYS)), name="export_ends"
            ),
            models.CheckConstraint(
                condition=Q(children_counted__isnull=True) | Q(children_counted__lte=MOST_CHILDREN), name="export_capped"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(delivered_at__isnull=False, children_counted__isnull=False), name="export_ready"
            ),
        )
        indexes = (models.Index(fields=["made_by", "-asked_at"], name="export_made_by"),)

    @property
    def recipient_words(self) -> str:
        """For whom it is."""
        if self.recipient:
            return f"{self.recipient}, {self.recipient.team.agency.name}"
        return f"{self.outside_name}, {self.outside_organisation}"


class ExportFile(models.Model):
    """The file of an export, locked with a key that goes with it when it ends; and every child in it.

    Row security shows it to whoever made it only while every child in it is open to them, and to its recipient only while none is shut.
    """

    record_kind = RecordKind.DISCLOSURE
    append_only = True

    export = models.OneToOneField(Export, primary_key=True, on_delete=models.PROTECT, related_name="file")
    children = ArrayField(models.UUIDField())
    record = models.CharField(max_length=16, help_text="the kind of record that it was read from")
    made_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    content = models.BinaryField()
    secret = models.BinaryField()
    until_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["until_at"], name="export_file_until"),)
