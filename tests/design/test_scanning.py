"""Every file goes through the council's scanner before anything of it is read: clean, infected, and whatever else a scanner may say or not say."""

import ast
import io
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from atlas.design import scanning
from atlas.design.scanning import Infected, NotScanned, ScannedFileField, scan
from tests.guards.reading import SOURCES, name_of, nodes

BAD = b"a harmful file, as invented here"


def read(asked: socket.socket) -> bytes:
    """What a scanner is sent, as clamd reads it."""
    came = asked.makefile("rb")
    assert came.read(10) == b"zINSTREAM\0"
    content = b""
    while length := int.from_bytes(came.read(4), "big"):
        content += came.read(length)
    return content


def honest(asked: socket.socket) -> None:
    asked.sendall(b"stream: Win.Test.Invented FOUND\0" if BAD in read(asked) else b"stream: OK\0")


def slow(asked: socket.socket) -> None:
    read(asked)
    time.sleep(1.5)


def drips(asked: socket.socket) -> None:
    read(asked)
    for _ in range(20):
        asked.sendall(b"s")
        time.sleep(0.1)


def garbage(asked: socket.socket) -> None:
    read(asked)
    asked.sendall(bytes(range(1, 256)) * 40 + b"\0")


def cut_off(asked: socket.socket) -> None:
    read(asked)
    asked.sendall(b"stream: OK")  # without its end


def too_large(asked: socket.socket) -> None:
    read(asked)
    asked.sendall(b"INSTREAM size limit exceeded. ERROR\0")


def closes(asked: socket.socket) -> None:
    """At once, before it has read anything."""


@pytest.fixture
def scanner(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(scanning, "SECONDS", 1)

    def begin(answers: Callable[[socket.socket], None], *, by_port: bool = False) -> None:
        door = socket.socket() if by_port else socket.socket(socket.AF_UNIX)
        door.bind(("127.0.0.1", 0) if by_port else str(tmp_path / "clamd"))
        door.listen()
        settings.ATLAS_CLAMD = f"127.0.0.1:{door.getsockname()[1]}" if by_port else str(tmp_path / "clamd")

        def serve() -> None:
            asked, _ = door.accept()
            try:
                answers(asked)
            except OSError:
                pass
            finally:
                asked.close()
                door.close()

        threading.Thread(target=serve, daemon=True).start()

    return begin


@pytest.mark.parametrize("by_port", [True, False])
def test_what_is_clean_is_taken_from_its_beginning(scanner: Any, by_port: bool) -> None:
    scanner(honest, by_port=by_port)
    file = io.BytesIO(b"a,b\n" * 100_000)
    scan(file)
    assert file.read(4) == b"a,b\n"


def test_what_is_infected_is_refused_with_a_sentence(scanner: Any, settings: Any) -> None:
    scanner(honest)
    with pytest.raises(Infected):
        scan(io.BytesIO(bytes(70_000) + BAD))
    Path(settings.ATLAS_CLAMD).unlink()
    scanner(honest)
    with pytest.raises(ValidationError, match="something harmful"):
        ScannedFileField().clean(SimpleUploadedFile("list.csv", BAD))


@pytest.mark.parametrize("answers", [slow, drips, garbage, cut_off, too_large, closes])
def test_where_the_scanner_does_not_say_that_it_is_clean_the_file_is_not_taken_in_bounded_time(scanner: Any, answers: Any) -> None:
    scanner(answers)
    began = time.monotonic()
    with pytest.raises(ValidationError, match="could not be scanned"):
        ScannedFileField().clean(SimpleUploadedFile("list.csv", b"a,b\n" * 500_000))
    assert time.monotonic() - began < 3


def test_a_scanner_that_is_away_takes_no_file_and_none_set_scans_none(settings: Any, tmp_path: Path) -> None:
    for where in ("127.0.0.1:1", str(tmp_path / "nothing")):
        settings.ATLAS_CLAMD = where
        with pytest.raises(NotScanned):
            scan(io.BytesIO(b"a"))
    settings.ATLAS_CLAMD = ""
    scan(io.BytesIO(BAD))


def test_no_form_takes_a_file_past_the_scanner() -> None:
    for path in SOURCES:
        for node in nodes(path):
            named = isinstance(node, ast.Attribute) and node.attr in {"FileField", "ImageField"} and ast.unparse(node.value) == "forms"
            assert not named or name_of(path) == "design/scanning.py", f"{name_of(path)}: use ScannedFileField."
