"""The shape of the codebase: small files and functions, no nameless homes, commands alone write, the clock read at the doors."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from tests.guards.reading import ATLAS, ROOT, SOURCES, command_files, functions, imported, name_of, nodes, texts

MOST_LINES, MOST_FUNCTION_LINES = 400, 40
LONGER = {"gate/policy.py": "the whole policy stands in one declarative file (protection.md 4.3)"}
NAMELESS = {"core", "common", "utils", "util", "helpers", "services", "lib", "misc"}
BANNED_NAMES = re.compile(r"(Manager|Handler|Service|Helper|Util|Processor|Data|Info|Mixin)$")
WRITES = {"save", "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "delete", "_raw_delete"}
WRITES |= {f"a{verb}" for verb in WRITES} | {"aupdate"}
STATEMENT = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|MERGE INTO|ALTER|DROP|GRANT|REVOKE) ")
# Files that write beside commands: each with its reason.
WRITERS = {
    "gate/act.py": "writes the act",
    "gate/page.py": "writes the look",
    "gate/drafts.py": "keeps what a person has typed and not yet sent, which is no record",
    "gate/install.py": "makes the gate in the database, as the owner of the tables",
    "gate/installing.py": "the same, in a database that is in use",
    "gate/giving_way.py": "takes away an index whose making ended, as the owner of the tables",
    "gate/backfill.py": "fills in a new column, as the owner of the tables",
    "gate/policy_rows.py": "writes the policy into the database, as the owner of the tables",
    "missing/overdue.py": "called by tick",
    "plans/overdue.py": "called by tick",
    "sealed/install.py": "makes the schema of sealed sets, as the owner of the tables",
    "retention/install.py": "makes what erases, as the owner of the tables",
    "retention/selecting.py": "counts, and selects for two people to agree on: called by tick, and by the command",
    "config/launcher.py": "makes the logins of an embedded PostgreSQL",
    "connections/ending.py": "deletes what nobody looked at again, called by tick",
    "network/ending.py": "deletes what nobody looked at again, called by tick",
    "places/ending.py": "deletes what nobody looked at again, called by tick",
    "gate/sets.py": "saves by sets, called by commands",
    "flow.py": "what follows at once, inside a command",
    "tick.py": "what follows with time",
    "tasks/notices.py": "called by tick",
    "tasks/handover.py": "called by tick",
    "tasks/overnight.py": "called by tick",
    "connections/finding.py": "called by tick",
    "systems/door.py": "lets a call of a connected system in once: its number is kept for ten minutes",
    "accounts/record.py": "writes the record of sign-ins and ends sessions, where nobody has a post yet",
    "accounts/beginning.py": "makes the first administrators, where nobody can act yet",
    "audit/finding.py": "called by tick",
    "sharing/exports/ending.py": "called by tick",
    "returns/ending.py": "called by tick",
    "desk/ending.py": "called by tick",
    "accounts/ending.py": "deletes what is left of sessions, called by its nightly job",
    "allegations/overdue.py": "called by tick",
    "contacts/overdue.py": "called by tick",
    "meetings/overdue.py": "called by tick",
    "design/pictures_child.py": "saves a picture into memory, which is no record",
    "packs/making.py": "keeps that a pack was made",
    "running/looks.py": "enters looks that were kept aside, each for the post that looked",
    "accounts/store.py": "sessions, which are no records",
    "running/queue.py": "beats, the kind of a failure, and the queue by its own functions; no record",
    "running/install.py": "grants, as the owner of the tables",
    "running/shelf.py": "called by tick",
    "tasks/shelved.py": "called by tick",
    "audit/sealer.py": "the sealer, under its own login",
}
TEMPLATE_NAMES = "design/jinja.py"  # fills Jinja's own tables of names, which are no records
DOORS = {"views", "management", "middleware", "api", "config", "jobs"}
READS_CLOCK = {"now", "utcnow", "today", "localdate", "Now"}
# Files that read a clock beside the doors: each with its reason.
OWN_CLOCK = {
    "gate/context.py": "the life of a context is the server's own, not the moment of acting",
    "gate/giving_way.py": "since when somebody holds a lock: the server's own clock",
    "gate/readonly.py": "since when a standby is one: the server's own clock",
    "running/queue.py": "the queue goes by the database's own clock, and beats beside it",
    "gate/models.py": "when PostgreSQL itself wrote an act or a look, beside the moment of acting",
}
# Files that take the day of a wall time: in London already, or of no zone.
OWN_DAY = {
    "gate/days.py", "chronology/moments.py", "tasks/rules.py", "missing/copies.py", "missing/rules/away.py", "missing/rules/steps.py", "oversight/rota.py",
    "sharing/exports/files.py", "sharing/exports/wording.py", "feeds/layouts.py", "contacts/rules/typed.py",
}  # fmt: skip


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_and_functions_are_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MOST_LINES or name_of(path) in LONGER
    for function in functions(path):
        assert (function.end_lineno or 0) - function.lineno < MOST_FUNCTION_LINES, function.name


def test_every_home_has_a_name_of_the_field() -> None:
    found = {part for path in SOURCES for part in path.relative_to(ATLAS).with_suffix("").parts}
    assert not found & NAMELESS
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.ClassDef):
                assert not BANNED_NAMES.search(node.name), (path, node.name)


def test_only_commands_write() -> None:
    """No row is saved, no set of rows changed, no link between rows added, no statement written, but in a command."""
    links = {field.name for model in apps.get_models() for field in model._meta.many_to_many}
    for path in SOURCES:
        name = name_of(path)
        if path in command_files() or name in WRITERS:
            continue
        for node in nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                verb, of = node.func.attr, node.func.value
                # A mapping is updated with another, a set of rows with the names of its columns.
                writes = verb in WRITES or (verb == "update" and node.keywords and name != TEMPLATE_NAMES)
                joins = verb in {"add", "remove", "set", "clear"} and isinstance(of, ast.Attribute) and of.attr in links
                assert not (writes or joins), (name, node.lineno, ast.unparse(node)[:80])
        for line, text in texts(path):
            assert not STATEMENT.match(text), (name, line, text[:80])
    assert set(WRITERS) | {TEMPLATE_NAMES} <= {name_of(path) for path in SOURCES}


def test_the_clock_is_read_at_the_doors() -> None:
    for path in SOURCES:
        name = name_of(path)
        if DOORS & set(path.relative_to(ATLAS).with_suffix("").parts) or name in OWN_CLOCK:
            continue
        for node in nodes(path):
            if isinstance(node, ast.Call):
                called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                is_bare = (called == "localtime" and not node.args) or ast.unparse(node.func) in {"time.time", "time.time_ns"}
                assert called not in READS_CLOCK and not is_bare, (name, node.lineno, ast.unparse(node))
        for line, text in texts(path):
            assert not re.search(r"\bnow\(\)|\bCURRENT_(TIMESTAMP|DATE)\b|\bclock_timestamp\(", text), (name, line)


def test_a_day_is_london_s() -> None:
    """A moment's own `date()` is UTC's where it comes from the database or from the server's clock: an hour of a summer night off."""
    for path in SOURCES:
        for node in () if name_of(path) in OWN_DAY else nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "date":
                assert node.args, (name_of(path), node.lineno, "Ask gate/days.py: day_of(moment).")
    for path in (*SOURCES, *ATLAS.rglob("*.sql")):
        assert "'UTC')::date" not in path.read_text(encoding="utf-8"), (name_of(path), "AT TIME ZONE 'Europe/London'")


def test_no_folder_is_empty_and_none_imports_in_its_front_page() -> None:
    for folder in sorted(path for path in ATLAS.iterdir() if path.is_dir() and not path.name.startswith("__")):
        front = (folder / "__init__.py").read_text()
        assert ast.get_docstring(ast.parse(front)), folder
        assert "import" not in re.sub(r'""".*?"""', "", front, flags=re.DOTALL), folder
        assert len(list(folder.glob("*.py"))) > 1, folder


def test_rules_and_workflows_touch_no_table_and_no_web() -> None:
    for path in SOURCES:
        if {"rules", "workflow"} & set(path.relative_to(ATLAS).with_suffix("").parts):
            for line, module in imported(path):
                parts = module.split(".")
                assert parts[0] != "django" or module in {"django.db.models", "django.db.models.TextChoices"}, (name_of(path), line, module)
                assert not (parts[0] == "atlas" and {"models", "queries", "commands", "views", "forms"} & set(parts)), (
                    name_of(path),
                    line,
                    module,
                )
            for node in nodes(path):
                if isinstance(node, ast.ImportFrom) and node.module == "django.db.models":
                    assert {alias.name for alias in node.names} == {"TextChoices"}, name_of(path)


def test_only_the_gate_names_higher_types_for_the_checker() -> None:
    """The gate stands below agencies and children, and names their types only where nothing is imported at run time."""
    order = [
        line.strip(' ",')
        for line in (ROOT / "pyproject.toml").read_text().split("layers = [")[1].split("]")[0].splitlines()
        if "atlas." in line
    ]
    height = {name.strip(): len(order) - place for place, names in enumerate(order) for name in names.replace("atlas.", "").split("|")}
    folders = {path.relative_to(ATLAS).with_suffix("").parts[0] for path in SOURCES} - {"__init__"}
    assert set(height) == folders, "pyproject.toml names every folder in the line, and none that is not there."
    for path in SOURCES:
        folder = path.relative_to(ATLAS).with_suffix("").parts[0]
        if folder not in {"gate", "__init__"}:
            for line, module in imported(path):
                above = (module + ".").split(".")[1]
                assert not module.startswith("atlas.") or height.get(above, 0) <= height[folder], (name_of(path), line, module)
