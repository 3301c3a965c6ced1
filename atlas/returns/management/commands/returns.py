"""`manage returns check --year 2018 FILES [--last FILES] [--report OUT.csv]`: what the rules of the Missing table say of a return."""

import tempfile
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from atlas.returns.checking.check import Checked, check, findings
from atlas.returns.checking.staging import Given, Problem
from atlas.returns.report import days_of, report
from atlas.returns.rules import RULE

SHOWN = 10


class Command(BaseCommand):
    help = "Check the Missing table of a return of looked-after children (SSDA903): CSV or XML, of any year from 2017."
    requires_system_checks = ()  # it asks no database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["check"])
        parser.add_argument("files", nargs="+", type=Path, help="this year's files: Missing, and Header and Episodes if they are at hand")
        parser.add_argument("--year", type=int, required=True, help="the year in which the collection ends, on 31 March")
        parser.add_argument("--last", nargs="*", type=Path, default=[], help="last year's Missing table")
        parser.add_argument("--report", type=Path, help="where to write every finding, as CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, and say what was found, by rule."""
        given = [
            Given(path, path.name, is_last) for is_last, paths in ((False, options["files"]), (True, options["last"])) for path in paths
        ]
        for one in given:
            if not one.path.is_file():
                raise CommandError(f"There is no file {one.path}.")
        with tempfile.TemporaryDirectory(prefix="atlas-return-") as work:
            try:
                checked = check(given, options["year"], Path(work))
            except Problem as problem:
                raise CommandError(str(problem)) from problem
            self._say(checked)
            if options["report"]:
                with options["report"].open("w", encoding="utf-8-sig", newline="") as out:
                    report(out, findings(checked.findings), checked.year)
                self.stdout.write(f"All of it stands in {options['report']}.")

    def _say(self, checked: Checked) -> None:
        for name, file, rows in checked.tables:
            self.stdout.write(f"{name}: {file}, " + ("not needed for these rules" if rows is None else f"{rows:,} rows"))
        for question in checked.questions:
            self.stdout.write(f"Question: {question}")
        for code, need in checked.skipped.items():
            self.stdout.write(f"Rule {code} ({RULE[code].name}) was not asked: give the table {need} too.")
        days = days_of(checked.year)
        for code, found in groupby(findings(checked.findings), lambda one: one.rule):
            rows, last, children = checked.counts[code]
            self.stdout.write(f"\nRule {code}: {RULE[code].name}. {rows + last:,} rows, {children:,} children.")
            for one in islice(found, SHOWN):
                self.stdout.write(f"  {one.whose}: {one.words(*days)}")
            if rows + last > SHOWN:
                self.stdout.write(f"  … and {rows + last - SHOWN:,} more; --report FILE writes them all.")
        self.stdout.write(f"\n{checked.total:,} findings." if checked.total else "\nThese rules find nothing wrong.")
