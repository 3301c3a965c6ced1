"""The keys of duty teams, and which packs were made. No row here names a child: the looks say which children a pack holds."""

import uuid

from django.db import models
from django.db.models import Q


class PackKey(models.Model):
    """The public key of a team: with it anybody may lock a pack, and nobody open one. The private one is on paper and on a stick in the team's safe."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey("agencies.Team", on_delete=models.PROTECT, related_name="+")
    public = models.CharField(max_length=64, help_text="an X25519 public key, as hexadecimal digits")
    set_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["team"], name="pack_key_once", condition=Q(ended_at__isnull=True)),)


class Pack(models.Model):
    """One pack that was made: for which team, when, how many children it holds, and the digest of the file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.ForeignKey(PackKey, on_delete=models.PROTECT, related_name="packs")
    made_at = models.DateTimeField()
    held = models.PositiveIntegerField(help_text="how many children")
    digest = models.CharField(max_length=64)


class PackOpening(models.Model):
    """A pack opening, as it was noted on the machine that opened it, entered into the record of looks once."""

    id = models.UUIDField(primary_key=True, editable=False)  # the note's own
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="openings")
    by_words = models.CharField(max_length=60, help_text="the user name that was given")
    because = models.CharField(max_length=12)
    opened_at = models.DateTimeField()
    entered_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
