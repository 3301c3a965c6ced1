"""What PostgreSQL's own catalogue says of the gate: each finding is a hole. The service does not start while there is one."""

from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from atlas.gate.functions import FUNCTIONS, INNER_FUNCTIONS
from atlas.gate.install import (
    APP,
    SEALER,
    SEALER_MAY,
    STANDS,
    TICK,
    TICK_READS_OF_USER,
    append_only_models,
    gated_models,
    others,
    policies,
    triggers,
    versioned_models,
)
from atlas.gate.installing import version
from atlas.gate.own import ending_columns
from atlas.gate.policy import FINGERPRINT


def findings(connection: BaseDatabaseWrapper) -> list[str]:
    """The holes, in words; empty where the gate stands. (protection.md 4.9 and table A, A17)"""
    checks = (
        _role, _server, _makes_nothing, _tables, _more_than_rows, _append_only, _versions, _triggers, _sealer, _tick, _policies, _functions, _views, _installed,
    )  # fmt: skip
    with connection.cursor() as cursor:
        return [problem for check in (*checks, *(module.findings for module in others())) for problem in check(cursor)]


def is_of_another_version(connection: BaseDatabaseWrapper) -> bool:
    """Whether the gate stands whole as another version of Atlas made it: while one version follows another, both serve on it (ADR 57). Nothing starts on it."""
    with connection.cursor() as cursor:
        rows = _rows(cursor, f"SELECT obj_description('gate_installed'::regclass) FROM gate_installed WHERE stands = ({STANDS})")  # noqa: S608  (our own words)
    return bool(rows) and rows[0][0] not in {None, version()}


def end_where_a_hole_is(connection: BaseDatabaseWrapper, what: str) -> None:
    """End this process, before it serves anybody, where the gate in its database has a hole; `what` it is that does not start."""
    if problems := findings(connection):
        raise SystemExit(f"{what} does not start, because the gate does not stand:\n" + "\n".join(f"  {problem}" for problem in problems))
    connection.close()


def _role(cursor: object) -> list[str]:
    superuser, bypass = _row(cursor, "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    return [f"the login {name}" for name, holds in (("is a superuser", superuser), ("bypasses row security", bypass)) if holds]


CHANGED = "a policy, a function or a word of the gate is not as it was installed: find out who changed it, then run manage gate install"
SET_UP = "posts may be given in nobody's name, which is for databases of tests alone: run manage gate install, and find out who said *posts are set up*"
# The first release of each version in which no login is known to go past row security, or to run programs as the server itself: leaks through statistics
# and kept plans (CVE-2025-8713), "internal" arguments (CVE-2026-14680), cursors (CVE-2026-16239). What a login does with tables that it makes (CVE-2026-6460, mended
# in 18.7, 17.12, 16.16 and 15.20) it cannot do here (`_makes_nothing`).
FLOORS = {15: 19, 16: 15, 17: 11, 18: 6}


def _server(cursor: object) -> list[str]:
    """The server itself: no older than its floor, and it writes no value into its log."""
    number, parameters, on_error, verbosity = _row(
        cursor,
        "SELECT current_setting('server_version_num')::int, current_setting('log_parameter_max_length'), "
        "current_setting('log_parameter_max_length_on_error'), current_setting('log_error_verbosity')",
    )
    major, minor = divmod(int(str(number)), 10_000)
    found = []
    if major < min(FLOORS) or minor < FLOORS.get(major, 0):
        newer = f"{major}.{FLOORS[major]}" if major in FLOORS else f"{max(FLOORS)}"
        found.append(f"PostgreSQL {major}.{minor} has known ways past row security: go to {newer}")
    if (parameters, on_error) != ("0", "0"):
        found.append("the server writes the values of statements into its log: run what `manage database prepare` prints")
    if verbosity != "terse":
        found.append("the server writes the rows of errors into its log: run what `manage database prepare` prints")
    return found


def _makes_nothing(cursor: object) -> list[str]:
    """Whoever makes tables or programs, if only for a session, reaches more of PostgreSQL than one who reads and writes rows: none of the service's logins may."""
    rows = _rows(
        cursor,
        "SELECT rolname, what FROM pg_roles, LATERAL (VALUES "
        "('tables of its own', has_database_privilege(rolname, current_database(), 'TEMPORARY')), "
        "('schemas, or tables in one', has_database_privilege(rolname, current_database(), 'CREATE') "
        "OR EXISTS (SELECT FROM pg_namespace n WHERE has_schema_privilege(rolname, n.oid, 'CREATE'))), "
        "('programs of its own', has_language_privilege(rolname, 'plpgsql', 'USAGE'))) can (what, is_so) "
        "WHERE is_so AND NOT rolsuper AND rolname = ANY (%s::text[])",
        f"{{{APP},{TICK},{SEALER},atlas_unsealer,atlas_backup}}",
    )
    return [f"{login} may make {what}: run what `manage database prepare` prints, then manage gate install" for login, what in rows]


def _more_than_rows(cursor: object) -> list[str]:
    """TRUNCATE, foreign keys and triggers ask no policy: none of the service's logins may use them."""
    rows = _rows(
        cursor,
        "SELECT login, privilege, c.relname FROM pg_class c, unnest(%s::text[]) login, unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) privilege "
        "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND has_table_privilege(login, c.oid, privilege)",
        f"{{{APP},{TICK},{SEALER}}}",
    )
    return [f"{login} may {privilege} {table}, which asks no policy" for login, privilege, table in rows]


def _tables(cursor: object) -> list[str]:
    secured = {
        name: (enabled, forced)
        for name, enabled, forced in _rows(
            cursor,
            "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace",
        )
    }
    return [
        f"{model._meta.db_table} has no row security, or does not force it on its owner"
        for model in gated_models()
        if secured.get(model._meta.db_table) != (True, True)
    ]


def _append_only(cursor: object) -> list[str]:
    altered = _rows(
        cursor,
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND has_column_privilege(%s, c.oid, a.attnum, 'UPDATE')",
        APP,
    )
    deleted = _rows(
        cursor,
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND has_table_privilege(%s, oid, 'DELETE')",
        APP,
    )
    found = []
    for model in append_only_models():
        table = model._meta.db_table
        if {column for name, column in altered if name == table} - {*ending_columns(model)} or (table,) in deleted:
            found.append(f"rows of {table} can be altered by the service, and must only be added to")
    return found


def _triggers(cursor: object) -> list[str]:
    """The triggers that keep the record of acts and looks: there, switched on, and with the very text of this code."""
    text = "".join(
        Path(__file__).with_name(name).read_text(encoding="utf-8")
        for name in ("install.sql", "two_people.sql", "systems.sql", "rota.sql", "owed.sql")
    )
    there = {
        (table, name, function, bits)
        for table, name, function, bits, source in _rows(
            cursor,
            "SELECT c.relname, t.tgname, p.proname, t.tgtype::int, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND c.relnamespace = 'public'::regnamespace",
        )
        if f"FUNCTION {function}()" in text and str(source) in text
    }
    return [
        f"trigger {name} of {table} is missing, switched off or not the one of this code"
        for table, name, function, bits, _ in triggers()
        if (table, name, function, bits) not in there
    ]


def _sealer(cursor: object) -> list[str]:
    held = _rows(
        cursor,
        "SELECT c.relname::text, privilege FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) privilege "
        "WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = 'public'::regnamespace AND has_table_privilege(%s, c.oid, privilege) "
        "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')",
        SEALER,
    )
    more, less = set(held) - SEALER_MAY, SEALER_MAY - set(held)
    return [f"the sealer may {privilege} {table}" for table, privilege in sorted(more, key=str)] + [
        f"the sealer may not {privilege} {table}" for table, privilege in sorted(less)
    ]


def _tick(cursor: object) -> list[str]:
    """What tick reads of a person is a list of columns: nothing that lets anybody sign in as them."""
    read = _rows(
        cursor,
        "SELECT attname::text FROM pg_attribute WHERE attrelid = 'agencies_user'::regclass AND attnum > 0 AND NOT attisdropped "
        "AND has_column_privilege(%s, attrelid, attnum, 'SELECT')",
        TICK,
    )
    return [f"tick may read {column} of agencies_user" for (column,) in sorted(set(read) - {(name,) for name in TICK_READS_OF_USER})]


def _versions(cursor: object) -> list[str]:
    """A draft is left out: it is its owner's alone, and two of its owner's windows may write over each other."""
    counted = {
        name
        for (name,) in _rows(
            cursor,
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'gate_version' AND t.tgenabled IN ('O', 'A')",
        )
    }
    altered = {*gated_models(), *versioned_models()} - {*append_only_models()}
    return [
        f"the changes of {model._meta.db_table} are not counted, so that one may be lost in another"
        for model in altered
        if model._meta.db_table not in counted and model._meta.label != "gate.Draft"
    ]


def _policies(cursor: object) -> list[str]:
    doubled = _rows(
        cursor,
        "SELECT tablename, cmd, roles::text, count(*) FROM pg_policies WHERE permissive = 'PERMISSIVE' GROUP BY 1, 2, 3 HAVING count(*) > 1",
    )
    public = _rows(cursor, "SELECT tablename, policyname FROM pg_policies WHERE 'public' = ANY (roles)")
    held = {(str(table), str(name)) for table, name in _rows(cursor, "SELECT tablename, policyname FROM pg_policies")}
    # A policy says in its name for whom it is: what is accepted of it (tests/gate/row_security.txt) is accepted of that login alone.
    strayed = _rows(
        cursor,
        "SELECT tablename, policyname, roles::text FROM pg_policies WHERE roles::text <> '{atlas_' || split_part(policyname, '_', 1) || '}'",
    )
    return (
        [f"policy {name} of {table} is missing" for table, name in sorted(policies() - held)]
        + [f"policy {name} on {table} is not of this code" for table, name in sorted(held - policies())]
        + [f"policy {name} on {table} is for {roles}" for table, name, roles in strayed]
        + [f"{table} has {count} permissive policies for {command} to {roles}" for table, command, roles, count in doubled]
        + [f"policy {name} on {table} is for everyone" for table, name in public]
    )


def _functions(cursor: object) -> list[str]:
    rows = _rows(
        cursor,
        "SELECT p.proname, p.prosecdef, p.proleakproof, coalesce(array_to_string(p.proconfig, ','), ''), has_function_privilege('public', p.oid, 'execute') "
        "FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'gate\\_%'",
    )
    found = {name for name, *_ in rows}
    problems = [f"function {function} is missing" for function in FUNCTIONS + INNER_FUNCTIONS if function.split("(")[0] not in found]
    for name, definer, leakproof, config, is_public in rows:
        if leakproof:
            problems.append(f"function {name} is marked leakproof")
        # Without pg_temp named last, PostgreSQL looks for tables among the caller's own temporary ones first.
        if definer and (str(config).count("pg_temp"), str(config)[-7:]) != (1, "pg_temp"):
            problems.append(f"function {name} runs as its owner without a search path that ends in pg_temp")
        if is_public:
            problems.append(f"function {name} may be run by everyone")
    return problems


def _views(cursor: object) -> list[str]:
    rows = _rows(
        cursor,
        "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND (relkind = 'm' OR (relkind = 'v' "
        "AND NOT coalesce(reloptions, '{}') @> ARRAY['security_invoker=true']))"
        " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = pg_class.oid AND d.deptype = 'e')",
    )
    return [f"view {name} runs as its owner, or holds rows of its own" for name, _ in rows]


def _installed(cursor: object) -> list[str]:
    rows = _rows(cursor, f"SELECT fingerprint, stands = ({STANDS}) FROM gate_installed")  # noqa: S608  (our own words)
    if [fingerprint for fingerprint, _ in rows] != [FINGERPRINT]:
        return ["the policy in the database is not the policy of this code: run manage gate install"]
    (is_set_up,) = _row(cursor, "SELECT is_set_up FROM gate_policy_held()")
    return ([] if rows[0][1] else [CHANGED]) + ([SET_UP] if is_set_up else [])


def _rows(cursor: object, statement: str, *values: str) -> list[tuple[object, ...]]:
    cursor.execute(statement, values or None)  # type: ignore[attr-defined]
    return list(cursor.fetchall())  # type: ignore[attr-defined]


def _row(cursor: object, statement: str) -> tuple[object, ...]:
    return _rows(cursor, statement)[0]
