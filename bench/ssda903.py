"""The 19 rules of the Missing table (SSDA903) on seeded returns of 10^4, 10^5 and 10^6 Missing rows, beside the sector's own validator.

Ours: the checker as the service and `manage returns check` start it, a process of its own, every finding written out. Peer: csc-validator-be-903
0.1.17 (Data to Insight) in an environment that this bench makes under .atlas, only the same 19 rules, no report made. Both read the same files
(header, episodes, missing, last year's missing), each as a whole process with its imports: user and system time, and peak memory, as the
system counts them. Before any ratio, each rule must flag the very same rows of the Missing table. The validator loads tables of post codes
for each first letter that the files hold; a second set without post codes (`no post codes`) shows the peer at its lightest.
"""

import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from atlas.returns.rules import RULES
from bench.measuring import last_line, table
from bench.ssda903_files import YEAR, all_rows, make

HERE = Path(__file__).resolve().parents[1]
CHECKER, PEER = HERE / "atlas/returns/checking/checker.py", HERE / "bench/ssda903_peer.py"
PINS = ("csc-validator-be-903==0.1.17", "numpy==1.24.4", "pandas==1.5.3", "pytest==9.2.0")
FAKE = HERE.parent / "shared/data/ssda903/fake-2018"
QUICK = "--quick" in sys.argv
SIZES = (10_000,) if QUICK else (10_000, 100_000, 1_000_000)
TIMES = {10_000: 1 if QUICK else 5, 100_000: 3, 1_000_000: 1}
CODES = [rule.code for rule in RULES]


@dataclass
class Run:
    """A whole process: its CPU seconds, its peak in MiB, and the rows that each rule flags."""

    cpu: float
    mib: float
    rows: dict[str, set[int]]
    beyond: int = 0


def peer_python() -> Path:
    """The validator's own environment, made once."""
    home = HERE / ".atlas/peer903"
    python, mark = home / "bin/python", home / "pins"
    if not mark.exists() or mark.read_text() != str(PINS):
        uv = HERE / ".atlas/tools/bin/uv"
        subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, home], check=True)
        subprocess.run([uv, "pip", "install", "-q", *PINS], check=True, env={**os.environ, "VIRTUAL_ENV": str(home)})
        mark.write_text(str(PINS))
    return python


def whole(command: list[str], given: str = "") -> tuple[str, float, float]:
    """Run a process to its end: what it printed, its CPU seconds, its peak in MiB."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as into, tempfile.TemporaryFile() as wrong:
        into.write(given.encode())
        into.seek(0)
        process = subprocess.Popen(command, stdin=into, stdout=out, stderr=wrong)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            wrong.seek(0)
            raise SystemExit(f"{command[1:3]} ended with {process.returncode}:\n{wrong.read().decode()[-2000:]}")
        out.seek(0)
        return out.read().decode(), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def ours(files: list[Path], year: int, work: Path) -> Run:
    """The checker of Atlas."""
    job = {"year": year, "work": str(work), "files": [[str(file), file.name, "last" in file.name] for file in files]}
    said, cpu, mib = whole([sys.executable, "-I", str(CHECKER)], json.dumps(job))
    if "tables" not in json.loads(said):
        raise SystemExit(said)
    rows: dict[str, set[int]] = {}
    beyond = 0
    with (work / "findings.csv").open() as file:
        for rule, _, in_table, row, *_ in csv.reader(file):
            if in_table == "Missing":
                rows.setdefault(rule, set()).add(int(row))
            else:
                beyond += 1
    return Run(cpu, mib, rows, beyond)


def peer(files: list[Path], year: int, work: Path) -> Run:
    """The sector's validator."""
    flagged = work / "peer.json"
    # -P: the folder of this file holds a typing.py, which is not the one that the validator asks for
    _, cpu, mib = whole([str(peer_python()), "-P", str(PEER), str(year), ",".join(CODES), str(flagged), *map(str, files)])
    return Run(cpu, mib, {rule: set(rows) for rule, rows in json.loads(flagged.read_text()).items()})


def side_by_side(name: str, files: list[Path], year: int, times: int, work: Path) -> dict[str, float]:
    """Both in turn, so many times; the rows that they flag must be the same."""
    pairs = [(ours(files, year, work), peer(files, year, work)) for _ in range(times)]
    one, other = pairs[0]
    for code in CODES:
        mine, theirs = one.rows.get(code, set()), other.rows.get(code, set())
        if mine != theirs:
            raise SystemExit(
                f"{name}: rule {code} flags other rows: ours alone {sorted(mine - theirs)[:5]}, theirs alone {sorted(theirs - mine)[:5]}"
            )
    rows = sum(all_rows(files))
    found = {
        "rows": rows, "flagged": sum(map(len, one.rows.values())), "beyond": one.beyond,
        "cpu": statistics.median(a.cpu for a, _ in pairs), "peer_cpu": statistics.median(b.cpu for _, b in pairs),
        "mib": max(a.mib for a, _ in pairs), "peer_mib": min(b.mib for _, b in pairs),
        "ratio": statistics.median(b.cpu / a.cpu for a, b in pairs),
    }  # fmt: skip
    SHOWN.append([
        name, f"{rows:,}", f"{found['flagged']:,}", found["beyond"], f"{found['cpu']:.2f}", f"{found['peer_cpu']:.2f}", f"{found['ratio']:.1f}",
        f"{found['mib']:.0f}", f"{found['peer_mib']:.0f}", f"{found['peer_mib'] / found['mib']:.1f}", times,
    ])  # fmt: skip
    return found


SHOWN: list[list[object]] = []


def command_too(files: list[Path]) -> float:
    """CPU seconds of `manage returns check`, start of the service's own code and words of each rule included."""
    this = [str(file) for file in files if "last" not in file.name]
    last = [str(file) for file in files if "last" in file.name]
    return whole([sys.executable, "-m", "django", "returns", "check", "--year", str(YEAR), *this, "--last", *last])[1]


def main() -> None:
    """Every size, the set without post codes, and the sector's fake return."""
    peer_python()
    found: dict[int, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="atlas-bench-903-") as folder:
        work = Path(folder)
        for size in SIZES:
            files = make(work / str(size), size)
            found[size] = side_by_side(f"{size:,} Missing rows", files, YEAR, TIMES[size], work)
            if size == SIZES[min(1, len(SIZES) - 1)]:
                command = command_too(files)
        light = side_by_side("the same, no post codes", make(work / "light", SIZES[min(1, len(SIZES) - 1)], posts=False), YEAR, 1, work)
        if FAKE.exists():
            side_by_side("fake-2018", [FAKE / f"{name}.csv" for name in ("header", "episodes", "missing")], 2018, 1, work)
    table(
        ["return", "rows", "flagged", "576 beyond", "cpu s", "peer cpu s", "ratio", "peak MiB", "peer MiB", "ratio", "runs"],
        SHOWN,
    )
    print(
        "Every rule flagged the same rows of the Missing table. 576 beyond: last year's open periods of children who have no row this year,"
    )
    print("which the validator's 576 does not see, and the department's words do (“no corresponding period recorded”).")
    at = found[SIZES[min(1, len(SIZES) - 1)]]
    large, small = found[SIZES[-1]], found[SIZES[0]]
    last_line(
        ratio=at["ratio"], rows_per_cpu_s=at["rows"] / at["cpu"], peer_rows_per_cpu_s=at["rows"] / at["peer_cpu"], peak_mib=at["mib"],
        peer_peak_mib=at["peer_mib"], growth=(large["cpu"] / large["rows"]) / (at["cpu"] / at["rows"]) if len(SIZES) > 1 else 1.0,
        ratio_small=small["ratio"], ratio_large=large["ratio"], ratio_no_post_codes=light["ratio"], ratio_command=at["peer_cpu"] / command,
    )  # fmt: skip


if __name__ == "__main__":
    main()
