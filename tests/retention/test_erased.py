"""Tick erases what was set aside thirty days ago: every row that hangs on the child, in every table there is, and no row of anybody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import ProgrammingError, connection, transaction
from django.db.models import UUIDField

from atlas.children.models import Child
from atlas.gate.context import acting_as
from atlas.retention.commands import place_hold
from atlas.retention.models import ErasureCertificate
from atlas.retention.stores import LOOSE, STAYS
from atlas.tick import tick
from tests.retention.given import HELD, LATER, Keepers, due_child, every_class_decided, forecast_made, keepers, set_aside
from tests.retention.planting import key, plant
from tests.tasks.test_tick import service

END = LATER + timedelta(days=31)
STAYING = {"public.gate_act", "public.gate_look"}
# What tick deletes once it is over, of anybody: what is planted ended in 2001.
FORGOTTEN = {f"public.{table}" for table in ("gate_draft", "sharing_exportfile", "desk_silentnotice", "network_link", "network_together")}


def stored() -> dict[str, list[str]]:
    """Every row of every table, as text: asked as the superuser, whom no policy keeps from anything."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'sealed')")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def about(rows: dict[str, list[str]], *words: str) -> dict[str, list[str]]:
    """The rows in which any of these words stands."""
    found = {table: sorted(row for row in held if any(word in row for word in words)) for table, held in rows.items()}
    return {table: held for table, held in found.items() if held}


def test_every_row_that_hangs_on_the_child_goes_and_no_other(own_database: Any) -> None:
    given, by = keepers(), service()
    child, other = due_child("Zephyrine Elder"), due_child("Rowan Otherwise")
    every_class_decided(given)
    forecast_made(given, by, own_database)
    run = set_aside(given, at_most=1)
    with acting_as(given.head, LATER):
        record = run.records.get()
    if record.whose == other.pk:
        child, other = other, child
    own_database("postgres")
    tables = plant(child.pk, child.name.split()[0])
    plant(other.pk, other.name.split()[0])
    assert len(tables) > 100
    before = stored()
    words = (str(child.pk), child.name.split()[0], key(child.pk, "break_glass_breakglass"))
    assert {f"public.{table}" for table in tables} <= set(about(before, *words))
    own_database("tick")
    with acting_as(by, END), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM children_child")
    assert tick(by=by, at=END - timedelta(days=2)).erased == 0  # thirty days have not passed
    held_on_the_last_day(given, by, own_database)
    own_database("tick")
    assert tick(by=by, at=END).erased == 1
    own_database("postgres")
    after = stored()
    assert set(about(after, *words)) <= STAYING, about(after, *words)
    kept = {table: rows for table, rows in about(before, str(other.pk)).items() if table not in STAYING | FORGOTTEN}
    assert {table: rows for table, rows in about(after, str(other.pk)).items() if table in kept} == kept
    own_database("app")
    with acting_as(given.head, END):
        record.refresh_from_db()
        certificate = ErasureCertificate.objects.get(record=record)
    assert (record.state, record.whose, record.one) == ("erased", None, None)
    assert certificate.kinds["children_child"] == 1 and len(certificate.kinds) > 100 and str(child.pk) not in str(certificate.kinds)
    with acting_as(by, END), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT gate_erase(%s, '')", [record.pk])  # no login of the service may call it


def held_on_the_last_day(given: Keepers, by: Any, login: Any) -> None:
    """A hold that was placed while the record was set aside keeps it, and says so; then, for the rest of the story, it never was."""
    login("app")
    hold = place_hold(given=HELD, by=given.privacy, at=LATER)
    login("tick")
    assert tick(by=by, at=END).erased == 0
    login("postgres")
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, ended_because FROM retention_duerecord WHERE erase_on IS NOT NULL")
        assert cursor.fetchall() == [("kept", "A hold keeps it.")]
        cursor.execute("UPDATE retention_duerecord SET state = 'set_aside', ended_at = NULL, ended_because = '' WHERE erase_on IS NOT NULL")
        cursor.execute("DELETE FROM retention_hold WHERE id = %s", [hold.pk])


def test_whatever_names_a_child_by_a_plain_id_is_on_the_list_of_stores() -> None:
    """A foreign key is in the catalogue; a plain id is in no catalogue: say in atlas/retention/stores.py what is done with it."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            plain = isinstance(field, UUIDField) or (isinstance(field, ArrayField) and isinstance(field.base_field, UUIDField))
            is_loose = not getattr(field, "db_constraint", True) and field.related_model is Child
            if (plain and field.name in {"child_id", "children", "about_child", "whose"}) or is_loose:
                assert model._meta.label in LOOSE or model._meta.label in STAYS, f"{model._meta.label}.{field.name}"
