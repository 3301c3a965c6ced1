"""Data quality: what waits for somebody in the records, by who answers for it, the oldest first. Counts alone; each leads to its own page.

Source: capabilities.md row 55 (rules, an owner for each fault, ageing).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import connections
from django.http import HttpResponse
from django.shortcuts import render

from atlas.gate.page import PageRequest, page
from atlas.gate.policy import ROLE, Permission

# What waits: in words for one and for several, and on which page somebody does something about it.
WHAT: dict[str, tuple[str, Permission, str]] = {
    "waiting_match": ("Delivered rows of which nobody has said who the child is", Permission.VIEW_FEEDS, "feeds:view_feeds"),
    "waiting_code": ("Delivered rows with a code of which nobody has said what it means", Permission.VIEW_FEEDS, "feeds:view_feeds"),
    "quarantined": ("Delivered rows put aside: the sender has to put them right", Permission.VIEW_FEEDS, "feeds:view_feeds"),
    "pair_waiting": ("Two records that may be of one child", Permission.VIEW_PAIRS, "linkage:view_pairs"),
    "pair_unsure": ("Two records of which nobody can tell yet", Permission.VIEW_PAIRS, "linkage:view_pairs"),
    "difference": ("Differences with the police that nobody has answered", Permission.VIEW_DIFFERENCES, "missing:view_differences"),
    "join_in_main": ("Two records of one child that the main case system has not joined yet", Permission.VIEW_PAIRS, "linkage:view_pairs"),
}
OWNERS = {
    "data officer": "The data officer", "missing coordinator": "The missing coordinator", "missing team": "The missing response team", "police": "The police",
    "main case system": "The main case system’s team",
}  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """So many of one kind wait for one owner, the oldest since then."""

    authority: str
    owner: str
    what: str
    many: int
    since: datetime

    @property
    def words(self) -> str:
        """What waits, in words."""
        return WHAT[self.what][0]

    @property
    def owner_words(self) -> str:
        """Who answers for it: one of ours, or the sender by its own name."""
        return OWNERS.get(self.owner, self.owner)


def waiting() -> list[Waiting]:
    """What waits in the authorities that the acting post's agency serves, as the database counts it: the oldest first."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT authority, owner, what, many, since FROM gate_data_waiting()")
        return sorted((Waiting(*row) for row in cursor.fetchall()), key=lambda one: (one.since, one.owner, one.what))


def by_owner(found: Iterable[Waiting]) -> list[tuple[str, list[Waiting]]]:
    """The same, owner by owner: whoever has the oldest stands first, and so does the oldest of each."""
    first: dict[str, datetime] = {}
    for one in found:
        first[one.owner_words] = min(first.get(one.owner_words, one.since), one.since)
    ordered = sorted(found, key=lambda one: (first[one.owner_words], one.owner_words, one.since, one.what))
    return [(owner, list(rows)) for owner, rows in groupby(ordered, key=lambda one: one.owner_words)]


@page(needs=Permission.VIEW_DATA_QUALITY)
def view_data_quality(request: PageRequest) -> HttpResponse:
    """What waits in the records, by who answers for it, the oldest first."""
    may = ROLE[request.post.role].permissions
    ways = {what: way for what, (_, permission, way) in WHAT.items() if permission in may}
    return render(request, "oversight/view_data_quality.html", {"owners": by_owner(waiting()), "ways": ways, "now": request.at})
