"""`manage demo make`, `demo people`, `demo code NAME`, `demo mailbox`: the fictional authority, and nowhere else."""

import asyncio
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from atlas.agencies.models import Authority, Post, User
from demo.authority import NAMED, PASSWORD
from demo.make import make, make_part

SEED = 20260504


class Command(BaseCommand):
    help = "The fictional authority of Fernleigh."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["make", "part", "people", "code", "mailbox"])
        parser.add_argument("name", nargs="?")
        parser.add_argument("--small", action="store_true")
        parser.add_argument("--before", action="store_true")
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--state", default="after")
        parser.add_argument("--part", type=int, default=0)
        parser.add_argument("--parts", type=int, default=1)
        parser.add_argument("--now")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse outside the fictional authority, then do it."""
        if not (settings.IS_DEMO or settings.IS_TEST):
            raise CommandError("This exists only in the fictional authority.")
        getattr(self, f"_{options['verb']}")(options)

    def _make(self, options: dict[str, Any]) -> None:
        if Authority.objects.exists():
            if Authority.objects.filter(code="XFERN").exists():
                self.stdout.write("Fernleigh is there already; it is left as it is.")
                _let_in()
                return
            raise CommandError("There is an authority here already. The fictional one is made only in an empty database.")
        state = "small" if options["small"] else "before" if options["before"] else "after"
        now = datetime.fromisoformat(options["now"]) if options["now"] else timezone.now().replace(second=0, microsecond=0)
        make(state=state, seed=options["seed"], now=now, say=lambda words: self.stdout.write(f"  … {words}"))
        for username, *_ in NAMED:
            TOTP.activate(User.objects.get(username=username), generate_totp_secret())
        _let_in()

    def _part(self, options: dict[str, Any]) -> None:
        make_part(
            options["part"], options["parts"], options["state"], options["seed"], datetime.fromisoformat(options["now"]), lambda words: None
        )

    def _people(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"\nSign in with the password {PASSWORD} and a code from: python3 run.py manage demo code NAME\n")
        names = [username for username, *_ in NAMED]
        posts = {post.user.username: post for post in Post.objects.select_related("user", "team__agency").filter(user__username__in=names)}
        for username in names:
            if post := posts.get(username):
                self.stdout.write(f"  {username:22} {post.user.name:20} {post.title}, {post.team.agency.name}")
        if missing := [name for name in names if name not in posts]:
            self.stdout.write(
                f"Made before {', '.join(missing)} joined: to meet them too, end this, remove .atlas/postgres and begin again."
            )

    def _code(self, options: dict[str, Any]) -> None:
        user = User.objects.filter(username=options["name"] or "").first()
        found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first() if user else None
        if found is None:
            raise CommandError("Name one of the people whom `demo people` lists.")
        self.stdout.write(code_now(found))

    def _mailbox(self, options: dict[str, Any]) -> None:
        from aiosmtpd.controller import Controller
        from aiosmtpd.handlers import Mailbox

        folder = Path(os.environ.get("ATLAS_MAILBOX", settings.ROOT / ".atlas/mailbox"))
        controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=settings.EMAIL_PORT)
        controller.start()
        asyncio.run(_for_ever())


async def _for_ever() -> None:
    await asyncio.Event().wait()


def _let_in() -> None:
    """The named people are there to sign in, however long nobody has looked at Fernleigh."""
    named = User.objects.filter(username__in=[username for username, *_ in NAMED])
    named.update(is_active=True, suspended_at=None, suspended_because="", closed_at=None, opened_at=timezone.now())


def code_now(authenticator: Authenticator) -> str:
    """The code that the person's authenticator shows now."""
    secret = get_adapter().decrypt(authenticator.data["secret"])
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))
