"""The child's statuses as the main case system holds them."""

from itertools import chain

from atlas.children.models import Child
from atlas.statuses.models import FromMainSystem, LegalStatus, Placement, Spell


def statuses_of(child: Child) -> list[tuple[str, FromMainSystem]]:
    """What is open now, and what ended, each in words: spells, placements, legal status; the present first."""
    rows = chain(
        ((spell.get_status_display(), spell) for spell in Spell.objects.filter(child=child)),
        ((f"Placement {place.kind}", place) for place in Placement.objects.filter(child=child)),
        ((f"Legal status {legal.code}", legal) for legal in LegalStatus.objects.filter(child=child)),
    )
    return sorted(rows, key=lambda row: (row[1].until_on is not None, -row[1].from_on.toordinal()))
