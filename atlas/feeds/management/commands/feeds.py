"""`manage feeds receive LAYOUT FILE --as USERNAME [--historic] [--part] [--as-at TIME] [--commit]`: receive a delivery, and take it."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from atlas.agencies.models import Post
from atlas.agencies.queries import authority_served
from atlas.design.scanning import INFECTED, NOT_SCANNED, Infected, NotScanned, scan
from atlas.feeds.commands import delivery as commands
from atlas.feeds.queries import feed_post, preview
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.running.precedence import give_way


class Command(BaseCommand):
    help = "Receive a partner's delivery, say what it would do, and (with --commit) take it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["receive"])
        parser.add_argument("layout")
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="username", required=True, help="the data officer on whose behalf")
        parser.add_argument("--historic", action="store_true")
        parser.add_argument("--part", action="store_true", help="it holds a part of the children only: what it lacks is not gone")
        parser.add_argument(
            "--as-at", type=datetime.fromisoformat, help="when it was written, as 2026-05-05T02:10 in London; now, without it"
        )
        parser.add_argument("--commit", action="store_true")

    def run_from_argv(self, argv: list[str]) -> None:
        """A file takes long: it gives way to pages."""
        give_way()
        super().run_from_argv(argv)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the clock once, act as the data officer named."""
        at = timezone.now()
        by = Post.objects.filter(user__username=options["username"]).select_related("user", "team__agency").first()
        if by is None:
            raise CommandError(f"There is nobody called {options['username']}.")
        authority = authority_served(by)
        carried_by = feed_post(authority) if authority else None
        if authority is None or carried_by is None:
            raise CommandError("This person's agency has no feed of its own yet.")
        file: Path = options["file"]
        as_at: datetime = options["as_at"] or at
        if timezone.is_naive(as_at):
            as_at = timezone.make_aware(as_at)
        if not file.exists():
            raise CommandError(f"There is no file {file}.")
        try:
            with file.open("rb") as held:
                scan(held)
            delivery = commands.receive_delivery(
                file=commands.File(file, file.name), layout=options["layout"], authority=authority, carried_by=carried_by, as_at=as_at,
                is_historic=options["historic"], is_partial=options["part"], by=by, at=at,
            )  # fmt: skip
            if options["commit"]:
                delivery = commands.commit_delivery(delivery=delivery, by=by, at=at)
        except Infected as problem:
            raise CommandError(INFECTED) from problem
        except NotScanned as problem:
            raise CommandError(NOT_SCANNED) from problem
        except Invalid as problem:
            raise CommandError(problem.message) from problem
        except Refused as refused:
            raise CommandError("This person may not do that.") from refused
        with acting_as(by, at):
            for table, state, count in preview(delivery):
                self.stdout.write(f"{table:24} {state:28} {count:>8,}")
