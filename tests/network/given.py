"""Two children of one manager, an adult and a group whom the manager's agency wrote down, and links between them, by commands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from atlas.agencies.models import Post
from atlas.allocation.commands import record_allocation
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.connections.commands import GroupGiven, PersonGiven, record_group, record_person_of_concern
from atlas.connections.grounds import Grounds
from atlas.connections.models import Group, PersonOfConcern
from atlas.missing.commands.back import record_return
from atlas.missing.commands.report import Report, report_missing
from atlas.network.codes import Capacity, Confidence, LinkKind
from atlas.network.commands import LinkGiven, record_link
from atlas.network.commands.together import begin_search, finish_search, search_together
from atlas.network.models import Link, TogetherSearch
from tests import factories
from tests.factories import NOW
from tests.profile.given import assessed, privacy
from tests.world import World, make_world

GROUNDS = Grounds("She was driven home by him twice.", "Keeping children safe", "A teacher, on 2 May")


def link_given(**more: Any) -> LinkGiven:
    """A link that needs nothing else."""
    held: dict[str, Any] = {
        "kind": LinkKind.GIVEN, "capacity": Capacity.AT_RISK, "grounds": GROUNDS, "confidence": Confidence.MODERATE, "first_seen_on": NOW.date(),
    }  # fmt: skip
    return LinkGiven(**(held | more))


@dataclass
class Linked:
    """Who there is: the child, a friend of the child with the same worker, an adult, a group."""

    world: World
    friend: Child
    adult: PersonOfConcern
    group: Group

    def tie(self, child: Child, end: Any, at: datetime = NOW, **more: Any) -> Link:
        """A link that the manager writes."""
        if isinstance(end, Child):
            more = {"other_capacity": Capacity.ASSOCIATE, **more}
        return record_link(child=child, end=end, given=link_given(**more), by=self.world.manager, at=at)


def another_child(world: World, name: str) -> Child:
    """Another child of the same worker."""
    child = factories.child(name)
    record_allocation(
        child=child, post=world.worker, from_at=Moment(NOW - timedelta(days=300)), by=factories.feed_post(), at=NOW - timedelta(days=300)
    )
    return child


def papers(at: datetime = NOW) -> None:
    """The impact assessments of the network are recorded: no link before."""
    assessed(privacy(), at, "network")


def linked(*, with_papers: bool = True) -> Linked:
    """That world; the papers are recorded, and nothing is linked yet."""
    world = make_world()
    if with_papers:
        papers()
    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    adult = record_person_of_concern(
        given=PersonGiven("Dez Sample", "facilitator", GROUNDS, True, "He drives, and says he is 30"), by=world.manager, at=NOW
    )
    group = record_group(given=GroupGiven("Friends of the arcade", "peers", GROUNDS), by=world.manager, at=NOW)
    return Linked(world, another_child(world, "Beech Lane"), adult, group)


def missing(child: Child, by: Post, begun: datetime, hours: int = 5) -> None:
    """The child is missing for some hours, and back."""
    episode = report_missing(child=child, report=Report(reported=Moment(begun)), by=by, at=begun)
    back = begun + timedelta(hours=hours)
    record_return(episode=episode, returned_at=Moment(back), by=by, at=back)


def key_in(search: TogetherSearch, child: Child) -> str:
    """By what a search calls a child."""
    return sha256(f"{search.pk}{child.pk}".encode()).hexdigest()


def together_told(child: Child, other: Child, head: Post, at: datetime = NOW, *more: Child) -> TogetherSearch:
    """A search of the head of service told of these children, each of whom was missing once at least; the papers are recorded by then."""
    search = search_together(by=head, at=at)
    begin_search(search=search, by=head, at=at)
    told = {
        "children": [key_in(search, one) for one in (child, other, *more)],
        "occasions": 3,
        "expected": 0.4,
        "last_on": at.date().isoformat(),
    }
    finish_search(search=search, rows=[], told=[told], by=head, at=at)
    return search
