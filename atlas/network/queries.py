"""Who and what is linked within two links of a child or a group, the way from one to another, and who is missing at the same time: as far as open to whoever asks.

Row security shows a link where both ends are open. So each step here goes through what the reader may see alone: a hidden child, person or group is no
bridge, and that there would be a way through one leaves no trace.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from atlas.children.models import Child
from atlas.connections.models import Group, PersonOfConcern
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.missing.models import Episode, MissingTogether
from atlas.missing.workflow import EpisodeState
from atlas.network.models import ENDS, Link
from atlas.places.models import Place

HOPS, FARTHEST = 2, 4
SINCE = timedelta(days=365)
FEWEST = 2
COLUMN = {Child: "child", PersonOfConcern: "person", Group: "group", Place: "place"}
DRAWN = (
    "kind", "capacity", "other_capacity", "is_concern_too", "confidence", "drawn_in", "drawn_in_words", "first_seen_on", "last_seen_on", "added_at", "ended_at",
    "ended_words", "is_error", "review_on", "why", "source_words", "child__name", "other_child__name",
    *(f"{entry}__{column}" for entry in ("person", "group", "place") for column in ("name", "review_on")),
)  # fmt: skip
Key = tuple[str, UUID]


def links_with_ends() -> "QuerySet[Link]":
    """Links with what their pages name."""
    return Link.objects.select_related("child", *ENDS, "added_by__user", "added_by__team__agency", "reviewed_by__user", "ended_by__user")


def links_drawn() -> "QuerySet[Link]":
    """Links with their ends, as the picture, the table beside it and a way name them; nothing else of them is read."""
    return Link.objects.select_related("child", *ENDS).only(*DRAWN)


def key_of(thing: Child | PersonOfConcern | Group | Place) -> Key:
    """What kind of thing it is, and which."""
    return COLUMN[type(thing)], thing.pk


def ends_of(link: Link) -> tuple[Key, Key]:
    """Both ends of a link; no row is read for it."""
    for name in ENDS:
        if (pk := getattr(link, f"{name}_id")) is not None:
            return ("child", link.child_id), ("child" if name == "other_child" else name, pk)
    raise AssertionError("a link has two ends")


def papers_missing(child: Child) -> list[str]:
    """Which impact assessments of the network (protection, equality) nobody has recorded, or read again in time, for an authority of the child: as the database,
    which takes no link before, has it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate_papers_missing(%s, %s)", [child.pk, "network"])
        return list(cursor.fetchone()[0])


def links_around(subject: Subject, start: Key, hops: int = HOPS) -> list[Link]:
    """The links within so many of a point, of whatever day; in one query a step. None that was written in error."""
    found: dict[UUID, Link] = {}
    asked: set[Key] = set()
    edge = {start}
    for _ in range(hops):
        asked |= edge
        step = links_at(subject, edge)
        found.update((link.pk, link) for link in step)
        edge = {end for link in step for end in ends_of(link)} - asked
        if not edge:
            break
    return sorted(found.values(), key=lambda link: (link.from_on, str(link.pk)))


def links_at(subject: Subject, points: Iterable[Key]) -> list[Link]:
    """The links of which one end is among these."""
    ids: dict[str, list[UUID]] = defaultdict(list)
    for kind, pk in points:
        ids[kind].append(pk)
    wanted = Q(pk__in=[])
    for kind, of in ids.items():
        wanted |= Q(**{f"{kind}__in": of})
    if "child" in ids:
        wanted |= Q(other_child__in=ids["child"])
    return list(links_drawn().visible_to(subject).filter(wanted, is_error=False))  # type: ignore[attr-defined]


def way_between(subject: Subject, start: Key, goal: Key, day: date) -> list[Link] | None:
    """The links of one shortest way, of at most four, as they stand on a day; empty where both are the same, None where there is none that is open to the reader."""
    came: dict[Key, tuple[Key, Link]] = {}
    edge, seen = {start}, {start}
    for _ in range(FARTHEST):
        if goal in seen:
            break
        following: set[Key] = set()
        standing = sorted((link for link in links_at(subject, edge) if link.stands_on(day)), key=lambda link: str(link.pk))
        for link in standing:
            one, other = ends_of(link)
            for here, there in ((one, other), (other, one)):
                if here in edge and there not in seen:
                    came[there] = (here, link)
                    seen.add(there)
                    following.add(there)
        edge = following
        if not edge:
            break
    if goal not in seen:
        return None
    way: list[Link] = []
    while goal != start:
        goal, link = came[goal]
        way.append(link)
    return way[::-1]


@dataclass(frozen=True)
class SameTime:
    """Another child who was missing at the same time: on how many occasions, of how many of this child's, when last; and whether somebody said together."""

    other: Child
    occasions: int
    of: int
    last: date
    is_said: bool


def missing_at_same_time(subject: Subject, child: Child) -> list[SameTime]:
    """Whom the child was missing at the same time as, twice or more in a year, or where somebody said that they were together: facts, reckoned when asked,
    stored as no link; by name. It does not say that they were together.
    """
    rows = Episode.objects.visible_to(subject).exclude(state=EpisodeState.WITHDRAWN).filter(reported_at__gte=subject.at - SINCE)
    mine = list(rows.filter(child=child).values_list("reported_at", "returned_at"))
    if not mine:
        return []
    overlap = Q(pk__in=[])
    for begun, back in mine:
        overlap |= Q(reported_at__lt=back or subject.at) & (Q(returned_at__gt=begun) | Q(returned_at=None))
    spells: dict[UUID, list[tuple[date, object]]] = defaultdict(list)
    for other, begun, back in rows.exclude(child=child).filter(overlap).values_list("child", "reported_at", "returned_at"):
        for at, (since, until) in enumerate(mine):
            if since < (back or subject.at) and begun < (until or subject.at):
                spells[other].append((day_of(max(since, begun)), at))
    said = set(MissingTogether.objects.visible_to(subject).filter(child=child, ended_at=None).values_list("other_child", flat=True))
    wanted = {pk for pk, of in spells.items() if len({at for _, at in of}) >= FEWEST or pk in said}
    others = Child.objects.visible_to(subject).filter(pk__in=wanted).order_by("name", "pk")
    return [
        SameTime(one, len({at for _, at in spells[one.pk]}), len(mine), max(day for day, _ in spells[one.pk]), one.pk in said)
        for one in others
    ]
