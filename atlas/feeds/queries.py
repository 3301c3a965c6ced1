"""Deliveries, what waits in them, and how old the last one of the main case system is."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, Max, Q, QuerySet

from atlas.agencies.models import Authority, Post
from atlas.design.words import when
from atlas.feeds.models import CodeMapping, Delivery, Master, Row
from atlas.feeds.rules import DEFAULT_MASTERS, Mastered, System
from atlas.gate.context import acting_as
from atlas.gate.policy import Kind
from atlas.gate.reach import reach_of

MAIN_SYSTEM = "main case system"
STALE_AFTER = timedelta(hours=26)
WAITING = (Row.State.WAITING_MATCH, Row.State.WAITING_CODE, Row.State.QUARANTINED)


def stale_feed(at: datetime) -> str:
    """A sentence where the main system's last delivery is over 26 hours old; empty otherwise. It takes no access away."""
    last = cache.get_or_set("main_system_as_at", _main_system_as_at, timeout=60)
    if last is None or at - last <= STALE_AFTER:
        return ""
    return f"What comes from the main case system is as at {when(last)}. Something newer may be known there."


def _main_system_as_at() -> datetime | None:
    taken = Delivery.objects.filter(source=MAIN_SYSTEM, state=Delivery.State.COMMITTED)
    last: datetime | None = taken.aggregate(last=Max("as_at"))["last"]
    return last


def deliveries() -> "QuerySet[Delivery]":
    """All deliveries, latest first, with how many rows they hold and how many wait for somebody: of those that the acting post may see."""
    waiting = Count("rows", filter=Q(rows__state__in=WAITING))
    return (
        Delivery.objects.annotate(held=Count("rows"), waiting=waiting)
        .select_related("received_by__user", "authority")
        .order_by("-received_at", "pk")
    )


def waiting_rows(delivery: Delivery) -> "QuerySet[Row]":
    """The rows of a delivery that wait for somebody, in the file's order."""
    return delivery.rows.filter(state__in=WAITING).order_by("table", "number")


def unknown_codes() -> "QuerySet[CodeMapping]":
    """Local codes of which nobody has yet said what they mean."""
    return CodeMapping.objects.filter(meaning="").order_by("source", "list_name", "code")


def feed_post(authority: Authority) -> Post | None:
    """The service post that carries deliveries for an authority."""
    return Post.objects.filter(role="feed", is_service=True, team__agency__authorities=authority).order_by("pk").first()


def authorities_of(feed: Post, at: datetime) -> list[Authority]:
    """The authorities whose deliveries a feed carries."""
    with acting_as(feed, at) as subject:
        return list(Authority.objects.filter(pk__in=reach_of(subject).authorities_by(frozenset({Kind.FEED}))).order_by("name"))


def carriers(at: datetime) -> Iterator[tuple[Post, Authority]]:
    """Each feed's own post with each authority whose deliveries it carries: what a job does for every authority, it does as this post."""
    for feed in Post.objects.filter(role="feed", is_service=True).select_related("user", "team__agency"):
        for authority in authorities_of(feed, at):
            yield feed, authority


def preview(delivery: Delivery) -> list[tuple[str, str, int]]:
    """What a delivery holds: (table, state in words, rows), in the order of the tables."""
    counted = delivery.rows.values("table", "state").annotate(count=Count("pk")).order_by("table", "state")
    return [(row["table"], str(Row.State(row["state"]).label), row["count"]) for row in counted]


def masters(authority: Authority) -> dict[Mastered, System]:
    """Which system is master of each kind of record for an authority: the partnership's own choice, otherwise the default."""
    chosen = Master.objects.filter(authority=authority).values_list("record", "system")
    return DEFAULT_MASTERS | {Mastered(record): System(system) for record, system in chosen}
