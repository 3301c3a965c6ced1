"""The beats of what runs beside the pages, and the shelf of jobs that failed. No row here is about a child."""

import uuid

from django.db import models
from django.db.models import Q

from atlas.gate.readonly import BECAUSE


class Beat(models.Model):
    """When one of the processes beside the pages last said that it works; the database's own clock."""

    name = models.CharField(primary_key=True, max_length=20)
    beat_at = models.DateTimeField()


class JobFailure(models.Model):
    """How a job failed last: the kind of the error and no word of it, since an error may repeat what somebody typed."""

    job = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=120)
    failed_at = models.DateTimeField()


class ReadOnlySpell(models.Model):
    """A read only spell: a time in which nobody changes a record, because somebody said so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    because = models.CharField(max_length=12, choices=list(BECAUSE.items()))
    since_at = models.DateTimeField()
    begun_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(models.Value(1), name="read_only_once", condition=Q(ended_at__isnull=True)),)


class EnteredLooks(models.Model):
    """A file of looks that were kept aside, entered into the record once; by its digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    rows = models.PositiveIntegerField()
    entered_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        verbose_name = "entered looks"


class Shelved(models.Model):
    """A job on the shelf: it failed after all its tries, or it is urgent and is late. It waits there until it goes, or a person decides.

    `told`: the alert, or the opening in an emergency, that it was to tell of. `for_post`: whom.
    """

    class State(models.TextChoices):
        TRYING = "trying", "Late; Atlas still tries"
        WAITING = "waiting", "Waits for somebody"
        AGAIN = "again", "Tried again"
        GIVEN_UP = "given_up", "Given up"
        GONE = "gone", "Went after all"

    class Because(models.TextChoices):
        RANG = "rang", "Whom it was for was rung"
        TOLD = "told", "Whom it was for knows in another way"
        OVER = "over", "What it was for is over"
        ASKED_AGAIN = "asked_again", "It was asked for again, and done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.BigIntegerField()
    task = models.CharField(max_length=128)
    queue = models.CharField(max_length=128)
    since_at = models.DateTimeField(help_text="when the job was first asked for")
    tries = models.PositiveIntegerField()
    kind = models.CharField(max_length=120, blank=True, help_text="the kind of its last error")
    told = models.UUIDField(null=True)
    for_post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    shelved_at = models.DateTimeField()
    because = models.CharField(max_length=12, choices=Because.choices, blank=True)
    decided_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["job"], name="shelved_once", condition=Q(state__in=("trying", "waiting"))),
            models.CheckConstraint(condition=~Q(state="given_up") | ~Q(because=""), name="shelved_given_up_because"),
        )
        indexes = (models.Index(fields=["job"], name="shelved_job"),)
