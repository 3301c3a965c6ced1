"""The types of place, and to whom a place is named: pure. Source: practice.md 4.14; real-life.md point 24; product defaults, not law."""

from django.db.models import TextChoices


class PlaceType(TextChoices):
    """What kind of place it is (practice.md 4.14)."""

    PARK = "park", "Park"
    OPEN_SPACE = "open_space", "Open space"
    SHOP = "shop", "Shop"
    FAST_FOOD = "fast_food", "Fast food"
    TRANSPORT_HUB = "transport_hub", "Station or transport hub"
    ROUTE = "route", "Bus or rail route"
    HOTEL = "hotel", "Hotel or short let"
    PRIVATE_HOME = "private_home", "Private home"
    USED_HOME = "used_home", "Home that others have taken over"
    SCHOOL_ROUTE = "school_route", "Way to school"
    SCHOOL = "school", "School"
    COLLEGE = "college", "College"
    HEALTH_SITE = "health_site", "Health site"
    CARE_HOME = "care_home", "Children’s home"
    STREET = "street", "Street"
    ONLINE = "online", "Online space"
    EVENT = "event", "Fair, concert or gathering"
    CAR_PARK = "car_park", "Car park"
    CEMETERY = "cemetery", "Cemetery"
    CANAL = "canal", "Canal"


GRID = (700_000, 1_300_000)  # metres: the British National Grid ends here
DWELLINGS = frozenset({PlaceType.PRIVATE_HOME, PlaceType.USED_HOME, PlaceType.CARE_HOME})
BUSINESSES = frozenset({PlaceType.SHOP, PlaceType.FAST_FOOD, PlaceType.HOTEL, PlaceType.EVENT})
# Agencies with power to act on a business: licensing and trading standards are the council's.
MAY_ACT = frozenset({"council", "police"})


def is_named_to(place_type: str, *, agency_kind: str, answers: bool) -> bool:
    """Whether the exact place (name of the business, address) is shown. `answers`: the agency wrote it down, or is the partner who answers for it."""
    if answers:
        return True
    if place_type in DWELLINGS:
        return False
    return place_type not in BUSINESSES or agency_kind in MAY_ACT
