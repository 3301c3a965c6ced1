"""Every guard, seen to fail when what it guards is broken: one break at a time, in a copy of the tree, and only that guard is run.

A break is caught where its guard fails, and says why; a guard that cannot start has caught nothing. First every guard must
pass in the copy as it is. Two copies work at once; they share this environment and the test cluster, each with a database of its own.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from atlas.config.launcher import Cluster
from bench.breaks import RULES, Break
from bench.measuring import last_line, table

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
FOLDERS = ("run.py", "atlas", "demo", "tests", "bench")
# The tools of `run.py check`, by the names that it says.
TOOLS: dict[str, tuple[str, ...]] = {
    "format": (str(BIN / "ruff"), "format", "--check", "--no-cache", *FOLDERS),
    "lint": (str(BIN / "ruff"), "check", "--no-cache", "--output-format", "concise", *FOLDERS),
    "imports": (str(BIN / "lint-imports"), "--no-cache"),
    "types": (str(BIN / "mypy"),),
    "migrations": (sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"),
    "documents": (sys.executable, "-m", "django", "docs", "--check"),
    "row security": (sys.executable, "-m", "tests.gate.row_security"),
    "change": (sys.executable, "-m", "tests.change.linter"),
}
TESTS = ("tests/guards tests/gate/test_catalogue.py",)


class Copy:
    """A copy of what is kept, in a folder of its own."""

    def __init__(self, folder: Path, cluster: Cluster, number: int) -> None:
        self.folder, self.changes = folder, int(time.time())
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        folder.chmod(0o755)  # PostgreSQL's programs are run as nobody, through the link
        (folder / ".atlas").symlink_to(ROOT / ".atlas")
        self.environment = {
            **os.environ, "PYTHONPATH": str(folder), "ATLAS_TEST": "1", "ATLAS_DEMO": "0", "ATLAS_TEST_SUFFIX": f"_guards{number}", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "DATABASE_URL": cluster.url("atlas_app"), "DATABASE_OWNER_URL": cluster.url("atlas_owner"), "DATABASE_TICK_URL": cluster.url("atlas_tick"),
        }  # fmt: skip

    def ask(self, guard: str) -> tuple[int, str]:
        """Run one guard, or all tests of some files: the exit code, and all that was said."""
        command = TOOLS.get(
            guard,
            (sys.executable, "-m", "pytest", "-p", "pytest_django.plugin", "-p", "xdist.plugin", "-q", "-x", "--tb=short", *guard.split()),
        )
        login = "owner" if guard in TOOLS else "service"
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment | {"ATLAS_AS": login}, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def write(self, path: Path, text: str) -> None:
        """Change a file, at a time of its own, so that nobody reads what was compiled from its last text."""
        path.write_text(text, encoding="utf-8")
        self.changes += 2
        os.utime(path, (self.changes, self.changes))

    def try_out(self, one: Break) -> list[object]:
        """Break, ask the guard, mend. A test has caught the break where it failed itself; a tool, where it says what it must."""
        path, start = self.folder / one.file, time.monotonic()
        whole = path.read_text(encoding="utf-8") if path.exists() else None
        self.write(path, one.new if whole is None else whole.replace(one.old, one.new))
        code, said = self.ask(one.guard)
        if whole is None:
            path.unlink()
        else:
            self.write(path, whole)
        is_caught = code == 1 and (one.guard in TOOLS or f"FAILED {one.guard}" in said) and one.says in said
        if not is_caught:
            print(f"\n{one.what}: {one.guard} ended with {code}\n{said[-2000:]}", flush=True)
        return [one.what, one.guard.split("/")[-1], f"{time.monotonic() - start:.1f}", "yes" if is_caught else "NO"]


def passes(copy: Copy, guards: Sequence[str]) -> None:
    """Stop where a guard fails although nothing is broken: it would catch everything."""
    for guard in guards:
        code, said = copy.ask(guard)
        if code:
            raise SystemExit(f"{guard} fails although nothing is broken:\n{said[-3000:]}")


def work(copy: Copy, waiting: Iterator[Break]) -> list[list[object]]:
    """Try one break after the other, until none waits."""
    return [copy.try_out(one) for one in waiting]


def main() -> None:
    """Pass every guard as it is, then break and mend one thing after the other."""
    site = next(path for path in sys.path if path.endswith("site-packages"))
    cluster = Cluster(Path(site), ROOT / ".atlas/postgres-test", False)
    cluster.start()
    cluster.prepare("atlas")
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other, ThreadPoolExecutor(2) as workers:
        copies = [Copy(Path(folder), cluster, number) for number, folder in enumerate((one, other))]
        for passed in [workers.submit(passes, *given) for given in zip(copies, (TESTS, tuple(TOOLS)), strict=True)]:
            passed.result()
        waiting = iter(RULES)  # both copies take the next from it
        rows = [row for tried in [workers.submit(work, copy, waiting) for copy in copies] for row in tried.result()]
    for number in range(len(copies)):
        for name in (
            f"test_atlas_guards{number}",
            f"test_atlas_guards{number}_own",
            f"check_gate_guards{number}",
            f"check_gate_guards{number}_migrated",
        ):
            cluster.sql("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    caught = sum(row[-1] == "yes" for row in rows)
    table(["broken", "guard", "seconds", "caught"], rows)
    last_line(broken=len(rows), caught=caught)
    raise SystemExit(caught != len(rows))


if __name__ == "__main__":
    main()
