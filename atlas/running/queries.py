"""How the service stands: beats, the queues, the shelf."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, QuerySet

from atlas.running.models import Beat, Shelved
from atlas.running.queue import ages, waiting, waiting_ages
from atlas.running.rules import BEATS, KEPT, URGENT, Expected, late

QUEUES = (URGENT, "bulk")
ON_SHELF = (Shelved.State.TRYING, Shelved.State.WAITING)


@dataclass(frozen=True)
class Beating:
    """One process beside the pages as it stands."""

    expected: Expected
    beat_at: datetime | None
    is_late: bool


@dataclass(frozen=True)
class Queued:
    """One queue as it stands: how many jobs wait or run, and since when the oldest does."""

    name: str
    jobs: int
    oldest_at: datetime | None


def beatings() -> list[Beating]:
    """Every process beside the pages, late ones first."""
    held, too_old = dict(Beat.objects.values_list("name", "beat_at")), late(ages())
    found = [Beating(expected, held.get(name), name in too_old) for name, expected in BEATS.items()]
    return sorted(found, key=lambda one: not one.is_late)


def queued() -> list[Queued]:
    """The queues: what waits to be done now or is being done. A job that waits for its next try counts from when it was asked for."""
    found = waiting()
    return [Queued(name, *found.get(name, (0, None))) for name in QUEUES]


def shelved() -> "QuerySet[Shelved]":
    """Jobs on the shelf with whom they were for."""
    return Shelved.objects.select_related("for_post__user", "decided_by__user")


def on_shelf() -> "QuerySet[Shelved]":
    """What waits for somebody: urgent jobs first, the oldest of each first."""
    return shelved().filter(state__in=ON_SHELF).order_by("-queue", "since_at", "pk")


def decided(at: datetime) -> "QuerySet[Shelved]":
    """What somebody decided of late, the latest first."""
    return shelved().exclude(state__in=(*ON_SHELF, Shelved.State.GONE)).filter(decided_at__gt=at - KEPT).order_by("-decided_at", "pk")


def went(at: datetime) -> int:
    """How many jobs were late of late and went after all, with nobody's help."""
    return Shelved.objects.filter(state=Shelved.State.GONE, decided_at__gt=at - KEPT).count()


def troubles() -> list[str]:
    """What whoever is at work must know of the service now, a sentence each; kept for half a minute in each process."""
    return cache.get_or_set("running_troubles", _troubles, timeout=30) or []


def _troubles() -> list[str]:
    urgent = on_shelf().filter(queue=URGENT).count()
    return [*_of_shelf(urgent), *(f"{BEATS[name].words}: late. {BEATS[name].meanwhile}" for name in late(ages()))]


def _of_shelf(urgent: int) -> list[str]:
    if not urgent:
        return []
    what = "1 urgent message has not left" if urgent == 1 else f"{urgent} urgent messages have not left"
    return [f"{what} Atlas: ring those whom they were for."]


@dataclass(frozen=True)
class Stands:
    """The service in figures: seconds since each beat, jobs and the age of the oldest by queue, what is on the shelf by queue."""

    ages: dict[str, float]
    jobs: dict[str, int]
    oldest: dict[str, float]
    shelved: dict[str, int]


def standing() -> Stands:
    """The service in figures, for whoever watches it."""
    held = waiting_ages()
    shelf = dict(on_shelf().order_by().values_list("queue").annotate(Count("pk")))
    return Stands(
        {name: age.total_seconds() for name, age in ages().items()},
        {name: held.get(name, (0, 0.0))[0] for name in QUEUES},
        {name: held.get(name, (0, 0.0))[1] for name in QUEUES},
        {name: shelf.get(name, 0) for name in QUEUES},
    )
