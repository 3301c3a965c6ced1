"""The published book of practice rules: the docstrings and tables of tests/rules, as a page that a practice lead can sign.

Read as text, never run. In a file, the module's docstring opens its section; every time limit it imports is shown with who says
so; every table in capitals (a list or tuple of rows, its first comment naming the columns) is shown under the docstring of
the test that uses it, a row's own comment as its last column.
"""

import ast
import io
import tokenize
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from atlas.chronology.moments import day_words
from atlas.clocks.rules import TimeLimit

OPENING = """# Practice rules

What Atlas counts, and how. Each table is a set of cases that the tests run on every change, so this page cannot say one thing
and Atlas do another. Times are London times unless they say otherwise.

Made by `python3 run.py manage docs practice-rules.md` from `tests/rules`. Change it there, not here.
"""


def practice_rules(root: Path) -> str:
    """The whole page as Markdown, from the files in `tests/rules` below the repository's root. Raises FileNotFoundError without them."""
    files = sorted((root / "tests/rules").glob("test_*.py"))
    if not files:
        raise FileNotFoundError("There are no rules in tests/rules to make the page from.")
    return "\n".join([OPENING, *(section(path) for path in files)])


def section(path: Path) -> str:
    """One file of rules as a section. Raises ValueError for a file without a docstring: a rule nobody can read is none."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    words = ast.get_docstring(tree)
    if not words:
        raise ValueError(f"{path.name} has no docstring that says the rule in words.")
    title = path.stem.removeprefix("test_").replace("_", " ").capitalize()
    parts = [f"## {title}", words, *(limit_words(limit) for limit in limits(tree))]
    remarks, captions = comments(source), uses(tree)
    for name, rows in tables(tree):
        parts.append("\n\n".join(filter(None, (captions.get(name, ""), table(rows, remarks)))))
    return "\n\n".join(parts) + "\n"


def limits(tree: ast.Module) -> Iterator[TimeLimit]:
    """The time limits that a file imports from the folders' rules, in its order."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("atlas.") and "rules" in node.module.split("."):
            module = import_module(node.module)
            yield from (found for name in node.names if isinstance(found := getattr(module, name.name, None), TimeLimit))


def limit_words(limit: TimeLimit) -> str:
    """Who says so, and what starts and stops it."""
    until = f" to {day_words(limit.valid_until)}" if limit.valid_until else ""
    return "\n".join([
        f"- **{limit.name}**: {limit.allowed.words}",
        f"- Rank and source: {limit.rank}. {limit.source}",
        f"- Starts: {limit.starts}",
        f"- Stops: {limit.stops}",
        f"- Pause: {limit.pause}",
        f"- In force from {day_words(limit.valid_from)}{until}; kept with every clock as `{limit.version}`",
    ])  # fmt: skip


def tables(tree: ast.Module) -> Iterator[tuple[str, ast.List | ast.Tuple]]:
    """The tables of a file: constants whose every item is a row."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, (ast.List, ast.Tuple)):
            name, items = node.targets[0].id, node.value.elts
            if name.isupper() and items and all(isinstance(item, ast.Tuple) for item in items):
                yield name, node.value


def uses(tree: ast.Module) -> dict[str, str]:
    """For each table, the docstring of the first test whose decorator names it."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            for name in (part.id for decorator in node.decorator_list for part in ast.walk(decorator) if isinstance(part, ast.Name)):
                found.setdefault(name, " ".join((ast.get_docstring(node) or "").split()))
    return found


def comments(source: str) -> dict[int, str]:
    """The comments of a file by line, without their mark."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.removeprefix("#") for token in tokens if token.type == tokenize.COMMENT}


def table(rows: ast.List | ast.Tuple, remarks: dict[int, str]) -> str:
    """One table as Markdown: its columns from the comment on its first line, a row's remark beside it."""
    width = len(rows.elts[0].elts) if isinstance(rows.elts[0], ast.Tuple) else 0
    heads = [head.strip() for head in remarks.get(rows.lineno + 1, "").split("  ") if head.strip()]
    if len(heads) != width:
        raise ValueError(f"The table at line {rows.lineno} needs a comment that names its {width} columns, two spaces apart.")
    lines = [[*(cell(item) for item in row.elts), remark(row, remarks)] for row in rows.elts if isinstance(row, ast.Tuple)]
    if not any(line[-1] for line in lines):
        lines = [line[:-1] for line in lines]
    columns = [head.capitalize() for head in heads] + [""] * (len(lines[0]) - width)
    return "\n".join(f"| {' | '.join(line)} |" for line in (columns, ["---"] * len(columns), *lines))


def remark(row: ast.Tuple, remarks: dict[int, str]) -> str:
    """The comment at the end of a row; the formatter's own marks are none."""
    words = remarks.get(row.end_lineno or row.lineno, "").strip()
    return "" if words.startswith(("fmt:", "noqa", "type:")) else words.replace("|", "\\|")


def cell(item: ast.expr) -> str:
    """A value as people read it: text as it is, yes and no, a named value by its name."""
    match item:
        case ast.Constant(value=bool() as value):
            words = "yes" if value else "no"
        case ast.Constant(value=None):
            words = "not known"
        case ast.Constant(value=str() | int() | float() as value):
            words = str(value)
        case ast.Attribute(attr=name):
            words = name.lower().replace("_", " ")
        case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=int() as count)], keywords=[]):
            unit = "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
            words = f"{count} {unit if count != 1 else unit.removesuffix('s')}"
        case _:
            words = ast.unparse(item)
    return words.replace("|", "\\|") or "(nothing)"
