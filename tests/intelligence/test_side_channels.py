"""No word of an item with conditions in any side channel (protection.md A13): pages, search, chronology, timeliness, drafts, shares, notices, logs.

A marker stands in the sanitised wording, another in its conditions, others in the original and in the reference to its source. Every
page is opened as roles that may not read it, in turn, and as those that may, on every page but those of intelligence itself.
"""

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from atlas.agencies.models import AgencyKind, Post
from atlas.allocation.commands import record_allocation
from atlas.chronology.moments import Moment
from atlas.gate.policy import ROLES
from atlas.intelligence.commands import propose_product, record_intelligence, release_product
from atlas.intelligence.models import Product, Raw
from atlas.intelligence.rules import Handling
from atlas.tick import tick
from tests import factories
from tests.guards.reading import gated_pages
from tests.guards.test_pages import AGAIN, NOT_SHOWN, Filled, filled
from tests.intelligence.given import CANARY, SOURCE, Desk, desk, sanitised, supplied
from tests.tasks.test_tick import service, telephone
from tests.writes.forms import opened

WORDING, CONDITIONS = "the grey heron by the mill", "only the otter may know"
MARKS = (WORDING, CONDITIONS, CANARY, SOURCE)
LATER = AGAIN + timedelta(hours=2)
ITS_OWN = "/intelligence/"
HOLDS = {"intelligence_raw": {CANARY, SOURCE}, "intelligence_product": {WORDING, CONDITIONS}}  # the only tables that may


def planted(given: Filled) -> tuple[Desk, Product]:
    """A released product with conditions for the council alone, by a unit of two officers; the pages are about it."""
    unit, council = desk("Northmarch Police", given.world.child), given.world.worker.team.agency
    raw = record_intelligence(child=given.world.child, supplied=supplied(9, Handling.CONDITIONS), by=unit.officer, at=AGAIN)
    said = sanitised(9, Handling.CONDITIONS, (council.pk,), wording=f"Seen: {WORDING}", conditions=CONDITIONS)
    product = release_product(product=propose_product(raw=raw, sanitised=said, by=unit.officer, at=AGAIN), by=unit.second, at=AGAIN)
    given.about |= {Raw: raw.pk, Product: product.pk}
    return unit, product


def vetted(post: Post) -> Post:
    post.clearance, post.vetted_until = 2, date(2030, 1, 1)
    post.save()
    return post


def shut_out(given: Filled) -> Iterator[Post]:
    """Who may not read it: every role of the council and of a partner, close to the child, unvetted or of another agency."""
    world = given.world
    near = [post for post in {*given.may, world.interviewer, world.stranger} if post.role != "intelligence_officer"]
    yield from near
    elsewhere = factories.team("Elsewhere", of=factories.agency("Riverside Health", AgencyKind.HEALTH))
    for role in ROLES:
        if role.key not in {post.role for post in near} | {"feed", "tick", "intelligence_officer"}:
            yield factories.post(role.key, of=elsewhere)
    partner = vetted(factories.post("practitioner", of=elsewhere))
    record_allocation(child=world.child, post=partner, from_at=Moment(AGAIN), by=factories.feed_post(), at=AGAIN)
    yield partner


def text_of(answer: Any) -> str:
    """What an answer shows: its text, or the text of its PDF."""
    body = answer.getvalue() if answer.streaming else answer.content
    if body.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)
    return bytes(body).decode("utf-8", "replace")


def crawl(given: Filled, client: Client, *, turn: int = 0, turns: int = 1) -> Iterator[tuple[str, int, str]]:
    """(address, status, text) of every page of the gate, or of one in so many, from the one whose turn it is; and of a search for the child."""
    for where, name, view in list(gated_pages())[turn % turns :: turns]:
        if view.__name__ in NOT_SHOWN:
            continue
        address = given.address(where, name, view)
        answer = client.get(address)
        yield address, answer.status_code, text_of(answer) + str(answer.headers)
    answer = client.post("/find_child/", {"name": given.world.child.name})
    yield "search", answer.status_code, text_of(answer)


def found_in(shown: Iterator[tuple[str, int, str]]) -> tuple[int, list[tuple[str, str]]]:
    """How many pages opened, and where a mark stood."""
    opened_pages, marks = 0, []
    for address, status, text in shown:
        opened_pages += status == 200
        marks += [(address, mark) for mark in MARKS if mark in text]
    return opened_pages, marks


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Every line that any logger writes at any level, with its arguments and its error."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Kept()
    named = [one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    levels = [(one, one.level) for one in (logging.root, *named)]
    for one, _ in levels:
        one.setLevel(logging.DEBUG)
        if one is logging.root or not one.propagate:
            one.addHandler(handler)
    yield lines
    for one, level in levels:
        one.setLevel(level)
        one.removeHandler(handler)


@pytest.mark.django_db
def test_no_page_shows_it_to_a_role_that_may_not_read_it(signed_in: Any, tmp_path: Path) -> None:
    given = filled(tmp_path)
    planted(given)
    posts = list(shut_out(given))
    opened_pages = 0
    for turn, post in enumerate(posts):  # each asks one page in eight, the next post the next ones
        count, marks = found_in(crawl(given, signed_in(post, LATER), turn=turn, turns=8))
        assert marks == [], post
        opened_pages += count
    assert len(posts) > 15 and opened_pages > 100


def test_those_who_may_read_it_read_it_on_its_own_pages_alone_and_no_other_table_notice_or_log_holds_it(
    own_database: Any, signed_in: Any, tmp_path: Path, logged: list[str]
) -> None:
    """Every page, an hour of tick, forms typed and not sent, and a share by one who may read it; then the superuser looks everywhere."""
    by = service()
    given = filled(tmp_path)
    unit, product = planted(given)
    telephone(given.world.worker)
    worker = vetted(given.world.worker)
    client = signed_in(unit.officer, LATER)
    _typed_and_not_sent(client, unit, product)
    for post in (worker, unit.officer):
        count, marks = found_in(crawl(given, signed_in(post, LATER)))
        assert count > 3 and not {address for address, _ in marks if not address.startswith(ITS_OWN)}, post
    text = signed_in(worker, LATER).get(reverse("intelligence:view_intelligence", args=[given.world.child.pk])).content.decode()
    assert WORDING in text and CONDITIONS in text and CANARY not in text and SOURCE not in text
    own_database("tick")
    for minutes in (1, 30, 60):
        tick(by=by, at=LATER + timedelta(minutes=minutes))
    own_database("postgres")
    assert _tables_that_hold() == HOLDS
    assert mail.outbox == [] or not any(mark in str(one.message()) for one in mail.outbox for mark in MARKS)
    assert not any(mark in line for mark in MARKS for line in logged)
    assert len(logged) > 10


def _typed_and_not_sent(client: Client, unit: Desk, product: Product) -> None:
    """The officer types the marks into forms, saves for later, is sent back for an error, and is signed out in the middle."""
    address = reverse("intelligence:propose_product", args=[product.raw_id])
    typed = opened(client, address) | {"wording": f"{WORDING} {CANARY}", "conditions": CONDITIONS}
    assert client.post(address, typed | {"draft": "later"}).status_code == 302
    assert client.post(address, typed).status_code == 422
    session = client.session
    session["last_seen"] = 0
    session.save()
    assert client.post(address, typed).status_code == 302


def _tables_that_hold() -> dict[str, set[str]]:
    held: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename), tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        tables = cursor.fetchall()
        assert len(tables) > 60
        for table, name in tables:
            for mark in MARKS:
                cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{mark}%"])
                if cursor.fetchone()[0]:
                    held.setdefault(name, set()).add(mark)
    sessions = [str(one.get_decoded()) for one in Session.objects.all()]  # in the table they are packed
    assert sessions and not any(mark in text for mark in MARKS for text in sessions)
    return held
