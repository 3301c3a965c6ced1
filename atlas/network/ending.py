"""Links that nobody looked at again in time are deleted, and nothing of them is kept. Called by tick."""

from datetime import datetime

from atlas.gate.days import day_of
from atlas.network.models import Link


def forget_links(at: datetime) -> int:
    """Delete the links that were to be looked at again and were not. Returns how many."""
    return Link.objects.filter(expires_on__lt=day_of(at)).delete()[0]
