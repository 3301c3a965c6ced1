"""A call as a system signs it: a JSON Web Token (RFC 7519) over this one request, by the system's own key (EdDSA, RFC 8037), for one grant.

Claims: `iss` the system, `sub` the grant, `aud` the address of Atlas, `iat` and `exp` (at most 60 seconds apart), `jti` a number of its own,
`htm` and `htu` the method and the path with its query (as RFC 9449 names them), `bsh` the SHA-256 of the body, in hex. So what was overheard opens
nothing else, and nothing twice.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from atlas.systems.rules import CALL_LIFE, CLOCK_SKEW

CLAIMS = ["iss", "sub", "aud", "iat", "exp", "jti", "htm", "htu", "bsh"]


@dataclass(frozen=True)
class Asked:
    """What a request asks: method, path with query, and body."""

    method: str
    path: str
    body: bytes

    def claims(self) -> dict[str, str]:
        """What a token says of it."""
        return {"htm": self.method, "htu": self.path, "bsh": sha256(self.body).hexdigest()}


@dataclass(frozen=True)
class Call:
    """A token that holds: for which grant, and the number by which it is known again."""

    grant: UUID
    number: str


class NotSigned(Exception):
    """A token that does not hold, with why: forged, expired, audience, replayed (it was made for another request)."""


def issuer(token: str) -> UUID:
    """The system that a token names, before anything of it is believed. Raises NotSigned where it names none."""
    try:
        return UUID(jwt.decode(token, options={"verify_signature": False}).get("iss", ""))
    except (jwt.PyJWTError, ValueError, AttributeError, TypeError):
        raise NotSigned("forged") from None


def read(token: str, key: str, asked: Asked, audience: str, at: datetime) -> Call:
    """What a token says, where it is signed by this public key (hex), for this request and address, and now. Raises NotSigned."""
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    options: Any = {"require": CLAIMS, "verify_exp": False, "verify_iat": False, "verify_aud": False, "verify_nbf": False}
    try:
        said = jwt.decode(token, public, algorithms=["EdDSA"], options=options)
        made, ends = (datetime.fromtimestamp(float(said[name]), UTC) for name in ("iat", "exp"))
        call = Call(UUID(said["sub"]), str(said["jti"]))
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, AttributeError, OSError):
        raise NotSigned("forged") from None
    if said["aud"] != audience:
        raise NotSigned("audience")
    if not (made - CLOCK_SKEW <= at < min(ends, made + CALL_LIFE + CLOCK_SKEW) and ends - made <= CALL_LIFE):
        raise NotSigned("expired")
    if {name: said[name] for name in ("htm", "htu", "bsh")} != asked.claims() or not 16 <= len(call.number) <= 64:
        raise NotSigned("replayed")
    return call


def sign(private: Ed25519PrivateKey, system: UUID, grant: UUID, asked: Asked, audience: str, at: datetime) -> str:
    """The token that a system makes for a call: for tests and the demonstration, and for whoever writes a system to read."""
    times = {"iat": at.timestamp(), "exp": (at + timedelta(seconds=30)).timestamp()}
    said = {"iss": str(system), "sub": str(grant), "aud": audience, "jti": uuid4().hex, **times, **asked.claims()}
    return jwt.encode(said, private, algorithm="EdDSA")
