"""An export's file at rest: locked with a key made of the file's own secret and of the service's, which no database and no backup of it holds."""

import secrets
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def locked(content: bytes, export: UUID) -> tuple[bytes, bytes]:
    """(the locked content, its secret). Once the secret is gone, nothing opens it."""
    secret, nonce = secrets.token_bytes(32), secrets.token_bytes(12)
    return nonce + AESGCM(_key(secret)).encrypt(nonce, content, export.bytes), secret


def opened(content: bytes, secret: bytes, export: UUID) -> bytes:
    """The file as it was made. Raises cryptography's InvalidTag where a byte, the secret or the export is another."""
    return AESGCM(_key(bytes(secret))).decrypt(bytes(content[:12]), bytes(content[12:]), export.bytes)


def _key(secret: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=secret, info=b"atlas export file").derive(settings.SECRET_KEY.encode())
