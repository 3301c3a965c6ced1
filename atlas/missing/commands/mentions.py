"""Somebody says which place a child meant, or which place the same words of several children meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from atlas.gate.act import Invalid, command, lock_all, may_all
from atlas.gate.context import acting_subject
from atlas.gate.policy import Permission
from atlas.missing.models import LocationMention
from atlas.places.models import Place

if TYPE_CHECKING:
    from atlas.agencies.models import Post


@command(needs=Permission.SETTLE_MENTION)
def settle_mention(*, mention: LocationMention, settled: str, place: Place | None = None, by: "Post", at: datetime) -> LocationMention:
    """Say which place a child meant, that it is somebody's home, or that it cannot be told; it may be said anew. Raises Invalid for a place without saying
    which, one that is not open to whoever says so, and what the child took back.
    """
    if mention.is_withdrawn:
        raise Invalid("The child took this back. It needs no place.")
    is_place = settled == LocationMention.Settled.PLACE
    if is_place and (place is None or not Place.objects.filter(pk=place.pk).exists()):
        raise Invalid("Choose the place. Where it is not there yet, write it down first, under Places.", "place")
    mention.settled, mention.place = settled, place if is_place else None
    mention.settled_at, mention.settled_by = at, by
    mention.save()
    return mention


@dataclass(frozen=True)
class SettledTogether:
    """How many mentions were settled in one act, and how many were not: taken back by the child, settled by somebody else since, not for this person to say."""

    settled: int
    taken_back: int = 0
    settled_since: int = 0
    not_theirs: int = 0


@command(needs=Permission.SETTLE_MENTION)
def settle_mentions(
    *, mentions: Iterable[LocationMention], settled: str, place: Place | None = None, by: "Post", at: datetime
) -> SettledTogether:
    """Say of several mentions in one act which place was meant; each is settled by `settle_mention`, with an act of its own.

    What cannot be settled any more is passed over and counted. Raises Invalid where nothing is chosen, and as `settle_mention` does.
    """
    chosen = [one.pk for one in mentions]
    if not chosen:
        raise Invalid("Choose at least one of them.", "mentions")
    found = LocationMention.objects.filter(pk__in=chosen)
    lock_all(found.values_list("child", flat=True))
    rows = list(found.order_by("pk"))
    theirs = may_all(acting_subject(), {one.child_id for one in rows}, Permission.SETTLE_MENTION)
    open_now = [one for one in rows if not one.is_withdrawn and not _is_settled(one)]
    told = [one for one in open_now if one.child_id in theirs]
    for one in told:
        settle_mention(mention=one, settled=settled, place=place, by=by, at=at)
    taken_back = sum(one.is_withdrawn for one in rows)
    return SettledTogether(
        len(told), taken_back, len(rows) - taken_back - len(open_now), len(open_now) - len(told) + len(chosen) - len(rows)
    )


def _is_settled(mention: LocationMention) -> bool:
    """Whether somebody has said, and what they said still stands: a place that is looked at no more lets it wait again."""
    return mention.settled != "" and (mention.settled != LocationMention.Settled.PLACE or mention.place_id is not None)
