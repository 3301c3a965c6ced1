"""A place that agencies look at."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from atlas.connections.grounds import OnGrounds
from atlas.places.rules import PlaceType


class Place(OnGrounds):
    """A place where children are harmed, or met by those who harm them: spoken of in words that name no business and no dwelling; where exactly, apart from
    that. It names no child.
    """

    looked_at_as: ClassVar[str] = "place"

    name = models.CharField(
        max_length=120, help_text="as it is spoken of where everybody listens: no address, no name of a business or a child"
    )
    type = models.CharField(max_length=13, choices=PlaceType.choices)
    exact = models.CharField(
        max_length=200, blank=True, help_text="which place exactly: its name and address (rules.is_named_to says to whom)"
    )
    named_as = ArrayField(
        models.CharField(max_length=60),
        default=list,
        help_text="words by which people name it: what is counted of it before and after a panel",
    )
    controlled_by_words = models.CharField(max_length=200, blank=True, help_text="who controls it, and could change it")
    responsible = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, null=True, related_name="+", help_text="the partner who answers for it"
    )

    def __str__(self) -> str:
        return self.name
