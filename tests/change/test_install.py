"""The gate comes into a database that is in use: where it stands it waits for nobody, and what a later version left does not keep this one from starting."""

from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from atlas.gate.catalogue import end_where_a_hole_is, findings
from atlas.gate.install import STANDS
from tests.migrated import cluster

EVERY_TABLE = "SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables WHERE schemaname IN ('public', 'sealed')"
# What a version after this one adds: a column, a table about a child, a policy on a table that is here already.
NEXT = """
    ALTER TABLE missing_episode ADD COLUMN mood text NOT NULL DEFAULT '';
    CREATE TABLE missing_mood (id uuid PRIMARY KEY, child_id uuid NOT NULL REFERENCES children_child);
    ALTER TABLE missing_mood ENABLE ROW LEVEL SECURITY; ALTER TABLE missing_mood FORCE ROW LEVEL SECURITY;
    CREATE POLICY app_select ON missing_mood FOR SELECT TO atlas_app USING (child_id = ANY ((SELECT gate_blocked())::uuid[]));
    CREATE POLICY app_mood ON missing_episode AS RESTRICTIVE FOR SELECT TO atlas_app USING (mood <> 'dark');
    UPDATE gate_installed SET fingerprint = 'of the next';
    COMMENT ON TABLE gate_installed IS 'of the next'"""


def installed() -> str:
    """What `manage gate install` says."""
    call_command("gate", "install", stdout=(out := StringIO()))
    return out.getvalue()


def done(own_database: Any, statements: str) -> None:
    """Done as the owner of the tables."""
    own_database("owner")
    with connection.cursor() as cursor:
        cursor.execute(statements)


def test_where_it_stands_it_waits_for_nobody(own_database: Any) -> None:
    """However often. What erases was broken by the second time, and the third could not be."""
    done(own_database, "SELECT 1")
    assert installed() == "The gate stands.\n"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_proc WHERE proowner = 'atlas_eraser'::regrole AND NOT has_function_privilege('atlas_eraser', oid, 'execute')"
        )
        assert cursor.fetchone() == (0,)
    with psycopg.connect(cluster().url("postgres", connection.settings_dict["NAME"])) as writer:
        (every,) = writer.execute(EVERY_TABLE).fetchone() or ("",)
        writer.execute(f"LOCK TABLE {every} IN ROW EXCLUSIVE MODE")
        assert installed() == "The gate stands.\n"


ALTERED = """
    ALTER POLICY app_select ON people_name USING (true);
    DROP POLICY app_block ON missing_episode;
    ALTER TABLE missing_offer NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE gate_act DISABLE TRIGGER never_altered;
    DROP TRIGGER gate_version ON missing_episode;
    DROP TRIGGER sealed_blanks ON statuses_placement;
    ALTER TABLE gate_relationship DROP CONSTRAINT relationship_longest"""


def test_what_was_altered_is_as_it_was(own_database: Any) -> None:
    done(own_database, ALTERED)
    assert len(findings(connection)) >= 5
    assert installed() == "The gate stands.\n"
    assert findings(connection) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT convalidated FROM pg_constraint WHERE conname = 'relationship_longest'")
        assert cursor.fetchone() == (True,)


def test_there_and_back_again(own_database: Any, client: Client) -> None:
    """While the next version's gate stands, whole, what runs may be sent people, and nothing of this version starts. Then the new columns and tables stay, what that gate
    said of them goes, and this version starts.
    """
    done(own_database, NEXT)
    assert client.get("/ready").status_code == 503  # a hole: somebody altered a policy
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE gate_installed SET stands = ({STANDS})")  # as the next version's own install ends
    own_database("app")
    told = client.get("/ready")
    assert (told.status_code, told.json()["gate"], told.json()["another_version"]) == (200, True, True)
    with pytest.raises(SystemExit, match="the policy in the database is not the policy of this code"):
        end_where_a_hole_is(connection, "Atlas")
    own_database("owner")
    said = installed()
    assert "Policy app_mood on missing_episode is not of this version, and goes." in said and said.endswith("The gate stands.\n")
    own_database("app")
    end_where_a_hole_is(connection, "Atlas")
    assert client.get("/ready").json()["another_version"] is False
