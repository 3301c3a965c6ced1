"""Lists that left, and their files."""

import uuid
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from atlas.gate.models import version_field
from atlas.gate.policy import RecordKind
from atlas.sharing.rules import MOST_CHILDREN, MOST_EXPORT_DAYS, MOST_TOGETHER, PURPOSES


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
        XML = "xml", "Statutory file (XML)"

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
    most_children = models.PositiveSmallIntegerField(
        default=MOST_CHILDREN, help_text="how many may be in it: more only where two people said so"
    )
    approval = models.OneToOneField(
        "gate.Proposal", on_delete=models.PROTECT, null=True, related_name="+", help_text="by which two people said so"
    )

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
                condition=Q(children_counted__isnull=True) | Q(children_counted__lte=F("most_children")), name="export_capped"
            ),
            models.CheckConstraint(
                condition=Q(most_children__lte=MOST_CHILDREN) | Q(approval__isnull=False, most_children__lte=MOST_TOGETHER),
                name="export_many_by_two",
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
