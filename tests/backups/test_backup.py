"""A copy is taken, every change after it received, and the cluster made again as it was at a moment: by the commands that docs/bad-days.md gives."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Thread
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from atlas.audit.sealer import seal, tell_anchors
from atlas.audit.sealing import Key
from atlas.backups.archive import Archive, Copy
from atlas.backups.locks import Lock, NotDone, Opener, new_key, written
from atlas.backups.proving import LOGINS, anchored
from atlas.backups.receiving import Keeper
from atlas.backups.restoring import address_on, lay_log, restore, some_moment
from atlas.config.launcher import Cluster, programs_of
from atlas.gate.context import acting_as
from atlas.gate.models import Look
from tests import factories
from tests.factories import NOW
from tests.migrated import cluster


@dataclass
class Kept:
    """An archive that receives the log of a database; `look` writes a look there, seals it, tells the anchor, and gives the moment after it."""

    archive: Archive
    private: Path
    look: Callable[..., datetime]
    key: str
    anchors: list[str]
    addresses: dict[str, str]


@pytest.fixture
def kept(own_database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Kept]:
    own_database("app")
    name, post = connection.settings_dict["NAME"], factories.post("practitioner")
    (tmp_path / "key").touch(mode=0o600)
    (tmp_path / "key").write_text("2a" * 32)
    (tmp_path / "police").mkdir()
    settings.ATLAS_SEAL_KEY, settings.ATLAS_ANCHORS = str(tmp_path / "key"), [str(tmp_path / "police")]
    key, own = Key.read(settings.ATLAS_SEAL_KEY), cluster()
    addresses = {variable: own.url(f"atlas_{'app' if login == 'service' else login}", name) for login, variable in LOGINS.items()}
    for variable, address in {**addresses, "DATABASE_BACKUP_URL": own.url("atlas_backup", name)}.items():
        monkeypatch.setenv(variable, address)

    def look(page: str, sealed_ago: timedelta = timedelta(0)) -> datetime:
        own_database("app")
        with acting_as(post, NOW):
            tx = Look.objects.create(event="open", page=page, post=post, children=[], through=[], looked_at=NOW, policy="p").tx
        own_database("sealer")
        until = time.monotonic() + 60
        while not (line := seal(key, datetime.now(UTC) - sealed_ago)) or line.high_tx <= tx:
            assert time.monotonic() < until, "not sealed within a minute"
            time.sleep(0.05)
        tell_anchors(settings.ATLAS_ANCHORS)
        time.sleep(0.01)
        return datetime.now(UTC)

    archive, settings.ATLAS_BACKUP_KEY, ended = (
        Archive(tmp_path / "archive", programs_of(own.wheel)),
        new_key(tmp_path / "private"),
        Event(),
    )
    keeper = Keeper(archive, own.url("atlas_backup", name), Lock(settings.ATLAS_BACKUP_KEY))
    keeping = Thread(target=keeper.run, args=(ended,))
    keeping.start()
    try:
        yield Kept(archive, tmp_path / "private", look, key.public, settings.ATLAS_ANCHORS, addresses)
    finally:
        ended.set()
        keeping.join(60)
        archive.forget(own.url("atlas_backup", name))


def received(archive: Archive, of: Cluster) -> None:
    """Wait until what was written on this server until now is locked in the archive."""
    until, end = datetime.now(UTC), time.monotonic() + 30
    of.sql("postgres", "SELECT pg_logical_emit_message(true, 'test', 'something later')")
    while max((file.stat().st_mtime for file in archive.log_from("")), default=0) < until.timestamp():
        assert time.monotonic() < end, "not received within half a minute"
        time.sleep(0.1)


def said(*words: object) -> list[str]:
    """What `manage backup` prints."""
    out = StringIO()
    call_command("backup", *map(str, words), stdout=out)
    return out.getvalue().splitlines()


def spoilt_copy(archive: Archive) -> Path:
    """A newer copy, of which somebody has altered one byte of one file since it was taken."""
    [whole] = archive.copies()
    other = archive.folder / "copies/poisoned"
    shutil.copytree(whole.folder, other)
    taken = json.loads((other / "taken.json").read_text())
    (other / "taken.json").write_text(json.dumps(taken | {"taken_at": (whole.taken_at + timedelta(milliseconds=1)).isoformat()}))
    with (other / "base.tar.age").open("r+b") as content:
        content.seek(100_000)
        old = content.read(1)
        content.seek(100_000)
        content.write(bytes([old[0] ^ 1]))
    return other


def test_the_cluster_is_restored_to_a_chosen_moment_and_proved(kept: Kept, tmp_path: Path) -> None:
    folder = kept.archive.folder
    kept.look("before the copy")
    assert said("take", folder, "--no-sync")[-1].endswith("every file in it was as listed, and whole.")
    chosen = kept.look("wanted", timedelta(seconds=10))  # what was sealed within the last seconds before the moment is not asked for
    spoilt = spoilt_copy(kept.archive)
    kept.look("too late")
    received(kept.archive, cluster())
    assert said("status", folder)[0].startswith("2 copies, from ")
    with pytest.raises(CommandError, match="1 of 2 copies are damaged"):
        said("check", folder)
    into = Cluster(cluster().wheel, Path(mkdtemp()))  # where the user as whom a server runs may come, when we are root
    try:
        words = said("restore", folder, "--to", chosen.isoformat(), "--into", into.folder, "--private", kept.private, "--no-sync")
        assert [line[:3] for line in words if line[:3] in ("yes", "NO ")] == ["yes"] * 5, words
        assert [line for line in words if "DAMAGED" in line and str(spoilt) in line], words
        with psycopg.connect(address_on(into, kept.addresses["DATABASE_SEALER_URL"])) as restored:
            pages = {page for (page,) in restored.execute("SELECT page FROM gate_look").fetchall()}
        assert {"before the copy", "wanted"} <= pages
        assert "too late" not in pages
        # Beside all that the anchor knows, it is seen that something is gone, and what
        here = {name: address_on(into, address) for name, address in kept.addresses.items()}
        found = anchored(here, None, kept.anchors, kept.key)
        assert not found.holds
        assert "an anchor holds it, and the database does not" in found.words
        later = Cluster(cluster().wheel, Path(mkdtemp()), is_durable=False)
        with pytest.raises(NotDone, match="The log ends before that moment"):
            restore(kept.archive, later, datetime.now(UTC) + timedelta(days=1), kept.addresses["DATABASE_OWNER_URL"], Opener(kept.private))
        shutil.rmtree(later.folder)
        with pytest.raises(CommandError, match=r"is not empty. Give a folder that is new"):
            said("restore", folder, "--to", chosen.isoformat(), "--into", into.folder, "--private", kept.private)
    finally:
        into.stop()
        shutil.rmtree(into.folder)


def test_a_file_of_the_log_may_become_whole_while_the_log_is_read(tmp_path: Path) -> None:
    """pg_receivewal takes `.partial` away from under whoever has just listed it: the file is then read under the name that it has."""
    name = "000000010000000000000002"
    lock, opener = Lock(new_key(tmp_path / "private")), Opener(tmp_path / "private")
    listed = [tmp_path / f"log/{name}.partial.age"]
    archive = type("Listed", (Archive,), {"log_from": lambda self, first: listed})(tmp_path, tmp_path)
    archive.log.mkdir()
    written(archive.log / f"{name}.age", [lock.whole(b"whole by now")], is_durable=False)
    copy, into = Copy(tmp_path / "data", NOW, name, name, 0, ""), Cluster(tmp_path, tmp_path / "into")
    into.folder.mkdir()
    lay_log(archive, copy, into, opener)
    assert [(file.name, file.read_text().rstrip("\0")) for file in (into.folder / "log_received").iterdir()] == [(name, "whole by now")]
    (archive.log / f"{name}.age").unlink()
    shutil.rmtree(into.folder / "log_received")
    with pytest.raises(FileNotFoundError):
        lay_log(archive, copy, into, opener)


def test_what_cannot_be_restored_is_said_in_words(tmp_path: Path, settings: Any) -> None:
    settings.ATLAS_BACKUP_KEY, settings.ATLAS_BACKUP_PRIVATE_KEY = new_key(tmp_path / "private"), str(tmp_path / "private")
    with pytest.raises(CommandError, match="There is no copy at all: take one"):
        said("restore", tmp_path / "none", "--into", tmp_path / "new")
    with pytest.raises(CommandError, match="There is no copy at all: take one"):
        said("check", tmp_path / "none")
    with pytest.raises(CommandError, match='"tomorrow" is no moment'):
        said("restore", tmp_path / "none", "--to", "tomorrow", "--into", tmp_path / "new")
    with pytest.raises(CommandError, match="Give a new folder"):
        said("restore", tmp_path / "none")
    with pytest.raises(CommandError, match="Nothing could be restored from here"):
        said("status", tmp_path / "none")
    with pytest.raises(NotDone, match="take a copy, and let the log be received"):
        some_moment(Archive(tmp_path / "none", tmp_path), 0.5)
    with pytest.raises(CommandError, match="Give DATABASE_BACKUP_URL"):
        said("take", tmp_path / "none")


def test_old_copies_go_and_the_newest_stays(tmp_path: Path) -> None:
    archive = Archive(tmp_path, programs_of(cluster().wheel))
    archive.log.mkdir()
    for day in (1, 2, 3):
        place = tmp_path / "copies" / f"2026112{day}T000000Z"
        place.mkdir(parents=True)
        log, taken_at = f"00000001000000000000000{day}", f"2026-11-2{day}T00:00:00+00:00"
        said_of = {"taken_at": taken_at, "first_log": log, "last_log": log, "size": 1, "sha256": "00"}
        (place / "taken.json").write_text(json.dumps(said_of))
        (archive.log / f"{log}.age").touch()
        (archive.log / f"{log}.partial.age").touch()
    killed, running = (tmp_path / "copies" / name for name in ("20261122T120000Z", "20261124T000000Z"))
    for place in (killed, running):  # whoever took the one was killed; the other is on its way
        place.mkdir()
        (place / "base.tar.age").touch()
    with pytest.raises(NotDone, match="No copy of then is whole: 2 are damaged"):  # of none there is more than its note
        archive.before(datetime(2026, 11, 22, 12, tzinfo=UTC))
    with pytest.raises(NotDone, match="No copy is that old: the first is of 21 November 2026"):
        archive.before(datetime(2026, 11, 20, tzinfo=UTC))
    assert archive.prune(0) == 2
    assert [copy.first_log[-1] for copy in archive.copies()] == ["3"]
    assert running.exists() and not killed.exists()
    assert sorted(file.name[23:] for file in archive.log.iterdir()) == ["3.age", "3.partial.age"]


def test_whoever_serves_cannot_reach_the_backups(own_database: Any) -> None:
    """protection.md C4: neither the service's login nor the owner's may copy the cluster, and the backup's login reads no table."""
    own_database("app")
    own, name = cluster(), connection.settings_dict["NAME"]
    for login in ("atlas_app", "atlas_owner", "atlas_tick"):
        done = subprocess.run(
            [programs_of(own.wheel) / "psql", "-d", f"{own.url(login, name)}?replication=database", "-c", "IDENTIFY_SYSTEM"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert "permission denied" in done.stderr, (login, done.stderr)
    with psycopg.connect(own.url("atlas_backup", name)) as backup, pytest.raises(psycopg.errors.InsufficientPrivilege):
        backup.execute("SELECT 1 FROM public.children_child")
