"""With and without an allegation, every page of whoever is near the person is the same, byte for byte (the way of tests/gate/worlds.py)."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.allegations.commands import receive_allegation
from atlas.children.models import Child
from atlas.connections.commands import block_worker
from atlas.gate.models import BlockSource
from atlas.gate.policy import Kind
from tests import factories
from tests.allegations.test_record_allegation import LATER, WHEN, Given
from tests.connections.test_ties import privacy_officer
from tests.gate.two_worlds import as_service, first_difference, undone
from tests.gate.worlds import DRAWN, OTHERWISE_COMPARED, SIGNED
from tests.guards.reading import gated_pages

SEEN_AT = LATER + timedelta(hours=1)


def addresses(child: Child) -> Iterator[str]:
    """Every page that stands by itself, and every page about the child."""
    for where, name, view in gated_pages():
        words = re.findall(r"<\w+:(\w+)>", where)
        if not words:
            yield reverse(name)
        elif words == ["pk"] and view.about is Child:
            yield reverse(name, args=[child.pk])


def asked(post: Post, pages: Iterable[str], before: Callable[[], object]) -> dict[str, bytes]:
    """What each of these pages says to the post in a world in which this came before; nothing of it stays."""
    said = {}
    with undone():
        with as_service():
            before()
            client = Client()
            factories.begin_session(client, post, SEEN_AT)
        for address in pages:
            with undone(), as_service():
                answer = client.get(address)
                text = SIGNED.sub("", DRAWN.sub(r"\1\2\3", answer.getvalue().decode(errors="replace")))
                headers = sorted(one for one in answer.headers.items() if one[0] not in OTHERWISE_COMPARED)
                said[address] = f"{answer.status_code} {headers} {text}".encode()
    return said


def test_near_the_person_every_page_is_the_same_with_and_without_it(own_database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: SEEN_AT)
    own_database("app")
    given = Given()
    world, accused, apart = given.world, given.world.worker, privacy_officer(given.world)
    near = factories.post("privacy_officer", of=accused.team)
    factories.duty(Kind.PRIVACY, world.authority, post=near)
    Post.objects.filter(pk=accused.pk).update(line_manager=world.manager)
    Post.objects.filter(pk=world.manager.pk).update(line_manager=given.head)
    own_database("postgres")

    def said(of: Post = accused) -> None:
        made = given.said_of(of)
        receive_allegation(allegation=made.allegation_id, by=given.officer, at=LATER)

    def shut() -> None:
        """The same worker is shut out of the same child for another reason: in silence too."""
        block_worker(child=world.child, user=accused.user, source=BlockSource.MANAGER, by=apart, at=WHEN)

    pages = list(addresses(world.child))
    for post, otherwise in ((accused, shut), (world.manager, lambda: None), (near, lambda: None)):
        without = asked(post, pages, otherwise)
        opened = [one for one in pages if without[one].startswith(b"200")]
        with_it = asked(post, pages if post == accused else opened, said)
        differing = [
            f"{post.role} at {one}: {first_difference(without[one], with_it[one])}" for one in with_it if without[one] != with_it[one]
        ]
        assert not differing, "\n".join(differing[:5])
        assert len(pages) > 50 and len(opened) > 5, (post.role, len(pages), len(opened))
    # The same comparison sees what there is to see: a receiver's list, and the block before a privacy officer who is not near.
    for post, page in (
        (given.officer, reverse("allegations:view_allegations")),
        (apart, reverse("connections:view_blocks", args=[world.child.pk])),
    ):
        assert asked(post, [page], lambda: None) != asked(post, [page], said), post.role
