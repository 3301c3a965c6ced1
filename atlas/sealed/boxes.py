"""A box: the values of one sealing, encrypted with a data key of their own, which the public key of the installation wraps.

AES-256-GCM over the values, padded so that the length says little, bound to child and sealing; HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM)
around the data key, bound to the same. Whoever seals cannot open: not even what they sealed a moment ago.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

BLOCK = 512  # bytes to whose multiple the values are filled up
NONCE = 12
_WRAPS = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Unopenable(Exception):
    """A box that does not open: another key, another place, or it was altered."""


@dataclass(frozen=True)
class Box:
    """`master`: which key opens it; `wrapped`: the data key; `sealed`: the values."""

    master: str
    wrapped: bytes
    sealed: bytes


def about(child: UUID, kind: str, sealing: UUID) -> bytes:
    """What a box is bound to: it opens only as this sealing of this set of this child."""
    return f"atlas sealed 1|{child}|{kind}|{sealing}".encode()


def sealed_box(values: Mapping[str, str], place: bytes, public: str) -> Box:
    """Lock these values. `public`: 64 hex digits."""
    data_key, nonce = AESGCM.generate_key(256), os.urandom(NONCE)
    text = json.dumps(dict(values), ensure_ascii=False).encode()
    padded = text + b" " * (-len(text) % BLOCK)
    key = X25519PublicKey.from_public_bytes(bytes.fromhex(public))
    return Box(name_of_key(public), _WRAPS.encrypt(data_key, key, info=place), nonce + AESGCM(data_key).encrypt(nonce, padded, place))


def name_of_key(public: str) -> str:
    """By what a box says which key locks it: 16 hex digits."""
    return sha256(bytes.fromhex(public)).hexdigest()[:16]


@dataclass(frozen=True)
class MasterKey:
    """The private key: held by the unsealer alone, and by the custodians in three shares."""

    private: X25519PrivateKey

    @classmethod
    def read(cls, file: str) -> Self:
        """The key in a file of 64 hex digits. Raises Unopenable where there is none."""
        try:
            return cls.of(bytes.fromhex(Path(file).read_text().strip()))
        except (OSError, ValueError):
            raise Unopenable("There is no key in the file that ATLAS_UNSEALING_KEY names: 64 hex digits.") from None

    @classmethod
    def of(cls, secret: bytes) -> Self:
        """The key that these 32 bytes are."""
        return cls(X25519PrivateKey.from_private_bytes(secret))

    @property
    def public(self) -> str:
        """The public key that goes with it, 64 hex digits."""
        return self.private.public_key().public_bytes_raw().hex()

    def values(self, box: Box, place: bytes) -> dict[str, str]:
        """What is in a box. Raises Unopenable."""
        if box.master != name_of_key(self.public):
            raise Unopenable("Another key locks this box.")
        try:
            data_key = _WRAPS.decrypt(box.wrapped, self.private, info=place)
            text = AESGCM(data_key).decrypt(box.sealed[:NONCE], box.sealed[NONCE:], place)
        except (InvalidTag, ValueError):
            raise Unopenable("The box does not open here: it was altered, or belongs somewhere else.") from None
        found: dict[str, str] = json.loads(text)
        return found
