"""Deliveries from partners and from the main case system, row by row, each with its outcome."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from atlas.feeds.layouts import LONGEST_CODE
from atlas.feeds.rules import Mastered, System
from atlas.gate.models import version_field


class Delivery(models.Model):
    """One file (or set of files) as a partner delivered it: what it was, who received it, what became of it."""

    class State(models.TextChoices):
        RECEIVED = "received", "Received"
        PREVIEWED = "previewed", "Waiting for a decision"
        COMMITTED = "committed", "Taken"
        REFUSED = "refused", "Not taken"
        UNDONE = "undone", "Undone"

    class Asked(models.TextChoices):
        TAKE = "take", "Being taken"
        UNDO = "undo", "Being undone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=40, help_text="main case system, or the police force")
    layout = models.CharField(max_length=40)
    is_historic = models.BooleanField(default=False)
    is_partial = models.BooleanField(default=False, help_text="it holds a part of the children only, so what it lacks is not gone")
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    reason = models.CharField(max_length=500, blank=True)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    received_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    carried_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", help_text="the feed's own post")
    as_at = models.DateTimeField(help_text="when the source wrote it")
    committed_at = models.DateTimeField(null=True)
    rows_read = models.PositiveIntegerField(default=0)
    asked_for = models.CharField(
        max_length=4, choices=Asked, blank=True, db_default="", help_text="what the service was asked to do with it last"
    )
    asked_at = models.DateTimeField(null=True)
    asked_job = models.BigIntegerField(null=True, help_text="the job that does it")
    not_done = models.CharField(max_length=500, blank=True, db_default="", help_text="why the service did not do what it was asked")
    version = version_field()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = (
            models.UniqueConstraint(fields=["source", "digest"], condition=Q(state__in=["previewed", "committed"]), name="delivery_once"),
        )
        indexes = (models.Index(fields=["source", "-as_at"], name="delivery_source"),)


class Row(models.Model):
    """One row of a delivery: its place, its key in the source, its fingerprint, what became of it and why.

    The typed text of a row is about a child, so only the posts that keep deliveries in order read it; and none of whoever is shut out of the
    child, or of one of those whom a waiting row may be about.
    """

    class State(models.TextChoices):
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        SAME = "same", "Nothing new"
        LEFT = "left", "Left as it stands here"
        WAITING_MATCH = "waiting_match", "Waiting: who is this child?"
        WAITING_CODE = "waiting_code", "Waiting: unknown code"
        QUARANTINED = "quarantined", "Put aside"
        APPLIED = "applied", "Taken"
        UNDONE = "undone", "Undone"
        EMPTIED = "emptied", "Emptied: nobody was found in a year"

    open_to_roles: ClassVar[tuple[str, ...]] = ("data_officer", "feed")
    names_children: ClassVar[str] = "(values -> '_candidates')"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="rows")
    table = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    source_key = models.CharField(max_length=100)
    meaning = models.CharField(max_length=64, help_text="hash of what the row means, not of its bytes")
    values = models.JSONField()
    state = models.CharField(max_length=14, choices=State.choices, default=State.NEW)
    reason = models.CharField(max_length=500, blank=True)
    child_id = models.UUIDField(null=True)
    result_label = models.CharField(max_length=60, blank=True)
    result_id = models.UUIDField(null=True)
    version = version_field()

    class Meta:
        indexes = (
            models.Index(fields=["delivery", "table", "number"], name="row_delivery"),
            models.Index(fields=["table", "source_key"], name="row_source_key"),
            models.Index(fields=["state"], name="row_waiting", condition=Q(state__in=["waiting_match", "waiting_code", "quarantined"])),
            models.Index(fields=["child_id"], name="row_child"),
        )


class CodeMapping(models.Model):
    """What a partner's local code means here. An unknown one waits until a data officer says what it means."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=40)
    list_name = models.CharField(max_length=60)
    code = models.CharField(max_length=LONGEST_CODE)
    meaning = models.CharField(max_length=100, blank=True, help_text="empty: not yet known")
    first_seen_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    version = version_field()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "list_name", "code"], name="code_mapping_once"),)


class Master(models.Model):
    """A partnership's own choice, for one authority and one kind of record, of the system that is master of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    record = models.CharField(max_length=24, choices=Mastered.choices)
    system = models.CharField(max_length=5, choices=System.choices)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    version = version_field()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["authority", "record"], name="master_once"),)
