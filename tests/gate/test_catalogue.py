"""The catalogue finds every hole that somebody tears into the gate; and a table of the caller's own does not fool the gate."""

import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from atlas.children.models import Child
from atlas.config.launcher import Cluster
from atlas.gate.catalogue import _server, findings
from atlas.gate.context import acting_as
from atlas.gate.install import statements
from tests import factories
from tests.accounts.test_posts_by_two import Staff
from tests.factories import NOW
from tests.world import make_world

ROOT = Path(__file__).resolve().parents[2]
AS_INSTALLED = "a policy, a function or a word of the gate is not as it was installed"
HOLES = {
    "ALTER TABLE missing_episode DISABLE ROW LEVEL SECURITY": "missing_episode has no row security",
    "ALTER TABLE missing_offer NO FORCE ROW LEVEL SECURITY": "missing_offer has no row security",
    "CREATE POLICY also ON clocks_clock FOR SELECT TO atlas_app USING (true)": "clocks_clock has 2 permissive policies",
    "DROP POLICY app_block ON missing_episode": "policy app_block of missing_episode is missing",
    "DROP POLICY app_author_select ON intelligence_raw": "policy app_author_select of intelligence_raw is missing",
    "CREATE POLICY app_more ON clocks_clock FOR DELETE TO atlas_app USING (true)": "policy app_more on clocks_clock is not of this code",
    "ALTER POLICY gate_select ON people_name TO atlas_app": "policy gate_select on people_name is for {atlas_app}",
    "ALTER POLICY app_select ON people_name USING (true)": AS_INSTALLED,
    "CREATE OR REPLACE FUNCTION gate_blocked() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS "
    "'SELECT NULL::uuid[]'": AS_INSTALLED,
    "CREATE POLICY everyone ON people_name FOR DELETE USING (true)": "policy everyone on people_name is for everyone",
    "CREATE VIEW all_children AS SELECT * FROM children_child": "view all_children runs as its owner",
    "CREATE MATERIALIZED VIEW kept AS SELECT 1 AS one": "view kept runs as its owner",
    "ALTER FUNCTION gate_post() SET search_path = pg_catalog, public": "function gate_post runs as its owner without a search path",
    "ALTER FUNCTION gate_role() SET search_path = pg_temp, public, pg_temp": "function gate_role runs as its owner without a search path",
    "GRANT EXECUTE ON FUNCTION gate_blocked() TO PUBLIC": "function gate_blocked may be run by everyone",
    "GRANT TRUNCATE ON children_child TO atlas_app": "atlas_app may TRUNCATE children_child",
    "GRANT REFERENCES ON children_child TO atlas_tick": "atlas_tick may REFERENCES children_child",
    "DROP FUNCTION gate_looks(uuid)": "function gate_looks(uuid) is missing",
    "GRANT UPDATE ON clocks_bankholidaychange TO atlas_app": "rows of clocks_bankholidaychange can be altered",
    "GRANT UPDATE (count) ON clocks_locallimit TO atlas_app": "rows of clocks_locallimit can be altered",
    "GRANT DELETE ON gate_act TO atlas_app": "rows of gate_act can be altered",
    "ALTER TABLE gate_act DISABLE TRIGGER never_altered": "trigger never_altered of gate_act is missing, switched off",
    "DROP TRIGGER stamp ON gate_look": "trigger stamp of gate_look is missing",
    "DROP TRIGGER only_own ON gate_act": "trigger only_own of gate_act is missing",
    "DROP TRIGGER never_altered ON audit_seal": "trigger never_altered of audit_seal is missing",
    "CREATE OR REPLACE FUNCTION gate_never_altered() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'": "trigger never_altered of gate_act",
    "GRANT UPDATE ON audit_seal TO atlas_sealer": "the sealer may UPDATE audit_seal",
    "GRANT SELECT ON people_name TO atlas_sealer": "the sealer may SELECT people_name",
    "REVOKE INSERT ON audit_seal FROM atlas_sealer": "the sealer may not INSERT audit_seal",
    "GRANT SELECT ON agencies_user TO atlas_tick": "tick may read council_subject of agencies_user",
    "DROP TRIGGER gate_version ON missing_episode": "the changes of missing_episode are not counted",
    "ALTER TABLE feeds_master DISABLE TRIGGER gate_version": "the changes of feeds_master are not counted",
    "GRANT SELECT ON sealed.box TO atlas_app": "atlas_app may touch sealed.box",
    "GRANT SELECT (name) ON children_child TO atlas_unsealer": "atlas_unsealer may touch public.children_child",
    "ALTER TABLE sealed.box NO FORCE ROW LEVEL SECURITY": "sealed.box has no row security",
    "GRANT EXECUTE ON FUNCTION sealed.show(uuid, text, jsonb) TO atlas_app": "function sealed.show(uuid, text, jsonb) may be called by",
    "ALTER FUNCTION sealed.shut() SET search_path = public": "function sealed.shut() is missing, or not the one of this code",
    "DROP FUNCTION sealed.is_used() CASCADE": "function sealed.is_used() is missing",
    "DROP POLICY gate_insert ON gate_look": "policy gate_insert of gate_look is missing",
    "ALTER TABLE people_contactdetail DISABLE TRIGGER sealed_refuses": "trigger sealed_refuses of people_contactdetail is missing",
    "DROP TRIGGER sealed_blanks ON statuses_placement": "trigger sealed_blanks of statuses_placement is missing",
    "INSERT INTO gate_role_opening VALUES ('practitioner', 'everything', 'read')": AS_INSTALLED,
    "UPDATE gate_kinds_held SET kinds = kinds || ARRAY['advice'] WHERE role = 'practitioner'": AS_INSTALLED,
    "DELETE FROM gate_two_persons WHERE permission = 'give_post' AND role = 'head_of_service'": AS_INSTALLED,
    "UPDATE gate_grace SET after = after + interval '1 second'": AS_INSTALLED,
    "INSERT INTO gate_word VALUES ('reviews', 'practitioner')": AS_INSTALLED,
    "UPDATE gate_recent SET lasts = interval '9 years'": AS_INSTALLED,
    "DROP POLICY app_recent_select ON chronology_entry": "policy app_recent_select of chronology_entry is missing",
    "UPDATE gate_installed SET fingerprint = 'another policy'": "the policy in the database is not the policy of this code",
}


@pytest.mark.parametrize("hole", HOLES)
def test_every_hole_is_found(hole: str, own_database: Any) -> None:
    own_database("owner")
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {'atlas_gate' if 'FUNCTION' in hole else 'atlas_owner'}; {hole}; RESET ROLE")
    own_database("app")
    assert any(problem.startswith(HOLES[hole]) for problem in findings(connection)), findings(connection)


def test_the_gate_can_be_installed_again(own_database: Any) -> None:
    own_database("owner")
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT TEMPORARY ON DATABASE {connection.settings_dict['NAME']} TO PUBLIC")  # as every new database begins
        for statement in statements():
            cursor.execute(statement)
    own_database("app")
    assert findings(connection) == []


def test_posts_are_set_up_in_databases_of_tests_alone(own_database: Any) -> None:
    """The word that lets tests give posts in nobody's name opens nothing in a service's database, and the service does not start with it."""
    own_database("app")
    Staff().give()  # somebody has acted: the installation has begun
    factories.post("practitioner")
    assert findings(connection) == []  # a database of tests may hold the word
    own_database("owner")
    copy = connection.settings_dict["NAME"]
    connection.close()
    cluster = Cluster(Path(next(path for path in sys.path if path.endswith("site-packages"))), ROOT / ".atlas/postgres-test", False)
    served = f"served_{copy}"
    cluster.sql("postgres", f"ALTER DATABASE {copy} RENAME TO {served}")
    try:
        own_database("app")
        connection.settings_dict["NAME"] = served
        found = {problem.split(":")[0] for problem in findings(connection)}
        assert found == {AS_INSTALLED, "posts may be given in nobody's name, which is for databases of tests alone"}
        with pytest.raises(DatabaseError, match="by two people"), transaction.atomic():
            factories.post("practitioner")
    finally:
        connection.close()
        cluster.sql("postgres", f"ALTER DATABASE {served} RENAME TO {copy}")


def test_a_server_that_writes_values_into_its_log_is_found(own_database: Any) -> None:
    own_database("postgres")
    with connection.cursor() as cursor:
        cursor.execute("SET log_parameter_max_length = -1; SET log_error_verbosity = 'default'")
    found = findings(connection)
    assert {one.split(" into its log")[0] for one in found} >= {
        "the server writes the values of statements",
        "the server writes the rows of errors",
    }


def test_a_server_older_than_its_floor_is_found() -> None:
    def said(version: int) -> list[str]:
        return _server(Server((version, "0", "0", "terse")))

    assert not said(150019) and not said(160015) and not said(170011) and not said(180006) and not said(190000)
    assert all("has known ways past row security" in said(version)[0] for version in (140099, 150018, 160014, 170010, 180005))


class Server:
    """A server that says of itself what the test wants."""

    def __init__(self, row: tuple[object, ...]) -> None:
        self.row = row

    def execute(self, statement: str, values: object = None) -> None: ...

    def fetchall(self) -> list[tuple[object, ...]]:
        return [self.row]


def test_a_login_above_the_gate_and_a_leakproof_function_are_found(own_database: Any) -> None:
    own_database("postgres")
    with connection.cursor() as cursor:
        cursor.execute("ALTER FUNCTION gate_post() LEAKPROOF")
    found = findings(connection)
    assert {"the login is a superuser", "the login bypasses row security", "function gate_post is marked leakproof"} <= set(found), found


MAKINGS = (
    "CREATE TEMPORARY TABLE mine (one int)", "CREATE TABLE public.mine (one int)", "CREATE SCHEMA mine", "DO $$ BEGIN END $$",
    "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
)  # fmt: skip


@pytest.mark.parametrize("login", ["app", "tick", "sealer", "unsealer"])
def test_no_login_of_the_service_makes_anything(login: str, own_database: Any) -> None:
    own_database(login)
    for making in MAKINGS:  # in one database: each copy takes as long as all of them
        with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(making)


MAKES = {
    "GRANT TEMPORARY ON DATABASE {} TO PUBLIC": {"atlas_app may make tables of its own", "atlas_sealer may make tables of its own"},
    "GRANT CREATE ON DATABASE {} TO atlas_tick": {"atlas_tick may make schemas, or tables in one"},
    "GRANT CREATE ON SCHEMA sealed TO atlas_unsealer": {"atlas_unsealer may make schemas, or tables in one"},
    "GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC": {"atlas_app may make programs of its own", "atlas_backup may make programs of its own"},
}


@pytest.mark.parametrize("granted", MAKES)
def test_a_login_that_makes_something_is_found(granted: str, own_database: Any) -> None:
    own_database("postgres")
    with connection.cursor() as cursor:
        cursor.execute(granted.format(connection.settings_dict["NAME"]))
    own_database("app")
    assert {problem.split(":")[0] for problem in findings(connection)} >= MAKES[granted]


def test_a_table_of_the_caller_s_own_does_not_fool_the_gate(own_database: Any) -> None:
    """Should a login be let make temporary tables once more: of any name, and the gate's functions must not read it."""
    own_database("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT TEMPORARY ON DATABASE {connection.settings_dict['NAME']} TO atlas_app")
    own_database("app")
    world = make_world()
    with acting_as(world.stranger, NOW), connection.cursor() as cursor:
        assert not Child.objects.exists()
        cursor.execute(
            "CREATE TEMPORARY TABLE gate_relationship AS SELECT 'allocated' AS kind, %s::uuid AS child_id, NULL::uuid AS authority_id, "
            "%s::uuid AS holder_post_id, NULL::uuid AS holder_team_id, now() - interval '9 years' AS from_at, NULL::timestamptz AS until_at",
            [world.child.pk, world.stranger.pk],
        )
        cursor.execute("GRANT SELECT ON gate_relationship TO PUBLIC")
        assert not Child.objects.exists()
