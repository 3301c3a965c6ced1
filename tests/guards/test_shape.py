"""The shape of the codebase: small files and functions, no nameless homes, commands alone write, the clock read at the doors."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [path for path in sorted((ROOT / "atlas").rglob("*.py")) if "migrations" not in path.parts]
MOST_LINES, MOST_FUNCTION_LINES = 400, 40
LONGER = {"atlas/gate/policy.py": "the whole policy stands in one declarative file (protection.md 4.3)"}
NAMELESS = {"core", "common", "utils", "util", "helpers", "services", "lib", "misc"}
BANNED_NAMES = re.compile(r"(Manager|Handler|Service|Helper|Util|Processor|Data|Info|Mixin)$")
WRITES = {"save", "bulk_create", "bulk_update", "update", "delete", "create", "get_or_create", "update_or_create"}
# Files that write beside commands: each with its reason.
WRITERS = {
    "gate/act.py": "writes the act",
    "gate/page.py": "writes the look",
    "tick.py": "what follows with time",
    "tasks/notices.py": "called by tick",
    "feeds/commands.py": "commands",
    "gate/models.py": "a queryset's own methods",
}
DOORS = ("views", "management", "middleware", "api.py", "config")


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MOST_LINES or str(path.relative_to(ROOT)) in LONGER
    for function in functions(path):
        assert (function.end_lineno or 0) - function.lineno < MOST_FUNCTION_LINES, function.name


def test_every_home_has_a_name_of_the_field() -> None:
    found = {part for path in SOURCES for part in path.relative_to(ROOT / "atlas").with_suffix("").parts}
    assert not found & NAMELESS
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                assert not BANNED_NAMES.search(node.name), (path, node.name)


def test_only_commands_write() -> None:
    for path in SOURCES:
        name = str(path.relative_to(ROOT / "atlas"))
        if "commands" in name or name in WRITERS:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
                text = ast.unparse(node.func.value)
                assert ".objects" not in text and "queryset" not in text, (name, node.lineno, text)


def test_the_clock_is_read_at_the_doors() -> None:
    for path in SOURCES:
        name = str(path.relative_to(ROOT / "atlas"))
        if any(door in name for door in DOORS):
            continue
        text = path.read_text()
        for call in ("timezone.now()", "datetime.now(", "date.today(", "time.time()"):
            # The context's life is the server's own, not the moment of acting.
            assert call not in text or (name == "gate/context.py" and call == "time.time()"), (name, call)


def test_no_folder_is_empty_and_none_imports_in_its_front_page() -> None:
    for folder in sorted(path for path in (ROOT / "atlas").iterdir() if path.is_dir() and not path.name.startswith("__")):
        front = (folder / "__init__.py").read_text()
        assert ast.get_docstring(ast.parse(front)), folder
        assert "import" not in re.sub(r'""".*?"""', "", front, flags=re.DOTALL), folder
        assert len(list(folder.glob("*.py"))) > 1, folder


def test_rules_and_workflows_touch_no_table_and_no_web() -> None:
    for path in SOURCES:
        if path.name in {"rules.py", "workflow.py"}:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("django"):
                    assert {alias.name for alias in node.names} <= {"TextChoices"}, path


def test_only_the_gate_names_higher_types_for_the_checker() -> None:
    """The gate stands below agencies and children, and names their types only where nothing is imported at run time."""
    order = [
        line.strip(' ",')
        for line in (ROOT / "pyproject.toml").read_text().split("layers = [")[1].split("]")[0].splitlines()
        if "atlas." in line
    ]
    height = {name.strip(): len(order) - place for place, names in enumerate(order) for name in names.replace("atlas.", "").split("|")}
    for path in SOURCES:
        folder = path.relative_to(ROOT / "atlas").with_suffix("").parts[0]
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("atlas.") and folder != "gate":
                above = node.module.split(".")[1]
                assert height.get(above, 0) <= height.get(folder, 99), (path, node.module)


def test_no_blaming_word_stands_on_a_screen() -> None:
    """Source: practice.md 2.2 and real-life.md point 25."""
    banned = ("no-show", "abscond", "proof of life", "overtaken", "promiscuous", "lifestyle choice", "putting himself", "putting herself",
              "put themselves at risk", "hard stop", "broken line", "withhold from parent", "AWOL", "nominal")  # fmt: skip
    for path in [
        *(ROOT / "atlas").rglob("*.html"),
        *(ROOT / "atlas").rglob("forms.py"),
        *(ROOT / "atlas").rglob("kinds.py"),
        *(ROOT / "atlas").rglob("codes.py"),
    ]:
        text = path.read_text().lower()
        for word in banned:
            assert word.lower() not in text, (path, word)


def test_no_secret_no_path_of_a_machine_and_no_registry_in_what_is_kept() -> None:
    for path in [*ROOT.glob("*.py"), *ROOT.glob("*.toml"), *ROOT.glob("requirements/*"), *SOURCES]:
        text = path.read_text()
        assert not re.search(r"(?<![\w.])/(wo" + r"rk|ro" + r"ot|ho" + r"me)/", text), path
        assert not re.search(r"https?://[^\s\"']*(py" + r"pi|npm" + r"js)", text), path
