#!/usr/bin/env python3
"""Check an export of Atlas's record of acts and looks, offline: nothing of Atlas, nothing but Python's standard library.

    python3 verify_audit.py FOLDER --key HEX --anchor FOLDER [--anchor FOLDER]     the whole record
        --until 2026-11-29T02:00:00+00:00      of a database that was restored to that moment: seals made after it are not missed
    python3 verify_audit.py --proof FILE --key HEX --anchor FOLDER                 one row, from `manage audit proof`

FOLDER holds gate_act.csv, gate_look.csv and audit_seal.csv, from `manage audit export`, or from psql with TimeZone UTC and
DateStyle ISO, YMD: \\copy gate_act TO 'gate_act.csv' CSV HEADER NULL '\\N'. HEX is the public key that your agency was given
on paper; an anchor is the folder that your agency holds. Formats: the first page of atlas/audit/sealing.py. Where the
package `cryptography` is there, it checks the signatures, faster. Ends with 0 where all is well, 1 where something was found.
"""

import argparse
import csv
import hashlib
import json
import sys
from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

Point = tuple[int, int, int, int]
Rows = dict[tuple[str, int], str]

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
TABLES = ("gate_act", "gate_look")
COLUMNS = ("number", "low_tx", "high_tx", "rows", "root", "previous", "sealed_at", "key")


def add(one: Point, two: Point) -> Point:
    """Add two points of the curve in extended coordinates (RFC 8032, 5.1.4)."""
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar: int, point: Point) -> Point:
    """A multiple of a point."""
    total = (0, 1, 1, 0)
    while scalar:
        total = add(total, point) if scalar & 1 else total
        point, scalar = add(point, point), scalar >> 1
    return total


def point_of(text: bytes) -> Point | None:
    """The point that 32 bytes stand for; None where they stand for none (RFC 8032, 5.1.3)."""
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature over the message is the key's (RFC 8032, 5.1.7)."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return is_signed_plainly(public, message, signature)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_signed_plainly(public: bytes, message: bytes, signature: bytes) -> bool:
    """The same with whole numbers alone."""
    key, point = point_of(public), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or point is None or len(signature) != 64 or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = times(s, BASE), add(point, times(h, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def leaf_of(table: str, row: dict[str, str]) -> str:
    """The digest of a row: netstrings of the table and of each column that is not NULL, by name."""
    parts = [table, *(part for name in sorted(row, key=lambda name: name.encode()) if row[name] != "\\N" for part in (name, row[name]))]
    texts = [part.encode() for part in parts]
    return hashlib.sha256(b"\0" + b"".join(str(len(text)).encode() + b":" + text for text in texts)).hexdigest()


def node(left: str, right: str) -> str:
    return hashlib.sha256(b"\1" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def root_of(leaves: list[str]) -> str:
    """The Merkle root of RFC 6962, by its recursive definition."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().hexdigest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return node(root_of(leaves[:half]), root_of(leaves[half:]))


def anchors_of(folders: list[str]) -> tuple[dict[int, set[str]], dict[int, Rows]]:
    """number -> the lines that the anchors hold (one, unless they differ); and number -> {(table, id): leaf}."""
    lines: dict[int, set[str]] = {}
    rows: dict[int, Rows] = {}
    for folder in map(Path, folders):
        for line in (folder / "seals.txt").read_text().splitlines():
            if line.count("|") == 9:
                lines.setdefault(int(line.split("|")[1]), set()).add(line)
        for file in sorted(folder.glob("rows-*.txt")):
            for number, table, identity, leaf in map(str.split, file.read_text().splitlines()):
                rows.setdefault(int(number), {}).setdefault((table, int(identity)), leaf)
    return lines, rows


def sealed_at(line: str) -> datetime:
    """When the seal of a line was made."""
    return datetime.fromisoformat(line.split("|")[1 + COLUMNS.index("sealed_at")])


def read(file: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(sys.maxsize)
    with open(file, encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


def verify(folder: str, public: bytes, anchored: dict[int, set[str]], anchored_rows: dict[int, Rows]) -> Iterator[str]:
    """Every problem of an export, in a sentence that names the seal or the row."""
    seals = sorted(read(Path(folder, "audit_seal.csv")), key=lambda seal: int(seal["number"]))
    lines = ["|".join(("atlas-seal-1", *(seal[name] for name in COLUMNS))) for seal in seals]
    previous, high, name = "0" * 64, 0, hashlib.sha256(public).hexdigest()[:16]
    held: dict[int, str] = {}
    for place, (seal, line) in enumerate(zip(seals, lines, strict=True)):
        number = int(seal["number"])
        held[number] = f"{line}|{seal['signature']}"
        if number != place + 1 and number - 1 not in held:
            yield f"seal {number}: the seal before it is missing"
        if seal["previous"] != previous or int(seal["low_tx"]) != high:
            yield f"seal {number}: does not follow the seal before it"
        if seal["key"] != name or not is_signed(public, line.encode(), bytes.fromhex(seal["signature"])):
            yield f"seal {number}: not signed with this key"
        previous, high = hashlib.sha256(b"\2" + line.encode()).hexdigest(), int(seal["high_tx"])
    for number, known in sorted(anchored.items()):
        if number not in held:
            yield f"seal {number}: an anchor holds it, and the database does not: taken away, or the database rolled back"
        elif known != {held[number]}:
            yield f"seal {number}: an anchor holds another: the record was written again"
    batches: list[list[tuple[str, int, str]]] = [[] for _ in seals]
    highs, open_rows = [int(seal["high_tx"]) for seal in seals], 0
    for table in TABLES:
        for row in read(Path(folder, f"{table}.csv")):
            place = bisect_right(highs, int(row["tx"]))
            if place == len(seals):
                open_rows += 1
            else:
                batches[place].append((table, int(row["id"]), leaf_of(table, row)))
    for seal, batch in zip(seals, batches, strict=True):
        batch.sort()
        if len(batch) != int(seal["rows"]) or root_of([leaf for *_, leaf in batch]) != seal["root"]:
            yield from located(int(seal["number"]), batch, anchored_rows.get(int(seal["number"])))
    for number in sorted(set(anchored) - set(held)):
        yield from (f"{table} {identity}: sealed in {number}, which is gone" for table, identity in sorted(anchored_rows.get(number, {})))
    print(
        f"{len(seals)} seals, {sum(map(len, batches))} sealed rows, {open_rows} rows not sealed yet, {len(anchored)} seals anchored",
        file=sys.stderr,
    )


def located(number: int, batch: list[tuple[str, int, str]], anchored: Rows | None) -> Iterator[str]:
    """Which rows of a batch are not as they were sealed: by the leaves that an anchor holds, if it does."""
    yield f"seal {number}: its rows are not those that were sealed"
    if anchored is None:
        return
    here = {(table, identity): leaf for table, identity, leaf in batch}
    for row in sorted(here.keys() | anchored.keys()):
        if here.get(row) != anchored.get(row):
            yield f"{row[0]} {row[1]}: " + ("taken away" if row not in here else "put in" if row not in anchored else "altered")


def verify_proof(proof: dict[str, Any], public: bytes, anchored: dict[int, set[str]]) -> Iterator[str]:
    """Whether one row is in a seal that is signed, and that the anchors hold."""
    digest = leaf_of(proof["table"], {name: "\\N" if text is None else text for name, text in proof["row"].items()})
    for side, beside in proof["path"]:
        digest = node(beside, digest) if side == "left" else node(digest, beside)
    line, _, signature = proof["seal"].rpartition("|")
    fields = line.split("|")
    if digest != fields[5]:
        yield "the row is not in this seal"
    if not is_signed(public, line.encode(), bytes.fromhex(signature)):
        yield "the seal is not signed with this key"
    if anchored.get(int(fields[1])) != {proof["seal"]}:
        yield "no anchor holds this seal, or one holds another"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--proof", metavar="FILE")
    parser.add_argument("--key", required=True, type=bytes.fromhex, metavar="HEX")
    parser.add_argument("--anchor", action="append", default=[], metavar="FOLDER")
    parser.add_argument("--until", type=datetime.fromisoformat, metavar="MOMENT")
    given = parser.parse_args()
    anchored, rows = anchors_of(given.anchor)
    if given.until:
        anchored = {number: lines for number, lines in anchored.items() if min(map(sealed_at, lines)) <= given.until}
    found = (
        verify_proof(json.loads(Path(given.proof).read_text()), given.key, anchored)
        if given.proof
        else verify(given.folder, given.key, anchored, rows)
    )
    problems = list(found)
    print("\n".join(problems) or "OK")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
