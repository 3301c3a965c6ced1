"""The sharing register of an agency: what leaves it, to whom, on which lawful ground, for what; how often, where that is not few; and who reads in Atlas itself.

Reckoned from the record each time it is opened, so that it cannot be older than what was shared. Source: protection.md 7 (G1) and 3.5; UK GDPR Article 30 (recalled).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connections
from django.http import HttpResponse
from django.shortcuts import render

from atlas.agencies.models import Post
from atlas.agencies.queries import posts_standing
from atlas.copies.models import CopyChannel
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, page
from atlas.gate.policy import PURPOSE_WORDS, ROLE, Permission, Purpose
from atlas.sharing.copy import Audience
from atlas.sharing.models import GuestRequest
from atlas.sharing.rules import Ground
from atlas.systems.models import ConnectedSystem
from atlas_analysis.rates.shares import MOST_SMALL

PERIOD = timedelta(days=365)
FEW = f"1 to {MOST_SMALL}"
WAYS = {
    "disclosure": ("Shared with a named person", "A decision for each, with why it was necessary and whether the family was told"),
    "copy": ("Copies of plans given", "Compiled for whoever is given it"),
    "guest": ("Questions and pages by link", "To a person without a post, after a code to a checked number"),
    "export": ("Files that left", "Only the columns that were ticked, each file marked"),
    "asked": ("Records given to whoever asked for them", "Weighed item by item on a ground of law, and released by two people"),
    "filed": ("Filed in the main case system", "Finished interviews, plans and assessments"),
}
ASKED = {"child": "The child, or the adult whom it is about", "parent": "A parent", "representative": "Somebody whom they authorised"}
RECIPIENTS = {"copy": dict(Audience.choices), "guest": dict(GuestRequest.Asks.choices), "asked": ASKED}

GROUND_OF_WAY = {"copy": "The child’s or carer’s own", "asked": "The right of access (UK GDPR Article 15)"}


@dataclass(frozen=True)
class Line:
    """One way of sharing with one recipient, on one ground, for one purpose: how often in the period, and how often it was refused; few is not said."""

    to: str
    ground: str
    purpose: str
    many: str
    refused: str


def register(from_at: datetime, until_at: datetime) -> dict[str, list[Line]]:
    """The lines by way, in the order of the recipients' names; empty for whoever is not a privacy officer: the database counts, and tells nobody else."""
    found: dict[str, list[Line]] = {way: [] for way in WAYS}
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT way, recipient, ground, purpose, many, refused FROM gate_sharing_register(%s, %s)", [from_at, until_at])
        rows = cursor.fetchall()
    for way, recipient, ground, purpose, many, refused in sorted(rows):
        to = str(RECIPIENTS.get(way, {}).get(recipient, recipient))
        law = str(Ground(ground).label) if ground else GROUND_OF_WAY.get(way, "As the record says")
        found[way].append(Line(to, law, PURPOSE_WORDS[Purpose(purpose)] if purpose else "", said(many), said(refused)))
    return found


def said(count: int) -> str:
    """A count, or that it is few: how often something was shared with one school may tell of whom."""
    return FEW if 0 < count <= MOST_SMALL else f"{count:,}"


def readers(posts: Sequence[Post]) -> list[tuple[str, str, int]]:
    """Who reads in Atlas itself: each agency, each role held there, and how many posts hold it."""
    counted = Counter((str(post.team.agency), ROLE[post.role].name) for post in posts)
    return [(agency, role, many) for (agency, role), many in sorted(counted.items())]


@page(needs=Permission.VIEW_SHARING_REGISTER)
def view_sharing_register(request: PageRequest) -> HttpResponse:
    """What left this agency in the last year, by way and recipient; which systems are connected, where copies go, and who reads here."""
    held = register(request.at - PERIOD, request.at)
    posts = posts_standing(day_of(request.at)).filter(is_service=False).select_related("team__agency")
    shown = {
        "agency": request.post.team.agency, "ways": [(name, how, held[way]) for way, (name, how) in WAYS.items()], "few": FEW,
        "systems": list(ConnectedSystem.objects.filter(ended_at=None).select_related("agency").order_by("agency__name", "name")),
        "channels": list(CopyChannel.objects.select_related("authority").order_by("authority__name")), "readers": readers(list(posts)),
        "grounds": [label for _, label in Ground.choices],
    }  # fmt: skip
    return render(request, "oversight/view_sharing_register.html", shown)
