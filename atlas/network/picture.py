"""The network as it is drawn and as it is told: points on rings around a child or a group, the links between them, and the same as rows. No query is asked here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import pi
from uuid import UUID

from django.urls import reverse

from atlas.children.models import Child
from atlas.connections.models import Group, PersonOfConcern
from atlas.network.codes import Confidence
from atlas.network.models import Link
from atlas.network.queries import Key, ends_of, key_of
from atlas.network.together import Told
from atlas.places.models import Place
from atlas_analysis.networks.rings import Standing, rings

End = Child | PersonOfConcern | Group | Place
WORDS = {"child": "Child", "person": "Person of concern", "group": "Group", "place": "Place"}
PAGES = {
    "child": "network:view_network", "person": "connections:view_person_of_concern", "group": "network:view_group_network", "place": "places:view_place",
}  # fmt: skip
SHAPES = {"child": "circle", "person": "square", "group": "hexagon", "place": "diamond"}
LINE, LINES, APART, LEAST = 15, 2, 104, 145
BESIDE, ABOVE, BELOW, LEADING = 75, 60, 65, 16  # room for the names, which stand on the outer side of their point
LEAST_WIDTH = 440  # as much as the page gives it at least: a picture of few is not blown up
MOST_DRAWN, ABOVE_MIDDLE = 60, 0.25


@dataclass(frozen=True)
class Point:
    """A point of the picture: what it is, what it is called, the lines under it, where it stands, and its page."""

    kind: str
    pk: UUID
    name: str
    words: str
    lines: tuple[str, ...]
    x: int
    y: int
    ring: int
    is_above: bool
    href: str

    @property
    def words_y(self) -> int:
        """Where the first line of its name stands: above a point that stands above the middle, so that no line runs through it."""
        return self.y - 22 - LEADING * (len(self.lines) - 1) if self.is_above else self.y + 32

    @property
    def shape(self) -> str:
        """What it is drawn as."""
        return SHAPES[self.kind]


@dataclass(frozen=True)
class Edge:
    """A link of the picture: its number in the table, from where to where it is drawn, and what it says."""

    number: int
    link: Link
    one: Point
    other: Point

    @property
    def middle(self) -> tuple[int, int]:
        """Where its number stands: half way, or nearer the outer end, where there is more room."""
        inner, outer = sorted((self.one, self.other), key=lambda point: point.ring)
        share = 0.5 if inner.ring == outer.ring else 0.6
        return round(inner.x + (outer.x - inner.x) * share), round(inner.y + (outer.y - inner.y) * share)

    @property
    def is_low(self) -> bool:
        """Whether it is drawn with a dashed line."""
        return self.link.confidence == Confidence.LOW


@dataclass(frozen=True)
class Dotted:
    """That two children are missing at the same time more often than chance explains: its letter in the table, and from where to where it is drawn. No link."""

    told: Told
    one: Point
    other: Point

    @property
    def middle(self) -> tuple[int, int]:
        """Where its letter stands."""
        return round((self.one.x + self.other.x) / 2), round((self.one.y + self.other.y) / 2)


@dataclass(frozen=True)
class Picture:
    """What is shown of a day: the points, the links, how large; what came and what went since another day; whether it was too much to draw."""

    day: date
    since: date
    points: tuple[Point, ...]
    edges: tuple[Edge, ...]
    width: int
    height: int
    new: tuple[Link, ...]
    gone: tuple[Link, ...]
    is_drawn: bool
    dotted: tuple[Dotted, ...] = ()


def picture_of(middle: End, links: Sequence[Link], day: date, since: date, told: Sequence[Told] = ()) -> Picture:
    """The picture of a day. Where each point stands is reckoned from the links of every day, so that nobody moves from one day to another. `told`: what was told of
    children who are missing together, drawn apart from what people recorded.
    """
    of_two = [one for one in told if not one.row.is_group]
    names: dict[Key, End] = {key_of(end): end for link in links for end in (link.child, link.end)} | {key_of(middle): middle}
    names |= {key_of(child): child for one in of_two for child in one.children}
    placed = rings(_text(key_of(middle)), [*(_pair(link) for link in links), *(_ends(one) for one in of_two)])
    of_two = [one for one in of_two if all(text in placed for text in _ends(one))]
    now, before = _reached(middle, links, day), _reached(middle, links, since)
    shown = {key_of(middle), *(end for link in now for end in ends_of(link)), *(key_of(child) for one in of_two for child in one.children)}
    unit = _unit(placed.values())
    xs, ys = ([round(at * unit) for at in of] for of in zip(*((one.x, one.y) for one in placed.values()), strict=True))
    width = max(LEAST_WIDTH, max(xs) - min(xs) + 2 * BESIDE)
    left, top = (width - max(xs) - min(xs)) // 2, ABOVE - min(ys)
    points = {key: _point(key, names[key], placed[_text(key)], unit, (left, top)) for key in shown}
    edges = tuple(Edge(number, link, *(points[end] for end in ends_of(link))) for number, link in enumerate(now, 1))
    of_now, of_before = {link.pk for link in now}, {link.pk for link in before}
    return Picture(
        day, since, tuple(sorted(points.values(), key=lambda one: (one.ring, one.words, one.name))), edges,
        width, max(ys) + top + BELOW,
        tuple(link for link in now if link.pk not in of_before), tuple(link for link in before if link.pk not in of_now),
        len(points) <= MOST_DRAWN,
        tuple(Dotted(one, *(points[key_of(child)] for child in one.children)) for one in of_two),
    )  # fmt: skip


def _reached(middle: End, links: Iterable[Link], day: date) -> list[Link]:
    """The links that stand on a day and can be reached over others that do."""
    standing = [link for link in links if link.stands_on(day)]
    placed = rings(_text(key_of(middle)), [_pair(link) for link in standing])
    return [link for link in standing if all(one in placed for one in _pair(link))]


def _pair(link: Link) -> tuple[str, str]:
    one, other = ends_of(link)
    return _text(one), _text(other)


def _ends(told: Told) -> tuple[str, str]:
    one, other = told.children
    return _text(key_of(one)), _text(key_of(other))


def _text(key: Key) -> str:
    return f"{key[0]} {key[1]}"


def _unit(placed: Iterable[Standing]) -> int:
    """How far the rings are apart, so that names do not run into one another."""
    on = [one.ring for one in placed]
    return max([LEAST, *(int(on.count(ring) * APART / (2 * pi * ring)) for ring in range(1, max(on, default=0) + 1))])


def _point(key: Key, thing: End, at: Standing, unit: int, corner: tuple[int, int]) -> Point:
    name, href = str(thing), reverse(PAGES[key[0]], args=[thing.pk])
    x, y = round(at.x * unit) + corner[0], round(at.y * unit) + corner[1]
    return Point(key[0], thing.pk, name, WORDS[key[0]], _lines(name), x, y, at.ring, at.y < -ABOVE_MIDDLE, href)


def _lines(name: str) -> tuple[str, ...]:
    """A name in two lines at most, the rest left out with a mark; the whole stands in the table."""
    lines: list[str] = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    kept = [line if len(line) <= LINE + 3 else f"{line[: LINE + 2]}…" for line in lines[:LINES]]
    return (*kept[:-1], f"{kept[-1]} …") if len(lines) > LINES else tuple(kept)
