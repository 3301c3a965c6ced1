"""Places that children named: the park is written down, and somebody has said of the first interviews that it is the park; the others wait."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from atlas.agencies.models import Post
from atlas.connections.grounds import Grounds
from atlas.gate.context import acting_as
from atlas.missing.commands.mentions import settle_mention
from atlas.missing.queries.mentions import mentions_waiting
from atlas.places.commands import PlaceGiven, record_place
from atlas.places.rules import PlaceType
from demo.calibration import PLACES

SETTLED = 6


def settle(named: Mapping[str, Post], now: datetime) -> None:
    """The coordinator says so of the six that have waited longest."""
    at, coordinator, words = now - timedelta(days=1), named["missing.coordinator"], next(name for name, *_ in PLACES if "Park" in name)
    with acting_as(coordinator, at) as subject:
        mentions = list(mentions_waiting(subject).filter(words=words)[:SETTLED])
    if not mentions:
        return
    grounds = Grounds("Children spoke of it in return interviews.", "Keeping children safe", "Return interviews of this year")
    given = PlaceGiven("A park with a bandstand", PlaceType.PARK, grounds, words, "the council’s parks", named_as=("Millpond Park",))
    park = record_place(given=given, by=coordinator, at=at)
    for mention in mentions:
        settle_mention(mention=mention, settled="place", place=park, by=coordinator, at=at)
