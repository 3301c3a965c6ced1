"""A check of a return ends: what it found is taken away."""

from datetime import datetime

from atlas.returns.models import ReturnCheck


def forget_return_checks(at: datetime) -> int:
    """Take away the checks that have ended; called by tick. Returns how many."""
    return ReturnCheck.objects.filter(until_at__lte=at).delete()[0]
