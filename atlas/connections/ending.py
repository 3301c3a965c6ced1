"""Entries that nobody looked at again in time end: they are deleted, and nothing of them is kept."""

from datetime import datetime

from atlas.connections.models import Group, PersonOfConcern
from atlas.gate.days import day_of


def forget_people_of_concern(at: datetime) -> int:
    """Delete the people of concern and the groups that were to be looked at again and were not; called by tick. Returns how many."""
    day = day_of(at)
    return sum(model.objects.filter(expires_on__lt=day).delete()[0] for model in (PersonOfConcern, Group))
