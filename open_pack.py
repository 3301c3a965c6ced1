#!/usr/bin/env python3
"""Open an emergency pack of Atlas, on a machine without Atlas and without its database. It needs Python 3.11 and the package cryptography, nothing else.

    python3 open_pack.py PACK --key KEYFILE --who USERNAME --because away|attack|drill --into PAGE.html

The opening is noted beside the pack (PACK.openings) and reaches the disk before anything is shown; where it cannot be noted, the pack stays shut.
Afterwards the note is entered into Atlas: manage pack used PACK.openings --as USERNAME. What a pack is, byte by byte: a line of JSON (the header: pack, team,
made_at, key, and maker where it is signed), a line end, the sender's X25519 public key (32 bytes), a nonce (12 bytes), and ChaCha20-Poly1305 over JSON (page,
children: ids), compressed with zlib, with the header's line as its additional data. Its key: HKDF-SHA256 of the agreed secret, salted with both public keys, for
"atlas pack 1". Where the header names a maker, its Ed25519 signature of all before it (64 bytes, RFC 8032) comes last. KEYFILE holds the team's private key, and on
a second line the public key of the maker, each 64 hexadecimal digits: whoever has the second line is shown no pack of anybody else.
"""

import argparse
import json
import os
import sys
import uuid
import zlib
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

INFO = b"atlas pack 1"
SIGNATURE = 64  # bytes
MOST = 64 * 2**20  # bytes that a pack may hold: a team's has a few hundred thousand
BECAUSE = ("away", "attack", "drill")  # Atlas does not answer; Atlas must not be used; an exercise


class Shut(Exception):
    """A pack that does not open: why, and what to do."""


def key_of(secret: bytes, one: bytes, other: bytes) -> bytes:
    """The key of one pack."""
    return HKDF(SHA256(), 32, salt=one + other, info=INFO).derive(secret)


def lock(page: str, children: list[str], header: dict[str, str], public: bytes, maker: Ed25519PrivateKey | None = None) -> bytes:
    """A pack that the holder of the private key alone opens, signed by its maker."""
    own = X25519PrivateKey.generate()
    header = header | ({"maker": maker.public_key().public_bytes_raw().hex()} if maker else {})
    sender, nonce, line = own.public_key().public_bytes_raw(), os.urandom(12), json.dumps(header, sort_keys=True).encode()
    key = key_of(own.exchange(X25519PublicKey.from_public_bytes(public)), sender, public)
    held = zlib.compress(json.dumps({"page": page, "children": children}).encode())
    pack = line + b"\n" + sender + nonce + ChaCha20Poly1305(key).encrypt(nonce, held, line)
    return pack + (maker.sign(pack) if maker else b"")


def header_of(pack: bytes) -> dict[str, str]:
    """What stands on the outside: which pack, whose, when. Raises Shut."""
    try:
        header: dict[str, str] = json.loads(pack.partition(b"\n")[0])
        return {name: str(header[name]) for name in ("pack", "team", "made_at", "key")} | {"maker": str(header.get("maker", ""))}
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise Shut("This file is no emergency pack of Atlas.") from problem


def proved(pack: bytes, maker: bytes) -> bytes:
    """The pack without its signature, once this maker has signed it; with no maker (empty) it is not asked who has. Raises Shut."""
    is_signed = bool(header_of(pack)["maker"])
    body, signature = (pack[:-SIGNATURE], pack[-SIGNATURE:]) if is_signed else (pack, b"")
    try:
        if maker:
            Ed25519PublicKey.from_public_bytes(maker).verify(signature, body)
    except InvalidSignature as problem:
        raise Shut(
            "It was not made by the machine whose key stands on your key file's second line, or is damaged: what it says may be somebody's invention. "
            "Try the pack of the hour before, and tell the head of service."
        ) from problem
    return body


def unlock(pack: bytes, private: bytes, maker: bytes = b"") -> tuple[str, list[str]]:
    """The page, and the ids of its children. Raises Shut where the key is another team's, the maker is another, or the pack is damaged."""
    line, _, rest = proved(pack, maker).partition(b"\n")
    own = X25519PrivateKey.from_private_bytes(private)
    sender, nonce, sealed = rest[:32], rest[32:44], rest[44:]
    try:
        key = key_of(own.exchange(X25519PublicKey.from_public_bytes(sender)), sender, own.public_key().public_bytes_raw())
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(ChaCha20Poly1305(key).decrypt(nonce, sealed, line), MOST)
        if not unpacking.eof:
            raise Shut(
                "It holds more than any pack of Atlas, or breaks off: it was not made by Atlas, or is damaged. Try the pack of the hour before."
            )
        held = json.loads(content)
        return str(held["page"]), [str(child) for child in held["children"]]
    except (InvalidTag, ValueError, KeyError, TypeError, RecursionError, zlib.error) as problem:
        raise Shut("It does not open: this is another team's key, or the file is damaged. Try the pack of the hour before.") from problem


def keys_of(path: Path) -> tuple[bytes, bytes]:
    """The team's private key from its file, and its maker's public one (empty where it has no second line). Raises Shut."""
    wrong = Shut(f"{path} holds no key: 64 hexadecimal digits on a line, or on each of two, as on the paper in the safe.")
    try:
        keys = [bytes.fromhex(line) for line in path.read_text().split()]
    except (OSError, ValueError) as problem:
        raise wrong from problem
    if len(keys) not in (1, 2) or any(len(key) != 32 for key in keys):
        raise wrong
    return keys[0], keys[1] if len(keys) == 2 else b""


def note(pack: Path, name: str, children: list[str], who: str, because: str) -> None:
    """Note the opening beside the pack, on the disk. Raises Shut."""
    told = {"id": str(uuid.uuid4()), "pack": name, "who": who, "because": because, "at": datetime.now(UTC).isoformat()}
    try:
        file = os.open(f"{pack}.openings", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(file, "w") as notes:
            notes.write(json.dumps({**told, "children": children}) + "\n")
            notes.flush()
            os.fsync(notes.fileno())
    except OSError as problem:
        raise Shut(
            f"The opening could not be noted beside the pack ({problem.strerror}), so it stays shut. Copy it to a folder that you may write."
        ) from problem


def open_pack(pack: Path, key: Path, who: str, because: str, into: Path) -> str:
    """Open it and write the page. Gives a sentence. Raises Shut."""
    if not who.strip() or because not in BECAUSE:
        raise Shut(f"Say who you are (your user name in Atlas) and why: {', '.join(BECAUSE)}.")
    held = pack.read_bytes()
    header, (private, maker) = header_of(held), keys_of(key)
    page, children = unlock(held, private, maker)
    note(pack, header["pack"], children, who.strip()[:60], because)
    file = os.open(into, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as written:
        written.write(page)
    said = f"{into}: the pack of {header['team']}, as at {header['made_at']}. Delete it when you are done; its opening is noted in {pack}.openings."
    return (
        said
        if maker
        else f"{said} WHO MADE IT IS NOT PROVED: {key} has no second line. Ring a number that you know before you act on one that stands in it."
    )


def main() -> None:
    """Read the words and open the pack."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pack", type=Path)
    parser.add_argument("--key", type=Path, required=True, help="the file with the team's private key, and its maker's public one")
    parser.add_argument("--who", required=True, help="your user name in Atlas")
    parser.add_argument("--because", choices=BECAUSE, required=True)
    parser.add_argument("--into", type=Path, required=True, help="the page that is written")
    given = parser.parse_args()
    try:
        print(open_pack(given.pack, given.key, given.who, given.because, given.into))
    except (Shut, OSError) as problem:
        sys.exit(f"open_pack.py: {problem}")


if __name__ == "__main__":
    main()
