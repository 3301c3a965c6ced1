"""Where a place lies, from what people have at hand: a grid reference, an easting and a northing, or the latitude and longitude that a telephone shows."""

import re
from functools import cache

from pyproj import Transformer

from atlas.gate.act import Invalid
from atlas.places.rules import GRID

# Squares of 500 km, then of 100 km, are lettered from the north-west without I (Ordnance Survey, a guide to coordinate systems in Great Britain).
LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
NEAREST = 100  # metres: near enough to see places together, and no address
REFERENCE = re.compile(r"([A-Z]{2})\s*(\d+)\s*(\d*)", re.IGNORECASE)
NUMBERS = re.compile(r"(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)")
HOW = "Write a grid reference (SU 123 456), an easting and a northing (412300 145600), or the latitude and longitude that a map shows (51.21, -1.82)."
OFF = "That lies outside Great Britain. Are the two numbers exchanged?"


def position_of(text: str) -> tuple[int, int] | None:
    """Easting and northing on the British National Grid, to the hundred metres; None for nothing. Raises Invalid for what is no place in Great Britain."""
    words = text.strip()
    if not words:
        return None
    if found := REFERENCE.fullmatch(words):
        metres = _of_reference(*found.groups())
    elif found := NUMBERS.fullmatch(words):
        metres = _of_numbers(float(found[1]), float(found[2]))
    else:
        raise Invalid(HOW, "position")
    if not (0 <= metres[0] <= GRID[0] and 0 <= metres[1] <= GRID[1]):
        raise Invalid(OFF, "position")
    return round(metres[0] / NEAREST) * NEAREST, round(metres[1] / NEAREST) * NEAREST


def _of_reference(letters: str, first: str, second: str) -> tuple[float, float]:
    digits = first + second
    if len(digits) % 2 or not 4 <= len(digits) <= 10 or (second and len(first) != len(second)) or "I" in letters.upper():
        raise Invalid(HOW, "position")
    large, small = (LETTERS.index(letter) for letter in letters.upper())
    half = len(digits) // 2
    east = ((large % 5) - 2) * 5 + small % 5
    north = (3 - large // 5) * 5 + 4 - small // 5
    scale = 10 ** (5 - half)
    return east * 100_000 + int(digits[:half]) * scale, north * 100_000 + int(digits[half:]) * scale


def _of_numbers(first: float, second: float) -> tuple[float, float]:
    if abs(first) > 180 or abs(second) > 180:
        return first, second
    if not (49 <= first <= 61 and -9 <= second <= 3):
        raise Invalid(OFF, "position")
    east, north = _to_grid().transform(second, first)
    return float(east), float(north)


@cache
def _to_grid() -> Transformer:
    return Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
