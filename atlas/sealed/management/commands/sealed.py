"""`manage sealed serve`: the unsealer's door, under its own login. `key`: the public key with which the service seals."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from atlas.sealed.boxes import MasterKey, Unopenable
from atlas.sealed.unsealer import Unsealer


class Command(BaseCommand):
    help = "Open sealed sets for whoever may (serve), or say the public key that goes with the private one (key)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["serve", "key"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the verbs; say in a sentence what stands in the way."""
        try:
            master = MasterKey.read(settings.ATLAS_UNSEALING_KEY)
        except Unopenable as problem:
            raise CommandError(str(problem)) from problem
        if options["verb"] == "key":
            self.stdout.write(master.public)
            return
        if settings.ATLAS_AS != "unsealer":
            raise CommandError("The unsealer signs in to the database as itself: ATLAS_AS=unsealer.")
        with Unsealer(settings.ATLAS_UNSEALER, master) as unsealer:
            unsealer.serve_forever()
