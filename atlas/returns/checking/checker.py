"""The checker itself. Runs alone in a bounded process (see check.py): no Django, no database, no network; writes in one folder only."""

import json
import os
import resource
import sys
import traceback
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
# What a return of a council may take (protection.md section 6: 20 s, 512 MiB of its own, and what the engine's code and threads map beside);
# a larger one is checked on the server alone, by whoever runs it.
COUNCIL = 80 * 1024**2  # four files of 20 MB, which is what the form takes
MEMORY, CPU_SECONDS, ENGINE = 1024**3, 20, "384MB"
MEMORY_LARGE, CPU_SECONDS_LARGE, ENGINE_LARGE = 6 * 1024**3, 240, "3GB"
LARGEST = 2 * 1024**3
FINDINGS = "findings.csv"


def bound(*, is_large: bool) -> None:
    """Give up what a checker does not need: time, memory, large files."""
    memory, seconds = (MEMORY_LARGE, CPU_SECONDS_LARGE) if is_large else (MEMORY, CPU_SECONDS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))


def is_large(job: dict[str, Any]) -> bool:
    """Whether the files of a job are more than the form takes of a council."""
    return sum(Path(path).stat().st_size for path, _, _ in job["files"]) > COUNCIL


def main(job: dict[str, Any]) -> dict[str, Any]:
    """Check the files of a job: {"year", "work", "files": [[path, name, is last year's], ...]}. Gives what was read and what was found."""
    import duckdb

    from atlas.returns.checking.questions import questions
    from atlas.returns.checking.staging import Given, begin, judge
    from atlas.returns.layouts import year_of
    from atlas.returns.rules import EPISODES, HEADER, LAST, skipped

    work = Path(job["work"])
    engine = duckdb.connect(config={
        "threads": 1, "memory_limit": ENGINE_LARGE if is_large(job) else ENGINE, "temp_directory": "",
        "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
    })  # fmt: skip
    begin(engine)
    staged = stage(engine, [Given(Path(path), name, is_last) for path, name, is_last in job["files"]], job["year"], work)
    first_day, last_day = year_of(job["year"])
    judge(engine, set(staged), first_day.isoformat(), last_day.isoformat())
    given = {name for name, table in ((HEADER, "Header"), (EPISODES, "Episodes"), (LAST, "Missing_last")) if table in staged}
    unasked = skipped(given)
    left_out = ", ".join(f"'{code}'" for code in unasked) or "''"
    engine.execute(
        f"COPY (SELECT * FROM flagged WHERE rule NOT IN ({left_out}) ORDER BY rule, child, row) TO '{work / FINDINGS}' (HEADER false, FORCE_QUOTE *)"
    )
    counted = engine.execute(
        f"SELECT rule, count(*) FILTER (in_table = 'Missing'), count(*) FILTER (in_table <> 'Missing'), count(DISTINCT child) FROM flagged "
        f"WHERE rule NOT IN ({left_out}) GROUP BY rule"
    ).fetchall()
    return {
        "tables": [[name, one.file, one.rows] for name, one in staged.items()],
        "counts": {rule: [rows, last, children] for rule, rows, last, children in counted},
        "skipped": unasked, "questions": list(questions(engine, staged, job["year"])),
    }  # fmt: skip


def stage(engine: Any, files: "list[Any]", year: int, work: Path) -> "dict[str, Any]":
    """Every file in its table; the same table twice is refused. Raises Problem."""
    from atlas.returns.checking.staging import Problem, stage_csv
    from atlas.returns.checking.xml import is_xml, stage_xml

    staged: dict[str, Any] = {}
    for given in files:
        read = stage_xml(engine, given, year, work, set(staged)) if is_xml(given) else [stage_csv(engine, given, year, work, set(staged))]
        for one in read:
            name = one.table + ("_last" if given.is_last else "")
            staged[name] = one
    if "Missing" not in staged:
        raise Problem("None of these files is the Missing table of this year: CHILD, DOB, MISSING, MIS_START, MIS_END. Add it.")
    return staged


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parents[3]))
    from atlas.returns.checking.staging import Problem

    given = json.load(sys.stdin)
    bound(is_large=is_large(given))
    try:
        said = main(given)
    except Problem as problem:
        said = {"problem": str(problem)}
    except MemoryError:
        os._exit(3)
    except Exception as fault:  # the checker's own, so no fault of the file; where it happened, and nothing that stands in the file
        if type(fault).__name__ == "OutOfMemoryException":  # the engine's
            os._exit(3)
        frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if "/atlas/" in frame.filename]
        said = {"fault": f"{type(fault).__name__} in {frames[-1].name}, line {frames[-1].lineno}"}
    json.dump(said, sys.stdout)
    sys.stdout.flush()
    os._exit(0)  # nothing is left to put in order
