"""A child who is recorded twice, and what a search makes of it."""

from datetime import date, datetime
from typing import Any

from atlas.agencies.models import Post
from atlas.children.commands import Reach, record_contact_detail
from atlas.children.models import Child
from atlas.gate.context import acting_as
from atlas.linkage.commands import Decided, decide_pair
from atlas.linkage.jobs import search_authority
from atlas.linkage.models import Pair, PairSearch
from atlas.people.models import ContactKind
from tests import factories
from tests.factories import NOW
from tests.world import World

BORN = date(2010, 8, 17)


def twice(
    name: str = "Kacper Wójcik", other: str = "Kacper Wojcik", born: date | None = BORN, other_born: date | None = BORN
) -> tuple[Child, Child]:
    """One child in two records."""
    return factories.child(name, born), factories.child(other, other_born)


def lives(child: Child, postcode: str, telephone: str = "") -> None:
    """Where a child lives, and by what number it is rung."""
    feed = factories.feed_post(child.responsible_authority)
    record_contact_detail(child=child, reach=Reach(ContactKind.ADDRESS, "12 Mill Lane", postcode), source="test", by=feed, at=NOW)
    if telephone:
        record_contact_detail(child=child, reach=Reach(ContactKind.TELEPHONE, telephone), source="test", by=feed, at=NOW)


def searched(world: World, at: datetime = NOW, **options: Any) -> PairSearch | None:
    """The nightly search of the world's authority."""
    return search_authority(world.authority, factories.feed_post(world.authority), at, **options)


def pair_of(world: World, one: Child, at: datetime = NOW) -> Pair:
    """The pair of a child, as the coordinator sees it."""
    with acting_as(world.coordinator, at):
        return next(pair for pair in Pair.objects.all() if one.pk in {pair.child_id, pair.other_child_id})


def pairs_seen(post: Post, at: datetime = NOW) -> int:
    """How many pairs row security shows a post."""
    with acting_as(post, at):
        return Pair.objects.count()


def decided(world: World, pair: Pair, outcome: str, at: datetime = NOW, by: Post | None = None, **other: Any) -> Pair:
    """The coordinator's decision."""
    given: dict[str, Any] = {
        "because": "The school says that it is one boy.",
        "stands": pair.child_id if outcome == "same" else None,
        **other,
    }
    return decide_pair(pair=pair, decided=Decided(outcome, **given), by=by or world.coordinator, at=at)
