"""A place is written down, put on the map, looked at again, deleted."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from atlas.agencies.models import Agency
from atlas.connections.grounds import Grounds, put_first, put_grounds, renew
from atlas.gate.act import Invalid, Refused, command
from atlas.gate.context import acting_subject
from atlas.gate.policy import Permission
from atlas.gate.rules import Decision
from atlas.places.models import Place
from atlas.places.position import position_of
from atlas.places.rules import DWELLINGS

if TYPE_CHECKING:
    from atlas.agencies.models import Post

SHORTEST, MOST_NAMES = 4, 6


@dataclass(frozen=True)
class PlaceGiven:
    """A place: how it is spoken of, of what type, who controls it, which partner answers for it, and the grounds."""

    name: str
    type: str
    grounds: Grounds
    exact: str = ""
    controlled_by_words: str = ""
    responsible: Agency | None = None
    named_as: tuple[str, ...] = ()
    position: str = ""


@command(needs=Permission.RECORD_PLACE)
def record_place(*, given: PlaceGiven, by: "Post", at: datetime) -> Place:
    """Write down a place, with the grounds. Raises Invalid without words for it, without grounds, and for a way of naming it that is too short to be counted by."""
    if not given.name.strip():
        raise Invalid("Write how it is spoken of: no address, no name of a business, no name of a child.", "name")
    named = [word.strip()[:60] for word in given.named_as if word.strip()]
    if any(len(word) < SHORTEST for word in named):
        raise Invalid(f"Write words of at least {SHORTEST} letters: a shorter one stands in the middle of others.", "named_as")
    if len(named) > MOST_NAMES:
        raise Invalid(f"Write at most {MOST_NAMES} ways of naming it.", "named_as")
    place = Place(
        named_as=named,
        name=given.name.strip()[:120], type=given.type, exact=given.exact.strip()[:200], responsible=given.responsible,
        controlled_by_words=given.controlled_by_words.strip()[:200],
    )  # fmt: skip
    _put(place, given.position)
    put_first(place, by, at)
    put_grounds(place, given.grounds, by, at)
    place.save(force_insert=True)
    return place


@command(needs=Permission.PUT_PLACE_ON_MAP)
def put_place_on_map(*, place: Place, position: str, by: "Post", at: datetime) -> Place:
    """Write down where a place lies, or, with nothing, take it off the map. By the agency that wrote the place down. Raises Invalid for a home."""
    if place.agency_id != by.team.agency_id:
        raise Refused("put_place_on_map", acting_subject(), Decision.NO_RELATIONSHIP, place)
    _put(place, position)
    place.save()
    return place


def _put(place: Place, position: str) -> None:
    found = position_of(position)
    if found and place.type in DWELLINGS:
        raise Invalid("A home stands on no map. Leave this empty.", "position")
    place.easting, place.northing = found or (None, None)


@command(needs=Permission.RENEW_PLACE)
def renew_place(*, place: Place, grounds: Grounds, by: "Post", at: datetime) -> Place:
    """Look at a place again: it still matters, for these grounds as they are now. By the agency that wrote it down."""
    renew(place, grounds, by, at)
    place.save()
    return place


@command(needs=Permission.REMOVE_PLACE)
def remove_place(*, place: Place, by: "Post", at: datetime) -> None:
    """Delete a place; what agencies wrote in the room stays in the record of that meeting (ADR 44)."""
    Place.objects.filter(pk=place.pk).delete()
