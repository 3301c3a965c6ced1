"""`manage tick [--every SECONDS]`: do what follows with time, once or again and again, as the named service post."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone

from atlas.agencies.models import Post
from atlas.gate.catalogue import end_where_a_hole_is
from atlas.running.queue import beat
from atlas.tick import tick


class Command(BaseCommand):
    help = "Raise alerts for what is overdue, and let unacknowledged alerts climb. Safe to run twice at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, help="seconds between runs; without it, one run")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run once, or until stopped; not at all while the gate has a hole."""
        end_where_a_hole_is(connections["default"], "Tick")
        while True:
            by = Post.objects.filter(role="tick", is_service=True).select_related("team").first()
            if by is None:
                raise CommandError(
                    "There is no service post for tick. An administrator must make one: a post with the role Tick, marked as a service post."
                )
            try:
                done = tick(by=by, at=timezone.now())
            except ExceptionGroup as problem:  # what could be done was; no beat is left, so that soon the pages say that tick is late
                if not options["every"]:
                    raise CommandError(problem.message) from problem
                connections.close_all()  # one that broke would stay broken
            else:
                beat("tick")
                if done.overdue or done.climbed:
                    self.stdout.write(f"overdue {done.overdue}, climbed {done.climbed}, notices {done.notices}")
            if not options["every"]:
                return
            time.sleep(options["every"])
