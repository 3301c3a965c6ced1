"""`manage accounts first`: the first administrators of an installation, before anybody can act."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from atlas.accounts.beginning import First, first_administrators
from atlas.gate.act import Invalid


class Command(BaseCommand):
    help = "Make the first administrators (at least two) of a new installation, and print the link by which each opens the account, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["first"])
        parser.add_argument("--council", required=True, help="the name of the agency whose administrators they are")
        parser.add_argument(
            "--administrator",
            nargs=4,
            action="append",
            default=[],
            metavar=("USERNAME", "FORENAME", "SURNAME", "EMAIL"),
            help="once for each",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run as the service, on a new installation."""
        try:
            with transaction.atomic():
                links = first_administrators(
                    council=options["council"], people=[First(*one) for one in options["administrator"]], at=timezone.now()
                )
        except Invalid as problem:
            raise CommandError(problem.message) from problem
        for made in links:
            address = f"{settings.ATLAS_ADDRESS.rstrip('/')}{reverse('accounts:enrol_link', args=[made.code])}"
            self.stdout.write(f"{made.user.username}: {address} (once, until {made.expires_at:%d %B %Y %H:%M} UTC)")
