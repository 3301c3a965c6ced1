"""How much of the code that must not err its own tests walk, lines and branches (protection.md table D, D8): `bench coverage [PART …] [--quick]`.

Each part under the tests that are its own, in one process; the floor is 95 % of branches and lines together, and what is not walked is listed. `--quick`: clocks alone.
"""

import json
import subprocess
import sys
import time

from bench.measuring import last_line, table
from bench.proof_tools import as_in_tests, proof_tools
from run import ROOT, STATE

FLOOR = 95.0
# part: (what is walked, the tests that are its own)
PARTS = {
    "policy": (
        ["atlas/gate/policy.py", "atlas/gate/rules.py", "atlas/gate/queries.py", "atlas/gate/context.py", "atlas/gate/act.py",
         "atlas/gate/page.py", "atlas/gate/shown.py"],
        ["tests/gate", "--deselect=tests/gate/test_worlds.py", "--deselect=tests/gate/test_crawl.py", "--deselect=tests/gate/test_hostile_requests.py",
         "--deselect=tests/gate/test_blocks.py", "--deselect=tests/gate/test_row_security.py",
         "tests/writes", "tests/break_glass", "tests/accounts/test_sessions.py", "tests/running/test_read_only.py", "tests/sharing/test_guests.py"],
    ),
    "clocks": (["atlas/clocks/rules.py", "atlas/clocks/calendar.py", "atlas/clocks/commands.py", "atlas/clocks/queries.py", "atlas/chronology/moments.py"],
               ["tests/clocks", "tests/rules"]),
    "audit": (["atlas/audit/*.py"], ["tests/audit"]),
    "shared": (["atlas/sharing/compile.py", "atlas/sharing/rules.py", "atlas/sharing/copy.py", "atlas/sharing/commands/*.py", "atlas/sharing/exports/*.py"],
               ["tests/sharing"]),
    "redaction": (["atlas/subject_access/marks.py", "atlas/subject_access/rules.py", "atlas/intelligence/rules.py"],
                  ["tests/subject_access", "tests/intelligence"]),
    "import": (["atlas/feeds/*.py", "atlas/feeds/commands/*.py"], ["tests/feeds"]),
}  # fmt: skip
CHOSEN = [part for part in PARTS if part in sys.argv] or (["clocks"] if "--quick" in sys.argv else list(PARTS))


def walked(part: str) -> tuple[list[object], list[str]]:
    """One part: a line of the table, and what of it is not walked."""
    files, tests = PARTS[part]
    env = {**as_in_tests(), "PYTHONPATH": f"{ROOT}:{proof_tools()}", "COVERAGE_FILE": str(STATE / f"coverage-{part}")}
    began = time.monotonic()
    words = ["-m", "coverage", "run", "--branch", f"--include={','.join(files)}", "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The tests of {part} fail, so nothing is said of what they walk:\n{done.stdout[-2000:]}")
    told = STATE / f"coverage-{part}.json"
    subprocess.run([sys.executable, "-m", "coverage", "json", "-q", "-o", told], cwd=ROOT, env=env, check=True)
    said = json.loads(told.read_text())
    totals = said["totals"]
    left = [
        f"{name}: {one['summary']['percent_covered']:.1f} %, lines {one['missing_lines']}, branches {one['missing_branches'][:20]}"
        for name, one in said["files"].items()
        if one["missing_lines"] or one["missing_branches"]
    ]
    share = totals["percent_covered"]
    lines, branches = f"{totals['covered_lines']}/{totals['num_statements']}", f"{totals['covered_branches']}/{totals['num_branches']}"
    return [part, lines, branches, f"{share:.1f}", round(time.monotonic() - began)], left


def main() -> None:
    """Each part in turn."""
    began, rows, left = time.monotonic(), [], list[str]()
    for part in CHOSEN:
        row, missing = walked(part)
        print(*row, flush=True)
        rows.append(row)
        left += missing
    table(["part", "lines", "branches", "% of both", "seconds"], rows)
    print(*left, sep="\n")
    shares = {str(row[0]): float(str(row[3])) for row in rows}
    last_line(**shares, parts_below_the_floor=sum(share < FLOOR for share in shares.values()), seconds=time.monotonic() - began)


main()
