"""Places that nobody looked at again in time end: they are deleted."""

from datetime import datetime

from atlas.gate.days import day_of
from atlas.places.models import Place


def forget_places(at: datetime) -> int:
    """Delete the places that were to be looked at again and were not; called by tick. Returns how many."""
    return Place.objects.filter(expires_on__lt=day_of(at)).delete()[0]
