"""The places that children named: which wait for somebody to say which place it is, what it may be, and which places were named how often."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest

from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.missing.models import LocationMention
from atlas.missing.rules.mentions import asks_panel, said_alike
from atlas.places.models import Place

ALIKE = 0.35
MOST = 5
WAITS = Q(settled="") | Q(settled=LocationMention.Settled.PLACE, place=None)


def mentions_with_interview() -> "QuerySet[LocationMention]":
    """Mentions with what their pages name beside them."""
    return LocationMention.objects.select_related("child", "interview__episode", "place")


def mentions_waiting(subject: Subject) -> "QuerySet[LocationMention]":
    """What children named and nobody has settled, or whose place is looked at no more; the longest ago first."""
    rows = LocationMention.objects.visible_to(subject).filter(WAITS, is_withdrawn=False, interview__held_at__isnull=False)
    return rows.select_related("child", "interview__episode").order_by("interview__held_at", "words", "pk")


@dataclass(frozen=True)
class SaidAlike:
    """What several children said in the same words, capitals, spaces and punctuation apart, and nobody has settled: by how many, and when first and last."""

    words: str
    area: str
    mentions: list[UUID]
    interviews: int
    children: int
    first: date
    last: date


def said_alike_waiting(subject: Subject) -> list[SaidAlike]:
    """What waits, by the same words: what most interviews name first, then the longest ago. Plain values: whoever shows the words loads the rows."""
    rows = mentions_waiting(subject)
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows.values_list("pk", "words", "area", "interview", "child", "interview__held_at"):
        groups[said_alike(row[1], row[2])].append(row)
    found = [
        SaidAlike(
            of[0][1], of[0][2], [row[0] for row in of], len({row[3] for row in of}), len({row[4] for row in of}),
            day_of(of[0][5]), day_of(of[-1][5]),
        )
        for of in groups.values()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.interviews, one.first, one.words))


def mentions_like(subject: Subject, mention: LocationMention) -> "list[LocationMention]":
    """The mentions that wait and say the same as this one, itself among them where it waits; the longest ago first."""
    alike = said_alike(mention.words, mention.area)
    wanted = [pk for pk, words, area in mentions_waiting(subject).values_list("pk", "words", "area") if said_alike(words, area) == alike]
    return list(mentions_waiting(subject).filter(pk__in=wanted))


@dataclass(frozen=True)
class MayBe:
    """A place that it may be, and why one thinks so."""

    place: Place
    why: str


def may_be(subject: Subject, mention: LocationMention) -> list[MayBe]:
    """The places that a mention may mean, five at most: first those that another child's same words meant, then those that are
    named so, then those spoken of alike."""
    said = LocationMention.objects.visible_to(subject).filter(words__iexact=mention.words, place__isnull=False).select_related("place")
    found = {one.place_id: MayBe(one.place, "another child said the same") for one in said.exclude(pk=mention.pk) if one.place}
    near = Greatest(TrigramWordSimilarity(mention.words, "name"), TrigramWordSimilarity(mention.words, "exact"))
    current = Place.objects.filter(review_on__gte=day_of(subject.at))
    for place in current.exclude(named_as=[]).order_by("name", "pk"):
        if any(word.casefold() in mention.words.casefold() for word in place.named_as):
            found.setdefault(place.pk, MayBe(place, "named so"))
    for place in current.annotate(alike=near).filter(alike__gte=ALIKE).order_by("-alike", "name")[:MOST]:
        found.setdefault(place.pk, MayBe(place, "spoken of alike"))
    return list(found.values())[:MOST]


@dataclass(frozen=True)
class PlaceNamed:
    """A place, in how many interviews it was named, by how many children, when first and last, and whether that asks for the panel."""

    place: Place
    interviews: int
    children: int
    first: date
    last: date
    asks_panel: bool


def places_named(subject: Subject) -> list[PlaceNamed]:
    """Each place that is open to the subject and was named in interviews that are, by name."""
    rows = LocationMention.objects.visible_to(subject).filter(is_withdrawn=False, place__isnull=False, interview__held_at__isnull=False)
    days: dict[UUID, dict[UUID, tuple[UUID, date]]] = defaultdict(dict)
    for place, interview, child, held_at in rows.values_list("place", "interview", "child", "interview__held_at"):
        days[place][interview] = (child, day_of(held_at))
    today = day_of(subject.at)
    named = []
    for place in Place.objects.filter(pk__in=days).order_by("name", "pk"):
        said = days[place.pk].values()
        on = sorted(day for _, day in said)
        named.append(PlaceNamed(place, len(said), len({child for child, _ in said}), on[0], on[-1], asks_panel(on, today)))
    return named
