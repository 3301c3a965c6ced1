"""Children who are missing together: two episodes, each of one child, that are said to be one event."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from atlas.missing.models.episode import AboutMissing, Episode


class MissingTogether(AboutMissing):
    """A child's missing episode is said to be together with another child's: by whom, when; and why not after all. One row each way.

    Each row is about one child and names the other: row security opens it to nobody who may not read both children's episodes.
    """

    # The column that names the other child: who may not read this kind of record about that one as well reads no such row.
    names_other_child: ClassVar[str] = "other_child_id"

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="together")
    other_child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    other_episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    because = models.TextField(blank=True, help_text="how it is known; empty: they were reported together")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_because = models.TextField(blank=True, help_text="why they were not together after all")
    ended_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "missing together"
        constraints = (
            models.UniqueConstraint(fields=["episode", "other_episode"], condition=Q(ended_at__isnull=True), name="missing_together_once"),
            models.CheckConstraint(condition=~Q(child=F("other_child")), name="missing_together_of_two"),
        )
        indexes = (models.Index(fields=["episode"], name="missing_together_episode", condition=Q(ended_at__isnull=True)),)
