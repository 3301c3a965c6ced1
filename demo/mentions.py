"""Places that children named: each is written down and lies on the map; somebody has said of all but the last fortnight's mentions which place it is."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from atlas.agencies.models import Post
from atlas.connections.grounds import Grounds
from atlas.gate.context import acting_as
from atlas.missing.commands.mentions import settle_mentions
from atlas.missing.queries.mentions import mentions_waiting
from atlas.places.commands import PlaceGiven, record_place
from atlas.places.rules import PlaceType
from demo.calibration import ELSEWHERE, GROUND, PLACES

WAITING = timedelta(days=14)
SPOKEN_OF = {
    "Station": ("A station forecourt", PlaceType.TRANSPORT_HUB, "the railway"), "Retail": ("A takeaway in a retail park", PlaceType.FAST_FOOD, "its owner"),
    "Short-let": ("A flat that is let by the night", PlaceType.HOTEL, "whoever lets it"), "Millpond": ("A park with a bandstand", PlaceType.PARK, "the council’s parks"),
    "A hotel": ("A hotel outside the borough", PlaceType.HOTEL, "its manager"),
}  # fmt: skip
KINDS = {"park": PlaceType.PARK, "pool": PlaceType.OPEN_SPACE, "arcade": PlaceType.SHOP, "station": PlaceType.TRANSPORT_HUB}


def lying() -> Iterator[tuple[str, PlaceGiven, tuple[int, int]]]:
    """Each place: the words in which children name it, what is written down of it, and where it lies, in metres."""
    grounds = Grounds("Children spoke of it in return interviews.", "Keeping children safe", "Return interviews of this year")
    for number, words in enumerate([name for name, *_ in PLACES] + list(ELSEWHERE)):
        east, north = GROUND[0] + 900 * (number % 5) + 100 * (number // 5), GROUND[1] + 800 * (number // 5) + 100 * (number % 3)
        name, kind, controlled = next(
            (of for start, of in SPOKEN_OF.items() if words.startswith(start)),
            (words, KINDS.get(words.split()[-1], ""), ""),
        )
        yield words, PlaceGiven(name, kind, grounds, words, controlled, named_as=(words[:60],), position=f"{east} {north}"), (east, north)


def settle(named: Mapping[str, Post], now: datetime) -> None:
    """The coordinator writes the places down that were named, and says which of the mentions mean them."""
    at, coordinator = now - timedelta(days=1), named["missing.coordinator"]
    for words, given, _ in lying():
        with acting_as(coordinator, at) as subject:
            mentions = list(mentions_waiting(subject).filter(words=words, interview__held_at__lt=now - WAITING))
        if mentions:
            place = record_place(given=given, by=coordinator, at=at)
            settle_mentions(mentions=mentions, settled="place", place=place, by=coordinator, at=at)
