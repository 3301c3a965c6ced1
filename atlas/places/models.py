"""A place that agencies look at."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from atlas.connections.grounds import OnGrounds
from atlas.places.rules import DWELLINGS, GRID, PlaceType


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
    easting = models.PositiveIntegerField(null=True, help_text="British National Grid, to the hundred metres; of a home, never")
    northing = models.PositiveIntegerField(null=True)
    responsible = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, null=True, related_name="+", help_text="the partner who answers for it"
    )

    class Meta(OnGrounds.Meta):
        constraints = (  # type: ignore[assignment]
            *OnGrounds.Meta.constraints,
            models.CheckConstraint(
                condition=Q(easting__isnull=True, northing__isnull=True)
                | Q(easting__lte=GRID[0], northing__lte=GRID[1]) & ~Q(type__in=sorted(DWELLINGS)),
                name="place_on_the_grid",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_home(self) -> bool:
        """Whether somebody lives there: a home stands on no map."""
        return self.type in DWELLINGS
