"""Children who are recorded twice: the second records that the main system's own file brought, found by last night's search; a few of them decided."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from atlas.agencies.models import Authority, Post
from atlas.allocation.commands import receive_child
from atlas.children.commands import Known
from atlas.children.models import Child
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.linkage.commands import Decided, decide_pair
from atlas.linkage.jobs import search_authority
from atlas.linkage.models import Pair
from atlas.linkage.pairs import pairs_open_to
from atlas.linkage.queries import known_to_main_system

SEARCHED, DECIDED = timedelta(days=5), timedelta(days=2)


def _again(authority: Authority, named: Mapping[str, Post], at: datetime) -> None:
    """Three children of whom the coordinator knows, as somebody who rang the front door spelt them: recorded anew."""
    with acting_as(named["missing.coordinator"], at) as subject:
        known = list(
            Child.objects.visible_to(subject).filter(born_on__isnull=False, responsible_authority=authority).order_by("name", "pk")[:3]
        )
    for child, source in zip(known, ("A school rang", "A health visitor rang", "A neighbour rang"), strict=False):
        forename, _, surname = child.name.partition(" ")
        told = Known(forename, f"{surname}{surname[-1]}" if source == "A school rang" else surname.replace("-", " "), child.born_on)
        receive_child(known=told, responsible=authority, source=source, by=named["front.door"], at=at)


def search(authority: Authority, feed: Post, named: Mapping[str, Post], now: datetime) -> None:
    """Five days ago and last night; between the two the coordinator decided on the first two, and nobody could tell of the third."""
    _again(authority, named, now - SEARCHED - timedelta(hours=9))
    search_authority(authority, feed, now - SEARCHED)
    coordinator, at = named["missing.coordinator"], now - DECIDED
    with acting_as(coordinator, at) as subject:
        waiting = list(pairs_open_to(subject, Pair.State.WAITING)[:4])
    if len(waiting) > 1:
        wait = Decided(
            "unsure",
            "Both families were rung; one did not answer.",
            "The school can say which pupil number is right.",
            day_of(now + timedelta(days=12)),
        )
        decide_pair(pair=waiting[0], decided=wait, by=coordinator, at=at)
    if len(waiting) > 3:
        both = [waiting[1].child, waiting[1].other_child]
        with acting_as(coordinator, at):
            known = known_to_main_system(both)
        stands = next((child.pk for child in both if child.pk in known), both[0].pk)
        same = Decided(
            "same", "The mother says that there is one child, and both records are of the same day at the front door.", stands=stands
        )
        decide_pair(pair=waiting[1], decided=same, by=coordinator, at=at)
    search_authority(authority, feed, now - timedelta(hours=5))
