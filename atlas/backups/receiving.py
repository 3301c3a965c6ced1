"""The log, received as it is written: pg_receivewal writes into a spool in memory; each second what is new there is locked into the archive; what is whole leaves it."""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event

from atlas.backups.archive import ALONE, SLOT, UNFINISHED, Archive, environment, segment
from atlas.backups.locks import LOCKED, Lock, NotDone, written

MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of our own in it, which nobody else may enter)
EVERY = 1.0  # seconds between two rounds
ENDS = 20  # seconds that pg_receivewal is given to end
GONE = "has already been removed"  # what the server says of a part of the log that it no longer holds
_OF_LIBC = ctypes.CDLL(None)  # loaded here: between fork and exec nothing may be


@dataclass(frozen=True)
class _Grown:
    """Of an unfinished file: when it changed last, how many bytes of it are locked, and their digest."""

    changed: int = 0
    size: int = 0
    digest: bytes = b""


class Keeper:
    """Receives the log of one server into one archive.

    `spool`: a folder in memory; without one, of the archive's own under /dev/shm. `say` is told in a sentence what whoever looks after it must know.
    """

    def __init__(self, archive: Archive, address: str, lock: Lock, spool: Path | None = None, say: Callable[[str], object] = print) -> None:
        if spool is None and not MEMORY.is_dir():
            raise NotDone("Give a folder in memory for what is received and not yet locked: --spool FOLDER")
        self.spool = spool or MEMORY / f"atlas-backup{str(archive.folder).replace('/', '-')}"
        self._archive, self._address, self._lock, self._say = archive, address, lock, say
        self._grown: dict[str, _Grown] = {}
        self._last = ""  # the file after which pg_receivewal goes on

    def run(self, ended: Event) -> None:
        """Receive until `ended` is set. Raises NotDone where pg_receivewal ends before, or nothing can be written; what was received then stays in the spool."""
        self._archive.log.mkdir(parents=True, exist_ok=True, mode=ALONE)
        with self._alone():
            try:
                self.round()  # what a keeper that was killed has left here
                self._hold()
                said = self._received(ended)
                if GONE in said:
                    self._say(
                        f"The server no longer holds the log after {self._last}: a GAP. Take a new copy now. Receiving what it still has."
                    )
                    self._archive.forget(self._address)  # what was asked for in vain is what the server now believes that we have
                    self._hold()
                    said = self._received(ended, goes_on=False)
                self._empty()
            except OSError as problem:
                raise NotDone(
                    f"What was received cannot be written into the archive: {problem}. The server holds what it has not sent."
                ) from None
            with suppress(OSError):  # systemd made it, and takes it away
                self.spool.rmdir()
        if not ended.is_set():
            raise NotDone(f"pg_receivewal ended: {said}")

    def round(self) -> None:
        """Lock what is new in the spool. Of a finished file the whole, then it leaves the spool; of the unfinished one what was added. Raises OSError."""
        for file in sorted(self.spool.iterdir()):
            if file.suffix == UNFINISHED:
                self._lock_added(file)
            elif file.stat().st_blocks:  # the hollow one stays, for as long as pg_receivewal may look for it
                self._lock_whole(file)

    def _hold(self) -> None:
        """Let the server hold what it has not sent."""
        slot = ("--slot", SLOT, "--create-slot", "--if-not-exists")
        self._archive.run("pg_receivewal", "-D", self.spool, *slot, address=self._address)

    def _received(self, ended: Event, *, goes_on: bool = True) -> str:
        """Start pg_receivewal after what the archive has, and make rounds until it ends; gives what it said last."""
        self._empty()
        finished = self._archive.finished()
        if goes_on and finished:
            self._last = finished[-1].name.removesuffix(LOCKED)
            with (self.spool / self._last).open("xb") as hollow:
                os.truncate(hollow.fileno(), segment(finished))
        words = ("pg_receivewal", "-D", self.spool, "--slot", SLOT, "--synchronous", "--no-loop")
        with TemporaryFile() as said:
            receiver = subprocess.Popen(
                [str(self._archive.programs / words[0]), *map(str, words[1:])],
                env=environment(self._address), stdout=said, stderr=said, preexec_fn=_end_with_parent,
            )  # fmt: skip
            try:
                while receiver.poll() is None and not ended.wait(EVERY):
                    self.round()
            finally:
                _end(receiver)
            self.round()
            said.seek(0)
            return said.read().decode(errors="replace").strip()

    def _lock_whole(self, file: Path) -> None:
        target = self._archive.log / f"{file.name}{LOCKED}"
        if not target.exists():
            changed = file.stat().st_mtime_ns
            written(target, [self._lock.whole(file.read_bytes())], is_durable=self._archive.is_durable)
            os.utime(target, ns=(changed, changed))
        (self._archive.log / f"{file.name}{UNFINISHED}{LOCKED}").unlink(missing_ok=True)
        self._grown.pop(f"{file.name}{UNFINISHED}", None)
        file.unlink()

    def _lock_added(self, file: Path) -> None:
        """Add what was added. A server that was killed with half a record written may send other bytes in its place: the file is then locked anew from its beginning."""
        was = self._grown.get(file.name, _Grown())
        try:
            changed = file.stat().st_mtime_ns
            content = file.read_bytes() if changed != was.changed else b""
        except FileNotFoundError:  # whole since it was listed: the next round locks it
            return
        if changed == was.changed:
            return
        end = len(content.rstrip(b"\0"))  # pg_receivewal fills a new file with noughts
        target = self._archive.log / f"{file.name}{LOCKED}"
        goes_on = was.size and target.exists() and sha256(content[: was.size]).digest() == was.digest
        if goes_on and end > was.size:
            _add(target, self._lock.piece(content[was.size : end]), is_durable=self._archive.is_durable)
        elif end and not goes_on:
            written(target, [self._lock.piece(content[:end])], is_durable=self._archive.is_durable)
        if end:
            os.utime(target, ns=(changed, changed))
        self._grown[file.name] = _Grown(changed, end, sha256(content[:end]).digest())

    def _alone(self) -> "_Alone":
        self.spool.mkdir(exist_ok=True, mode=ALONE)
        seen = self.spool.lstat()
        if self.spool.is_symlink() or not self.spool.is_dir() or seen.st_uid != os.geteuid() or seen.st_mode & 0o077:
            raise NotDone(
                f"{self.spool} must be a folder of this user alone: it holds what is not locked yet. Delete it, or name another: --spool FOLDER"
            )
        return _Alone(self.spool)

    def _empty(self) -> None:
        for file in self.spool.iterdir():
            file.unlink()


class _Alone:
    """While it is held, no other keeper uses the same spool."""

    def __init__(self, spool: Path) -> None:
        self._opened = os.open(spool, os.O_RDONLY)
        try:
            fcntl.flock(self._opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._opened)
            raise NotDone("Another `backup keep` receives into this archive.") from None

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        os.close(self._opened)


def _add(target: Path, piece: bytes, *, is_durable: bool) -> None:
    with target.open("ab") as grown:
        grown.write(piece)
        grown.flush()
        if is_durable:
            os.fsync(grown.fileno())


def _end_with_parent() -> None:
    """Or pg_receivewal would fill the memory after a keeper that was killed (Linux)."""
    if sys.platform == "linux":
        _OF_LIBC.prctl(1, signal.SIGTERM)


def _end(receiver: "subprocess.Popen[bytes]") -> None:
    """Let it end by itself, which sends what it has to its file."""
    receiver.terminate()
    try:
        receiver.wait(ENDS)
    except subprocess.TimeoutExpired:
        receiver.kill()
        receiver.wait(ENDS)
