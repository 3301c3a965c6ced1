"""A word in every table in which a child's record may stand, planted by the superuser: each column filled, so that nothing is left out because nobody thought of it."""

import uuid
from typing import Any

from django.db import connection

FILLED = {
    "uuid": None, "text": None, "varchar": None, "int2": 1, "int4": 1, "int8": 1, "numeric": 1, "float8": 0.5, "bool": False, "date": "2001-01-01",
    "timestamptz": "2001-01-01T00:00:00Z", "time": "00:00", "jsonb": None, "bytea": "\\x00", "interval": "1 day",
}  # fmt: skip
SAID = {"allegations_allegationstep": {"kind": "closed"}}  # otherwise something would still be open, and the record kept
CHECKS_OFF = """
    DO $$ DECLARE c record; BEGIN
        FOR c IN SELECT conrelid::regclass AS tab, conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace LOOP
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.tab, c.conname);
        END LOOP;
    END $$"""
COLUMNS = """
    SELECT a.attname, t.typname, CASE WHEN t.typname = 'varchar' AND a.atttypmod > 0 THEN a.atttypmod - 4 END, a.attgenerated <> '' OR a.attidentity <> ''
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped"""
# Which columns say by which row they stand: a foreign key to another table of the child's.
LINKS = """
    SELECT a.attname, c.confrelid::regclass::text FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.conrelid = %s::regclass AND c.confrelid IN (SELECT tab FROM gate_hanging() WHERE how = 'own')"""


def key(child: uuid.UUID, table: str) -> str:
    """The id of the row that is planted in a table for a child."""
    return str(uuid.uuid5(child, table))


def plant(child: uuid.UUID, word: str) -> list[str]:
    """A row in every table that hangs on the child, as the catalogue has them, and in those that name a child by a plain id. Returns their names."""
    with connection.cursor() as cursor:
        cursor.execute(CHECKS_OFF)
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SELECT tab::text, array_agg(col::text) FROM gate_hanging() WHERE how IN ('own', 'below') GROUP BY tab")
        hanging = {table: columns for table, columns in cursor.fetchall() if table not in {"children_child", "people_person"}}
        cursor.execute("SELECT DISTINCT tab::text FROM gate_hanging() WHERE how = 'own'")
        own = {table for (table,) in cursor.fetchall()}
        for table, columns in hanging.items():
            _row(cursor, table, child, word, dict.fromkeys(columns if table in own else [], str(child)) | SAID.get(table, {}))
        _row(cursor, "feeds_row", child, word, {"child_id": str(child), "state": "applied", "table": "missing", "result_label": ""})
        _row(cursor, "sharing_exportfile", child, word, {"children": [str(child)]})
        _row(cursor, "desk_silentnotice", child, word, {"child_id": str(child)})
        cursor.execute("INSERT INTO sealed.box VALUES (%s, %s, %s, now(), '', '', '')", [str(uuid.uuid4()), str(child), word])
        cursor.execute("SET session_replication_role = DEFAULT")
    return [*hanging, "feeds_row", "sharing_exportfile", "desk_silentnotice"]


def _row(cursor: Any, table: str, child: uuid.UUID, word: str, known: dict[str, Any]) -> None:
    cursor.execute(LINKS, [table])
    known = {column: key(child, parent) for column, parent in cursor.fetchall()} | known
    cursor.execute(COLUMNS, [table])
    values = {}
    for column, kind, length, is_given in cursor.fetchall():
        if is_given and column not in known:
            continue
        if column in known:
            values[column] = known[column]
        elif column == "id" and kind == "uuid":
            values[column] = key(child, table)
        elif kind == "uuid":
            values[column] = str(uuid.uuid4())
        elif kind == "jsonb":
            values[column] = f'{{"said": "{word}"}}'
        elif kind.startswith("_"):
            values[column] = []
        else:
            values[column] = word[:length] if kind in {"text", "varchar"} else FILLED[kind]
    names = ", ".join(f'"{name}"' for name in values)
    cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(values))})", list(values.values()))
