"""The threshold document of a partnership: each version stands as it was published."""

import uuid
from typing import ClassVar

from django.db import models


class ThresholdDocument(models.Model):
    """One version of the threshold document: who owns it, from when it holds, and its four levels in its own words. Never altered: a new
    version follows it. Names no child.
    """

    append_only: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    edition = models.CharField(max_length=40, help_text="how the partnership calls this version")
    owner = models.CharField(max_length=200, help_text="who answers for it")
    valid_from = models.DateField()
    review_on = models.DateField(help_text="when the partnership looks at it again")
    levels = models.JSONField(help_text="four: name, and when it is the right level, in the document's words")
    set_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["authority", "edition"], name="threshold_edition_once"),
            models.UniqueConstraint(fields=["authority", "valid_from"], name="threshold_day_once"),
        )

    def __str__(self) -> str:
        return f"{self.title}, {self.edition}"

    def name_of(self, level: int) -> str:
        """What this version calls a level from 1 to 4: "Level 2: Early help"."""
        return f"Level {level}: {self.levels[level - 1]['name']}"

    @property
    def named(self) -> list[tuple[int, str, str]]:
        """Each level: its number, its name, and when it is the right one."""
        return [(number, one["name"], one["words"]) for number, one in enumerate(self.levels, 1)]
