"""The day on which the database is gone: restored to a chosen second, and to the last that was received, and compared with what was acknowledged outside.

`python3 run.py bench restore` (1 GB of filling beside a migrated database with its gate; `--quick`: 0.1 GB). No peer: the goals are protection.md C3: all equal,
a recovery point of 60 s, 60 s a GB. Writers commit three rows at a time and note, outside the database, what was acknowledged and when. At a quiet moment every
table is summed up; they go on; the server is killed (-9) and never started again. Restored to the quiet moment, every table must be as it was summed up; restored to
the latest, what was acknowledged and is missing is the recovery point: whoever received the log is killed with the server, and its memory is lost, as if both
machines had died.
"""

import multiprocessing
import os
import shutil
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import mkdtemp

import psycopg

from atlas.backups.archive import Archive
from atlas.backups.locks import Lock, Opener, new_key
from atlas.backups.receiving import Keeper
from atlas.backups.restoring import Restored, address_on, restore
from atlas.config.launcher import Cluster, programs_of
from bench.measuring import last_line, own_database, table

QUICK = "--quick" in sys.argv
FILLING = 100_000_000 if QUICK else 1_000_000_000  # bytes
WRITERS, BUSY = 4, 3 if QUICK else 20  # seconds before and after the quiet moment
SITE = Path(next(path for path in sys.path if path.endswith("site-packages")))
FILL = "CREATE TABLE filling AS SELECT n, encode(sha256(n::text::bytea), 'hex') || repeat(md5(n::text), 28) AS words FROM generate_series(1, {}) n"


def write(address: str, number: int, ledger: Path, quiet: Event, still: Event) -> None:
    """Commit three rows at a time until the server is gone; note what was acknowledged, and when."""
    written = 0
    with ledger.open("w", buffering=1) as notes, psycopg.connect(address) as server:
        while True:
            if quiet.is_set():
                still.set()
                time.sleep(0.05)
                continue
            written += 1
            try:
                for row in range(3):
                    server.execute("INSERT INTO acknowledged VALUES (%s, %s, %s)", (number, written, row))
                server.commit()
            except psycopg.Error:
                return
            notes.write(f"{written} {time.time():.3f}\n")


def summed(address: str) -> dict[str, str]:
    """Each table's number of rows and the sum of their digests, whatever their order."""
    with psycopg.connect(address) as server:
        names = [
            name
            for (name,) in server.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            ).fetchall()
        ]
        asked = "SELECT count(*)::text || ' ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {} t"
        return {name: server.execute(asked.format(f'"{name}"')).fetchone()[0] for name in names}  # type: ignore[index]


def missing(address: str, ledgers: list[Path], until: float) -> tuple[int, int, int, float]:
    """Transactions acknowledged until then, how many of them are not there, how many are there in part, and how many seconds before the last the loss begins."""
    with psycopg.connect(address) as server:
        rows = server.execute("SELECT writer, number, count(*) FROM acknowledged GROUP BY 1, 2").fetchall()
    held = {(writer, number): count for writer, number, count in rows}
    told = []
    for writer, file in enumerate(ledgers):
        for line in file.read_text().splitlines():
            number, _, at = line.partition(" ")
            if at and float(at) <= until:
                told.append((writer, int(number), float(at)))
    lost = [at for writer, number, at in told if (writer, number) not in held]
    return (
        len(told),
        len(lost),
        sum(count != 3 for count in held.values()),
        max((at for *_, at in told), default=0) - min(lost) if lost else 0.0,
    )


def again(archive: Archive, until: datetime | None, address: str, opener: Opener) -> Restored:
    """Restore into a folder of its own, waiting for the disk as on the day."""
    return restore(archive, Cluster(SITE, Path(mkdtemp(prefix="atlas-restored-"))), until, address, opener)


def keeping(archive: Archive, address: str, lock: Lock, spool: Path) -> multiprocessing.Process:
    """Receive the log in a process of its own, until it is killed."""
    keeper = multiprocessing.Process(target=Keeper(archive, address, lock, spool).run, args=(threading.Event(),), daemon=True)
    keeper.start()
    return keeper


def main() -> None:
    """Fill, copy, write, pause, write on, kill, restore twice, compare."""
    first = Cluster(SITE, Path(mkdtemp(prefix="atlas-lost-")))
    first.start()
    first.prepare()
    own_database("atlas", first)
    first.sql("atlas", FILL.format(FILLING // 1000) + "; CREATE TABLE acknowledged (writer int, number int, row int)")
    address = first.url("postgres")
    place = Path(mkdtemp(prefix="atlas-archive-"))
    archive = Archive(place, programs_of(SITE))
    lock, spool = Lock(new_key(place / "private")), Path(mkdtemp(prefix="atlas-spool-", dir="/dev/shm"))
    keeper = keeping(archive, first.url("atlas_backup"), lock, spool)
    quiet, stills = multiprocessing.Event(), [multiprocessing.Event() for _ in range(WRITERS)]
    ledgers = [place / f"acknowledged-{number}" for number in range(WRITERS)]
    writers = [
        multiprocessing.Process(target=write, args=(address, number, ledgers[number], quiet, stills[number]), daemon=True)
        for number in range(WRITERS)
    ]
    for one in writers:
        one.start()
    copying = time.monotonic()
    copy = archive.take(first.url("atlas_backup"), lock, datetime.now(UTC))
    copied = time.monotonic() - copying
    time.sleep(BUSY)
    quiet.set()
    for still in stills:
        still.wait(60)
    wanted, moment = summed(address), datetime.now(UTC)
    quiet.clear()
    time.sleep(BUSY)
    os.kill(int((first.data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    keeper.kill()
    for one in (keeper, *writers):
        one.join(30)
    shutil.rmtree(spool)
    rows, figures = [], dict[str, float]()
    for name, until in (("chosen second", moment), ("latest", None)):
        restored = again(archive, until, address, Opener(place / "private"))
        told, lost, partial, point = missing(address_on(restored.cluster, address), ledgers, until.timestamp() if until else float("inf"))
        equal = summed(address_on(restored.cluster, address)) == wanted if until else None
        rows.append(
            (
                name,
                f"{restored.size / 1e9:.2f}",
                f"{restored.seconds:.1f}",
                f"{restored.seconds_a_gb:.0f}",
                "" if equal is None else equal,
                told,
                lost,
                partial,
                f"{point:.2f}",
            )
        )
        figures |= {
            f"{name.split()[0]}_s_per_gb": restored.seconds_a_gb,
            f"{name.split()[0]}_lost": lost,
            f"{name.split()[0]}_partial": partial,
        }
        figures |= {"equal": float(equal)} if equal is not None else {"recovery_point_s": point}
        restored.cluster.stop()
        shutil.rmtree(restored.cluster.folder)
    print(
        f"copy of {copy.size / 1e9:.2f} GB taken under load, checked as it passed and locked, in {copied:.1f} s; {len(wanted)} tables compared"
    )
    table(("restored to", "GB", "seconds", "s a GB", "tables equal", "acknowledged", "lost", "partial", "recovery point s"), rows)
    last_line(**figures)
    shutil.rmtree(place)
    shutil.rmtree(first.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
