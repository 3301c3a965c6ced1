"""Random disclosures with a marker planted in every other item: what a recipient gets holds its own items and nothing foreign.

Searched are the page's HTML; and of the PDF its bytes, every stream inflated, its metadata and the text of every page.
"""

import random
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO

from django.urls import reverse
from pypdf import PdfReader

from atlas.agencies.models import AgencyKind, Post
from atlas.children.commands import Reach, record_contact_detail
from atlas.chronology.moments import Moment
from atlas.gate.context import acting_as
from atlas.gate.policy import Purpose
from atlas.missing.commands.report import Report, report_missing
from atlas.people.models import ContactKind
from atlas.sharing.commands.disclosure import Grounds, disclose
from atlas.sharing.compile import offered
from atlas.sharing.rules import Ground
from atlas.statuses.commands.record import Said, record_status
from atlas.statuses.models import LegalStatus, Placement, Spell
from tests import factories
from tests.factories import NOW
from tests.world import World

Fetch = Callable[[Post, str], bytes]
GROUNDS = Grounds(Purpose.SECTION_47, Ground.PUBLIC_TASK, "They look for the child with us", True)
MARKER = re.compile(r"QX[A-Z]{2}\d{4}QX")


@dataclass
class Drill:
    """What the drills came to. `foreign`: markers that reached somebody they were not for; `lost`: own ones that were not found."""

    views: int = 0
    foreign: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    beyond_union: set[str] = field(default_factory=set)


def planted(world: World, count: int) -> None:
    """Items about the child, each with a marker in a field that may leave (YY) and others in fields that may not (NN)."""
    feed = factories.feed_post()
    for number in range(count):
        day = date(2025, 1, 1 + number)
        for model, columns in (
            (LegalStatus, (("code", f"QXYY{number:04}QX"),)),
            (Placement, (("kind", f"QXNN{number:04}QX"), ("provider", f"QXNN{number + 100:04}QX"), ("postcode", "QXNN8QX"))),
            (Spell, (("status", "child_in_need"), ("detail", f"QXNN{number + 200:04}QX"))),
        ):
            words = (
                f"QXYY{number + 300:04}QX"
                if model is LegalStatus
                else f"QXYY{number + 400:04}QX"
                if model is Spell
                else f"QXNN{number + 500:04}QX"
            )
            said = Said(
                model=model, source_key=f"{model.__name__}:{number}", from_on=day, until_on=None, as_at=NOW, columns=columns, words=words
            )
            record_status(child=world.child, said=said, by=feed, at=NOW)
    record_contact_detail(child=world.child, reach=Reach(ContactKind.ADDRESS, "QXNN0900QX House", "F1 1AA"), source="test", by=feed, at=NOW)
    report = Report(reported=Moment(NOW), worry="QXNN0901QX", last_seen_place="QXNN0902QX", intended="QXNN0903QX")
    report_missing(child=world.child, report=report, by=world.coordinator, at=NOW)
    factories.child("Brook QXNN0904QX")


def recipients(count: int) -> list[Post]:
    """Posts of several agencies."""
    kinds = [AgencyKind.POLICE, AgencyKind.HEALTH, AgencyKind.SCHOOL, AgencyKind.VOLUNTARY]
    roles = ["police_officer", "health", "school", "voluntary_worker"]
    made = []
    for number in range(count):
        kind = number % len(kinds)
        agency = factories.agency(f"Partner {number}", kinds[kind])
        made.append(factories.post(roles[kind], of=factories.team(f"Team {number}", of=agency)))
    return made


def drilled(world: World, fetch: Fetch, views: int, seed: int = 5) -> Drill:
    """Make so many random disclosures to random recipients, open each as its recipient, and search what comes."""
    dice, done = random.Random(seed), Drill()
    planted(world, 8)
    with acting_as(world.worker, NOW) as subject:
        # What stands in a field that may not leave is foreign to everybody, whatever the list of choices says.
        choice = {key: {one for one in MARKER.findall(words) if "YY" in one} for key, words in offered(subject, world.child.pk)}
    posts = recipients(6)
    given, found = set[str](), set[str]()
    for _ in range(views):
        keys = dice.sample(sorted(choice), dice.randint(1, min(12, len(choice))))
        post = dice.choice(posts)
        made = disclose(child=world.child, recipient=post, items=keys, grounds=GROUNDS, by=world.worker, at=NOW)
        mine = set().union(*(choice[key] for key in keys))
        given |= mine
        for page, text in (("view", text_of_page), ("print", text_of_pdf)):
            seen = set(MARKER.findall(text(fetch(post, reverse(f"sharing:{page}_disclosure", args=[made.pk])))))
            done.foreign += sorted(seen - mine)
            done.lost += sorted(mine - seen)
            found |= seen
        done.views += 1
    done.beyond_union = found - given
    return done


def text_of_page(body: bytes) -> str:
    """A page, as it is sent."""
    return body.decode()


def text_of_pdf(body: bytes) -> str:
    """Everything of a PDF in which something could hide: bytes, inflated streams, metadata, outlines, the text of each page."""
    assert body.startswith(b"%PDF"), body[:80]
    reader = PdfReader(BytesIO(body))
    root = reader.root_object
    assert not {"/OCProperties", "/AcroForm", "/OpenAction", "/AF"} & set(root), root  # no layers, forms, actions or files
    assert not (reader.attachments or {}), "a file is attached"
    assert body.count(b"%%EOF") == 1  # one revision, nothing earlier beneath it
    streams = []
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", body, re.DOTALL):
        try:
            streams.append(zlib.decompress(raw).decode("latin-1"))
        except zlib.error:
            streams.append(raw.decode("latin-1"))
    pages = [page.extract_text() for page in reader.pages]
    return "\n".join([body.decode("latin-1"), *streams, str(reader.metadata), str(root), str(reader.outline), *pages])
