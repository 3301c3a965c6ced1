"""What fuzzing found (`bench fuzz`), each once: bytes from outside that a parser did not refuse in its own words."""

import io
import json
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from pydantic import ValidationError

import open_pack
from atlas.connections.rules import dwelling
from atlas.copies.channels import receipts_in
from atlas.feeds.reading import Unreadable, read
from atlas.missing.api.episodes import ReturnSaid
from atlas.missing.api.interviews import BookingSaid
from atlas.sealed.unsealer import NotUnderstood, _understood
from bench.beasts_packed import POLICE, REPORT, workbook, zipped
from tests.guards.reading import ROOT

DEEP = "[" * 40_000


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_receipt_of_the_calendar_s_last_hours_is_put_aside_and_stops_no_other(moment: str, tmp_path: Path) -> None:
    said = {"layout": "atlas-receipt-1", "copy": "00000000-0000-0000-0000-000000000007", "state": "filed", "reference": "M-1"}
    (tmp_path / "receipts").mkdir()
    (tmp_path / "receipts/1.json").write_text(json.dumps(said | {"filed_at": moment}))
    (tmp_path / "receipts/2.json").write_text(json.dumps(said))
    [(_, _, first, words), (_, _, second, _)] = receipts_in(tmp_path)
    assert first is None and "is no time" in words
    assert second is not None and second.is_filed


@pytest.mark.parametrize("said", [{"at": "9999-12-31T23:59:59-14:00"}, {"at": "0001-01-01T00:00:00+14:00"}, {"on": "9999-12-31"}])
def test_a_call_of_the_calendar_s_last_hours_is_refused_in_words(said: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="The year cannot be right"):
        ReturnSaid.model_validate({"returned": said})
    with pytest.raises(ValidationError, match="The year cannot be right"):
        BookingSaid.model_validate({"meets_at": "9999-12-31T23:59:59-14:00", "place": "The library"})


def test_an_address_of_brackets_is_no_dwelling() -> None:
    assert dwelling(DEEP, "AB1 2CD") == ""


def test_a_pack_of_another_shape_stays_shut_in_words() -> None:
    header = {"pack": "1", "team": "Duty", "made_at": "2026-05-05", "key": "1"}
    own = X25519PrivateKey.from_private_bytes(bytes(range(32)))
    line, public = json.dumps(header).encode(), own.public_key().public_bytes_raw()
    key = open_pack.key_of(own.exchange(own.public_key()), public, public)
    for held in (b"Infinity", b"[]", DEEP.encode(), b'{"page":"a","children":7}'):
        sealed = ChaCha20Poly1305(key).encrypt(bytes(12), zlib.compress(held), line)
        with pytest.raises(open_pack.Shut, match="does not open"):
            open_pack.unlock(line + b"\n" + public + bytes(12) + sealed, bytes(range(32)))


@pytest.mark.parametrize("outside", [DEEP.encode(), b'{"pack":' + DEEP.encode()])
def test_a_pack_that_is_nested_without_end_stays_shut_in_words(outside: bytes) -> None:
    with pytest.raises(open_pack.Shut, match="no emergency pack"):
        open_pack.unlock(outside + b"\n" + bytes(99), bytes(range(32)))


def test_a_question_of_brackets_is_not_understood() -> None:
    with pytest.raises(NotUnderstood):
        _understood(DEEP.encode())


SHARED = '<sheetData><row r="1"><c r="A1" t="s"><v>7</v></c></row></sheetData>'
FAR = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="99999999999"><c r="ZZZZZZZ99999999999"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "content",
    [
        workbook(SHARED),  # a word that is not among those shared
        workbook('<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&#0;</t></is></c></row></sheetData>'),
        workbook(f'<dimension ref="A1:ZZZZZZZ99999999999"/><sheetData>{FAR}</sheetData>'),  # at which the library gives up in its own way
    ],
)
def test_a_workbook_that_contradicts_itself_is_refused_as_one_that_cannot_be_read(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "odd.xlsx"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="workbook cannot be read"):
        list(read(path))


def packed(way: int, damage: bytes, at: int, name: str = "a.csv") -> bytes:
    """A zip of one CSV, packed in this way, of which so many bytes at a place are others."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way) as made:
        made.writestr(name, POLICE + REPORT * 99)
    whole = bytearray(out.getvalue())
    whole[at : at + len(damage)] = damage
    return bytes(whole)


NAMED = packed(zipfile.ZIP_STORED, b"", 0, "é.csv")  # its name is said to be UTF-8


@pytest.mark.parametrize(
    "content",
    [
        packed(zipfile.ZIP_BZIP2, b"\xff" * 30, 60),
        packed(zipfile.ZIP_LZMA, b"\xff" * 30, 60),
        packed(zipfile.ZIP_DEFLATED, b"\xff" * 30, 60),
        NAMED.replace("é".encode(), b"\xb2\xff"),
        NAMED[: NAMED.rindex(b"PK\x01\x02")].replace("é".encode(), b"\xb2\xff") + NAMED[NAMED.rindex(b"PK\x01\x02") :],
    ],
)
def test_a_zip_that_is_damaged_in_any_way_is_refused_as_damaged(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "odd.zip"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="damaged"):
        list(read(path))


def test_a_zip_whose_content_is_damaged_is_refused_as_such(tmp_path: Path) -> None:
    path, whole = tmp_path / "odd.zip", bytearray(zipped({"a.csv": POLICE.encode() + REPORT.encode() * 99}))
    whole[60:90] = b"\xff" * 30
    path.write_bytes(whole)
    with pytest.raises(Unreadable, match="damaged"):
        list(read(path))


def test_what_fuzzing_kept_is_taken_or_refused_in_words() -> None:
    """Every eighth input that ever reached something new in a parser (`bench fuzz_corpus`; all of them there)."""
    words = [sys.executable, "-m", "bench.fuzz_corpus", "--quick"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["inputs"] > 150 and (said["faults"], said["hangs"]) == (0, 0), done.stdout
