"""`manage database prepare`: print what the administrator of a council's own PostgreSQL (15 to 18) runs once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from atlas.config.launcher import prepare_sql


class Command(BaseCommand):
    help = "Print the statements that make Atlas's logins, its gate role and its extensions. They can be run again without harm."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["prepare"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them; the administrator gives each login its password."""
        self.stdout.write("-- Run in Atlas's own database, as its administrator; then ALTER ROLE … PASSWORD for each login.")
        self.stdout.write(prepare_sql())
