"""The Python of clocks, redaction and import, changed in one place at a time: does a test notice (protection.md table D, D7)? `bench mutation [PART …] [--quick]`

Each change is put into the functions of a process forked from one in which the tests are collected, and those of them that reach the function are run, the
quickest first, until one fails or takes ten times as long and 20 s more. What none of them has noticed after PATIENCE seconds counts as survived: the figure is a
floor. Survivors are listed; one with a reason stands in EQUIVALENT. The policy's data and steps are in `bench access`, its SQL in `bench clauses`.
"""

import importlib
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import django
import pytest

from bench.proof_tools import as_in_tests
from bench.python_equivalents import EQUIVALENT
from bench.python_mutants import Change, changes, function_of
from run import ROOT

if os.environ.get("ATLAS_TEST") != "1":  # `run.py bench` begins in the demo's environment, and these are tests
    os.execve(sys.executable, [sys.executable, "-m", "bench.mutation", *sys.argv[1:]], as_in_tests())  # noqa: S606

QUICK, EVERY, PATIENCE, LINGERS = "--quick" in sys.argv, 10, 60, 20
PARTS = {
    "clocks": (
        ["atlas/clocks/rules.py", "atlas/clocks/calendar.py", "atlas/chronology/moments.py", "atlas/gate/days.py"],
        ["tests/clocks/test_rules.py", "tests/clocks/test_calendar.py", "tests/clocks/test_moments.py", "tests/clocks/test_decisive.py", "tests/gate/test_days.py",
         "tests/rules/test_return_interview.py", "tests/rules/test_working_days.py", "tests/rules/test_local_limits.py"],
    ),
    "redaction": (
        ["atlas/subject_access/marks.py", "atlas/subject_access/rules.py", "atlas/intelligence/rules.py", "atlas/sharing/compile.py"],
        ["tests/subject_access/test_marks.py", "tests/subject_access/test_rules.py", "tests/subject_access/test_weighing.py",
         "tests/subject_access/test_answers.py", "tests/subject_access/test_requests.py", "tests/intelligence/test_rules.py",
         "tests/intelligence/test_sanitising.py", "tests/intelligence/test_handling.py", "tests/intelligence/test_commands.py",
         "tests/sharing/test_compile.py", "tests/sharing/test_disclose.py", "tests/sharing/test_copies_given.py", "tests/sharing/test_free_words.py",
         "tests/sharing/test_guests.py", "tests/copies/test_nothing_else.py", "tests/sealed/test_clear.py"],
    ),
    "import": (
        ["atlas/feeds/layouts.py", "atlas/feeds/police.py", "atlas/feeds/ssd.py", "atlas/feeds/rules.py", "atlas/feeds/handling.py",
         "atlas/feeds/commands/delivery.py"],
        ["tests/feeds/test_layouts.py", "tests/feeds/test_deliveries.py", "tests/feeds/test_main_system.py", "tests/feeds/test_doubts.py",
         "tests/feeds/test_shut_out.py", "tests/feeds/test_workers.py", "tests/feeds/test_pages.py", "tests/feeds/test_batches.py",
         "tests/transfers/test_transfers.py", "tests/missing/test_death.py"],
    ),
}  # fmt: skip
Item = pytest.Item


class Tried:
    """A plugin of pytest that collects, runs each test once to see what it reaches, and then every change under those tests."""

    def __init__(self, files: list[str]) -> None:
        django.setup()
        self.files = files
        self.modules = {file: importlib.import_module(file.removesuffix(".py").replace("/", ".")) for file in files}
        self.reached: dict[str, list[Item]] = defaultdict(list)
        self.caught, self.survived = 0, list[tuple[str, Change]]()
        self.took: dict[str, float] = {}
        self.has_failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Whether the test that has just run failed."""
        self.has_failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of running the tests."""
        paths = {str(ROOT / file): file for file in self.files}
        for place, item in enumerate(session.items):
            self._look(item, session.items[(place + 1) % len(session.items)], paths)
            assert not self.has_failed, f"{item.nodeid} fails without any change"
        from django.db import connections

        connections.close_all()  # or what is forked would speak through them too
        began = time.monotonic()
        for file, change in self._all():
            items = self.reached.get(f"{file}:{change.qualname}", [])
            if items and self._is_caught(file, change, items, session.items[0]):
                self.caught += 1
                continue
            self.survived.append((file, change))
            why = EQUIVALENT.get((file, change.qualname, change.what), "NOT CAUGHT" if items else "reached by no test of these")
            print(f"\n  {file}:{change.line} {change.qualname}: {change.what}\n      {why}", flush=True)
        print(f"{self.caught + len(self.survived)} changes in {time.monotonic() - began:.0f} s")
        return True

    def _all(self) -> Iterator[tuple[str, Change]]:
        every = [(file, change) for file in self.files for change in changes(ROOT / file)]
        yield from every[:: EVERY if QUICK else 1]

    def _look(self, item: Item, following: Item, paths: dict[str, str]) -> None:
        """Run a test, and note which functions it reaches."""
        seen = set[tuple[str, str]]()

        def entered(frame: FrameType, event: str, _: Any) -> None:
            if event == "call" and frame.f_code.co_filename in paths:
                seen.add((paths[frame.f_code.co_filename], frame.f_code.co_qualname.split(".<locals>")[0]))

        self._forget()
        began = time.monotonic()
        sys.setprofile(entered)
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        finally:
            sys.setprofile(None)
        self.took[item.nodeid] = time.monotonic() - began
        for file, qualname in seen:
            self.reached[f"{file}:{qualname}"].append(item)

    def _forget(self) -> None:
        """What a function of these modules has kept of an earlier call is not asked again."""
        for module in self.modules.values():
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()

    def _is_caught(self, file: str, change: Change, items: list[Item], last: Item) -> bool:
        """Whether one of these tests fails, or takes far longer, with the change."""
        child = os.fork()
        if not child:
            try:
                self._child(file, change, sorted(items, key=lambda item: self.took[item.nodeid]), last)
            finally:
                os._exit(2)  # what cannot even be put in place is caught too
        return os.waitpid(child, 0)[1] != 0

    def _child(self, file: str, change: Change, items: list[Item], last: Item) -> None:
        """In a process of its own: put the change in place, and run the quickest tests first."""
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        function = function_of(self.modules[file], change.qualname)
        assert function is not None
        function.__code__ = change.code
        self._forget()
        began = time.monotonic()
        for item, following in zip(items, [*items[1:], last], strict=True):
            if time.monotonic() - began > PATIENCE:
                break
            signal.alarm(LINGERS + int(10 * self.took[item.nodeid]))
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.has_failed:
                os._exit(1)
        os._exit(0)


def try_part(part: str) -> tuple[int, int, int]:
    """Every change of a part: changed, caught, survivors without a reason."""
    files, tests = PARTS[part]
    tried = Tried(files)
    code = pytest.main(
        ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", *(test for test in tests if Path(ROOT / test.split("::")[0]).exists())],
        plugins=[tried],
    )
    assert code in (0, 5), code
    bare = [one for one in tried.survived if (one[0], one[1].qualname, one[1].what) not in EQUIVALENT]
    return tried.caught + len(tried.survived), tried.caught, len(bare)


def main() -> None:
    """Every part, or those that are named."""
    from bench.measuring import last_line, table

    began, lines, done = time.monotonic(), list[list[object]](), list[tuple[int, int, int]]()
    for part in PARTS:
        if part in sys.argv or not set(PARTS) & set(sys.argv):
            changed, caught, bare = try_part(part)
            same = changed - caught - bare
            done.append((changed, caught, bare))
            lines.append([part, changed, caught, same, bare, f"{caught / max(changed - same, 1):.1%}"])
    table(["part", "changed", "caught", "the same, with a reason", "survived", "caught of what differs"], lines)
    changed, caught, bare = (sum(one) for one in zip(*done, strict=True))
    last_line(changed=changed, caught=caught, survived=bare, seconds=time.monotonic() - began)
    os._exit(0)


main()
