"""Returns as tests give them: a few rows of each table, checked at once."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from atlas.returns.checking.check import findings
from atlas.returns.checking.checker import FINDINGS, main
from atlas.returns.checking.staging import Given
from atlas.returns.layouts import LAYOUT
from atlas.returns.rules import Finding

Rows = Sequence[Sequence[str]]


def file(folder: Path, table: str, rows: Rows, name: str = "", *, is_last: bool = False) -> Given:
    """A plain CSV file of a table."""
    path = folder / (name or f"{table.lower()}{'-last' if is_last else ''}.csv")
    lines = [LAYOUT[table].columns, *rows]
    path.write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8")
    return Given(path, path.name, is_last)


def episode(child: str, began: str, ended: str = "", place: str = "U4") -> list[str]:
    """A row of the Episodes table."""
    return [child, began, "S", "C2", "N1", place, "PR1", ended, "E8" if ended else "", "", "", "", ""]


def here(folder: Path, year: int, given: Sequence[Given]) -> tuple[dict[str, Any], list[Finding]]:
    """Check files as the checker's process does, in this one: what it says, and what it found."""
    work = folder / "work"
    work.mkdir(exist_ok=True)
    said = main({"year": year, "work": str(work), "files": [[str(one.path), one.name, one.is_last] for one in given]})
    return said, list(findings(work / FINDINGS))


def checked(folder: Path, year: int, tables: Mapping[str, Rows]) -> tuple[dict[str, Any], list[Finding]]:
    """Check tables by their names; "Missing_last" is last year's Missing table."""
    return here(
        folder, year, [file(folder, name.removesuffix("_last"), rows, is_last=name.endswith("_last")) for name, rows in tables.items()]
    )
