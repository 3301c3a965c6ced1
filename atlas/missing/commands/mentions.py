"""Somebody says which place a child meant."""

from datetime import datetime
from typing import TYPE_CHECKING

from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.missing.models import LocationMention
from atlas.places.models import Place

if TYPE_CHECKING:
    from atlas.agencies.models import Post


@command(needs=Permission.SETTLE_MENTION)
def settle_mention(*, mention: LocationMention, settled: str, place: Place | None = None, by: "Post", at: datetime) -> LocationMention:
    """Say which place a child meant, that it is somebody's home, or that it cannot be told; it may be said anew. Raises Invalid for a place without saying
    which, one that is not open to whoever says so, and what the child took back.
    """
    if mention.is_withdrawn:
        raise Invalid("The child took this back. It needs no place.")
    is_place = settled == LocationMention.Settled.PLACE
    if is_place and (place is None or not Place.objects.filter(pk=place.pk).exists()):
        raise Invalid("Choose the place. Where it is not there yet, write it down first, under Places.", "place")
    mention.settled, mention.place = settled, place if is_place else None
    mention.settled_at, mention.settled_by = at, by
    mention.save()
    return mention
