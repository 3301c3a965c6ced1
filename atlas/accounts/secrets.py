"""Secrets of second factors, encrypted before they rest in the database: whoever reads the table, or a copy of it, makes no code from it.

The keys stand outside the database (ATLAS_FACTOR_KEYS): the first encrypts, each of them decrypts, so that a key is changed by putting
a new one in front. Fernet: AES-128 in CBC mode with HMAC-SHA-256, and the time.
"""

import secrets
from base64 import b32encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

MARK = "f1:"  # what stands before an encrypted secret; anything else is from before


def encrypted(text: str) -> str:
    """The secret as it rests in the table."""
    return MARK + _cipher().encrypt(text.encode()).decode()


def decrypted(kept: str) -> str:
    """The secret itself. One that no key opens gives a random one, to which no code fits: nobody is let in by a table that was tampered with."""
    if not kept.startswith(MARK):
        return kept
    try:
        return _cipher().decrypt(kept.removeprefix(MARK).encode()).decode()
    except InvalidToken:
        return b32encode(secrets.token_bytes(20)).decode()


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ATLAS_FACTOR_KEYS])
