"""Where the points of a small network stand on a picture: one in the middle, around it those tied to it, around them those tied to these."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, pi, sin


@dataclass(frozen=True)
class Standing:
    """Where a point stands, in units of one ring, the middle at nought; on which ring; and through whom it came there (empty for the middle)."""

    x: float
    y: float
    ring: int
    through: str


def rings(middle: str, ties: Iterable[tuple[str, str]], most: int = 2) -> dict[str, Standing]:
    """Each point within `most` ties of the middle. The same ties give the same picture, in whatever order they come; each point has the share of its ring
    that those behind it need, so that none stands on another. Whoever cannot be reached is not placed: a hidden point is no bridge.
    """
    near: dict[str, set[str]] = defaultdict(set)
    for one, other in ties:
        if one != other:
            near[one].add(other)
            near[other].add(one)
    behind: dict[str, list[str]] = defaultdict(list)
    ring, edge = {middle: 0}, [middle]
    for at in range(1, most + 1):
        following = []
        for point in edge:
            for other in sorted(near[point] - ring.keys()):
                ring[other] = at
                behind[point].append(other)
                following.append(other)
        edge = following
    placed: dict[str, Standing] = {}
    _place(middle, "", 0.0, 2 * pi, 0, behind, placed)
    return placed


def _place(
    point: str, through: str, begin: float, end: float, ring: int, behind: dict[str, list[str]], placed: dict[str, Standing]
) -> None:
    angle = (begin + end) / 2 - pi / 2  # the first stands above the middle
    placed[point] = Standing(round(ring * cos(angle), 6) if ring else 0.0, round(ring * sin(angle), 6) if ring else 0.0, ring, through)
    share = (end - begin) / max(_width(point, behind), 1)
    for other in behind.get(point, ()):
        width = share * _width(other, behind)
        _place(other, point, begin, begin + width, ring + 1, behind, placed)
        begin += width


def _width(point: str, behind: dict[str, list[str]]) -> int:
    """How many places of the outermost ring a point and those behind it need."""
    return sum(_width(other, behind) for other in behind.get(point, ())) or 1
