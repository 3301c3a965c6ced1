"""`manage procrastinate worker`: the jobs. They do not start while the gate in the database has a hole, no more than the service does."""

from typing import Any

from django.db import connections
from procrastinate.contrib.django.management.commands.procrastinate import Command as OfThePackage

from atlas.gate.catalogue import end_where_a_hole_is
from atlas.running.precedence import give_way
from atlas.running.rules import URGENT


class Command(OfThePackage):
    """The package's own command: found first, because this app stands before the package's (settings.INSTALLED_APPS)."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at the gate, then work; behind everything else, unless what is urgent is among it."""
        end_where_a_hole_is(connections["default"], "The worker")
        if options.get("queues") and URGENT not in options["queues"]:
            give_way()
        super().handle(*args, **options)
