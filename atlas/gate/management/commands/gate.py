"""`manage gate install`: make the gate in the database from the policy. `manage gate check`: is it there, whole?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections, transaction

from atlas.gate.catalogue import findings
from atlas.gate.install import statements


class Command(BaseCommand):
    help = "Make the gate's functions and row security from the policy (install), or check that they stand (check)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["install", "check"])
        parser.add_argument("--database", default="default")

    def handle(self, *args: Any, **options: Any) -> None:
        """Install as the owner of the tables; check as anyone."""
        if options["verb"] == "install":
            install(options["database"])
        problems = findings(connections[options["database"]])
        if problems:
            raise CommandError("The gate does not stand:\n" + "\n".join(f"  {problem}" for problem in problems))
        self.stdout.write("The gate stands.")


def install(alias: str) -> None:
    """Run every statement of the gate on this connection, in one transaction."""
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)
