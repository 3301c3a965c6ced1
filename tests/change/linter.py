"""`run.py check`: would a new migration, or what `gate install` runs, stop a page? Two versions stand on one database for a while (ADR 57).

Three read it. **squawk** reads the SQL of each new migration for locks that are held too long. We read the same SQL for what the version before still uses, which no
tool can know: the version before is what `released.txt` lists. And we read the operations: a way back, a reason, one step where there is no transaction.
A finding may stand where the migration says why: `stands = {"require-concurrent-index-creation": "a few hundred rows: the teams of a council"}`.
`python -m tests.change.linter release WORDS` lists what is new as released; from then on it is not changed.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.change.words import INSTEAD, LEFT_OUT

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("released.txt")
NAME = r'"?(?:public"?\."?)?(\w+)"?'
ALTERED = re.compile(rf"^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?{NAME}\s+(.*)$", re.IGNORECASE | re.DOTALL)
ADDED = re.compile(r'^ADD COLUMN (?:IF NOT EXISTS )?"?(\w+)"?\s+(.*)$', re.IGNORECASE | re.DOTALL)
COLUMN = re.compile(r'^(DROP|RENAME|ALTER) COLUMN (?:IF EXISTS )?"?(\w+)"?\s*(.*)$', re.IGNORECASE | re.DOTALL)
GONE = re.compile(rf"^DROP (TABLE|VIEW|FUNCTION|TYPE) (?:IF EXISTS )?{NAME}", re.IGNORECASE)
VARCHAR = re.compile(r"^(?:varchar|character varying)\((\d+)\)$")
# What `gate install` may say at the beginning of a line: it runs in one transaction, beside pages.
MAY = re.compile(
    r"CREATE OR REPLACE (FUNCTION|TRIGGER)|CREATE (SCHEMA|TABLE|SEQUENCE) IF NOT EXISTS|GRANT|REVOKE|(CREATE|DROP) POLICY|ALTER FUNCTION \S+(\([^)]*\))? OWNER|"
    r"ALTER TABLE \S+ (ENABLE|FORCE) ROW LEVEL SECURITY$|ALTER TABLE gate_relationship (DROP|ADD) CONSTRAINT|INSERT INTO gate_|DELETE FROM gate_|"
    r"UPDATE gate_installed|DO "
)
STATEMENT = re.compile(r"^(?:CREATE|ALTER|DROP|TRUNCATE|LOCK|UPDATE|DELETE|INSERT|GRANT|REVOKE|REINDEX|DO|COMMENT)\b.*", re.MULTILINE)

Columns = dict[str, dict[str, Any]]  # table: column: its field


@dataclass(frozen=True)
class Problem:
    """What is wrong, where, and how it is done instead."""

    where: str
    rule: str
    statement: str = ""

    def __str__(self) -> str:
        what, instead = INSTEAD.get(
            self.rule, (f"squawk says {self.rule}.", "https://squawkhq.com says why; CONTRIBUTING, To change a table.")
        )
        said = f"\n    {' '.join(self.statement.split())[:160]}" if self.statement else ""
        return f"{self.where}: {what} ({self.rule}){said}\n    Instead: {instead}"


def columns_of(state: Any) -> Columns:
    """Every table and column that code on this state uses."""
    found: Columns = {}
    for model in state.apps.get_models(include_auto_created=True):
        found[model._meta.db_table] = {str(field.column): field for field in model._meta.concrete_fields}
    return found


def problems(new: Iterable[Any], state: Any, connection: Any) -> Iterator[Problem]:
    """Of the new migrations, in order, each problem. `state`: of the project before them, as the version before uses it."""
    before, made = columns_of(state), set[str]()
    for migration in new:
        where = f"{migration.app_label}.{migration.name}"
        found = [*_of_operations(migration, where)]
        was = columns_of(state)
        try:
            with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
                state = migration.apply(state, editor, collect_sql=True)
            statements = _statements(editor.collected_sql)
        except Exception as problem:  # whatever Django says, nobody has read this migration
            yield Problem(where, "not-readable", str(problem))
            return
        made |= {name[1] for one in statements if (name := re.match(rf"CREATE TABLE {NAME}", one))}
        found += _of_use(where, statements, before)
        found += _of_columns(where, statements, before, made, was, columns_of(state))
        found += _of_squawk(where, statements, made, is_atomic=migration.atomic)
        stands = getattr(migration, "stands", {})
        yield from (one for one in dict.fromkeys(found) if not stands.get(one.rule))


def _of_operations(migration: Any, where: str) -> Iterator[Problem]:
    """A way back, a reason, and what must stand alone."""
    kinds = [type(one).__name__ for one in migration.operations]
    if not migration.atomic and len(kinds) > 1:
        yield Problem(where, "one-step-without-transaction")
    data, shape = [one for one in kinds if one == "RunPython"], [one for one in kinds if one != "RunPython"]
    if data and shape:
        yield Problem(where, "data-apart-from-shape")
    elif data and migration.atomic:
        yield Problem(where, "rows-in-one-transaction")
    for operation in migration.operations:
        kind = type(operation).__name__
        if not operation.reversible:
            yield Problem(where, "no-way-back", kind)
        if kind == "RunPython" and not (operation.code.__doc__ or "").strip():
            yield Problem(where, "no-reason", kind)
        if kind == "RunSQL" and not (type(migration).__doc__ or sys.modules[migration.__module__].__doc__ or "").strip():
            yield Problem(where, "no-reason", kind)


def _statements(collected: list[str]) -> list[str]:
    """One statement each, without comments."""
    lines = (line for text in collected for line in text.splitlines() if not line.lstrip().startswith("--"))
    return [" ".join(one.split()) for one in re.split(r";\s*(?:\n|$|(?=SET CONSTRAINTS))", "\n".join(lines)) if one.strip()]


def _of_use(where: str, statements: list[str], before: Columns) -> Iterator[Problem]:
    """What the version before uses and would not find, or not as it knows it."""
    for one in statements:
        if (gone := GONE.match(one)) and (gone[1].upper() == "FUNCTION" or gone[2] in before):
            yield Problem(where, "used-by-the-version-before", one)
        altered = ALTERED.match(one)
        if not altered or altered[1] not in before:
            continue
        table, rest = before[altered[1]], altered[2]
        column = COLUMN.match(rest)
        if rest.upper().startswith("RENAME TO") or (column and column[1].upper() in {"DROP", "RENAME"} and column[2] in table):
            yield Problem(where, "used-by-the-version-before", one)
        if column and column[2] in table and column[3].upper().startswith("TYPE ") and not _is_longer(table[column[2]], column[3]):
            yield Problem(where, "changing-column-type", one)


def _is_longer(field: Any, rest: str) -> bool:
    """Whether a text may only become longer, which touches no row."""
    was, becomes = VARCHAR.match(field.db_type(_connection()) or ""), VARCHAR.match(rest[5:].split(" USING ")[0].strip())
    return bool(was and becomes and int(becomes[1]) >= int(was[1]))


def _of_columns(where: str, statements: list[str], before: Columns, made: set[str], was: Columns, now: Columns) -> Iterator[Problem]:
    """A column that one of the two versions does not know, and that must hold something."""
    needs: dict[tuple[str, str], str] = {}
    loosened = set()
    for one in statements:
        if not (altered := ALTERED.match(one)) or altered[1] in made:
            continue
        table, rest = altered[1], altered[2]
        if (added := ADDED.match(rest)) and " NOT NULL" in added[2].upper():
            needs[table, added[1]] = one if " DEFAULT " not in added[2].upper() else ""
        if column := COLUMN.match(rest):
            if column[3].upper().startswith("DROP DEFAULT") and (table, column[2]) in needs:
                needs[table, column[2]] = one
            if column[3].upper().startswith(("DROP NOT NULL", "SET DEFAULT")) or column[1].upper() == "DROP":
                loosened.add((table, column[2]))
    yield from (Problem(where, "the-version-before-adds-rows", one) for one in needs.values() if one)
    for table, fields in was.items():
        for name, field in fields.items():
            is_left = name not in now.get(table, {}) and table in before and not field.null and not field.has_db_default()
            if is_left and (table, name) not in loosened and not any(f'DROP TABLE "{table}"' in one for one in statements):
                yield Problem(where, "this-version-adds-rows", f"{table}.{name}")


def _of_squawk(where: str, statements: list[str], made: set[str], *, is_atomic: bool) -> Iterator[Problem]:
    """Locks that are held while a table is read or written whole. What is made in this release is empty, and nobody's yet."""
    if not statements:
        return
    known = [f'CREATE TABLE "{table}" ();' for table in sorted(made)]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "migration.sql"
        file.write_text("\n".join([*known, *(f"{one};" for one in statements)]))
        program = Path(sys.executable).parent / "squawk"
        words: list[str | Path] = [
            program,
            "--reporter=json",
            "--pg-version=15.0",
            f"--exclude={','.join(LEFT_OUT)}",
            *(["--assume-in-transaction"] if is_atomic else []),
        ]
        said = subprocess.run([*words, file], capture_output=True, text=True, check=False)
    try:
        found = json.loads(said.stdout)
    except ValueError:
        raise SystemExit(f"squawk did not answer: {said.stdout[-500:]}{said.stderr[-500:]}") from None
    for one in found:
        statement = statements[at] if (at := one["line"] - len(known)) >= 0 else ""
        altered = ALTERED.match(statement) or re.match(rf"CREATE (?:UNIQUE )?INDEX .*? ON {NAME}", statement)
        if statement and not (altered and altered[1] in made):
            yield Problem(where, one["rule_name"], statement)


def of_install(statements: Iterable[str]) -> Iterator[Problem]:
    """What `gate install` says that would lock a table all the while, or take away what the version before calls."""
    for text in statements:
        for one in STATEMENT.findall(text):
            if not MAY.match(one):
                yield Problem("gate install", "shape-in-the-gate", one)


def _connection() -> Any:
    from django.db import connection

    return connection


def file_of(migration: Any) -> Path:
    """The file of a migration."""
    return Path(str(sys.modules[migration.__module__].__file__))


def digest(path: Path) -> str:
    """What a file says, in twelve letters."""
    return sha256(path.read_bytes()).hexdigest()[:12]


def released() -> dict[str, str]:
    """`app.name` of each migration that some version before has, and the digest of its file then."""
    return dict(line.split() for line in LIST.read_text().splitlines() if line.strip() and not line.startswith("#"))


def ours(loader: Any) -> dict[str, tuple[str, str]]:
    """`app.name` and the key of each migration of Atlas, in the order in which they come."""
    plan: dict[tuple[str, str], None] = {}
    for leaf in sorted(loader.graph.leaf_nodes()):
        plan |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    return {".".join(key): key for key in plan if file_of(loader.graph.nodes[key]).is_relative_to(ROOT / "atlas")}


def findings() -> list[Problem]:
    """All of them: what is released and changed, what is new, and the gate."""
    from django.db.migrations.loader import MigrationLoader

    from atlas.gate.install import statements

    loader, listed = MigrationLoader(None), released()
    nodes, keys = loader.graph.nodes, ours(loader)
    found = [
        Problem(name, "released-and-changed")
        for name, was in listed.items()
        if name not in keys or digest(file_of(nodes[keys[name]])) != was
    ]
    new = [nodes[key] for name, key in keys.items() if name not in listed]
    if new:
        made = [key for name, key in keys.items() if name in listed]
        others = [key for key in nodes if ".".join(key) not in keys]
        found += problems(new, loader.graph.make_state(nodes=[*others, *made], real_apps=loader.unmigrated_apps), _connection())
    return [*found, *of_install(statements())]


def release(words: str) -> None:
    """List what is new as released."""
    from django.db.migrations.loader import MigrationLoader

    loader, listed = MigrationLoader(None), released() if LIST.exists() else {}
    lines = [f"{name} {digest(file_of(loader.graph.nodes[key]))}" for name, key in ours(loader).items() if name not in listed]
    with LIST.open("a") as file:
        file.write(f"# {words}\n" + "".join(f"{line}\n" for line in lines))


def main(words: list[str]) -> None:
    """Say what is found, and end with 1 where something is."""
    import django

    django.setup()
    if words[:1] == ["release"]:
        release(" ".join(words[1:]))
    elif found := findings():
        raise SystemExit("Change without downtime:\n" + "\n".join(f"  {one}" for one in found))


if __name__ == "__main__":
    main(sys.argv[1:])
