"""Looks kept aside: while the database takes no writes, a look (or a refusal) goes to a file on this machine before the page leaves, or the page does not leave.

Each process adds to a file of its own; each line reaches the disk before anybody sees anything, and carries a keyed hash over itself and the line before,
so that a line that was altered, put in or taken out of the middle is found when the file is entered. No name stands there: words that were
searched for are hashed.
"""

import json
import os
import secrets
import threading
from collections.abc import Iterator
from enum import Enum
from hashlib import sha256
from hmac import compare_digest
from hmac import new as keyed
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

ENDING, ENTERED = ".looks", ".entered"


class NotKept(Exception):
    """A look could not be written anywhere, so nothing is shown."""


class Altered(Exception):
    """A file of looks is not as it was written; the message says where."""


_lock = threading.Lock()
_open: dict[str, Any] = {}


def keep_aside(row: Model) -> None:
    """Write an act or a look to this machine's disk. Raises NotKept."""
    values = {field.attname: _plain(getattr(row, field.attname)) for field in row._meta.concrete_fields if not field.has_db_default()}
    if values.get("terms"):
        values["terms"] = [term if term.startswith("#") else f"#{_mac(term)[:32]}" for term in values["terms"]]
    line = json.dumps({"kind": row._meta.label, **values}, cls=DjangoJSONEncoder, sort_keys=True)
    try:
        with _lock:
            _add(line)
    except OSError as problem:
        _open.clear()
        raise NotKept(f"looks cannot be kept aside ({problem.strerror})") from problem


def _plain(value: Any) -> Any:
    """A word of ours as its own value, as the database would keep it."""
    return str(value.value) if isinstance(value, Enum) else value


def _add(line: str) -> None:
    folder = settings.ATLAS_LOOKS_FOLDER
    if not folder:
        raise NotKept("no folder is set for looks that are kept aside (ATLAS_LOOKS_FOLDER)")
    if _open.get("pid") != os.getpid() or _open.get("folder") != folder:
        _begin(folder)
    mac = _mac(_open["last"] + line)
    written = f"{line}\t{mac}\n".encode()
    if os.write(_open["file"], written) != len(written):
        raise OSError(28, "the disk is full")
    os.fsync(_open["file"])
    _open["last"] = mac


def _begin(folder: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    path = Path(folder) / f"{os.getpid()}-{secrets.token_hex(8)}{ENDING}"
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    there = os.open(folder, os.O_RDONLY)
    os.fsync(there)
    os.close(there)
    _open.update({"pid": os.getpid(), "folder": folder, "file": file, "last": _mac(path.name)})


def _mac(text: str) -> str:
    return keyed(bytes.fromhex(settings.ATLAS_CONTEXT_KEY), b"aside:" + text.encode(), sha256).hexdigest()


def kept_aside(folder: Path) -> list[Path]:
    """The files of a folder that are not entered yet, the oldest first."""
    return sorted(folder.glob(f"*{ENDING}"), key=lambda path: (path.stat().st_mtime, path.name))


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    """The acts and looks of a file, each proved. A last line that was cut off when the power went was seen by nobody. Raises Altered."""
    last = _mac(path.name)
    for number, line in enumerate(path.read_bytes().decode(errors="replace").split("\n")[:-1], start=1):
        text, _, mac = line.rpartition("\t")
        if not compare_digest(mac.encode(), _mac(last + text).encode()):
            raise Altered(
                f"{path.name}, line {number}: this is not what Atlas wrote. Keep the file as it is, and tell the privacy officer."
            )
        last = mac
        yield json.loads(text)
