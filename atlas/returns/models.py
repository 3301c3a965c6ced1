"""A check of the files of a statutory return, as its maker comes back to it."""

import uuid

from django.db import models

from atlas.gate.policy import RecordKind


class ReturnCheck(models.Model):
    """What the rules said of somebody's files: their own to see, until it ends. It holds what stood in the files, and nothing of Atlas's record.

    `content`: every finding, locked with a key that is made of the row's own secret and of the service's.
    """

    record_kind = RecordKind.MISSING
    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.PositiveSmallIntegerField(help_text="the year in which the collection ends")
    tables = models.JSONField(help_text="(table, file, rows) of each file")
    counts = models.JSONField(help_text="by rule: rows, rows of last year's table, children")
    questions = models.JSONField(help_text="what is odd about the files as a whole")
    skipped = models.JSONField(help_text="rules that were not asked, for want of which table")
    findings_counted = models.PositiveIntegerField()
    content = models.BinaryField()
    secret = models.BinaryField()
    made_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["made_by", "-checked_at"], name="return_check_made_by"),)
