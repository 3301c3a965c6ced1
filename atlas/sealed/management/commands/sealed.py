"""`manage sealed serve`: the unsealer's door, under its own login. `key`: the public key with which the service seals.

`share FILE FILE FILE`: the private key in three shares, one for each custodian of the key; `recover FILE FILE`: from any two, the key's file again.
"""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from atlas.sealed.boxes import MasterKey, Unopenable
from atlas.sealed.shares import NEEDED, OF, WrongShares, recovered, split
from atlas.sealed.unsealer import Unsealer


class Command(BaseCommand):
    help = "Open sealed sets for whoever may (serve); say the public key (key); split the private one (share), or put it together again (recover)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["serve", "key", "share", "recover"])
        parser.add_argument("files", nargs="*", metavar="FILE", help="of the shares: three to split into, two to recover from")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the verbs; say in a sentence what stands in the way."""
        files = [Path(name) for name in options["files"]]
        try:
            if options["verb"] == "recover":
                self._recover(files)
            elif options["verb"] == "share":
                self._share(files)
            else:
                self._with_key(options["verb"])
        except (Unopenable, WrongShares) as problem:
            raise CommandError(str(problem)) from problem
        except FileExistsError as problem:
            raise CommandError(f"{problem.filename} is there already. Move it away first; nothing was written over.") from problem
        except FileNotFoundError as problem:
            raise CommandError(f"There is no {problem.filename}.") from problem

    def _with_key(self, verb: str) -> None:
        master = MasterKey.read(settings.ATLAS_UNSEALING_KEY)
        if verb == "key":
            self.stdout.write(master.public)
            return
        if settings.ATLAS_AS != "unsealer":
            raise CommandError("The unsealer signs in to the database as itself: ATLAS_AS=unsealer.")
        with Unsealer(settings.ATLAS_UNSEALER, master) as unsealer:
            unsealer.serve_forever()

    def _share(self, files: list[Path]) -> None:
        if len(set(files)) != OF:
            raise CommandError(f"Name {OF} files, one for each custodian of the key.")
        master = MasterKey.read(settings.ATLAS_UNSEALING_KEY)
        for file, share in zip(files, split(master.private.private_bytes_raw()), strict=True):
            _write(file, share)
        self.stdout.write(
            f"Give each file to another person, on paper or a stick, and delete it here. Any {NEEDED} of them give the key back."
        )

    def _recover(self, files: list[Path]) -> None:
        secret = recovered([file.read_text() for file in files])
        _write(Path(settings.ATLAS_UNSEALING_KEY), secret.hex())
        self.stdout.write(f"The key is back. Its public key is {MasterKey.of(secret).public}.")


def _write(file: Path, text: str) -> None:
    """A new file that only its owner reads."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(text)
