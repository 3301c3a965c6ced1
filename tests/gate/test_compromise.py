"""What each compromise must not give away (protection.md 8.3): the cells that no other test holds. Which test holds which: docs/papers/threats.md."""

import re
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

import run
from atlas.children.models import Child
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Look
from atlas.sealed.commands import seal_set
from tests import factories
from tests.factories import NOW
from tests.migrated import cluster
from tests.sealed.given import VALUES, sealed_world
from tests.world import make_world

KEPT = "SELECT format('SELECT t::text FROM %I.%I t', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"


def injected(statement: str) -> Any:
    """What a statement gives that somebody slipped into a request of the service; in a savepoint, so that the request goes on."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else cursor.rowcount


@pytest.mark.django_db
def test_an_injected_statement_takes_no_other_identity() -> None:
    """Who acts is signed with a key that the database keeps where the service's login reads nothing: what it can set is nobody."""
    world, boss = make_world(), factories.post("head_of_service")
    with acting_as(world.stranger, NOW):
        assert not Child.objects.exists()
        said = injected("SELECT current_setting('atlas.context')")[0][0]
    for post in (world.worker, boss):
        with acting_as(world.stranger, NOW):
            parts = said.split(".")
            parts[1] = str(post.pk)
            injected(f"SELECT set_config('atlas.context', '{'.'.join(parts)}', true)")
            assert not Child.objects.exists()
    for statement in (
        "SET ROLE atlas_owner",
        "SET SESSION AUTHORIZATION atlas_owner",
        "SET ROLE atlas_tick",
        "SET row_security = off; SELECT * FROM children_child",
    ):
        with acting_as(world.stranger, NOW), pytest.raises(DatabaseError, match=r"permission denied|row-level security"):
            injected(statement)
    hidden = "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relname LIKE 'gate_%key%' AND c.relkind = 'r'"
    with acting_as(world.stranger, NOW):
        for (table,) in injected(hidden):
            with pytest.raises(DatabaseError, match="permission denied"):
                injected(f"SELECT * FROM {table}")


@pytest.mark.django_db
def test_an_injected_statement_reads_nothing_that_is_sealed() -> None:
    world = make_world()
    seal_set(child=world.child, kind="location", values=VALUES, by=world.worker, at=NOW)
    tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'sealed'"
    with acting_as(world.worker, NOW):
        for (table,) in injected("SELECT relname FROM pg_class WHERE relnamespace = 'sealed'::regnamespace AND relkind = 'r'"):
            with pytest.raises(DatabaseError, match="permission denied"):
                injected(f"SELECT * FROM sealed.{table}")
        assert injected(tables) == []  # as far as the login may see


@pytest.mark.django_db
def test_an_injected_statement_changes_no_act_and_no_look() -> None:
    world = make_world()
    seal_set(child=world.child, kind="location", values=VALUES, by=world.worker, at=NOW)
    with acting_as(world.worker, NOW):
        for model in (Act, Look):
            table = model._meta.db_table
            for verb in ("UPDATE {} SET tx = 0", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}", "ALTER TABLE {} DISABLE TRIGGER ALL"):
                with pytest.raises(DatabaseError, match=r"permission denied|must be owner|added to"):
                    injected(verb.format(table))


def test_the_superuser_finds_no_sealed_word_in_any_table(own_database: Any) -> None:
    """Also what a stolen copy of the database holds: every row of every table, as text, with the words that were sealed nowhere in it."""
    own_database("app")
    sealed_world()
    name, server = connection.settings_dict["NAME"], cluster()
    statements = [line for line in server.sql(name, KEPT).splitlines() if line.startswith("SELECT t::text")]
    found = server.sql(name, "\n".join(f"{line};" for line in statements))
    assert "location" in found and len(found) > 10_000
    for word in VALUES.values():
        for form in (word, word.encode().hex(), re.sub(r"\s", "", word)):
            assert form.lower() not in found.lower()


def test_the_web_server_holds_no_key_that_opens_or_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys of the unsealer and the sealer, and the addresses of other logins, are given to these processes alone."""
    keys = ("ATLAS_SEAL_KEY", "ATLAS_UNSEALING_KEY", "ATLAS_BACKUP_PRIVATE_KEY", "ATLAS_ANCHORS")
    others = ("DATABASE_OWNER_URL", "DATABASE_TICK_URL", "DATABASE_SEALER_URL", "DATABASE_UNSEALER_URL", "DATABASE_BACKUP_URL")
    monkeypatch.setattr(run, "sealing_key", lambda env: "00" * 32)
    for key in keys:
        monkeypatch.setenv(key, "/a/key")
    env = run.settings(dict.fromkeys(("DATABASE_URL", *others), "postgresql://"))
    served = run.alone({**env, "ATLAS_AS": "service"})
    assert "DATABASE_URL" in served and not {*keys, *others} & served.keys()
    for login in ("tick", "sealer", "unsealer"):
        assert [key for key in run.alone({**env, "ATLAS_AS": login}) if key in {"DATABASE_URL", *others}] == [
            f"DATABASE_{login.upper()}_URL"
        ]
