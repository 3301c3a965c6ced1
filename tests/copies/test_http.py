"""Copies over HTTP: signed, safe to send twice; receipts in the answer, or later by the API, for a person who lets the main system act."""

import json
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client

from atlas.copies.commands.sending import send_copy_again
from atlas.copies.models import Channel
from atlas.copies.workflow import CopyState
from atlas.systems.commands import let_system_act
from atlas.systems.hooks import public_key
from tests import factories
from tests.copies.given import NUMBER, copies, copying, over, served
from tests.factories import NOW
from tests.missing.test_spine import BACK
from tests.systems.given import Caller, Key, connected_system
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
SOON = BACK + timedelta(minutes=5)


class MainSystem:
    """A main system's own server: what it heard, and what it answers next."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, bytes]] = []

        class Hears(BaseHTTPRequestHandler):
            def do_POST(hears) -> None:  # noqa: N805
                body = hears.rfile.read(int(hears.headers["Content-Length"]))
                self.heard.append(({name.lower(): value for name, value in hears.headers.items()}, body))
                status, said = self.answers.pop(0) if self.answers else (202, b"")
                hears.send_response(status)
                hears.send_header("Location", "http://127.0.0.1:9/elsewhere")
                hears.end_headers()
                hears.wfile.write(said)

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Hears)
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def main_system(settings: Any) -> Iterator[MainSystem]:
    """A main system that listens, at the address that whoever runs Atlas has named."""
    listens = MainSystem()
    settings.ATLAS_COPIES_API = {world_code(): f"http://127.0.0.1:{listens.server.server_port}/atlas"}
    yield listens
    listens.server.shutdown()
    listens.server.server_close()


def world_code() -> str:
    """The code of the authority of these tests."""
    return factories.authority().code


def test_a_copy_goes_signed_and_every_answer_is_a_state(db: None, main_system: MainSystem) -> None:
    world = make_world()
    feed = copying(world, Channel.API)
    over(world)
    main_system.answers = [(503, b"busy"), (302, b"")]
    served(world, feed, SOON)
    copy = copies(world)["missing_episode"]
    assert (copy.state, copy.tries, copy.reason) == (CopyState.WAITING, 1, "The main system did not take it (it answered 503).")
    served(world, feed, SOON)
    assert (copies(world)["missing_episode"].state, len(main_system.heard)) == (CopyState.FAILED, 2)  # it goes to no other address
    state_again(world)
    said = {"layout": "atlas-receipt-1", "state": "filed", "reference": "DOC-9", "filed_at": (SOON + timedelta(hours=9)).isoformat()}
    main_system.answers = [(200, json.dumps(said).encode())]
    served(world, feed, SOON)
    copy = copies(world)["missing_episode"]
    assert (copy.state, copy.reference, copy.filed_at) == (CopyState.FILED, "DOC-9", SOON)  # their clock is ahead of ours
    served(world, feed, SOON)
    assert len(main_system.heard) == 3
    headers, body = main_system.heard[-1]
    assert {head["webhook-id"] for head, _ in main_system.heard} == {str(copy.pk)} and len({sent for _, sent in main_system.heard}) == 1
    signed = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    signature = b64decode(headers["webhook-signature"].removeprefix("v1a,"))
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key())).verify(signature, signed)
    sent = json.loads(body)
    assert sent["note"]["person"] == NUMBER and b64decode(sent["document"]).startswith(b"%PDF")


def state_again(world: World) -> None:
    """The child's worker lets it be sent again."""
    send_copy_again(copy=copies(world)["missing_episode"], by=world.worker, at=SOON)


def test_a_receipt_comes_by_the_api_once_and_only_for_whoever_may(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    copying(world, Channel.PASTE)
    over(world)
    copy = copies(world)["missing_episode"]
    monkeypatch.setattr("atlas.agencies.middleware.timezone.now", lambda: SOON)
    where, said = f"/api/v1/copies/{copy.pk}/record_receipt", {"state": "filed", "reference": "DOC-3"}
    for post, status in ((world.stranger, 404), (world.worker, 200)):
        key = Key()
        system = connected_system(post.team.agency, key, at=NOW)
        caller = Caller(client, key, let_system_act(system=system, by=post, at=SOON))
        assert caller.post(where, said, at=SOON).status_code == status
    answer = caller.post(where, said, at=SOON)
    assert (answer.status_code, answer.json()["state"], answer.json()["reference"]) == (200, "filed", "DOC-3")
    assert caller.post(where, {"state": "failed", "reason": "No"}, at=SOON).status_code == 422
    assert caller.post(where, {"state": "lost"}, at=SOON).status_code == 422
    assert copies(world)["missing_episode"].filed_at == SOON
