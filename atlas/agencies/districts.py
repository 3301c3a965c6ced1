"""Roughly how far two postcode districts lie apart, by straight line. Pure, but for the file that says where the districts are.

The file (ATLAS_DISTRICTS) is the council's own copy of open data: a row for each district (the first half of a postcode), its name and the latitude
and longitude of its middle. Without it, or for a district that it does not hold, the distance is not known, and is said to be so.
"""

import csv
import re
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from django.conf import settings

EARTH_KM = 6371.0
_HALVES = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})?")


def district_of(postcode: str) -> str:
    """The first half of a postcode, or of a district that was given alone; empty where the text is neither."""
    found = _HALVES.fullmatch(" ".join(postcode.upper().split()))
    return found[1] if found else ""


@cache
def _places(path: str) -> dict[str, tuple[float, float]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return {row["district"].strip().upper(): (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)}


def kilometres(one: str, other: str) -> int | None:
    """The straight line between the middles of two districts, in whole kilometres; None where one of them is not known."""
    places = _places(settings.ATLAS_DISTRICTS) if settings.ATLAS_DISTRICTS else {}
    ends = [places.get(district_of(text)) for text in (one, other)]
    if ends[0] is None or ends[1] is None:
        return None
    (lat, lon), (to_lat, to_lon) = ((radians(a), radians(b)) for a, b in (ends[0], ends[1]))
    half = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return round(2 * EARTH_KM * asin(sqrt(half)))


def distance_words(one: str, other: str) -> str:
    """That distance as the screen says it: "about 12 km", "under 1 km", "distance not known"."""
    apart = kilometres(one, other)
    if apart is None:
        return "distance not known"
    return f"about {apart} km" if apart else "under 1 km"
