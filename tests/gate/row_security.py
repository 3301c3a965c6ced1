"""`run.py check`: pgrls, somebody else's linter of row security, reads a database with the gate installed (docs/adr/0019, 0025).

Each of its findings is mended, or stands by name in `row_security.txt` under the reason why it may; a finding that is not there
fails, and so does a name there that the linter finds no more. What is said then is a patch of that file, for `git apply`.
The tables are made again where a migration changed; the gate is installed each time.
"""

import difflib
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from itertools import groupby, product
from pathlib import Path

from tests.migrated import cluster, django, migrated, recreate

ROOT = Path(__file__).resolve().parents[2]
NAME = f"check_gate{os.environ.get('ATLAS_TEST_SUFFIX', '')}"
TABLE = Path(__file__).with_suffix(".txt")
UNSAID = "NOBODY HAS SAID WHY THESE MAY STAND: mend them, or put the reason here"

Finding = tuple[str, str, str]  # rule, table or function, and the policy or trigger of it (or nothing)
Accepted = dict[str, set[Finding]]  # under each reason


def made() -> str:
    """A database with every table and the gate, for reading; its address for the owner's login."""
    recreate(NAME, migrated())
    django(NAME, "gate", "install")
    return cluster().url("atlas_owner", NAME)


def found(address: str) -> dict[Finding, str]:
    """What the linter says of it: each finding, and the first sentence of its words."""
    program = Path(sys.executable).parent / "pgrls"
    said = subprocess.run(
        [program, "lint", "--database-url", address, "--format", "json"], cwd="/", capture_output=True, text=True, check=False
    )
    try:
        violations = json.loads(said.stdout)["violations"]
    except (ValueError, KeyError):
        raise SystemExit(f"pgrls did not answer: {said.stdout[-500:]}{said.stderr[-500:]}") from None
    findings = {}
    for one in violations:
        table, _, part = one["location"].removeprefix("public.").partition(".")
        findings[one["rule_id"], table, part] = one["message"].split(". ")[0]
    return findings


def read(text: str) -> Accepted:
    """The table of accepted findings. A line without indent is a reason; one with is `RULE … [policy …] of table …`: all of each."""
    accepted: Accepted = {}
    reason = ""
    for line in filter(str.strip, text.splitlines()):
        if not line.startswith(" "):
            reason = line
            accepted.setdefault(reason, set())
            continue
        words, _, tables = line.partition(" of ")
        rules = [word for word in words.split() if re.fullmatch(r"[A-Z]+\d+", word)]
        parts = [word for word in words.split() if word not in rules] or [""]
        accepted[reason] |= {(rule, table, part) for rule, part, table in product(rules, parts, tables.split())}
    return accepted


def written(accepted: Accepted) -> str:
    """The table as text, in one form for one content: what is of one folder stands on one line."""
    lines: list[str] = []
    for reason, findings in accepted.items():
        lines += [*([""] if lines else []), reason]
        rules: dict[tuple[str, str], list[str]] = defaultdict(list)
        for rule, table, part in sorted(findings):
            rules[table, part].append(rule)
        parts: dict[tuple[str, str], list[str]] = defaultdict(list)
        for (table, part), those in sorted(rules.items()):
            parts[table, " ".join(those)].append(part)
        tables: dict[str, list[str]] = defaultdict(list)
        for (table, rule), members in parts.items():
            tables[" ".join(filter(None, [rule, *members]))].append(table)
        for words, names in sorted(tables.items()):
            lines += [
                f"    {words} of {' '.join(those)}" for _, those in groupby(sorted(names), _of_functions if words == "SEC014" else _folder)
            ]
    return "\n".join(lines) + "\n"


def _folder(table: str) -> str:
    return table.split("_")[0]


def _of_functions(name: str) -> str:
    return name[: len("gate_") + 1]  # they are so many that a line is a letter


def as_found(accepted: Accepted, findings: set[Finding]) -> Accepted:
    """The table as it would be for these findings: a new one stands under the one reason that holds its like, or under none."""
    kept = {reason: those & findings for reason, those in accepted.items()}
    for one in sorted(findings.difference(*accepted.values())):
        rule, _, part = one
        alike = [reason for reason, those in accepted.items() if any((rule, part) == (other, its) for other, _, its in those)]
        kept.setdefault(alike[0] if len(alike) == 1 else UNSAID, set()).add(one)
    return {reason: those for reason, those in kept.items() if those}


def judged(text: str, findings: dict[Finding, str]) -> list[str]:
    """What must be done about the findings, in words, with the patch of the table; empty where both say the same."""
    accepted = read(text)
    named = {one for those in accepted.values() for one in those}
    problems = [f"NEW {' '.join(filter(None, one))}: {findings[one]}" for one in sorted(findings.keys() - named)]
    problems += [f"GONE {' '.join(filter(None, one))}: take it out, nothing needs it any more" for one in sorted(named - findings.keys())]
    twice = sorted(one for one in named if sum(one in those for those in accepted.values()) > 1)
    problems += [f"TWICE {' '.join(filter(None, one))}: one reason is enough" for one in twice]
    problems += [UNSAID] if UNSAID in accepted else []
    should = written(as_found(accepted, {*findings}))
    if problems or text != should:
        name = TABLE.relative_to(ROOT).as_posix()
        problems += difflib.unified_diff(text.splitlines(), should.splitlines(), f"a/{name}", f"b/{name}", lineterm="", n=1)
    return problems


def main() -> None:
    """Make, read, judge."""
    cluster().start()
    findings = found(made())
    if problems := judged(TABLE.read_text(encoding="utf-8"), findings):
        raise SystemExit(
            "\n".join([*problems, "", f"Mend what is new, or take this patch into {TABLE.name} (git apply), with its reason."])
        )


if __name__ == "__main__":
    main()
