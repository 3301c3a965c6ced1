"""`manage backup new-key FILE`; `take`, `keep`, `status`, `check`, `prune`, `restore`, `drill ARCHIVE`: the door to the backups, for a timer and for whoever is on call.

An archive is opened without Atlas too: `age --decrypt --identity FILE`.
"""

import os
import random
import shutil
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from atlas.audit.sealing import Key
from atlas.backups.archive import Archive
from atlas.backups.locks import Lock, NotDone, Opener, new_key
from atlas.backups.proving import LOGINS, last_act, prove
from atlas.backups.receiving import Keeper
from atlas.backups.restoring import Restored, address_on, restore, some_moment
from atlas.chronology.moments import LONDON
from atlas.config.launcher import Cluster, programs_of

LATE = 60  # seconds after which the log that was received last is called late
VERBS = ("new-key", "take", "keep", "status", "check", "prune", "restore", "drill")


class Command(BaseCommand):
    help = (
        "new-key: make the key pair of an archive. take: a copy of the whole cluster, now. keep: receive every change as it is written, until ended. "
        "status: how old both are. check: whether each copy is whole. prune: delete old copies. restore: make the cluster as it was at a moment, in a new "
        "folder, and look whether it is whole. drill: the same to a moment by chance, and throw it away."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=VERBS)
        parser.add_argument(
            "archive", type=Path, help="the folder of the backups, on another machine than the database's; new-key: a new file"
        )
        parser.add_argument("--private", type=Path, help="restore, drill: the file with the private key (or ATLAS_BACKUP_PRIVATE_KEY)")
        parser.add_argument("--spool", type=Path, help="keep: a folder in memory for what is received and not yet locked")
        parser.add_argument("--to", dest="until", help='the moment, London time: "2026-11-29 02:00:05"; without it, the latest')
        parser.add_argument("--into", type=Path, help="restore: a new folder for the cluster")
        parser.add_argument("--copies", type=int, default=8, help="prune: how many copies stay")
        parser.add_argument(
            "--no-sync",
            action="store_true",
            help="take, restore: do not wait for the disk; for what will be thrown away, as a drill always does",
        )
        parser.add_argument("--key", default="", help="the public key of the seals, where the sealer's own file is not on this machine")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the verbs; say in a sentence what stands in the way."""
        if options["verb"] == "new-key":
            return self._new_key(options["archive"])
        archive = Archive(options["archive"].absolute(), _programs() or programs_of(_wheel()), not options["no_sync"])
        archive.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            getattr(self, f"_{options['verb']}")(archive, options)
        except NotDone as problem:
            raise CommandError(str(problem)) from problem

    def _new_key(self, file: Path) -> None:
        try:
            self.stdout.write(new_key(file))
        except FileExistsError as problem:
            raise CommandError(f"{file} is there already. Move it away first; nothing was written over.") from problem
        self.stderr.write(
            f"{file} opens the archive, and without it nobody does: print it for two safes, copy it to a stick, and delete it here. "
            "What stands above is ATLAS_BACKUP_KEY, for the backup machine."
        )

    def _take(self, archive: Archive, options: dict[str, Any]) -> None:
        lock = Lock(settings.ATLAS_BACKUP_KEY)
        copy = archive.take(_address(), lock, datetime.now(UTC))
        self.stdout.write(f"Copy of {_words(copy.taken_at)}, {copy.size / 1e9:.2f} GB locked; every file in it was as listed, and whole.")

    def _keep(self, archive: Archive, options: dict[str, Any]) -> None:
        spool = options["spool"] or (Path(os.environ["RUNTIME_DIRECTORY"]) if "RUNTIME_DIRECTORY" in os.environ else None)
        keeper, ended = Keeper(archive, _address(), Lock(settings.ATLAS_BACKUP_KEY), spool, self.stdout.write), Event()
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, lambda *_: ended.set())
        self.stdout.write(f"Receiving every change into {archive.log}. End it with Ctrl-C; the server holds what it has not sent.")
        self.stdout.flush()
        keeper.run(ended)

    def _status(self, archive: Archive, options: dict[str, Any]) -> None:
        copies = archive.copies()
        files = archive.log_from(copies[0].first_log) if copies else []
        if not files:
            raise NotDone("Nothing could be restored from here: there is no copy, or no log after it.")
        received = datetime.fromtimestamp(max(file.stat().st_mtime for file in files), UTC)
        behind = (datetime.now(UTC) - received).total_seconds()
        self.stdout.write(
            f"{len(copies)} copies, from {_words(copies[0].taken_at)} to {_words(copies[-1].taken_at)}; log received until {_words(received)}."
        )
        if gap := archive.gap(copies[-1]):
            raise NotDone(
                f"The log has a GAP after the newest copy, at {gap}: nothing after it can be restored. Take a new copy now: `backup take`."
            )
        if behind > LATE:
            raise NotDone(f"The log is LATE by {behind:.0f} seconds: is `backup keep` running?")

    def _check(self, archive: Archive, options: dict[str, Any]) -> None:
        copies = archive.copies()
        damaged = {copy.folder: found for copy in copies if (found := archive.damage(copy))}
        for copy in copies:
            self.stdout.write(
                f"{'DAMAGED' if copy.folder in damaged else 'whole':8} {_words(copy.taken_at)}  {damaged.get(copy.folder, '')}".rstrip()
            )
        if damaged or not copies:
            raise NotDone(f"{len(damaged)} of {len(copies)} copies are damaged." if copies else "There is no copy at all: take one.")

    def _prune(self, archive: Archive, options: dict[str, Any]) -> None:
        self.stdout.write(f"Deleted {archive.prune(options['copies'])} copies, with the log that only they needed.")

    def _restore(self, archive: Archive, options: dict[str, Any]) -> None:
        if not options["into"]:
            raise CommandError("Give a new folder: --into FOLDER")
        opener = _opener(options)
        until = _moment(options["until"]) if options["until"] else None
        restored = self._restored(archive, options["into"].absolute(), until, opener, is_durable=not options["no_sync"])
        self._prove(restored.cluster, until, options)
        addresses = "\n".join(f"  {name}={address_on(restored.cluster, os.environ[name])}" for name in LOGINS.values())
        self.stdout.write(f"It runs. The addresses, with the passwords of the old server:\n{addresses}")

    def _drill(self, archive: Archive, options: dict[str, Any]) -> None:
        opener = _opener(options)
        until = _moment(options["until"]) if options["until"] else some_moment(archive, random.random())  # noqa: S311  (any moment will do)
        folder = Path(mkdtemp(prefix="atlas-drill-"))
        restored = None
        try:
            restored = self._restored(archive, folder, until, opener, is_durable=False)
            self._prove(restored.cluster, until, options)
        finally:
            if restored:
                restored.cluster.stop()
            shutil.rmtree(folder, ignore_errors=True)

    def _restored(self, archive: Archive, folder: Path, until: datetime | None, opener: Opener, *, is_durable: bool) -> Restored:
        self.stdout.write(f"Restoring {'to ' + _words(until) if until else 'to the latest'} …")
        restored = restore(archive, Cluster(_wheel(), folder, is_durable, _programs()), until, os.environ["DATABASE_OWNER_URL"], opener)
        for copy in restored.damaged:
            self.stdout.write(f"The copy of {_words(copy.taken_at)} is DAMAGED and was passed over: {copy.folder}")
        if restored.gap:
            self.stdout.write(f"The log has a GAP at {restored.gap}: what came after it is not there.")
        self.stdout.write(
            f"Copy of {_words(restored.copy.taken_at)} and its log: {restored.size / 1e9:.2f} GB in {restored.seconds:.1f} s, {restored.seconds_a_gb:.0f} s a GB."
        )
        return restored

    def _prove(self, restored: Cluster, until: datetime | None, options: dict[str, Any]) -> None:
        key = options["key"] or Key.read(settings.ATLAS_SEAL_KEY).public
        failed = 0
        for proof in prove(restored, os.environ, until, settings.ATLAS_ANCHORS, key):
            failed += not proof.holds
            self.stdout.write(f"{'yes' if proof.holds else 'NO ':3}  {proof.of}: {proof.words}")
        last = last_act(restored, os.environ["DATABASE_SEALER_URL"])
        self.stdout.write(f"Last act that it holds: {_words(last) if last else 'none'}.")
        if failed:
            raise NotDone(f"{failed} of these are not as they should be: do not put this database into service before somebody has looked.")


def _opener(options: dict[str, Any]) -> Opener:
    file = options["private"] or settings.ATLAS_BACKUP_PRIVATE_KEY
    return Opener(Path(file) if file else None)


def _words(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%d %B %Y %H:%M:%S}"


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None:
        raise CommandError(f'"{text}" is no moment. Write it so: "2026-11-29 02:00:05", London time.')
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


def _address() -> str:
    if "DATABASE_BACKUP_URL" not in os.environ:
        raise CommandError("Give DATABASE_BACKUP_URL: the address for atlas_backup, which `manage database prepare` makes.")
    return os.environ["DATABASE_BACKUP_URL"]


def _programs() -> Path | None:
    """The programs of the council's own PostgreSQL (ATLAS_POSTGRES_PROGRAMS, /usr/lib/postgresql/18/bin on Debian); without it, the wheel's."""
    return Path(os.environ["ATLAS_POSTGRES_PROGRAMS"]) if "ATLAS_POSTGRES_PROGRAMS" in os.environ else None


def _wheel() -> Path:
    return Path(next(path for path in sys.path if path.endswith("site-packages")))
