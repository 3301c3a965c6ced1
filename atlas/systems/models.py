"""A connected system with its public key; a person's grant that it may act for them; and the calls that may not come again."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class ConnectedSystem(models.Model):
    """A system of one agency. Atlas holds its public key alone: whoever reads this table can call nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="systems")
    name = models.CharField(max_length=80)
    public_key = models.CharField(max_length=64, unique=True, help_text="Ed25519, 64 hex digits")
    hook = models.URLField(max_length=300, blank=True, help_text="where it is told that a record changed; empty: nowhere")
    registered_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "connected system"

    def __str__(self) -> str:
        return f"{self.name}, {self.agency}"


class SystemGrant(models.Model):
    """That a system may act for a post, for one purpose, until when. It ends too where the person's sessions are ended, or the post."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    system = models.ForeignKey(ConnectedSystem, on_delete=models.PROTECT, related_name="grants")
    post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=24)
    session_epoch = models.PositiveIntegerField(help_text="of the person's account when this was granted")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        verbose_name = "grant to a system"
        constraints = (models.CheckConstraint(condition=Q(until_at__gte=models.F("from_at")), name="system_grant_ends_after_start"),)
        indexes = (models.Index(fields=["post", "-from_at"], name="system_grant_post"),)


class SystemCall(models.Model):
    """A call that was let in, so that the same one is not let in again. Forgotten after ten minutes."""

    is_forgotten: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)
    grant = models.ForeignKey(SystemGrant, on_delete=models.CASCADE, related_name="calls")
    number = models.CharField(max_length=64, help_text="as the system numbered it")
    called_at = models.DateTimeField()

    class Meta:
        verbose_name = "call of a system"
        constraints = (models.UniqueConstraint(fields=["grant", "number"], name="system_call_once"),)
        indexes = (models.Index(fields=["called_at"], name="system_call_at"),)
