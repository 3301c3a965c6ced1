"""The ways by which a copy leaves and a receipt comes back: a folder that the main system watches, and HTTP to its own address.

Nothing here asks the database, or judges: it carries bytes that were made through the gate. Each way is safe to go twice.
"""

import json
import os
import re
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from atlas.copies.making import Made
from atlas.copies.rules import Receipt, receipt_of
from atlas.systems.hooks import signed
from atlas.systems.jobs import TIMEOUT_SECONDS
from atlas.tasks.outward import Stay

if TYPE_CHECKING:
    from atlas.agencies.models import Authority

MOST_RECEIPT = 64 * 1024
MOST_FILES = 500
_CODE = re.compile(r"[A-Za-z0-9]{1,12}")


class NotHandedOver(Exception):
    """A copy could not be handed over: why, in words, and whether it may be tried again by itself."""

    def __init__(self, message: str, *, may_try_again: bool) -> None:
        super().__init__(message)
        self.message, self.may_try_again = message, may_try_again


def folder_of(authority: "Authority") -> Path | None:
    """The folder of an authority's copies; None where whoever runs Atlas has set up none."""
    if not settings.ATLAS_COPIES_FOLDER or not _CODE.fullmatch(authority.code):
        return None
    return Path(settings.ATLAS_COPIES_FOLDER) / authority.code


def address_of(authority: "Authority") -> str | None:
    """The address at which an authority's main system takes copies; None where none is set up, or it is not encrypted."""
    address: str = settings.ATLAS_COPIES_API.get(authority.code, "")
    parts = urlsplit(address)
    is_here = parts.scheme == "http" and parts.hostname == "127.0.0.1" and (settings.IS_DEMO or settings.IS_TEST)
    return address if parts.scheme == "https" or is_here else None


def put_into_folder(folder: Path | None, made: Made) -> None:
    """Lay a copy into the folder: the PDF first, the note last and whole, so that whoever sees the note finds both. The same twice is once."""
    if folder is None:
        raise NotHandedOver("No folder is set up for copies any more. Ask whoever runs Atlas.", may_try_again=False)
    try:
        to_file = _opened(folder / "to_file")
        _opened(folder / "receipts")
        _write(to_file / f"{made.name}.pdf", made.document)
        _write(to_file / f"{made.name}.json", made.note)
    except OSError as problem:
        raise NotHandedOver(
            f"The folder could not be written to: {os.strerror(problem.errno or 5).lower()}.", may_try_again=True
        ) from problem


def _opened(folder: Path) -> Path:
    """A folder that the service and the main system share, by its group; nobody else of the machine."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o2770)
    return folder


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, also after a power cut. One that says the same already is left as it is."""
    with suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return
    part = path.with_name(f".{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o640)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    holding = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(holding)
    finally:
        os.close(holding)


def receipts_in(folder: Path | None) -> Iterator[tuple[Path, UUID | None, Receipt | None, str]]:
    """The receipts that lie in the folder: each file, of which copy, what it says; or what is wrong with it, in words."""
    lying = sorted((folder / "receipts").glob("*.json"))[:MOST_FILES] if folder is not None else []
    for path in lying:
        try:
            yield path, *_read(path), ""
        except (ValueError, OSError) as problem:
            yield path, None, None, str(problem) if isinstance(problem, ValueError) else "It cannot be read."


def _read(path: Path) -> tuple[UUID, Receipt]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(MOST_RECEIPT + 1)
    if len(content) > MOST_RECEIPT:
        raise ValueError("It is too long to be a receipt.")
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        raise ValueError("It is not JSON.") from None
    receipt = receipt_of(said)
    return UUID(str(said.get("copy"))), receipt


def put_away(path: Path, *, is_taken: bool) -> None:
    """Move a receipt out of the way, so that it is read once: to those that were taken, or to those that somebody must look at."""
    where = _opened(path.parent / ("taken" if is_taken else "not_taken"))
    path.replace(where / path.name)


def not_taken(folder: Path | None) -> int:
    """How many receipts lie in the folder that could not be read, or are of no copy that we know."""
    return len(list((folder / "receipts" / "not_taken").glob("*.json"))) if folder is not None else 0


def send_over_http(address: str | None, made: Made, at: datetime) -> Receipt | None:
    """Send a copy to the main system's address, signed, under the copy's own id, so that it can tell one that comes again.

    Gives the receipt where the answer is one already. Raises NotHandedOver: to be tried again where nobody answered, or the other side is
    at fault; otherwise with what it said is wrong.
    """
    if address is None:
        raise NotHandedOver("No address of the main system is set up any more. Ask whoever runs Atlas.", may_try_again=False)
    body = json.dumps({"note": json.loads(made.note), "document": b64encode(made.document).decode()}).encode()
    request = urllib.request.Request(address, data=body, headers=signed(made.name, body, at))  # noqa: S310  (checked by address_of)
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=TIMEOUT_SECONDS) as answer:
            return _answered(answer.read(MOST_RECEIPT))
    except urllib.error.HTTPError as problem:
        if problem.code == 409:  # it has this copy already
            return _answered(problem.read(MOST_RECEIPT))
        is_theirs = problem.code >= 500 or problem.code in (408, 425, 429)
        raise NotHandedOver(f"The main system did not take it (it answered {problem.code}).", may_try_again=is_theirs) from problem
    except OSError as problem:
        raise NotHandedOver("The main system did not answer.", may_try_again=True) from problem


def _answered(content: bytes) -> Receipt | None:
    try:
        return receipt_of(json.loads(content))
    except (ValueError, RecursionError):
        return None  # taken, and what becomes of it comes later
