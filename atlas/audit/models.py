"""Seals over the record of acts and looks, and the odd looks that a privacy officer works through."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from atlas.gate.models import GatedQuerySet, version_field
from atlas.gate.policy import RecordKind


class Seal(models.Model):
    """One batch of acts and looks, sealed: all rows of the transactions from `low_tx` up to, not with, `high_tx`.

    `root`: the Merkle root over the rows; `previous`: the digest of the seal before. Both, and the signature, are defined byte by
    byte in `sealing.py`. Written by the sealer's login alone, and never altered.
    """

    append_only: ClassVar[bool] = True
    never_altered: ClassVar[bool] = True

    number = models.BigIntegerField(primary_key=True)
    low_tx = models.BigIntegerField()
    high_tx = models.BigIntegerField()
    rows = models.BigIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    sealed_at = models.CharField(max_length=32)  # as signed: ISO 8601 in UTC
    key = models.CharField(max_length=16)  # the first 16 hex digits of the SHA-256 of the public key
    signature = models.CharField(max_length=128)


class OddLook(models.Model):
    """Looks of one worker on one day that somebody must ask about, for one reason; closed with an outcome.

    Found by `gate_odd_looks`, from facts alone: nobody is scored. Never shown to the worker looked into, nor to whoever is shut out of
    one of the children, by a conflict or by a list of names. `child`: the one that the reason is about, or whose looks are counted apart.
    """

    class Reason(models.TextChoices):
        OWN_SURNAME = "own_surname", "The worker and the child have the same surname"
        OWN_STREET = "own_street", "The child lives in the street that the worker has declared, or has a telephone number of theirs"
        OWN_CIRCLE = "own_circle", "The family of a child whom the worker has said they know"
        UNALLOCATED = "unallocated", "No relationship with the child"
        OUT_OF_HOURS = "out_of_hours", "Outside 07:00 to 20:00, and not on shift"
        LEAVER = "leaver", "In the last 14 days of a post"
        MANY = "many", "Three times as many children as on that worker's ordinary days, and fifteen or more"
        RETURNING = "returning", "Came back on three days or more in four weeks, does not answer for the child and wrote nothing"
        CROWD = "crowd", "Five workers or more looked that day who do not answer for the child and wrote nothing"
        SEARCHES = "searches", "Ten or more different searches in an hour, and no child found by them opened"
        RANDOM = "random", "Drawn by chance: one look in a hundred"

    class Outcome(models.TextChoices):
        JUSTIFIED = "justified", "There was a good reason"
        TRAINING = "training", "No harm meant: training or advice given"
        MISUSE = "misuse", "Suspected misuse: passed on under the disciplinary procedure"
        NEEDS_MORE = "needs_more", "I need to ask more"

    record_kind = RecordKind.AUDIT
    open_to_tick: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day = models.DateField()
    reason = models.CharField(max_length=16, choices=Reason.choices)
    post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    person_looking = models.UUIDField()  # the post's person: whom row security keeps out, in every post
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+", null=True, db_constraint=False)
    children = ArrayField(models.UUIDField(), default=list)  # of all the looks; none where they are searches, which every reader may count
    look = models.BigIntegerField()  # the first of them
    looks = models.PositiveIntegerField()
    looked_at = models.DateTimeField()
    found_at = models.DateTimeField()
    due_on = models.DateField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+", null=True)
    version = version_field()

    objects = GatedQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["day", "reason", "post", "child", "look"], nulls_distinct=False, name="odd_look_once"),
            models.CheckConstraint(condition=Q(reason="searches") | ~Q(children=[]), name="odd_look_says_of_whom"),
            models.CheckConstraint(condition=Q(closed_at__isnull=True) | ~Q(outcome=""), name="odd_look_closed_with_outcome"),
        )
        indexes = (models.Index(fields=["agency", "closed_at", "due_on"], name="odd_look_queue"),)

    @cached_property
    def reason_words(self) -> str:
        """The reason in the words of the screen."""
        return str(self.Reason(self.reason).label)


class LooksChecked(models.Model):
    """Looks checked: a day whose looks have been gone through for odd ones, and how many were found."""

    append_only: ClassVar[bool] = True

    day = models.DateField(primary_key=True)
    odd = models.PositiveIntegerField()
    checked_at = models.DateTimeField()
