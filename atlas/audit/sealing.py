"""What a seal is, byte by byte. Pure: rows and keys in, digests and signatures out. `verify_audit.py` is written from this page.

**Row.** A row is what PostgreSQL gives as text for each column, with TimeZone UTC, DateStyle ISO, and UTF-8: what `COPY … CSV` writes.
Its bytes are the netstring of the table's name, then, for each column that is not NULL, in the order of the names' bytes, the
netstring of the column's name and the netstring of its text. A netstring is the length in bytes in decimal, a colon, and the bytes.
So a column that is added later, and is NULL in older rows, changes no digest.

**Leaf and root.** Leaf: SHA-256 of the byte 00 and the row's bytes. Node: SHA-256 of the byte 01, the left and the right digest. The tree
is that of RFC 6962 section 2.1 over the leaves in the order of (table's name, id): at each level neighbours are joined, and
an odd last digest goes up as it is.

**Seal.** Its line is `atlas-seal-1|number|low_tx|high_tx|rows|root|previous|sealed_at|key` in ASCII, digests in lower-case hex. `previous`
is the digest of the line before: SHA-256 of the byte 02 and the line; for number 1, 64 zeros. `key` is the first 16 hex digits
of SHA-256 of the 32 bytes of the public key. The signature is Ed25519 (RFC 8032) over the line. A batch holds the rows of both tables
with low_tx <= tx < high_tx; low_tx is the high_tx of the seal before, and 0 for the first.

**Anchor.** A folder that somebody else holds. `seals.txt`: each line, a bar, the signature in hex. `rows-YYYY-MM.txt`: for each row of a
batch `number table id leaf`, so that what was altered is found to the row; digests alone, no personal data.

Source: shared/reference/protection.md section 5 (*Tamper-evident*) and table B, B3.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FIRST = "0" * 64


class Unsealable(Exception):
    """Sealing cannot go on: what is wrong, and what to do."""


@dataclass(frozen=True)
class Line:
    """A seal before and after it is signed."""

    number: int
    low_tx: int
    high_tx: int
    rows: int
    root: str
    previous: str
    sealed_at: str
    key: str
    signature: str = ""

    @property
    def text(self) -> str:
        """What is signed and chained."""
        fields = (self.number, self.low_tx, self.high_tx, self.rows, self.root, self.previous, self.sealed_at, self.key)
        return "|".join(("atlas-seal-1", *map(str, fields)))

    @property
    def digest(self) -> str:
        """What the next seal holds as `previous`."""
        return sha256(b"\x02" + self.text.encode()).hexdigest()

    @property
    def anchored(self) -> str:
        """The line of an anchor."""
        return f"{self.text}|{self.signature}"


def netstring(text: str) -> bytes:
    """The length in bytes, a colon, the bytes."""
    value = text.encode()
    return b"%d:%b" % (len(value), value)


def leaf(table: str, row: Mapping[str, str | None]) -> bytes:
    """The digest of one row, given as PostgreSQL's text of each column."""
    parts = [netstring(name) + netstring(text) for name in sorted(row, key=str.encode) if (text := row[name]) is not None]
    return sha256(b"\x00" + netstring(table) + b"".join(parts)).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The Merkle root; of no leaf at all, the SHA-256 of nothing."""
    level = list(leaves) or [sha256().digest()]
    while len(level) > 1:
        level = [joined(level[place : place + 2]) for place in range(0, len(level), 2)]
    return level[0]


def joined(pair: Sequence[bytes]) -> bytes:
    """Two neighbours as one; a last one that has none goes up as it is."""
    return sha256(b"\x01" + pair[0] + pair[1]).digest() if len(pair) == 2 else pair[0]


def path_of(leaves: Sequence[bytes], place: int) -> list[tuple[str, str]]:
    """The way from a leaf to the root: at each level the side and the digest of the neighbour (none where it goes up as it is)."""
    level, path = list(leaves), []
    while len(level) > 1:
        beside = place ^ 1
        if beside < len(level):
            path.append(("left" if beside < place else "right", level[beside].hex()))
        level, place = [joined(level[start : start + 2]) for start in range(0, len(level), 2)], place // 2
    return path


@dataclass(frozen=True)
class Key:
    """The signing key, which lives in a file outside the database."""

    private: Ed25519PrivateKey

    @classmethod
    def read(cls, file: str) -> "Key":
        """Read 64 hex digits from a file that only its owner may read. Raises Unsealable."""
        path = Path(file)
        if not file or not path.exists():
            raise Unsealable(
                "There is no signing key. Set ATLAS_SEAL_KEY to a file with 64 random hex digits, readable by the sealer alone."
            )
        if path.stat().st_mode & 0o077:
            raise Unsealable(f"Others may read the signing key. Make it the sealer's alone: chmod 600 {path.name}")
        try:
            return cls(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip())))
        except ValueError:
            raise Unsealable("The signing key is not 64 hex digits.") from None

    @property
    def public(self) -> str:
        """The public key: 64 hex digits, which partner agencies are given on paper."""
        return self.private.public_key().public_bytes_raw().hex()

    @property
    def name(self) -> str:
        """The key as a seal names it."""
        return sha256(bytes.fromhex(self.public)).hexdigest()[:16]

    def sign(self, line: Line) -> Line:
        """The line with its signature."""
        return replace(line, signature=self.private.sign(line.text.encode()).hex())


def next_line(last: Line | None, high_tx: int, leaves: Iterable[bytes], sealed_at: str, key: Key) -> Line:
    """The signed seal that follows the last one."""
    held = list(leaves)
    number, low_tx, previous = (last.number + 1, last.high_tx, last.digest) if last else (1, 0, FIRST)
    return key.sign(Line(number, low_tx, high_tx, len(held), root(held).hex(), previous, sealed_at, key.name))
