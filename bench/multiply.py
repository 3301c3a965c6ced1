"""Command-made rows, many times over, by the superuser: large sets for benchmarks, and nowhere else (DESIGN.md section 6).

Every copy has ids of its own, made from the first's (`md5(id || n)`), so that what pointed at each other still does.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Model

from atlas.config.launcher import Cluster


def columns(model: type[Model]) -> list[Any]:
    """The columns that can be written: those that the database computes are left out."""
    return [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]


def copy_rows(cluster: Cluster, database: str, model: type[Model], times: int, changes: Mapping[str, str], where: str = "true") -> None:
    """Insert each row `times` more: `changes` gives the SQL of a column from the row `t` and the copy's number `n`."""
    names = [field.column for field in columns(model)]
    listed = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(changes.get(name, f't."{name}"') for name in names)
    table = model._meta.db_table
    cluster.sql(
        database,
        f"SET session_replication_role = replica; INSERT INTO {table} ({listed}) SELECT {values} FROM {table} t, generate_series(1, {times}) n WHERE {where}",
    )


def multiply(cluster: Cluster, database: str, labels: Iterable[str], times: int) -> None:
    """Insert every row of these models `times` more, each copy pointing at the copies of what the row points at."""
    models = [apps.get_model(label) for label in labels]
    tables = {model._meta.db_table for model in models}
    for model in models:
        copy_rows(cluster, database, model, times, {field.column: _copied(field, tables) for field in columns(model)})
    cluster.sql(database, "VACUUM ANALYZE")


def _copied(field: Any, tables: set[str]) -> str:
    own, column = f't."{field.column}"', field.column
    mapped = f"md5({own}::text || n)::uuid"
    target = field.related_model._meta.db_table if field.is_relation and field.related_model else None
    if target in tables or (target is None and field.get_internal_type() == "UUIDField"):
        return mapped
    if field.primary_key and field.get_internal_type() == "BigAutoField":
        if field.model._meta.label in {"gate.Act", "gate.Look"}:
            return "nextval('gate_number')"  # as the trigger numbers them, which is off here
        return f"nextval(pg_get_serial_sequence('{field.model._meta.db_table}', '{column}'))"
    if field.get_internal_type() == "ArrayField" and column == "children":
        return f"ARRAY(SELECT md5(one::text || n)::uuid FROM unnest({own}) one)"
    if field.get_internal_type() == "CharField" and not field.choices and _must_differ(field, tables):
        return f"CASE WHEN {own} = '' THEN '' ELSE {own} || '~' || n END"
    return own


def _must_differ(field: Any, tables: set[str]) -> bool:
    """Whether two rows may not hold the same text: no other column of the same constraint differs between copies."""
    if field.unique:
        return True
    named = {other.name: other for other in field.model._meta.concrete_fields}
    constraints = [constraint.fields for constraint in field.model._meta.total_unique_constraints]
    constraints += [c.fields for c in field.model._meta.constraints if getattr(c, "fields", ()) and getattr(c, "condition", None)]
    return any(
        field.name in fields
        and not any(named[name].is_relation and named[name].related_model._meta.db_table in tables for name in fields if name in named)
        for fields in constraints
    )
