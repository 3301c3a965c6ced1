"""`manage clocks due KEY START [--authority CODE]`, the same for many as CSV on standard input, and `manage clocks list`."""

import csv
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from atlas.agencies.models import Authority
from atlas.chronology.moments import LONDON, from_iso
from atlas.clocks.calendar import warning
from atlas.clocks.queries import bank_holidays_changed, limits_side_by_side, local_limits, time_limits
from atlas.clocks.rules import Deadline, TimeLimit, limit_that_judges, rule_on

COLUMNS = ("key", "start", "due_utc", "due_london", "rule", "error")


class Command(BaseCommand):
    help = "Say when something is due, and why; or list every time limit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["due", "list"])
        parser.add_argument("key", nargs="?")
        parser.add_argument("start", nargs="?", help="ISO 8601; without an offset it is London time; a date alone has no time")
        parser.add_argument("--authority", metavar="CODE", help="judge by this authority's own limits, where it has set one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer one question, many (CSV on standard input), or list the rules. Warn where the bank holidays end soon."""
        if words := warning(timezone.localdate()):
            self.stderr.write(words)
        if options["verb"] == "list":
            self._list()
            return
        rules = Rules(options["authority"])
        if options["key"] is None:
            self._many(rules)
        elif options["start"] is None:
            raise CommandError("Give the start too, for example: clocks due return_interview 2025-05-02T14:00")
        else:
            self._one(rules, options["key"], options["start"])

    def _one(self, rules: "Rules", key: str, start: str) -> None:
        try:
            limit, deadline = rules.judge(key, start)
            self.stdout.write(f"due {deadline.words} London time ({in_utc(deadline)})")
            self.stdout.write(f"{limit.explain(from_iso(start), rules.changes)}\nRule {limit.version}")
        except (ValueError, LookupError) as problem:
            raise CommandError(str(problem)) from problem

    def _many(self, rules: "Rules") -> None:
        writer = csv.DictWriter(self.stdout, COLUMNS, lineterminator="\n")
        try:
            reader = csv.DictReader(line.lstrip("\ufeff") for line in sys.stdin)
            if not {"key", "start"} <= set(reader.fieldnames or ()):
                raise CommandError("The first line must name the columns key,start.")
            writer.writeheader()
            writer.writerows(answers(rules, reader))
        except UnicodeDecodeError as problem:
            raise CommandError("This is not UTF-8 text. Save the file as “CSV UTF-8” and try again.") from problem
        except csv.Error as problem:
            raise CommandError(f"This is not CSV that can be read ({problem}).") from problem

    def _list(self) -> None:
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow([
            "key", "name", "authority", "allowed", "rank", "starts", "stops", "pause", "source", "valid_from", "valid_until", "rule",
        ])  # fmt: skip
        for limit, rows in limits_side_by_side():
            for one in (limit, *(row.instead_of(limit) for row in rows)):
                writer.writerow([
                    one.key, one.name, one.authority_code, one.allowed.words, one.rank, one.starts, one.stops, one.pause, harmless(one.source),
                    one.valid_from, one.valid_until or "", one.version,
                ])  # fmt: skip


class Rules:
    """The rules by which starts are judged: all time limits, what one authority has set for itself, the changes of bank holidays."""

    def __init__(self, code: str | None) -> None:
        authority = Authority.objects.filter(code=code).first() if code else None
        if code and authority is None:
            raise CommandError(f"There is no authority with the code “{code}”.")
        self.limits, self.changes = time_limits(), bank_holidays_changed()
        self.local = list(local_limits().filter(authority=authority)) if authority else []

    def judge(self, key: str, start: str) -> tuple[TimeLimit, Deadline]:
        """The rule in force at the start, and its deadline. Raises ValueError or LookupError, in words."""
        moment = from_iso(start)
        if moment.day is None:
            raise ValueError("Give the day of the start.")
        limit = rule_on(self.limits, key, moment.day)
        rule = limit_that_judges(moment, limit, [row.instead_of(limit) for row in self.local if row.limit == key], self.changes)
        deadline = rule.due(moment, self.changes)
        if deadline is None:
            raise ValueError("Give the day of the start.")
        return rule, deadline


def answers(rules: Rules, rows: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    """One answer for each row; a row that cannot be judged says why, and the others go on."""
    for row in rows:
        key, start = (row["key"] or "").strip(), (row["start"] or "").strip()
        answer = dict.fromkeys(COLUMNS, "") | {"key": harmless(key), "start": harmless(start)}
        try:
            limit, deadline = rules.judge(key, start)
        except (ValueError, LookupError) as problem:
            yield answer | {"error": str(problem)}
            continue
        yield answer | {"due_utc": in_utc(deadline), "due_london": in_london(deadline), "rule": limit.version}


def in_utc(deadline: Deadline) -> str:
    """The deadline as ISO 8601 in UTC; where the start was a day only, the interval "earliest/latest"."""
    return "/".join(f"{end:%Y-%m-%dT%H:%M:%SZ}" for end in ends(deadline))


def in_london(deadline: Deadline) -> str:
    """The same in London time, with its offset."""
    return "/".join(end.astimezone(LONDON).isoformat(timespec="seconds") for end in ends(deadline))


def ends(deadline: Deadline) -> list[datetime]:
    """One instant, or the earliest and the latest."""
    return [deadline.earliest] if deadline.earliest == deadline.latest else [deadline.earliest, deadline.latest]


def harmless(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
