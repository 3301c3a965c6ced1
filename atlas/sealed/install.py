"""The schema of the sealed sets: its statements, run by `manage gate install`, and what the catalogue must say of it.

The service's login may put in and nothing else; the unsealer's login may call five functions and nothing else, in no other schema.
"""

from collections.abc import Iterator
from pathlib import Path

APP, UNSEALER, GATE = "atlas_app", "atlas_unsealer", "atlas_gate"
TABLES = ("box", "window", "used")
SQL = Path(__file__).with_name("install.sql")
# Who may call each function besides the others here.
FUNCTIONS = {
    "sealed.put(uuid, text, bytea, bytea)": APP,
    "sealed.open(uuid, text, text, jsonb)": UNSEALER,
    "sealed.show(uuid, text, jsonb)": UNSEALER,
    "sealed.shut()": UNSEALER,
    "sealed.judged(uuid, boolean)": "",
    "sealed.is_used()": "",
    "sealed.write_down(text, text, uuid, jsonb)": "",
    "sealed.take_away(uuid)": APP,
    "sealed.take_copies(uuid, text[])": APP,
    "sealed.being_sealed(uuid)": "",
    "sealed.plain(text)": "",
    "sealed.holds(text, text[])": "",
    "sealed.without(text, text[])": "",
    "sealed.refuse_clear()": "",
    "sealed.blank_clear()": "",
    "sealed.is_sealed_again(uuid)": "",
    "sealed.end_set(uuid, uuid, text, timestamp with time zone)": "",
    "sealed.lifting()": "",
    "sealed.judged_lift(uuid)": "",
    "sealed.release(uuid, jsonb)": UNSEALER,
    "sealed.put_back(uuid, jsonb, jsonb)": UNSEALER,
}

# What the functions may do to the tables that hold copies in clear.
TAKEN_FROM = {
    "people_contactdetail": "SELECT, DELETE, INSERT", "statuses_placement": "SELECT, UPDATE (provider, postcode)", "gate_draft": "SELECT, DELETE",
    "feeds_row": "SELECT, UPDATE (values)", "sharing_disclosure": "SELECT, UPDATE (until_at)",
    "missing_triggerplan": "SELECT, UPDATE (known_as_words, looks_words, communication_words, health_words, worry_words, telephone_words, online_words, transport_words, "
    "people_words, places_words, safe_people_words, safe_places_words, reach_words, return_words, keeper_words, version)",
    "missing_triggeraction": "SELECT, UPDATE (trigger_words, actor_words, action_words, version)",
    "missing_triggerplanversion": "SELECT, UPDATE (content)", "missing_missingprofile": "SELECT, UPDATE (health, places, people, version)",
}  # fmt: skip
ENDED_BY_LIFT = {"sealed_sealedset": "lifted_at", "sealed_sealedlocation": "until_at", "sealed_seallift": "done_at"}
TRIGGERS = {
    ("people_contactdetail", "sealed_refuses", "refuse_clear"),
    ("statuses_placement", "sealed_blanks", "blank_clear"),
    ("sealed_seallift", "sealed_lifting", "lifting"),
}


def statements() -> Iterator[str]:
    """All statements, in order; run again they leave the same state."""
    yield SQL.read_text(encoding="utf-8")
    for table, name, function in sorted(TRIGGERS):
        yield f"CREATE OR REPLACE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION sealed.{function}()"
    yield f"REVOKE ALL ON SCHEMA sealed FROM PUBLIC, {APP}, {UNSEALER}"
    yield f"GRANT USAGE ON SCHEMA sealed TO {APP}, {UNSEALER}"
    yield f"GRANT CREATE, USAGE ON SCHEMA sealed TO {GATE}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {UNSEALER}"
    for table in TABLES:
        yield f"REVOKE ALL ON sealed.{table} FROM PUBLIC, {APP}, {UNSEALER}"
        yield f"ALTER TABLE sealed.{table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE sealed.{table} FORCE ROW LEVEL SECURITY"
        yield from _policy(f"sealed.{table}", "gate_all", f"FOR ALL TO {GATE} USING (true) WITH CHECK (true)")
    yield f"GRANT SELECT, INSERT, UPDATE (lifted) ON sealed.box TO {GATE}"
    yield f"GRANT SELECT, INSERT, UPDATE ON sealed.window TO {GATE}"
    yield f"GRANT SELECT, INSERT, DELETE ON sealed.used TO {GATE}"
    yield f"GRANT SELECT ON sealed_sealedset, sealed_sealedlocation, sealed_seallift, gate_installed TO {GATE}"
    # What a lift ends is ended by the functions here alone: the service's login alters none of these rows.
    for table, ends in ENDED_BY_LIFT.items():
        yield from _policy(table, "gate_select", f"FOR SELECT TO {GATE} USING (true)")
        yield f"GRANT UPDATE ({ends}, version) ON {table} TO {GATE}"
        yield from _policy(table, "gate_update", f"FOR UPDATE TO {GATE} USING (true) WITH CHECK (true)")
    for table, may in TAKEN_FROM.items():
        yield f"GRANT {may} ON {table} TO {GATE}"
        yield from _policy(table, "gate_sealing", f"FOR ALL TO {GATE} USING (true) WITH CHECK (true)")
    yield f"GRANT UPDATE (until_at, ended_because) ON gate_relationship TO {GATE}"
    yield from _policy("gate_relationship", "gate_sealing", f"FOR UPDATE TO {GATE} USING (true) WITH CHECK (true)")
    # Of acts, the gate's own install says which the gate's role may write (GATE_MAY): one policy for each table and command.
    yield f"GRANT INSERT ON gate_look TO {GATE}"
    yield from _policy("gate_look", "gate_insert", f"FOR INSERT TO {GATE} WITH CHECK (post_id = (SELECT gate_acting()))")
    for function, caller in FUNCTIONS.items():
        yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC, {APP}, {UNSEALER}"
        if caller:
            yield f"GRANT EXECUTE ON FUNCTION {function} TO {caller}"
        yield f"ALTER FUNCTION {function} OWNER TO {GATE}"


def _policy(table: str, name: str, rest: str) -> Iterator[str]:
    yield f"DROP POLICY IF EXISTS {name} ON {table}"
    yield f"CREATE POLICY {name} ON {table} {rest}"


def findings(cursor: object) -> list[str]:
    """The holes, in words, as PostgreSQL's own catalogue shows them."""
    return [*_tables(cursor), *_reach(cursor), *_functions(cursor), *_triggers(cursor)]


def _tables(cursor: object) -> list[str]:
    rows = _rows(
        cursor,
        "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relkind = 'r' AND relnamespace = 'sealed'::regnamespace",
    )
    secured = {name for name, is_secured in rows if is_secured}
    return [f"sealed.{name} has no row security, or does not force it on its owner" for name in TABLES if name not in secured]


def _reach(cursor: object) -> list[str]:
    """What the logins may touch that they must not: any table here, and for the unsealer any table at all."""
    rows = _rows(
        cursor,
        "SELECT login, c.relnamespace::regnamespace::text || '.' || c.relname FROM pg_class c, unnest(ARRAY['atlas_app', 'atlas_tick', 'atlas_sealer', "
        "'atlas_unsealer']) login WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace IN ('sealed'::regnamespace, 'public'::regnamespace) "
        "AND (login = 'atlas_unsealer' OR c.relnamespace = 'sealed'::regnamespace) "
        "AND (has_table_privilege(login, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE') OR has_any_column_privilege(login, c.oid, 'SELECT, INSERT, UPDATE')) "
        "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')",
    )
    return [f"{login} may touch {table}" for login, table in sorted(rows, key=str)]


def _triggers(cursor: object) -> list[str]:
    rows = _rows(
        cursor,
        "SELECT c.relname::text, t.tgname::text, p.proname::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE t.tgenabled IN ('O', 'A') AND t.tgtype = 23 AND t.tgqual IS NULL AND p.pronamespace = 'sealed'::regnamespace",
    )
    return [
        f"trigger {name} of {table} is missing or switched off: what is sealed may stand in clear"
        for table, name, _ in sorted(TRIGGERS - {*rows})
    ]


def _functions(cursor: object) -> list[str]:
    """Each function there, run as its owner with a safe search path, with the very text of this code, and called by nobody else."""
    text = SQL.read_text(encoding="utf-8")
    rows = _rows(
        cursor,
        "SELECT p.oid::regprocedure::text, p.prosrc, (p.prosecdef OR l.lanname = 'sql') AND pg_get_userbyid(p.proowner) = 'atlas_gate' "
        "AND coalesce(array_to_string(p.proconfig, ','), '') LIKE '%pg_catalog, public, pg_temp', "
        "ARRAY(SELECT login FROM unnest(ARRAY['public', 'atlas_app', 'atlas_tick', 'atlas_sealer', 'atlas_unsealer']) login "
        "WHERE has_function_privilege(login, p.oid, 'execute')) FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang "
        "WHERE p.pronamespace = 'sealed'::regnamespace",
    )
    found = {str(name).replace(",", ", "): (str(source) in text and bool(safe), callers) for name, source, safe, callers in rows}
    problems = [f"function {name} belongs to nobody here" for name in sorted(found.keys() - FUNCTIONS.keys())]
    for name, caller in FUNCTIONS.items():
        is_ours, callers = found.get(name, (False, []))
        if not is_ours:
            problems.append(f"function {name} is missing, or not the one of this code")
        elif callers != ([caller] if caller else []):
            problems.append(f"function {name} may be called by {callers}")
    return problems


def _rows(cursor: object, statement: str) -> list[tuple[object, ...]]:
    cursor.execute(statement)  # type: ignore[attr-defined]
    return list(cursor.fetchall())  # type: ignore[attr-defined]
