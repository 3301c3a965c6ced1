"""The archive is locked: whoever steals it reads nothing, and whoever holds the private key gets everything back, up to what was being written as both machines died."""

import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from json import dumps
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Thread
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError

from atlas.backups import receiving
from atlas.backups.archive import Archive, Copy
from atlas.backups.copying import Passed, passed, unpack
from atlas.backups.locks import Lock, NotDone, Opener, new_key
from atlas.backups.receiving import Keeper
from atlas.backups.restoring import address_on, lay_log, restore
from atlas.config.launcher import Cluster, programs_of
from tests.backups.test_backup import received, said
from tests.factories import NOW
from tests.migrated import ROOT, cluster

CANARY = "Wilhelmina Featherstonehaugh"
MARKS = (b"backup_label", b"global/pg_control", b"START WAL LOCATION", b"PostgreSQL-Backup-Manifest-Version", b"template1", CANARY.encode())


@pytest.fixture
def small() -> Iterator[Cluster]:
    """A cluster of the test's own, which may be killed."""
    own = Cluster(cluster().wheel, Path(mkdtemp()), is_durable=False)
    own.start()
    own.prepare()
    own.sql("postgres", "CREATE TABLE child (name text)")
    try:
        yield own
        own.stop()
    finally:
        shutil.rmtree(own.folder)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    own = Archive(tmp_path / "archive", programs_of(cluster().wheel), is_durable=False)
    yield own
    shutil.rmtree(spool_of(own), ignore_errors=True)


def born(of: Cluster, name: str, *, ends: bool = False) -> None:
    """Write a child down, and end the file of the log there."""
    of.sql("postgres", f"INSERT INTO child VALUES ('{CANARY} {name}')")
    if ends:
        of.sql("postgres", "SELECT pg_switch_wal()")


Keep = Callable[[Archive, str, str], "subprocess.Popen[str]"]


@pytest.fixture
def keep() -> Iterator[Keep]:
    """`manage backup keep`, as systemd runs it; returns when it has said that it receives."""
    started = []

    def start(archive: Archive, address: str, public: str) -> "subprocess.Popen[str]":
        environment = {**os.environ, "DATABASE_BACKUP_URL": address, "ATLAS_BACKUP_KEY": public}
        words = [sys.executable, "-m", "django", "backup", "keep", str(archive.folder)]
        started.append(subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True))
        assert started[-1].stdout is not None
        assert "Receiving every change" in started[-1].stdout.readline()
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait(30)


def spool_of(archive: Archive) -> Path:
    return Keeper(archive, "", Lock(new_key(archive.folder.parent / f"unused-{time.monotonic_ns()}"))).spool


def in_files(folder: Path, words: bytes) -> list[str]:
    """The files that hold these words, or bear them in their name."""
    return [file.name for file in folder.rglob("*") if file.is_file() and (words in file.read_bytes() or words.decode() in file.name)]


def test_a_stolen_archive_holds_nothing_readable_and_its_owner_gets_back_all_that_two_dead_machines_held(
    small: Cluster, archive: Archive, keep: Keep, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ATLAS_BACKUP_KEY, address = new_key(tmp_path / "private"), small.url("atlas_backup", "postgres")
    monkeypatch.setenv("DATABASE_BACKUP_URL", address)
    born(small, "in the copy")
    keeping = keep(archive, address, settings.ATLAS_BACKUP_KEY)
    said("take", archive.folder, "--no-sync")
    born(small, "in a whole file", ends=True)
    born(small, "in one that was lost", ends=True)
    received(archive, small)
    keeping.terminate()
    assert keeping.wait(30) == 0
    assert not spool_of(archive).exists()
    whole = archive.finished()
    whole[-1].unlink()  # it was in memory alone when the machine died; the server thinks that we have it, and has it still
    born(small, "while nobody received", ends=True)
    keeping = keep(archive, address, settings.ATLAS_BACKUP_KEY)
    born(small, "as both died")
    received(archive, small)
    born(small, "after what was locked of that file")
    received(archive, small)
    keeping.kill()
    os.kill(int((small.data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    keeping.wait(30)
    shutil.rmtree(spool_of(archive))  # the memory of the machine
    assert len(archive.finished()) > len(whole)
    assert whole[-1] in archive.finished()
    assert said("status", archive.folder)[0].startswith("1 copies")  # and no gap, though nobody received for a while
    assert said("check", archive.folder) == [line for line in said("check", archive.folder) if line.startswith("whole")] != []

    opener, [copy] = Opener(tmp_path / "private"), archive.copies()
    for mark in MARKS:
        assert in_files(archive.folder, mark) == []
    plain = tmp_path / "plain"
    plain.mkdir()
    with (plain / "base.tar").open("wb") as base:
        opener.stream(copy.file, base)
    for mark in MARKS:  # so that the search would have found them
        assert in_files(plain, mark) == ["base.tar"], mark
    assert CANARY.encode() in opener.whole(archive.finished()[-1])

    new_key(tmp_path / "another")
    into = Cluster(small.wheel, Path(mkdtemp()), is_durable=False)
    with pytest.raises(NotDone, match=r"base.tar.age does not open with this private key: it is another archive's"):
        restore(archive, into, None, small.url("postgres", "postgres"), Opener(tmp_path / "another"))
    try:
        restored = restore(archive, into, None, small.url("postgres", "postgres"), opener)
        assert restored.gap == ""
        with psycopg.connect(address_on(into, small.url("postgres", "postgres"))) as server:
            names = [name.removeprefix(f"{CANARY} ") for (name,) in server.execute("SELECT name FROM child").fetchall()]
        assert names == [
            "in the copy", "in a whole file", "in one that was lost", "while nobody received", "as both died", "after what was locked of that file",
        ]  # fmt: skip
    finally:
        into.stop()
        shutil.rmtree(into.folder)
    _altered(archive, copy, opener, tmp_path)


def _altered(archive: Archive, copy: Copy, opener: Opener, tmp_path: Path) -> None:
    """A file of the log that somebody altered, and then one that somebody took away, are said."""
    file, into = archive.finished()[-1], Cluster(tmp_path, tmp_path / "into")
    into.folder.mkdir()
    content = file.read_bytes()
    file.write_bytes(content[:50_000] + bytes([content[50_000] ^ 1]) + content[50_001:])
    with pytest.raises(NotDone, match=rf"{file.name} was altered, or is not whole"):
        lay_log(archive, copy, into, opener)
    file.unlink()
    with pytest.raises(CommandError, match=rf"The log has a GAP after the newest copy, at {file.name[8:24]}.*Take a new copy now"):
        said("status", archive.folder)


def test_what_the_server_has_thrown_away_is_a_gap_that_is_said_and_the_rest_is_received(
    small: Cluster, archive: Archive, tmp_path: Path
) -> None:
    lock, address, told = Lock(new_key(tmp_path / "private")), small.url("atlas_backup", "postgres"), list[str]()
    archive.log.mkdir(parents=True)
    first = small.sql("postgres", "SELECT pg_walfile_name(pg_current_wal_lsn())").strip()
    spool = tmp_path / "spool"
    spool.mkdir(mode=0o755)
    with pytest.raises(NotDone, match="must be a folder of this user alone"):
        Keeper(archive, address, lock, spool).run(Event())
    spool.chmod(0o700)
    (spool / first).write_bytes(b"whole" + bytes((16 << 20) - 5))  # a keeper was killed before it locked this
    for name in "abcd":
        born(small, name, ends=True)
    small.sql("postgres", "CHECKPOINT")
    ended = Event()
    keeping = Thread(target=Keeper(archive, address, lock, spool, told.append).run, args=(ended,))
    keeping.start()
    try:
        born(small, "e", ends=True)
        received(archive, small)
    finally:
        ended.set()
        keeping.join(60)
    assert [line for line in told if f"no longer holds the log after {first}: a GAP. Take a new copy now" in line]
    assert Opener(tmp_path / "private").whole(archive.log / f"{first}.age").startswith(b"whole")
    assert not spool.exists()
    assert archive.gap(Copy(tmp_path, NOW, first, first, 0, "")) == f"{int(first[8:], 16) + 1:016X}"


def test_what_was_received_since_the_last_round_is_locked_when_it_ends(
    small: Cluster, archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "EVERY", 60.0)
    lock, spool, ended = Lock(new_key(tmp_path / "private")), tmp_path / "spool", Event()
    keeping = Thread(target=Keeper(archive, small.url("atlas_backup", "postgres"), lock, spool).run, args=(ended,))
    keeping.start()
    try:
        born(small, "at the end")
        until = time.monotonic() + 30
        while not (spool.is_dir() and in_files(spool, b"at the end")):
            assert time.monotonic() < until, "not received within half a minute"
            time.sleep(0.05)
        assert not list(archive.log.iterdir())
    finally:
        ended.set()
        keeping.join(60)
    [file] = archive.log.iterdir()
    assert b"at the end" in Opener(tmp_path / "private").pieces(file)


def test_what_grows_is_locked_piece_by_piece_and_anew_where_the_server_sent_other_bytes(archive: Archive, tmp_path: Path) -> None:
    keeper, opener = Keeper(archive, "", Lock(new_key(tmp_path / "private")), tmp_path / "spool"), Opener(tmp_path / "private")
    keeper.spool.mkdir()
    archive.log.mkdir(parents=True)
    name = "00000001000000000000000A.partial"
    sizes = []
    for at, content in enumerate((b"\0\0\0\0", b"ab\0\0", b"ab\0c", b"ab\0c", b"xb\0c", b"xb\0cd")):
        (keeper.spool / name).write_bytes(content)
        os.utime(keeper.spool / name, (at, at))
        keeper.round()
        sizes.append((archive.log / f"{name}.age").stat().st_size if (archive.log / f"{name}.age").exists() else 0)
        if sizes[-1]:
            assert opener.pieces(archive.log / f"{name}.age").rstrip(b"\0") == content.rstrip(b"\0")
    assert sizes[0] == 0 < sizes[1] < sizes[2] == sizes[3] > sizes[4]
    with (archive.log / f"{name}.age").open("r+b") as torn:
        torn.truncate((archive.log / f"{name}.age").stat().st_size - 1)
    assert opener.pieces(archive.log / f"{name}.age") == b"xb\0c"  # the last piece was not written to its end
    (keeper.spool / name).rename(keeper.spool / name.removesuffix(".partial"))
    keeper.round()
    assert [file.name for file in archive.log.iterdir()] == ["00000001000000000000000A.age"]
    assert not list(keeper.spool.iterdir())


def tar_of(files: dict[str, bytes], *more: tarfile.TarInfo) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        for member in more:
            tar.addfile(member)
    return packed.getvalue()


def listed(files: dict[str, bytes]) -> bytes:
    told = [{"Path": name, "Size": len(content), "Checksum": sha256(content).hexdigest()} for name, content in files.items()]
    body = f'{{"Files": {dumps(told)},\n'.encode()
    return body + f'"Manifest-Checksum": "{sha256(body).hexdigest()}"}}\n'.encode()


LABEL = {"backup_label": b"START WAL LOCATION: 0/2000028 (file 000000010000000000000002)\nand more"}
LOG = {"pg_wal/000000010000000000000002": b"log"}


def faults(change: Callable[[dict[str, bytes]], object]) -> list[str]:
    files = {**LABEL, "base/1/2": b"rows", "base/1/3": b"more"}
    sent = {**files, **LOG, "backup_manifest": listed(files)}
    change(sent)
    return passed(io.BytesIO(tar_of(sent))).faults()


def test_a_copy_counts_only_where_every_file_was_as_its_own_list_says() -> None:
    assert faults(lambda sent: None) == []
    assert faults(lambda sent: sent.update({"base/1/2": b"rowz"})) == ["base/1/2 is not as listed"]
    assert faults(lambda sent: sent.pop("base/1/3")) == ["base/1/3 is missing"]
    assert faults(lambda sent: sent.update({"base/1/4": b"slipped in"})) == ["base/1/4 is not listed"]
    assert faults(lambda sent: sent.pop("pg_wal/000000010000000000000002")) == ["the log that was written meanwhile is missing"]
    assert faults(lambda sent: sent.pop("backup_manifest")) == ["it has no list of digests"]
    assert faults(lambda sent: sent.update(backup_manifest=sent["backup_manifest"].replace(b"rest", b"rust").replace(b"1/3", b"1/4"))) == [
        "its list of digests was altered"
    ]
    assert passed(io.BytesIO(tar_of(LABEL)[:700])).faults()[0].startswith("it ends too soon")
    assert Passed().faults() == ["it has no list of digests"]


def test_nothing_is_unpacked_outside_the_new_folder(tmp_path: Path) -> None:
    lock, opener = Lock(new_key(tmp_path / "private")), Opener(tmp_path / "private")
    link = tarfile.TarInfo("pg_wal")
    link.type, link.linkname = tarfile.SYMTYPE, "/srv"
    for at, (tar, why) in enumerate((
        (tar_of({"../outside": b"x"}), "../outside is neither"), (tar_of({"/outside": b"x"}), "/outside is neither"),
        (tar_of({}, link), "pg_wal is neither"), (b"no tar at all", "is no copy of a cluster"),
    )):  # fmt: skip
        file = tmp_path / f"{at}.age"
        file.write_bytes(lock.whole(tar))
        with pytest.raises(NotDone, match=why):
            unpack(file, opener, tmp_path / f"into-{at}")
    assert not (tmp_path / "outside").exists()


def test_a_copy_that_was_altered_or_cut_or_is_another_key_s_is_said(tmp_path: Path) -> None:
    """Whoever alters it can write a fitting digest beside it: age itself says so too."""
    lock, opener, file = Lock(new_key(tmp_path / "private")), Opener(tmp_path / "private"), tmp_path / "base.tar.age"
    tar = tar_of({"base/1/2": b"rows" * 100_000})
    locked = lock.whole(tar)
    other = Lock(new_key(tmp_path / "other")).whole(tar)
    for at, (content, why) in enumerate((
        (locked[:200_000] + bytes([locked[200_000] ^ 1]) + locked[200_001:], "was altered, or is not whole"), (locked[:200_000], "was altered, or is not whole"),
        (b"", "was altered, or is not whole"), (tar, "was altered, or is not whole"), (other, "does not open with this private key"),
    )):  # fmt: skip
        file.write_bytes(content)
        with pytest.raises(NotDone, match=why):
            unpack(file, opener, tmp_path / f"into-{at}")


def test_without_a_public_key_nothing_is_written(archive: Archive, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_BACKUP_URL", "postgresql://nobody@127.0.0.1:1/none")
    for key, why in (("", "Set ATLAS_BACKUP_KEY to the public key"), ("AGE-SECRET-KEY-1ABC", "ATLAS_BACKUP_KEY is no public key")):
        settings.ATLAS_BACKUP_KEY = key
        for verb in ("take", "keep"):
            with pytest.raises(CommandError, match=why):
                said(verb, archive.folder)
    assert not list(archive.folder.iterdir())


def test_a_key_pair_is_made_once_and_the_private_one_is_its_owner_s(tmp_path: Path, settings: Any) -> None:
    file = tmp_path / "private"
    [public] = said("new-key", file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert public.startswith("age1") and public in file.read_text()
    with pytest.raises(CommandError, match=r"is there already. Move it away first"):
        said("new-key", file)
    both, locked = Lock(f"{new_key(tmp_path / 'other')},{public}"), tmp_path / "locked"
    locked.write_bytes(both.whole(b"words"))
    assert [Opener(one).whole(locked) for one in (file, tmp_path / "other")] == [b"words"] * 2
    file.chmod(0o640)
    with pytest.raises(NotDone, match=r"Others may read the private key. Make it yours alone: chmod 600 private"):
        Opener(file)
    (tmp_path / "other").write_text("# nothing\n")
    with pytest.raises(NotDone, match="other holds no private key"):
        Opener(tmp_path / "other")
    settings.ATLAS_BACKUP_PRIVATE_KEY = ""
    for verb in (("restore", tmp_path, "--into", tmp_path / "new"), ("drill", tmp_path)):
        with pytest.raises(CommandError, match="Give the private key that opens the archive: --private FILE"):
            said(*verb)
