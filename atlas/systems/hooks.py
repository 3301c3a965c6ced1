"""A word to connected systems that something changed: which record, and nothing of it. What it is they ask for, as a person who may see it.

Signed as Standard Webhooks says (`v1a`: Ed25519 over id, timestamp and body, with dots between), so that a system knows it is ours.
"""

import json
from base64 import b64encode
from datetime import datetime
from functools import cache
from hashlib import sha256
from hmac import new as keyed

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

# What is told of, and what it is called there.
TOLD_OF = {"missing.Episode": "missing_episode", "missing.ReturnInterview": "return_interview"}


def message(number: str, label: str, record: str, at: datetime) -> tuple[bytes, dict[str, str]]:
    """The body and the headers of one word to a system; `number`: the same where it is tried again."""
    body = json.dumps({"what": TOLD_OF[label], "id": record}).encode()
    return body, signed(number, body, at)


def signed(number: str, body: bytes, at: datetime) -> dict[str, str]:
    """The headers with which a body (JSON) goes out; `number`: the same where it is sent again."""
    told = str(int(at.timestamp()))
    signature = b64encode(_key().sign(b".".join((number.encode(), told.encode(), body)))).decode()
    headers = {"webhook-id": number, "webhook-timestamp": told, "webhook-signature": f"v1a,{signature}"}
    return headers | {"Content-Type": "application/json"}


def public_key() -> str:
    """The key with which a system checks that a word is ours: 64 hex digits."""
    return _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


@cache
def _key() -> Ed25519PrivateKey:
    """Made of the installation's secret, under a name of its own: any 32 bytes are an Ed25519 key."""
    return Ed25519PrivateKey.from_private_bytes(keyed(settings.SECRET_KEY.encode(), b"words to connected systems", sha256).digest())
