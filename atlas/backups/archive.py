"""The archive: copies of the cluster, and the log of every change since the first of them. It is taken by PostgreSQL's own programs, and holds all there is: whoever
holds it holds the children's records, so it rests encrypted, and where no login of the service can write."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

SLOT = "atlas_backup"
SEGMENT = 24  # letters of the name of a file of the log
ALONE = 0o700


class NotDone(Exception):
    """A backup or a restore that could not be made: why, and what to do."""


@dataclass(frozen=True)
class Copy:
    """A copy of the whole cluster: where it lies, when it was whole, and the first file of the log that it needs."""

    folder: Path
    taken_at: datetime
    first_log: str

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())


@dataclass(frozen=True)
class Archive:
    """A folder with `copies/` and `log/`, which PostgreSQL's own programs fill."""

    folder: Path
    programs: Path
    is_durable: bool = True  # off for what is thrown away: nothing waits for the disk

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def copies(self) -> list[Copy]:
        """Every copy that was finished, the oldest first."""
        found = []
        for note in (self.folder / "copies").glob("*/taken.json"):
            said = json.loads(note.read_text())
            found.append(Copy(note.parent / "data", datetime.fromisoformat(said["taken_at"]), said["first_log"]))
        return sorted(found, key=lambda one: one.taken_at)

    def take(self, address: str, at: datetime) -> Copy:
        """Take a copy of the cluster at this address (a login that may replicate); it counts once its own list of digests has been checked. Raises NotDone."""
        place = self.folder / "copies" / f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        place.mkdir(parents=True, mode=ALONE)
        sync = () if self.is_durable else ("--no-sync",)
        self._run(
            "pg_basebackup", "-D", place / "data", "-X", "stream", "-c", "fast", "--manifest-checksums=SHA256", *sync, address=address
        )
        self._run("pg_verifybackup", place / "data")
        whole = datetime.fromtimestamp((place / "data/backup_manifest").stat().st_mtime, UTC)  # the list is written last
        copy = Copy(place / "data", whole, _first_log(place / "data"))
        (place / "taken.json").write_text(json.dumps({"taken_at": whole.isoformat(), "first_log": copy.first_log}))
        return copy

    def keeping(self, address: str) -> "subprocess.Popen[bytes]":
        """Start what receives the log of the server at this address, as it is written, until it is ended."""
        self.log.mkdir(parents=True, exist_ok=True, mode=ALONE)
        words = ("pg_receivewal", "-D", self.log, "--slot", SLOT, "--synchronous", "--no-loop")
        self._run(*words, "--create-slot", "--if-not-exists", address=address)
        return subprocess.Popen([str(self.programs / words[0]), *map(str, words[1:])], env=_environment(address))

    def forget(self, address: str) -> None:
        """Take back the server's promise to hold the log for this archive."""
        self._run("pg_receivewal", "-D", self.log, "--slot", SLOT, "--drop-slot", address=address)

    def prune(self, keep: int) -> int:
        """Delete all but the newest copies, and the log that only they needed. Gives how many copies went; at least one stays."""
        copies = self.copies()
        gone = copies[: -max(keep, 1)]
        for copy in gone:
            shutil.rmtree(copy.folder.parent)
        if gone:
            self._run("pg_archivecleanup", self.log, copies[len(gone)].first_log)
        return len(gone)

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
        """What is wrong with a copy, by its own list of digests, in PostgreSQL's words; empty where every file is as it was taken."""
        try:
            self._run("pg_verifybackup", "--no-parse-wal", copy.folder)
        except NotDone as problem:
            return str(problem)
        return ""

    def log_from(self, first: str) -> list[Path]:
        """The files of the log from this one on, with the histories of timelines; the one that is still being written is the last."""
        names = sorted(self.log.iterdir()) if self.log.is_dir() else []
        return [file for file in names if file.suffix == ".history" or (len(file.stem) == SEGMENT and file.stem[8:] >= first[8:])]

    def _run(self, name: str, *words: object, address: str = "") -> None:
        command = [str(self.programs / name), *map(str, words)]
        done = subprocess.run(command, env=_environment(address), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode:
            raise NotDone(f"{name} failed: {done.stdout.strip()}")


def _environment(address: str) -> dict[str, str]:
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


def _first_log(data: Path) -> str:
    """The first file of the log that a copy needs: `START WAL LOCATION: 0/2000028 (file 000000010000000000000002)`."""
    line = (data / "backup_label").read_text().splitlines()[0]
    return line.rpartition("(file ")[2].rstrip(")")
