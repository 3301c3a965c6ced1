"""Restoring: the newest whole copy before a moment, and every change since up to that moment, opened with the private key into a fresh cluster beside the old one.

The archive stays as it is.
"""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

import psycopg

from atlas.backups.archive import ALONE, HISTORY, UNFINISHED, Archive, Copy, segment
from atlas.backups.copying import unpack
from atlas.backups.locks import LOCKED, NotDone, Opener
from atlas.config.launcher import Cluster, NotStarted

LONGEST = 24 * 3600  # seconds that a restore may take
T = TypeVar("T")
RECEIVED = "log_received"
ENDED_BEFORE = "recovery ended before configured recovery target was reached"


@dataclass(frozen=True)
class Restored:
    """A cluster that was restored and runs: from which copy, which newer ones were passed over as damaged, which file of the log is missing, bytes, how long all took."""

    cluster: Cluster
    copy: Copy
    damaged: list[Copy]
    gap: str
    size: int
    seconds: float

    @property
    def seconds_a_gb(self) -> float:
        return self.seconds / (self.size / 1e9)


def address_on(cluster: Cluster, of: str) -> str:
    """An address of the old server, for the same login and database, on a cluster that was restored."""
    parts = urlsplit(of)
    return urlunsplit(parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{cluster.port}", query=""))


def restore(archive: Archive, into: Cluster, until: datetime | None, owner: str, opener: Opener) -> Restored:
    """Make the cluster as it was at a moment; with None, as it was last. It runs when this returns, with the logins and passwords of the old one.

    `owner`: the owner's address on the old server, for the name of the database and the password. Raises NotDone: no copy that old, a folder that is not empty, another
    private key, a file that was altered, a log that ends too soon, a server that does not start.
    """
    began = time.monotonic()
    if into.folder.exists() and any(into.folder.iterdir()):  # said at once: to read the copies again takes minutes
        raise NotDone(f"{into.folder} is not empty. Give a folder that is new: what is there may be all that is left.")
    copy, damaged = archive.before(until)
    into.folder.mkdir(parents=True, exist_ok=True, mode=ALONE)
    try:
        unpack(copy.file, opener, into.data)
        archive.run("pg_verifybackup", into.data)
        lay_log(archive, copy, into, opener)
    except NotDone:
        for part in (into.data, into.folder / RECEIVED):  # so that another key can be tried at once
            shutil.rmtree(part, ignore_errors=True)
        raise
    _say_until(into, until)
    into.give()
    try:
        into.start(LONGEST)
        _wait(address_on(into, owner))
    except (NotStarted, FileNotFoundError) as problem:  # the latter where it ended before its port was asked for
        raise NotDone(_why(into) or str(problem)) from None
    return Restored(into, copy, damaged, archive.gap(copy), copy.size, time.monotonic() - began)


def lay_log(archive: Archive, copy: Copy, into: Cluster, opener: Opener) -> None:
    """The log beside the copy, as the server's own user may read it; what was still being written when it was received under the name that the server asks for."""
    log = into.folder / RECEIVED
    log.mkdir(mode=ALONE)
    size = segment(archive.finished())
    for file in archive.log_from(copy.first_log):
        name = file.name.removesuffix(LOCKED).removesuffix(UNFINISHED)
        if not (log / name).exists() or UNFINISHED not in file.name:
            plain = _as_named_now(file, lambda named: opener.pieces(named) if UNFINISHED in named.name else opener.whole(named))
            (log / name).write_bytes(plain if HISTORY in name else plain.ljust(size, b"\0"))


def _as_named_now(file: Path, act: Callable[[Path], T]) -> T:
    """What the act gives of a file of the log: one that was still being received may have become whole since it was listed, and have lost its ending."""
    try:
        return act(file)
    except FileNotFoundError:
        if UNFINISHED not in file.name:
            raise
        return act(file.with_name(file.name.replace(UNFINISHED, "")))


def _say_until(into: Cluster, until: datetime | None) -> None:
    """Tell the server where its log is and how far to go; what the old server said of its own surroundings is left out."""
    log = into.folder / RECEIVED
    if "'" in str(log) or "%" in str(log):
        raise NotDone(f"PostgreSQL cannot be told of a folder with a quotation mark or a percent sign: {log}")
    lines = [f'restore_command = \'cp "{log}/%f" "%p"\'', "recovery_target_action = 'promote'", "recovery_target_timeline = 'latest'"]
    if until:
        lines.append(f"recovery_target_time = '{until.astimezone(UTC).isoformat(sep=' ')}'")
    (into.data / "postgresql.auto.conf").write_text("\n".join(lines) + "\n")
    (into.data / "recovery.signal").touch()


def _wait(address: str) -> None:
    """Until the server has gone as far as it was told, and takes writes."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        try:
            with psycopg.connect(address, connect_timeout=5) as server:
                if server.execute("SELECT NOT pg_is_in_recovery()").fetchone() == (True,):
                    return
        except psycopg.OperationalError as problem:
            if "connection refused" in str(problem).casefold():
                raise NotStarted(str(problem)) from None
        time.sleep(0.1)
    raise NotStarted("The server did not come to the end of its log.")


def _why(into: Cluster) -> str:
    """What the server's log says of a restore that asked for more than there is."""
    said = (into.folder / "log").read_text(errors="replace") if (into.folder / "log").exists() else ""
    if ENDED_BEFORE not in said:
        return ""
    return "The log ends before that moment: nothing was written after it, or it was not received. Restore to the latest moment instead."


def some_moment(archive: Archive, chance: float) -> datetime:
    """A moment between the oldest copy and what was received last; `chance`, from 0 to 1, says which. Raises NotDone where nothing was received."""
    copies = archive.copies()
    files = archive.log_from(copies[0].first_log) if copies else []
    if not files:
        raise NotDone("There is no copy with a log yet: take a copy, and let the log be received.")
    first, last = copies[0].taken_at, datetime.fromtimestamp(max(_as_named_now(file, Path.stat).st_mtime for file in files), UTC)
    return first + max(last - first, timedelta()) * chance
