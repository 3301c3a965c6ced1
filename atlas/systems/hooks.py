"""A word to connected systems that something changed: which record, and nothing of it. What it is they ask for, as a person who may see it.

Signed as Standard Webhooks says (`v1a`: Ed25519 over id, timestamp and body, with dots between), so that a system knows it is ours.
"""

import json
from base64 import b64encode
from datetime import datetime
from functools import cache
from hashlib import sha256
from hmac import new as keyed
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from atlas.gate.act import asked_once
from atlas.systems import jobs
from atlas.systems.models import ConnectedSystem

if TYPE_CHECKING:
    from django.db.models import Model

# What is told of, and what it is called there.
TOLD_OF = {"missing.Episode": "missing_episode", "missing.ReturnInterview": "return_interview"}


def tell_systems(about: "Model | None") -> None:
    """Let the systems that want to hear be told, once this transaction stands. What waits to be told is not told twice."""
    what = TOLD_OF.get(about._meta.label) if about is not None else None
    if about is None or what is None:
        return
    for system in asked_once("systems that are told", _told):
        job = jobs.tell_system.configure(queueing_lock=f"hook:{system}:{about.pk}")
        try:
            with transaction.atomic():
                job.defer(system=str(system), label=about._meta.label, record=str(about.pk))
        except AlreadyEnqueued:
            continue


def _told() -> list[object]:
    return list(ConnectedSystem.objects.filter(ended_at__isnull=True).exclude(hook="").values_list("pk", flat=True))


def message(number: str, label: str, record: str, at: datetime) -> tuple[bytes, dict[str, str]]:
    """The body and the headers of one word to a system; `number`: the same where it is tried again."""
    body = json.dumps({"what": TOLD_OF[label], "id": record}).encode()
    told = str(int(at.timestamp()))
    signature = b64encode(_key().sign(b".".join((number.encode(), told.encode(), body)))).decode()
    headers = {"webhook-id": number, "webhook-timestamp": told, "webhook-signature": f"v1a,{signature}"}
    return body, headers | {"Content-Type": "application/json"}


def public_key() -> str:
    """The key with which a system checks that a word is ours: 64 hex digits."""
    return _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


@cache
def _key() -> Ed25519PrivateKey:
    """Made of the installation's secret, under a name of its own: any 32 bytes are an Ed25519 key."""
    return Ed25519PrivateKey.from_private_bytes(keyed(settings.SECRET_KEY.encode(), b"words to connected systems", sha256).digest())
