"""A connected system with its key, and how it calls."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.test import Client

from atlas.agencies.models import Agency, Post
from atlas.gate.commands import approve_proposal
from atlas.gate.models import Proposal
from atlas.systems.commands import register_system
from atlas.systems.models import ConnectedSystem, SystemGrant
from atlas.systems.signing import Asked, sign
from tests import factories
from tests.factories import NOW

WHY = "Workers report missing children in the system that they have open"


class Key:
    """The private key of a system, which Atlas never sees."""

    def __init__(self) -> None:
        self.private = Ed25519PrivateKey.generate()
        self.public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def proposed(agency: Agency, key: Key, at: datetime = NOW, by: Post | None = None, hook: str = "") -> Proposal:
    """What the first of two administrators proposes."""
    first = by or factories.administrator()
    made = register_system(agency=agency, name="Northlight", public_key=key.public, hook=hook, because=WHY, by=first, at=at)
    assert isinstance(made, Proposal)
    return made


def connected_system(agency: Agency, key: Key, at: datetime = NOW, hook: str = "") -> ConnectedSystem:
    """A system that two administrators connected."""
    first = factories.administrator()
    second = factories.post("system_administrator", of=first.team)
    approve_proposal(proposal=proposed(agency, key, at, first, hook), by=second, at=at)
    return ConnectedSystem.objects.get(public_key=key.public)


class Caller:
    """A system that calls for one grant."""

    def __init__(self, client: Client, key: Key, grant: SystemGrant) -> None:
        self.client, self.key, self.grant = client, key, grant

    def token(self, asks: str, where: str, sent: bytes, at: datetime, **other: Any) -> str:
        """The token of one request; `other`: what a forger says instead."""
        said = {"system": self.grant.system_id, "grant": self.grant.pk, "audience": settings.ATLAS_ADDRESS, **other}
        asked = Asked(said.pop("method", asks), said.pop("path", where), said.pop("body", sent))
        return sign(said.pop("private", self.key.private), asked=asked, at=said.pop("signed_at", at), **said)

    def get(self, where: str, at: datetime = NOW, **other: Any) -> Any:
        """What is answered to a question."""
        return self.client.get(where, headers={"Authorization": f"Bearer {self.token('GET', where, b'', at, **other)}"})

    def post(self, where: str, said: "dict[str, Any] | bytes", at: datetime = NOW, key: str | None = "") -> Any:
        """What is answered to something sent. `key`: None for no idempotency key, empty for a new one."""
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        headers = {"Authorization": f"Bearer {self.token('POST', where, body, at)}"}
        if key is not None:
            headers["Idempotency-Key"] = key or uuid4().hex
        return self.client.post(where, body, content_type="application/json", headers=headers)
