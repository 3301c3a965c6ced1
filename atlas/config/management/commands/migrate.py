"""`manage migrate`: Django's own, but that it gives way to pages: it waits a moment for a lock, lets go, and tries again (gate/giving_way.py)."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as OfDjango
from django.db import connections

from atlas.gate.giving_way import GivingWay, NobodyLetGo


class Command(OfDjango):
    """A migration in a transaction is done anew, whole; one without is tried statement by statement."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; end with a sentence, and not zero, where somebody held a lock all the while."""
        connection, migrate = connections[options["database"]], super().handle
        try:
            with GivingWay(connection, self.stdout.write) as way, connection.execute_wrapper(way.by_itself):
                way.trying(lambda: migrate(*args, **options))
        except NobodyLetGo as problem:
            raise CommandError(f"Not all is migrated: {problem}") from None
