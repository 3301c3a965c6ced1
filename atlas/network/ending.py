"""Links that nobody looked at again in time, and what was told of children missing together, are deleted, and nothing of them is kept. Called by tick."""

from datetime import datetime

from atlas.gate.days import day_of
from atlas.network.models import Link, Together


def forget_links(at: datetime) -> int:
    """Delete the links that were to be looked at again and were not, and what was told three months ago. Returns how many."""
    return sum(model.objects.filter(expires_on__lt=day_of(at)).delete()[0] for model in (Link, Together))
