"""A return is checked in a child process that can harm nobody; here it is started, and what it found is read."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from atlas.returns.checking.staging import Given, Problem
from atlas.returns.layouts import FIRST_YEAR, LAST_YEAR
from atlas.returns.rules import RULES, Finding

WALL_SECONDS = 300
CHECKER = Path(__file__).with_name("checker.py")
FINDINGS = "findings.csv"


@dataclass(frozen=True)
class Checked:
    """What a check found: tables as (name, file, rows); by rule (rows, rows of last year's table, children); rules not asked, for want of what."""

    year: int
    tables: tuple[tuple[str, str, int], ...]
    counts: dict[str, tuple[int, int, int]]
    skipped: dict[str, str]
    questions: tuple[str, ...]
    findings: Path

    @property
    def total(self) -> int:
        """How many findings there are."""
        return sum(rows + last for rows, last, _ in self.counts.values())


def check(files: Sequence[Given], year: int, work: Path) -> Checked:
    """Check the files of one return. `work`: a folder of the caller's, empty, that holds the findings afterwards.

    Raises Problem, in the user's words, where a file cannot be taken; then nothing was judged.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Problem(f"Choose a year from {FIRST_YEAR} to {LAST_YEAR}: the year in which the collection ends, on 31 March.")
    if not files:
        raise Problem("Choose the files of the return.")
    job = {"year": year, "work": str(work), "files": [[str(one.path), one.name, one.is_last] for one in files]}
    # The child sees an empty environment: no secret of the service's reaches a parser.
    child = subprocess.Popen(
        [sys.executable, "-I", str(CHECKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=work,
        env={"PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"},
    )  # fmt: skip
    try:
        said, _ = child.communicate(json.dumps(job), WALL_SECONDS)
        word = json.loads(said)
    except (subprocess.TimeoutExpired, ValueError) as problem:
        raise Problem("These files ask for more memory or time than a return may. Give the tables one by one, or as CSV.") from problem
    finally:
        child.kill()
        child.wait()
    if "fault" in word:
        raise RuntimeError(f"the checker of returns failed: {word['fault']}")
    if "problem" in word:
        raise Problem(word["problem"])
    return Checked(
        year, tuple((name, file, rows) for name, file, rows in word["tables"]),
        {rule.code: tuple(word["counts"][rule.code]) for rule in RULES if rule.code in word["counts"]},
        word["skipped"], tuple(word["questions"]), work / FINDINGS,
    )  # fmt: skip


def findings(path: Path) -> Iterator[Finding]:
    """What was found, in the order of rules, children and rows."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from map(finding, csv.reader(file))


def finding(row: Sequence[str]) -> Finding:
    """One finding, of its line in the file of findings."""
    rule, case, table, number, child, dob, kind, start, end, other = row
    return Finding(rule, case, table, int(number), child, dob, kind, start, end, other)
