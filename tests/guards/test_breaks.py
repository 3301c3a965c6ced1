"""Every guard can fail: `bench guards` breaks what each of them guards, and each break still changes what it means to change."""

import ast

from bench.breaks import RULES
from tests.guards.reading import ROOT, tree


def test_every_guard_is_broken_once() -> None:
    files = [*(ROOT / "tests/guards").glob("test_*.py"), ROOT / "tests/gate/test_catalogue.py"]
    guards = {
        f"{path.relative_to(ROOT).as_posix()}::{node.name}"
        for path in files
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    broken = {one.guard for one in RULES if "::" in one.guard}
    assert guards == broken, guards ^ broken


def test_every_break_changes_one_place() -> None:
    for one in RULES:
        path = ROOT / one.file
        assert path.read_text().count(one.old) == 1 if path.exists() else not one.old, (one.what, one.file)
        assert one.old != one.new, one.what
