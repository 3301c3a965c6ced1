"""The nightly job: an authority's children are compared with one another, once a day, by its feed's own post; and one new record with all others."""

from datetime import datetime, time
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from atlas.agencies.models import Authority, Post
from atlas.children.models import Child
from atlas.chronology.moments import LONDON
from atlas.feeds.queries import carriers
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.linkage.commands import record_pairs
from atlas.linkage.models import PairSearch

FROM = time(4, 0)  # London: after the nightly delivery, before the day


@app.periodic(cron="*/15 * * * *")
@app.task(name="linkage.search_pairs", queue="bulk")
def search_pairs(timestamp: int) -> None:
    """Search where nobody has searched today, once it is four o'clock; after an outage, whenever it runs again."""
    at = timezone.now()
    if at.astimezone(LONDON).time() < FROM:
        return
    for feed, authority in carriers(at):
        if not PairSearch.objects.filter(authority=authority, day=day_of(at)).exists():
            search_authority(authority, feed, at)


def search_soon(child: Child) -> None:
    """Let a child whom a person has just recorded be compared with all others, once this transaction stands."""
    search_child.defer(child=str(child.pk))


@app.task(name="linkage.search_child", queue="bulk")
def search_child(child: str) -> None:
    """Compare one new record with all others of its authorities, each by its feed's own post."""
    at = timezone.now()
    for feed, authority in carriers(at):
        search_authority(authority, feed, at, only=UUID(child))


def search_authority(authority: Authority, feed: Post, at: datetime, only: UUID | None = None) -> PairSearch | None:
    """Search an authority's children (or one of them among all), and keep what was found. A search of one is not the day's."""
    from atlas.linkage.search import search  # brings the engine with it, which no page needs

    with acting_as(feed, at):
        done = search(authority, at, only)
    return record_pairs(
        authority=authority, found=done.found, records=done.records, compared=done.compared, is_whole=only is None, by=feed, at=at
    )
