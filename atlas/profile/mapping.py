"""The map of a profile: places on a square, with a scale; drawn on the server, and readable without a picture in the table beside it."""

from dataclasses import dataclass
from typing import Any

SIDE, MARGIN = 600, 40
LENGTHS = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)  # metres of a scale bar


@dataclass(frozen=True)
class Point:
    """A place on the drawing: its number in the list below it, its name, and where it stands, in units of the drawing."""

    number: int
    name: str
    moves: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawn:
    """All points, and how long the scale bar is: in metres, and on the drawing."""

    points: tuple[Point, ...]
    metres: int
    bar: float


def drawn(points: list[dict[str, Any]]) -> Drawn | None:
    """The map of these points, north upwards; None without any. One point stands in the middle."""
    if not points:
        return None
    eastings, northings = [one["easting"] for one in points], [one["northing"] for one in points]
    span = max(max(eastings) - min(eastings), max(northings) - min(northings), 1_000)
    middle = ((max(eastings) + min(eastings)) / 2, (max(northings) + min(northings)) / 2)
    unit = (SIDE - 2 * MARGIN) / span
    made = tuple(
        Point(
            number,
            one["name"],
            one["moves"],
            SIDE / 2 + (one["easting"] - middle[0]) * unit,
            SIDE / 2 - (one["northing"] - middle[1]) * unit,
        )
        for number, one in enumerate(points, 1)
    )
    metres = max(length for length in LENGTHS if length <= span / 2)
    return Drawn(made, metres, metres * unit)
