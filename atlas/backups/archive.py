"""The archive: copies of the cluster, and the log of every change since the first of them. PostgreSQL's own programs read both from the server.

Each file is locked before it is written (locks.py): whoever steals the archive, or breaks into the machine that wrote it, reads nothing of it. It lies where no
login of the service can write.
"""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from urllib.parse import unquote, urlsplit

from atlas.backups.copying import SAID, SEGMENT, lock_copy, log_held
from atlas.backups.locks import LOCKED, Lock, NotDone, written

SLOT = "atlas_backup"
ALONE = 0o700
UNFINISHED = ".partial"  # pg_receivewal's ending of the file that it still writes
HISTORY = ".history"
OF_LOG = re.compile(rf"([0-9A-F]{{{SEGMENT}}}(\{UNFINISHED})?|[0-9A-F]{{8}}\{HISTORY})\{LOCKED}")
BASE = f"base.tar{LOCKED}"
SAYS = "taken.json"
COUNTED_TOGETHER = 1 << 32  # bytes of the log after which the second number in the name of its files begins anew


@dataclass(frozen=True)
class Copy:
    """A copy of the whole cluster: where it lies, when it was whole, the first file of the log that it needs, the last that it holds, bytes and SHA-256 once locked."""

    folder: Path
    taken_at: datetime
    first_log: str
    last_log: str
    size: int
    sha256: str

    @property
    def file(self) -> Path:
        return self.folder / BASE


@dataclass(frozen=True)
class Archive:
    """A folder with `copies/` and `log/`, all of it locked."""

    folder: Path
    programs: Path
    is_durable: bool = True  # off for what is thrown away: nothing waits for the disk

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def copies(self) -> list[Copy]:
        """Every copy that was finished, the oldest first."""
        found = []
        for note in (self.folder / "copies").glob(f"*/{SAYS}"):
            said = json.loads(note.read_text())
            if "sha256" in said:  # one of before lies plain, and is not of this archive
                found.append(Copy(note.parent, datetime.fromisoformat(said.pop("taken_at")), **said))
        return sorted(found, key=lambda one: one.taken_at)

    def take(self, address: str, lock: Lock, at: datetime) -> Copy:
        """Take a copy of the cluster at this address (a login that may replicate); it counts once it was checked against its own list of digests. Raises NotDone."""
        place = self.folder / "copies" / f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        place.mkdir(parents=True, mode=ALONE)
        try:
            return self._taken(address, lock, place)
        except BaseException:
            shutil.rmtree(place)  # half a copy is none, and fills the disk
            raise

    def _taken(self, address: str, lock: Lock, place: Path) -> Copy:
        words = (str(self.programs / "pg_basebackup"), "-D", "-", "-Ft", "-X", "fetch", "-c", "fast", "--manifest-checksums=SHA256")
        with log_held(address):
            passed, size, digest = lock_copy(words, environment(address), place / BASE, lock, is_durable=self.is_durable)
        if faults := passed.faults():
            raise NotDone(
                f"The copy is not whole: {'; '.join(faults[:SAID])}. Take another; where that fails too, look at the server's disk."
            )
        whole = datetime.fromtimestamp((place / BASE).stat().st_mtime, UTC)
        said = {"first_log": passed.first_log, "last_log": max(passed.log), "size": size, "sha256": digest}
        written(place / SAYS, [json.dumps({"taken_at": whole.isoformat(), **said}).encode()], is_durable=self.is_durable)
        return Copy(place, whole, passed.first_log, max(passed.log), size, digest)

    def forget(self, address: str) -> None:
        """Take back the server's promise to hold the log for this archive."""
        self.run("pg_receivewal", "-D", self.log, "--slot", SLOT, "--drop-slot", address=address)

    def prune(self, keep: int) -> int:
        """Delete all but the newest copies, what lies unfinished before the newest, and the log that only they needed. Gives how many copies went: never the last."""
        copies = self.copies()
        for folder in self._unfinished(copies[-1]) if copies else ():
            shutil.rmtree(folder)
        gone = copies[: -max(keep, 1)]
        for copy in gone:
            shutil.rmtree(copy.folder)
        if gone:
            self.run("pg_archivecleanup", "-x", LOCKED, self.log, copies[len(gone)].first_log)
        return len(gone)

    def _unfinished(self, newest: Copy) -> list[Path]:
        """What was begun before the newest copy, and says nothing of itself: whoever took it was killed."""
        begun = (folder for folder in newest.folder.parent.iterdir() if folder.is_dir() and folder.name < newest.folder.name)
        return [folder for folder in begun if not (folder / SAYS).exists()]

    def before(self, moment: datetime | None) -> tuple[Copy, list[Copy]]:
        """The newest copy that was finished by then and is whole today, and those after it that are not; with None, of all. Raises NotDone where there is none."""
        copies = self.copies()
        fitting = [copy for copy in copies if moment is None or copy.taken_at <= moment]
        damaged: list[Copy] = []
        for copy in reversed(fitting):
            if not self.damage(copy):
                return copy, damaged
            damaged.append(copy)
        if damaged:
            raise NotDone(
                f"No copy of then is whole: {len(damaged)} are damaged. `backup check` says how. Look for another archive, or one that is kept offline."
            )
        if not copies:
            raise NotDone("There is no copy at all: take one.")
        raise NotDone(f"No copy is that old: the first is of {copies[0].taken_at:%d %B %Y %H:%M:%S} UTC.")

    def damage(self, copy: Copy) -> str:
        """What is wrong with a copy, by the size and the digest of what was written, without its key; empty where it is as it was taken."""
        if not copy.file.exists():
            return f"{BASE} is not there"
        if (size := copy.file.stat().st_size) != copy.size:
            return f"{BASE} has {size:,} bytes; {copy.size:,} were written"
        try:
            with copy.file.open("rb") as file:
                return "" if file_digest(file, "sha256").hexdigest() == copy.sha256 else f"{BASE} was altered since it was written"
        except OSError as problem:
            return f"{BASE} cannot be read: {problem}"

    def log_from(self, first: str) -> list[Path]:
        """The files of the log from this one on, with the histories of timelines; the one that is still being written is the last."""
        names = sorted(self.log.iterdir()) if self.log.is_dir() else []
        return [file for file in names if OF_LOG.fullmatch(file.name) and (HISTORY in file.name or file.name[8:SEGMENT] >= first[8:])]

    def finished(self) -> list[Path]:
        """The files of the log that are whole, the oldest first."""
        return [file for file in self.log_from("") if file.name == file.name[:SEGMENT] + LOCKED]

    def gap(self, copy: Copy) -> str:
        """The numbers of the first file of the log that is missing between a copy and what was received last; empty where none is."""
        together = COUNTED_TOGETHER // segment(self.finished())
        received = {_number(file.name, together) for file in self.log_from(copy.first_log) if HISTORY not in file.name}
        own = range(_number(copy.first_log, together), _number(copy.last_log, together) + 1)
        missing = set(range(own.start, max(received, default=0))) - received - set(own)
        return f"{min(missing) // together:08X}{min(missing) % together:08X}" if missing else ""

    def run(self, name: str, *words: object, address: str = "") -> None:
        """Run one of PostgreSQL's programs. Raises NotDone with its words."""
        command = [str(self.programs / name), *map(str, words)]
        done = subprocess.run(command, env=environment(address), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode:
            raise NotDone(f"{name} failed: {done.stdout.strip()}")


def segment(finished: list[Path]) -> int:
    """Bytes of a file of the log, as the server was made: a power of two, beside which what age adds is little. 16 MiB where none is there yet."""
    return 1 << finished[-1].stat().st_size.bit_length() - 1 if finished else 16 << 20


def _number(name: str, together: int) -> int:
    return int(name[8:16], 16) * together + int(name[16:SEGMENT], 16)


def environment(address: str) -> dict[str, str]:
    """Where PostgreSQL's programs find the server: in their environment, so that no password stands in a list of processes."""
    parts = urlsplit(address)
    where = {
        "PGHOST": parts.hostname,
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
    }
    ssl = {
        f"PG{name.upper()}": value for name, _, value in (pair.partition("=") for pair in parts.query.split("&")) if name.startswith("ssl")
    }
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", **{name: value for name, value in where.items() if address and value}, **ssl}
