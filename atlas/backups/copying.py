"""A copy of the cluster on its way: read once, checked against its own list of digests as it passes, locked, and only then written. Unpacked, the same way back.

The stream is a tar of `pg_basebackup -D - -Ft -X fetch`: the files, the log written meanwhile, and last `backup_manifest` (PostgreSQL, *Backup Manifest Format*).
"""

import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from io import BufferedIOBase
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO, BinaryIO

import psycopg
import pyrage

from atlas.backups.locks import Lock, NotDone, Opener

LIST, LABEL, LOG = "backup_manifest", "backup_label", "pg_wal/"
AT_ONCE = 1 << 20  # bytes that are read at once
SEGMENT = 24  # letters of the name of a file of the log
SAID = 3  # faults that are named one by one


@dataclass
class Passed:
    """What passed of a copy: the size and digest of each file, its list, its label, the files of the log in it, and what was wrong with the stream."""

    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    listed: bytes = b""
    label: str = ""
    log: list[str] = field(default_factory=list)
    broken: str = ""

    @property
    def first_log(self) -> str:
        """The first file of the log that it needs: `START WAL LOCATION: 0/2000028 (file 000000010000000000000002)`."""
        return self.label.partition("\n")[0].rpartition("(file ")[2].rstrip(")")

    def faults(self) -> list[str]:
        """What is not as its own list says; empty where every file is, and none is missing or too many."""
        if self.broken or not self.listed:
            return [self.broken or "it has no list of digests"]
        body, _, last = self.listed.rpartition(b'"Manifest-Checksum"')
        told = json.loads(self.listed)
        if sha256(body).hexdigest() != told["Manifest-Checksum"] or not last:
            return ["its list of digests was altered"]
        wanted = {_name(one): (one["Size"], one.get("Checksum", "").lower()) for one in told["Files"]}
        wanted = {name: one for name, one in wanted.items() if not name.startswith(LOG)}  # as pg_verifybackup does: the log proves itself
        found = [f"{name} is not as listed" for name in wanted if name in self.files and self.files[name] != wanted[name]]
        found += [f"{name} is missing" for name in wanted.keys() - self.files.keys()]
        found += [f"{name} is not listed" for name in self.files.keys() - wanted.keys()]
        return found if self.first_log in self.log else [*found, "the log that was written meanwhile is missing"]


def _name(listed: Mapping[str, str]) -> str:
    return listed["Path"] if "Path" in listed else os.fsdecode(bytes.fromhex(listed["Encoded-Path"]))


def passed(stream: BinaryIO) -> Passed:
    """Read a copy to its end, whatever stands in it: whoever sends it never waits for us."""
    found = Passed()
    try:
        with tarfile.open(fileobj=stream, mode="r|", bufsize=AT_ONCE) as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isfile() else None
                if content is not None:
                    _take_in(found, member.name, content)
    except (tarfile.TarError, ValueError) as problem:
        found.broken = f"it ends too soon, or is no tar ({problem})"
    finally:
        while stream.read(AT_ONCE):
            pass
    return found


def _take_in(found: Passed, name: str, content: IO[bytes]) -> None:
    if name == LIST:
        found.listed = content.read()
        return
    digest, size, kept = sha256(), 0, bytearray()
    while part := content.read(AT_ONCE):
        digest.update(part)
        size += len(part)
        if name == LABEL:
            kept += part
    if name == LABEL:
        found.label = kept.decode()
    if name.startswith(LOG):
        found.log += [PurePosixPath(name).name] if len(PurePosixPath(name).name) == SEGMENT else []
    else:
        found.files[name] = size, digest.hexdigest()


class Both(BufferedIOBase):
    """What is read from here has gone to somebody else too."""

    def __init__(self, source: IO[bytes], other: IO[bytes]) -> None:
        self._source, self._other = source, other

    def read(self, size: int | None = -1, /) -> bytes:
        part = self._source.read(-1 if size is None else size)
        self._other.write(part)
        return part


class Counted(BufferedIOBase):
    """A file of which the size and the digest are known once it is written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._digest, self.size = file, sha256(), 0

    def write(self, part: bytes, /) -> int:  # type: ignore[override]
        self._digest.update(part)
        self.size += len(part)
        return self._file.write(part)

    def flush(self) -> None:
        self._file.flush()

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()


@contextmanager
def log_held(address: str) -> Iterator[None]:
    """While a copy is taken the server throws away nothing that was written meanwhile (a temporary replication slot, as `-X stream` makes one). Raises NotDone."""
    try:
        with psycopg.connect(f"{address}{'&' if '?' in address else '?'}replication=true", connect_timeout=20) as server:
            done = server.pgconn.exec_(b"CREATE_REPLICATION_SLOT atlas_copy TEMPORARY PHYSICAL RESERVE_WAL")
            if done.status != psycopg.pq.ExecStatus.TUPLES_OK:
                raise NotDone(f"The server does not hold its log for a copy: {done.error_message.decode(errors='replace').strip()}")
            yield
    except psycopg.OperationalError as problem:
        raise NotDone(f"The server does not answer: {problem}") from None


def lock_copy(
    command: Sequence[str], environment: Mapping[str, str], file: Path, lock: Lock, *, is_durable: bool
) -> tuple[Passed, int, str]:
    """Run what sends a copy, and lock it into a file. Gives what passed, with the size and the SHA-256 of the file. Raises NotDone; nothing plain is written."""
    trouble = ""
    with TemporaryFile() as words, file.open("xb") as out, ThreadPoolExecutor(1) as beside:
        source, sink = os.pipe()
        with os.fdopen(sink, "wb") as other, os.fdopen(source, "rb") as ours:
            check = beside.submit(passed, ours)
            with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=words) as server:
                assert server.stdout is not None
                counted = Counted(out)
                try:
                    lock.stream(Both(server.stdout, other), counted)
                except (OSError, pyrage.EncryptError) as problem:
                    trouble = str(problem)
                    server.kill()
                finally:
                    other.close()
            found = check.result()
        if is_durable:
            out.flush()
            os.fsync(out.fileno())
        words.seek(0)
        if trouble:
            raise NotDone(f"The copy could not be written: {trouble}")
        if server.returncode:
            raise NotDone(f"pg_basebackup failed: {words.read().decode(errors='replace').strip()}")
    return found, counted.size, counted.digest


def unpack(file: Path, opener: Opener, into: Path) -> None:
    """Open a copy into a new folder; nothing plain lies beside it. Raises NotDone: another key, an altered file, no room."""
    with ThreadPoolExecutor(1) as beside:
        source, sink = os.pipe()
        opening = beside.submit(_opened_into, opener, file, sink)
        with os.fdopen(source, "rb") as stream:
            try:
                wrong = _lay(stream, into)
            except OSError as problem:
                raise NotDone(f"The copy could not be unpacked into {into}: {problem}") from None
            while stream.read(AT_ONCE):
                pass
        opening.result()
    if wrong:
        raise NotDone(f"{file} is no copy of a cluster: {wrong}. Restore from another archive.")


def _opened_into(opener: Opener, file: Path, sink: int) -> None:
    with os.fdopen(sink, "wb", AT_ONCE) as plain:
        opener.stream(file, plain)


def _lay(stream: BinaryIO, into: Path) -> str:
    """Files and folders, inside the new folder and nowhere else. Anybody can lock something with a public key: whatever holds more than these is no copy."""
    into.mkdir(mode=0o700)
    try:
        with tarfile.open(fileobj=stream, mode="r|", bufsize=AT_ONCE) as tar:
            for member in tar:
                parts = PurePosixPath(member.name).parts
                if ".." in parts or member.name.startswith("/") or not (member.isdir() or member.isfile()):
                    return f"{member.name} is neither a file nor a folder of it"
                place = into.joinpath(*parts)
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                if member.isdir():
                    place.mkdir(exist_ok=True, mode=0o700)
                elif content := tar.extractfile(member):
                    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
                        shutil.copyfileobj(content, new, AT_ONCE)
    except tarfile.TarError as problem:
        return str(problem)
    return ""
