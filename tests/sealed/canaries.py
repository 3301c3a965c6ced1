"""Canaries (protection.md A5): a word that stands nowhere else in every field of every sealed set, and then everything that leaves is searched for it.

Planted in clear first where a place stands in clear before it is sealed (contact details, a placement, a draft), then sealed. Searched: every answer of the
service to every post of the child's world, PDFs and what stands in them; mail; logs of the service, of the unsealer and of PostgreSQL; sessions; each
row of each table, the sealed schema's too. The control: each canary is shown by the unsealer to the custodian who opens its set.
"""

import io
import logging
import re
import tempfile
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from atlas.children.commands import Reach, record_contact_detail
from atlas.design.forms import new_key
from atlas.desk.views import server_error
from atlas.gate.context import acting_as
from atlas.gate.models import Draft
from atlas.missing.models import Episode
from atlas.people.models import ContactKind
from atlas.sealed.boxes import MasterKey
from atlas.sealed.commands import name_custodian, seal_set
from atlas.sealed.models import SealedSet
from atlas.sealed.rules import LOCATION, SETS
from atlas.statuses.commands.record import Said, record_status
from atlas.statuses.models import Placement
from tests import factories
from tests.guards.reading import pages
from tests.guards.test_pages import AGAIN, Filled, filled
from tests.sealed.given import WHY, unsealing, vetted_post
from tests.world import World

AT = AGAIN + timedelta(hours=1)
MASTER = MasterKey.of(bytes(range(32)))


@dataclass
class Scanned:
    """What came of it. `hits`: where a canary was found that should not have been; `shown`: canaries that the unsealer gave to the custodian."""

    canaries: dict[str, str] = field(default_factory=dict)  # word -> what it is
    answers: int = 0
    rows: int = 0
    opened: int = 0
    shown: set[str] = field(default_factory=set)
    lost: str = ""  # was never sealed, and must be nowhere all the same
    hits: list[str] = field(default_factory=list)

    def plant(self, what: str, ending: str = "VKXJQWZK") -> str:
        """A new word that stands nowhere else; short where a column is."""
        word = f"QZ{len(self.canaries) + 1:03}{ending}"
        self.canaries[word] = what
        return word

    def search(self, where: str, given: bytes) -> None:
        """Note every canary in these bytes: as it is, in any case, in hexadecimal, in base 64."""
        low = given.lower()
        for word, what in self.canaries.items():
            if any(form in low for form in _forms(word)) or any(form in given for form in _encoded(word)):
                self.hits.append(f"{where}: {what}")


@cache
def _forms(word: str) -> tuple[bytes, ...]:
    plain = word.lower().encode()
    return plain, plain.hex().encode(), word.encode().hex().encode(), "".join(f"{mark}\0" for mark in word.lower()).encode()


@cache
def _encoded(word: str) -> list[bytes]:
    """The middle of the word in base 64, for each place at which it may begin; what is too short would be found by chance."""
    middles = [b64encode(b"\0" * shift + word.encode())[4 if shift else 0 : -4] for shift in range(3)]
    return [middle for middle in middles if len(middle) >= 8]


def scanned(folder: Path, login: Callable[[str], Any], database_log: Path, clock: Callable[[bool], Any], turns: int = 1) -> Scanned:
    """Plant, seal, ask for everything, and search. `login` changes the database's login; it has been the service's so far. `clock`: lets the
    doors' clock be the server's own (the unsealer takes no other), or stand still at AT. `turns`: each post asks one page in so many, and the
    next post the next ones; the custodian asks all.
    """
    counted, began = Scanned(), database_log.stat().st_size
    heard = io.StringIO()
    listening = logging.StreamHandler(heard)
    logging.getLogger().addHandler(listening)
    with override_settings(ATLAS_SEALING_KEY=MASTER.public), tempfile.TemporaryFile() as said:
        clock(False)
        full = filled(folder)
        custodian = _planted(full, counted)
        _crawl(full, custodian, counted, turns)
        with unsealing(connection.settings_dict["NAME"], said) as path, override_settings(ATLAS_UNSEALER=path):
            clock(True)
            _control(full, custodian, counted)
        said.seek(0)
        counted.search("the unsealer's log", said.read())
    logging.getLogger().removeHandler(listening)
    counted.search("the service's log", heard.getvalue().encode())
    for sent in getattr(mail, "outbox", []):
        counted.search("a mail", sent.message().as_bytes())
    _dump(login, counted)
    with database_log.open("rb") as file:
        file.seek(began)
        counted.search("PostgreSQL's log", file.read())
    return counted


def _planted(full: Filled, counted: Scanned) -> Any:
    """A canary in every field: first in clear where that may be, then sealed."""
    world, feed, custodian = full.world, factories.feed_post(), vetted_post()
    name_custodian(child=world.child, post=custodian, by=world.manager, at=AGAIN)
    for kind in ContactKind:
        reach = Reach(kind, counted.plant(f"{kind} in clear"), counted.plant(f"postcode of {kind} in clear", "VK"))
        record_contact_detail(child=world.child, reach=reach, source="test", by=feed, at=AGAIN)
    columns = (
        ("kind", "K2"),
        ("provider", counted.plant("provider in clear")),
        ("postcode", counted.plant("postcode of a placement in clear", "VK")),
    )
    record_status(child=world.child, said=Said(Placement, "L1", AGAIN.date(), None, AGAIN, columns), by=feed, at=AGAIN)
    moved = {"address", "postcode", "telephone", "email", "online", "placement"}  # these stand in clear already; the page types one more
    values = {
        of: {name: counted.plant(f"{name} of {of}") for name in fields if of != LOCATION or name not in moved | {"next_appointment"}}
        for of, (_, fields) in SETS.items()
    }
    sighting = reverse("missing:record_contact_or_sighting", args=[full.about[Episode]])
    _client(world.worker, AT).post(sighting, {"key": new_key(), "place": values[LOCATION]["gp"], "draft": "later"})
    with acting_as(world.worker, AT):
        assert Draft.objects.exists()
    for of in SETS:
        seal_set(child=world.child, kind=of, values=values[of], by=world.worker, at=AT)
    _type(world, counted)
    return custodian


def _type(world: World, counted: Scanned) -> None:
    """What is typed into the page itself: sent; and sent when the session was over, so that it is lost."""
    address, client = reverse("sealed:seal_set", args=[world.child.pk, LOCATION]), _client(world.worker, AT)
    typed = {"key": new_key(), "sealed_next_appointment": counted.plant("typed into the page and sent")}
    assert client.post(address, typed).status_code == 302
    session = client.session
    session["last_seen"] = AT.timestamp() - 7200
    session.save()
    counted.lost = counted.plant("typed in a session that was over")
    client.post(address, {"key": new_key(), "sealed_vehicle": counted.lost, "submit": "Seal"})


def _client(post: Any, at: Any) -> Client:
    client = Client(raise_request_exception=False)
    factories.begin_session(client, post, at)
    return client


def _crawl(full: Filled, custodian: Any, counted: Scanned, turns: int) -> None:
    """Every page to the posts of the child's world; searches for the canaries; and the pages for what goes wrong."""
    for turn, post in enumerate((custodian, *full.may)):
        client = _client(post, AT)
        for where, name, view in list(pages())[turn % turns :: turns if turn else 1]:
            if hasattr(view, "needs") and (view.about is None or view.about in full.about):
                _look(client, full.address(where, name, view), counted)
            elif "<" not in where:
                _look(client, f"/{where}", counted)
        for word in list(counted.canaries)[:3]:
            _look(client, f"{reverse('desk:find_child')}?name={word}", counted)
            answer = client.post(reverse("desk:find_child"), {"name": word, "key": new_key()})
            counted.answers += 1
            counted.search("a search", re.sub(rb'value="[^"]*"', b"", answer.getvalue()))
        _look(client, f"/nowhere/{full.world.child.pk}/", counted)
    counted.search("the page for what goes wrong", server_error(RequestFactory().get("/")).content)


def _look(client: Client, address: str, counted: Scanned) -> None:
    if address.startswith("/accounts/logout"):
        return
    answer = client.get(address)
    counted.answers += 1
    counted.opened += answer.status_code == 200
    body = answer.getvalue()
    typed = re.search(r"[?]name=(\w+)", address)
    if typed:
        body = body.replace(f'value="{typed[1]}"'.encode(), b"")
    counted.search(address, body + repr(sorted(answer.headers.items())).encode().replace(typed[1].encode() if typed else b"\0", b""))
    if answer.headers.get("Content-Type") == "application/pdf":
        reader = PdfReader(io.BytesIO(body))
        parts = [page.extract_text().encode() + page.get_contents().get_data() for page in reader.pages]  # type: ignore[union-attr]
        counted.search(f"{address} (inside)", b"\n".join([*parts, repr(reader.metadata).encode()]))


def _control(full: Filled, custodian: Any, counted: Scanned) -> None:
    """The custodian opens one set after the other, at the server's own time, and is shown each canary."""
    now = timezone.now()
    client = _client(custodian, now)
    with acting_as(custodian, now):
        sets = {row.kind: row.pk for row in SealedSet.objects.filter(child=full.world.child)}
    for pk in sets.values():
        client.post(reverse("sealed:open_sealed_set", args=[pk]), {"key": new_key(), "reason": WHY})
        text = client.get(reverse("sealed:view_sealed_set", args=[pk])).content.decode()
        counted.shown |= {word for word in counted.canaries if word in text}
        client.post(reverse("sealed:view_sealed_set", args=[pk]), {"key": new_key()})


def _dump(login: Callable[[str], Any], counted: Scanned) -> None:
    """Every row of every table, as text; and what the sessions hold, which is packed there."""
    for session in Session.objects.all():
        counted.search("a session", repr(session.get_decoded()).encode())
    login("postgres")
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'sealed')")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")
            for (row,) in cursor.fetchall():
                counted.rows += 1
                counted.search(table, row.encode())
    login("app")
