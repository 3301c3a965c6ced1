"""How rows are filled in that a new column left empty: some hundred at a time, beside pages; it can be ended, and begun again where it was (ADR 57).

Used by a migration with `atomic = False`:

    def fill(apps, editor):
        \"\"\"Each place says of what sort it is: nothing said so before.\"\"\"
        backfill(editor.connection, apps.get_model("places", "Place"), Q(sort=""), sort=Lower("kind"))
"""

from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, Q

BATCH = 500


def backfill(connection: BaseDatabaseWrapper, model: type[Model], empty: Q, *, batch: int = BATCH, **values: Any) -> int:
    """Give each row that is `empty` these values (or expressions); how many rows. What is given must not be `empty` any more.

    The owner of a gated table changes none of its rows (and sees few), for row security is forced on it too. In the transaction of a batch alone it is not, and a row's
    version does not grow, or whoever is typing would be told that somebody changed it. The table is locked meanwhile.
    """
    table, done = connection.ops.quote_name(model._meta.db_table), 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", [table])
        is_forced = bool(cursor.fetchone()[0])
        cursor.execute("SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'gate_version' AND tgenabled = 'O'", [table])
        is_counted = cursor.fetchone() is not None
    while True:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN {'ACCESS EXCLUSIVE' if is_forced or is_counted else 'ROW EXCLUSIVE'} MODE")
            cursor.execute(
                _with(table, is_forced, "NO FORCE ROW LEVEL SECURITY")
                + _with(table, is_counted, "DISABLE TRIGGER gate_version")
                + "SELECT 1"
            )
            some = list(model._default_manager.using(connection.alias).filter(empty).values_list("pk", flat=True)[:batch])
            changed = model._default_manager.using(connection.alias).filter(pk__in=some).update(**values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                _with(table, is_counted, "ENABLE TRIGGER gate_version") + _with(table, is_forced, "FORCE ROW LEVEL SECURITY") + "SELECT 1"
            )
        done += changed
        if len(some) < batch:
            return done


def _with(table: str, wanted: bool, what: str) -> str:
    return f"ALTER TABLE {table} {what}; " if wanted else ""
