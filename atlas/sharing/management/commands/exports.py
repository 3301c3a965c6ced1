"""`manage exports trace FILE --as USERNAME`: whose export a leaked text comes from, for a privacy officer; each tracing is on record."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import F
from django.utils import timezone

from atlas.agencies.models import Post
from atlas.design.words import when
from atlas.gate.act import Refused
from atlas.sharing.commands.export import trace_export


class Command(BaseCommand):
    help = "Say whose export a leaked text comes from: a text file, or - for what is typed; a few rows or lines are enough."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["trace"])
        parser.add_argument("file", help="the leaked text, or - to type it")
        parser.add_argument("--as", dest="username", required=True, help="the privacy officer who asks: a user name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the text and the clock, ask as the officer, and say who, how sure, and by how many signs."""
        by = Post.objects.filter(user__username=options["username"]).select_related("user", "team__agency")
        officer = by.order_by(F("until_on").desc(nulls_first=True), "-from_on", "pk").first()
        if officer is None:
            raise CommandError(f"There is nobody called {options['username']}.")
        try:
            found = trace_export(text=_text(options["file"]), by=officer, at=timezone.now())
        except Refused as refused:
            raise CommandError("Only a privacy officer may trace an export.") from refused
        if not found:
            self.stdout.write("Nothing in this text points to an export of the agencies that you answer for. Try a longer piece of it.")
        for one, export in found:
            self.stdout.write(
                f"{one.sure:7.2%} sure  {export.reference}  {export.made_by}, {export.made_by.team.agency.name}, {when(export.asked_at)}, "
                f"for {export.recipient_words}; {one.fits} of {one.shown} signs fit"
            )


def _text(file: str) -> str:
    """The leaked text. Raises CommandError for what is no text."""
    path = Path(file)
    if file != "-" and not path.is_file():
        raise CommandError(f"There is no file {file}.")
    content = sys.stdin.buffer.read() if file == "-" else path.read_bytes()
    if content.startswith((b"PK", b"%PDF")) or b"\0" in content[:1000]:
        raise CommandError("This is no text. Open it, copy the words out of it, and give those: a few rows are enough.")
    return content.decode("utf-8-sig", errors="replace")
