"""A copy of a finished record for the main case system, with what became of it there; and how an authority is sent its copies."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from atlas.chronology.models import Entry
from atlas.copies.workflow import COPY_STEPS, NOT_FILED, CopyState
from atlas.gate.act import Invalid
from atlas.gate.ageing import Ages
from atlas.gate.models import AboutChild, version_field
from atlas.gate.policy import RecordKind


class Channel(models.TextChoices):
    """The way by which copies go."""

    OFF = "off", "Nothing is copied"
    FOLDER = "folder", "A folder that the main system watches"
    API = "api", "Over HTTP, to the main system's own address"
    PASTE = "paste", "By hand: somebody pastes each one, and says so here"


class Copy(AboutChild):
    """That one finished record must be filed in the main system, and what became of it. It holds nothing of the record: that is compiled when
    it is sent. A corrected record owes another; the newest of a record is the one that counts, and says which it replaces.
    """

    record_kind = RecordKind.WORK
    ages = Ages(by=("filed_at",))

    kind = models.CharField(max_length=24)
    about_label = models.CharField(max_length=60)
    about_id = models.UUIDField()
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+", help_text="whose main system it is for")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", help_text="what finished or corrected the record")
    left_out = ArrayField(models.UUIDField(), default=list, blank=True, help_text="parts in somebody's words that must not leave")
    screened_at = models.DateTimeField(null=True, help_text="when the feed, which sees every child of the authority, had read such words")
    state = models.CharField(max_length=8, choices=CopyState.choices, default=CopyState.WAITING)
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True, help_text="by which it went")
    owed_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="when it must have been filed")
    sent_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True, help_text="of the note that was sent; it holds the hash of the PDF")
    tries = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was not sent, or not filed")
    filed_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=60, blank=True, help_text="by which the main system knows it")
    rung = models.PositiveSmallIntegerField(default=0, help_text="how far it has climbed")
    climbs_at = models.DateTimeField(null=True, help_text="when it climbs next if it is not filed; empty on the last rung")

    class Meta:
        verbose_name_plural = "copies"
        constraints = (
            models.CheckConstraint(
                condition=Q(state="filed", filed_at__isnull=False) | (~Q(state="filed") & Q(filed_at__isnull=True)),
                name="copy_filed_has_time",
            ),
        )
        indexes = (
            models.Index(fields=["about_id", "-owed_at"], name="copy_about"),
            models.Index(fields=["authority", "owed_at"], name="copy_open", condition=Q(state__in=[str(one) for one in NOT_FILED])),
            models.Index(fields=["child"], name="copy_child"),
            models.Index(fields=["kind", "reference"], name="copy_reference", condition=~Q(reference="")),
        )

    def move(self, step: str) -> None:
        """Take one step of the workflow. Raises Invalid where the copy is not in a state from which it may be taken."""
        may_start_from, ends_in = COPY_STEPS[step]
        if self.state not in may_start_from:
            words = f"This copy is already “{self.get_state_display().lower()}”{f', reference {self.reference}' if self.reference else ''}"
            raise Invalid(f"{words}, so this cannot be recorded any more. Reload the page.")
        self.state = ends_in


class CopyChannel(models.Model):
    """How an authority is sent its copies, since when, and who chose it. Where no row says so, nothing is copied."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.OneToOneField("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    version = version_field()

    class Meta:
        verbose_name = "channel of copies"
        verbose_name_plural = "channels of copies"
