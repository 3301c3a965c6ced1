"""`manage pack new-maker FILE`, `new-key FILE --maker PUBLIC`, `set-key PUBLIC --team NAME --as USER`, `make FOLDER`, `used NOTES --as USER`: the emergency pack's door.

A pack is opened without Atlas: python3 open_pack.py.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.text import slugify

from atlas.agencies.models import Post, Team
from atlas.gate.act import Invalid, Refused
from atlas.packs.commands import enter_openings, set_pack_key
from atlas.packs.making import keep_pack, make_packs
from atlas.running.queue import beat


class Command(BaseCommand):
    help = (
        "new-maker: make the key that signs packs. new-key: make a team's key. set-key: give it to the team. make: make every team's pack. "
        "used: enter what was opened without Atlas."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["new-maker", "new-key", "set-key", "make", "used"])
        parser.add_argument(
            "given", help="new-maker, new-key: a new file; set-key: the public key; make: a folder; used: a file of openings"
        )
        parser.add_argument("--maker", help="new-key: the public key that new-maker printed")
        parser.add_argument("--team", help="set-key: the team's name")
        parser.add_argument("--as", dest="username", help="set-key, used: whoever does this, a user name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the verbs; say in a sentence what stands in the way."""
        try:
            getattr(self, f"_{options['verb'].replace('-', '_')}")(options)
        except (Invalid, OSError, ValueError, KeyError) as problem:
            raise CommandError(str(problem)) from problem
        except Refused as problem:
            raise CommandError(f"{options['username']} may not do this.") from problem

    def _new_maker(self, options: dict[str, Any]) -> None:
        own = Ed25519PrivateKey.generate()
        _write_new(options["given"], own.private_bytes_raw().hex())
        self.stdout.write(own.public_key().public_bytes_raw().hex())
        self.stderr.write(
            f"{options['given']} signs packs: set ATLAS_PACK_KEY to it, and give what is printed here to each `pack new-key`."
        )

    def _new_key(self, options: dict[str, Any]) -> None:
        maker = (options["maker"] or "").lower()
        if not re.fullmatch("[0-9a-f]{64}", maker):
            raise CommandError("Say whose packs it opens: --maker, with the 64 hexadecimal digits that `pack new-maker` printed.")
        own = X25519PrivateKey.generate()
        _write_new(options["given"], own.private_bytes_raw().hex(), maker)
        self.stdout.write(own.public_key().public_bytes_raw().hex())
        self.stderr.write(
            f"{options['given']} opens the team's packs: print it for the safe, copy it to the team's stick, and delete it here."
        )

    def _set_key(self, options: dict[str, Any]) -> None:
        team = Team.objects.filter(name=options["team"] or "").select_related("agency").first()
        if team is None:
            raise CommandError("Say whose key it is: --team NAME, as on the page Accounts.")
        set_pack_key(team=team, public=options["given"], by=_post(options["username"]), at=timezone.now())
        self.stdout.write(f"{team.name} is given packs from now on.")

    def _make(self, options: dict[str, Any]) -> None:
        folder = Path(options["given"])
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        maker = _maker()
        if maker is None:
            self.stderr.write("Not signed: whoever has a team's public key can lay a false pack. See ATLAS_PACK_KEY.")
        for made in make_packs(timezone.now(), maker):
            name = f"{slugify(made.pack.key.team.name)}-{str(made.pack.key_id)[:8]}.pack"
            with os.fdopen(os.open(folder / f"{name}.new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(made.content)
                file.flush()
                os.fsync(file.fileno())
            (folder / f"{name}.new").replace(folder / name)  # the pack of the hour before stays until this one is whole
            keep_pack(made)
            self.stdout.write(f"{name}: {made.pack.held} children.")
        beat("packs")  # only where every one of them lies there: else the page tells that they grow old

    def _used(self, options: dict[str, Any]) -> None:
        notes = [json.loads(line) for line in Path(options["given"]).read_text().splitlines() if line.strip()]
        new = enter_openings(notes=notes, by=_post(options["username"]), at=timezone.now())
        self.stdout.write(f"{new} openings entered, {len(notes) - new} of them known already.")


def _write_new(file: str, *lines: str) -> None:
    """Write a new file that its owner alone reads."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.writelines(f"{line}\n" for line in lines)


def _maker() -> Ed25519PrivateKey | None:
    """The key of this pack maker. Raises CommandError where there should be one, and is none: the packs of the hour before stay."""
    if not settings.ATLAS_PACK_KEY:
        return None
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(Path(settings.ATLAS_PACK_KEY).read_text().strip()))
    except (OSError, ValueError) as problem:
        raise CommandError(f"ATLAS_PACK_KEY names {settings.ATLAS_PACK_KEY}, which holds no key: {problem}. No pack was made.") from problem


def _post(username: str | None) -> Post:
    post = Post.objects.filter(user__username=username).select_related("user", "team__agency").first() if username else None
    if post is None:
        raise CommandError("Say who does this: --as USERNAME, of an administrator or a head of service.")
    return post
