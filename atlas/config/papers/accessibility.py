"""The accessibility statement: what stands on the public page, and, on paper, which pages the tests open and what was measured.

Its form follows the model statement under the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018, as recalled; whom to
complain to stands in the council's own statement, which the law asks of the council and not of a supplier.
"""

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path

WORDS = Path(__file__).with_name("accessibility.txt")


def _read(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    parts = [part.strip().split("\n\n") for part in text.split("## ")[1:]]
    return tuple((heading, tuple(paragraphs)) for heading, *paragraphs in parts)


STATEMENT = _read(WORDS.read_text(encoding="utf-8"))  # heading and paragraphs, as on the public page


@dataclass(frozen=True)
class Measured:
    """What `bench states` found the last time, and when."""

    states: int
    looked_at: int
    violations: int
    too_wide: int
    on: str


def states(root: Path) -> list[str]:
    """The states that `bench states` opens, by their names in its code."""
    tree = ast.parse((root / "bench/states.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_of"]
    return [node.args[0].value for node in calls if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)]


def journeys(root: Path) -> dict[str, str]:
    """The journeys that look at their pages with axe: file, and what is walked."""
    found = {}
    for path in sorted((root / "tests/journeys").glob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "baseline(" in text:
            found[path.relative_to(root).as_posix()] = " ".join((ast.get_docstring(ast.parse(text)) or "").split("\n\n")[0].split())
    return found


def measured(root: Path) -> Measured:
    """The newest figure of `bench states` in bench/RESULTS.md. Raises ValueError where there is none."""
    text = (root / "bench/RESULTS.md").read_text(encoding="utf-8")
    sections = [part for part in text.split("\n## ") if part.startswith("Page states")]
    found = re.search(r"^(\{.*\})$.*?^(\d{1,2} \w+ \d{4})", sections[-1], re.MULTILINE | re.DOTALL) if sections else None
    if found is None:
        raise ValueError("bench/RESULTS.md says nothing of “Page states”: run `bench states`, and write its last line and the date there.")
    return Measured(**json.loads(found[1]), on=found[2])


def accessibility_statement(root: Path) -> str:
    """The statement, as a paper."""
    last, opened = measured(root), states(root)
    lines = [
        "# Accessibility statement",
        "",
        "For Atlas, the shared record of a safeguarding partnership. The same, without the lists, is the page `/accessibility/`, open to everybody.",
        "",
        "Made by `python3 run.py manage docs papers/accessibility.md` from `atlas/config/papers/accessibility.txt`, the tests and `bench/RESULTS.md`. Change it there, "
        "not here. Its form follows the model statement under the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018, as "
        "recalled and not checked against the text; whoever runs Atlas is the public body, and adds its own contact, its time to answer and the enforcement procedure.",
    ]
    for heading, paragraphs in STATEMENT:
        lines += ["", f"## {heading}", "", "\n\n".join(paragraphs)]
    lines += [
        "",
        f"Measured last: {last.states} states, {last.looked_at} looks at 1280 and at 390 pixels: {last.violations} violations, {last.too_wide} wider than the screen "
        f"({last.on}, `run.py bench states`). A figure says what a program found, not that a page is easy to use.",
        "",
        f"### The journeys that look at the pages they come by ({len(journeys(root))})",
        "",
        *(f"- `{path}`: {words}" for path, words in journeys(root).items()),
        "",
        f"### The states that are opened beside ({len(opened)})",
        "",
        "; ".join(opened) + ".",
        "",
        "Also held by tests: *Stay signed in* before one is signed out (`tests/journeys/test_sign_in.py`), words that a child can read "
        "(`tests/sharing/test_reading_age.py`), tagged paper (`tests/sharing/test_copies_given.py`), the picture and the table that says the same "
        "(`tests/network/test_pages.py`).",
    ]
    return "\n".join(lines) + "\n"
