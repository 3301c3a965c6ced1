"""`manage clocks due KEY START`, the same for many as CSV on standard input, and `manage clocks list`."""

import csv
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atlas.chronology.moments import LONDON, from_iso
from atlas.clocks.queries import time_limits
from atlas.clocks.rules import Deadline, TimeLimit, rule_on

COLUMNS = ("key", "start", "due_utc", "due_london", "rule", "error")


class Command(BaseCommand):
    help = "Say when something is due, and why; or list every time limit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["due", "list"])
        parser.add_argument("key", nargs="?")
        parser.add_argument("start", nargs="?", help="ISO 8601; without an offset it is London time; a date alone has no time")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer one question, many (CSV on standard input), or list the rules."""
        if options["verb"] == "list":
            self._list()
        elif options["key"] is None:
            self._many()
        elif options["start"] is None:
            raise CommandError("Give the start too, for example: clocks due return_interview 2025-05-02T14:00")
        else:
            self._one(options["key"], options["start"])

    def _one(self, key: str, start: str) -> None:
        try:
            limit, deadline = judge(key, start)
        except (ValueError, LookupError) as problem:
            raise CommandError(str(problem).strip("'\"")) from problem
        self.stdout.write(f"due {deadline.words if deadline else 'not known'}\n{limit.explain(from_iso(start))}\n")

    def _many(self) -> None:
        reader = csv.DictReader(sys.stdin)
        if not {"key", "start"} <= set(reader.fieldnames or ()):
            raise CommandError("The first line must name the columns key,start.")
        writer = csv.DictWriter(self.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(answers(reader))

    def _list(self) -> None:
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(["key", "name", "allowed", "rank", "starts", "stops", "pause", "source", "valid_from", "valid_until"])
        for limit in time_limits():
            writer.writerow([
                limit.key, limit.name, limit.allowed.words, limit.rank, limit.starts, limit.stops, limit.pause, limit.source,
                limit.valid_from, limit.valid_until or "",
            ])  # fmt: skip


def judge(key: str, start: str) -> tuple[TimeLimit, Deadline | None]:
    """The rule in force at the start, and its deadline. Raises ValueError or LookupError, in words."""
    moment = from_iso(start)
    day = moment.day
    if day is None:
        raise ValueError("Give the day of the start.")
    limit = rule_on(time_limits(), key, day)
    return limit, limit.due(moment)


def answers(rows: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    """One answer for each row; a row that cannot be judged says why, and the others go on."""
    for row in rows:
        key, start = (row["key"] or "").strip(), (row["start"] or "").strip()
        answer = dict.fromkeys(COLUMNS, "") | {"key": key, "start": start}
        try:
            limit, deadline = judge(key, start)
        except (ValueError, LookupError) as problem:
            yield answer | {"error": str(problem).strip("'\"")}
            continue
        if deadline is not None:
            ends = (deadline.earliest,) if deadline.earliest == deadline.latest else (deadline.earliest, deadline.latest)
            answer["due_utc"] = " / ".join(f"{end:%Y-%m-%dT%H:%M:%SZ}" for end in ends)
            answer["due_london"] = " / ".join(f"{end.astimezone(LONDON):%Y-%m-%dT%H:%M:%S%z}" for end in ends)
        yield answer | {"rule": limit.version}
