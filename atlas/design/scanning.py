"""A file is scanned before anything of it is read: through clamd, by its own protocol (INSTREAM), where the council has one (ATLAS_CLAMD).

Infected is refused. Where the scanner does not answer, answers late or says something else, the file is not taken: nobody learns afterwards that it was not looked at.
Source: shared/reference/protection.md section 6 (hostile files).
"""

import socket
import time
from typing import IO, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

CONNECT_SECONDS, SECONDS = 5, 60  # to be answered at all; to be done
PART = 64 * 1024
LONGEST_ANSWER = 4096


class Infected(Exception):
    """The scanner found something in the file."""


class NotScanned(Exception):
    """The scanner did not say that the file is clean."""


INFECTED = (
    "The scanner found something harmful in this file, so it was not taken. Do not open it, and tell whoever sent it and your IT desk."
)
NOT_SCANNED = "The file could not be scanned just now, so it was not taken. Try again in a few minutes; if it is urgent, ring."


def scan(file: IO[bytes]) -> None:
    """Read the file from its beginning, and put it back there. Raises Infected or NotScanned; nothing where no scanner is set."""
    if not settings.ATLAS_CLAMD:
        return
    try:
        file.seek(0)
        said = _asked(file)
        file.seek(0)
    except (OSError, ValueError) as problem:
        raise NotScanned(type(problem).__name__) from problem
    if said.endswith(b" FOUND"):
        raise Infected
    if said != b"stream: OK":
        raise NotScanned("another answer")


def _asked(file: IO[bytes]) -> bytes:
    until = time.monotonic() + SECONDS
    with _connected() as scanner:
        scanner.sendall(b"zINSTREAM\0")
        while part := file.read(PART):
            scanner.settimeout(_left(until))
            scanner.sendall(len(part).to_bytes(4, "big") + part)
        scanner.sendall(bytes(4))
        said = b""
        while not said.endswith(b"\0"):
            scanner.settimeout(_left(until))
            more = scanner.recv(LONGEST_ANSWER)
            if not more or len(said) > LONGEST_ANSWER:
                raise ValueError("no whole answer")
            said += more
        return said.removesuffix(b"\0").strip()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _connected() -> socket.socket:
    """A socket of this machine ("/run/clamav/clamd.ctl"), or "host:port"."""
    host, colon, port = settings.ATLAS_CLAMD.rpartition(":")
    if colon and port.isdecimal():
        return socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS)
    own = socket.socket(socket.AF_UNIX)
    own.settimeout(CONNECT_SECONDS)
    try:
        own.connect(settings.ATLAS_CLAMD)
    except OSError:
        own.close()
        raise
    return own


class ScannedFileField(forms.FileField):
    """A file that is scanned before anything of it is read."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file, clean; or the sentence that says why it was not taken."""
        given = super().clean(data, initial)
        try:
            if given:
                scan(given)
        except Infected as problem:
            raise ValidationError(INFECTED, code="infected") from problem
        except NotScanned as problem:
            raise ValidationError(NOT_SCANNED, code="not_scanned") from problem
        return given
