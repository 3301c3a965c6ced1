"""What erases: the role, which nobody signs in as, of the one function that takes a child's record away, and what that role may touch. Run by `manage gate install`.

It deletes rows of the children whose records are set aside and whose last day has come, and no other: row security says so, not the function alone. Of what it deletes
it reads keys, and no word. Tick calls the function, and no other login may.
"""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db.models import ForeignKey, Model

from atlas.retention.stores import LOOSE

SQL = Path(__file__).with_name("erase.sql")
ERASER, TICK, APP, GATE = "atlas_eraser", "atlas_tick", "atlas_app", "atlas_gate"
# Of each function: whose it is, and who may call it.
FUNCTIONS = {
    "gate_erasable()": (GATE, (ERASER,)),
    "gate_kept_back(uuid)": (GATE, (ERASER,)),
    "gate_hanging()": (ERASER, (ERASER,)),
    "gate_counted(jsonb, text, bigint)": (ERASER, (ERASER,)),
    "gate_erase(uuid, text)": (ERASER, (TICK,)),
    "gate_may_be_held(uuid)": (GATE, (ERASER,)),
    "gate_empty_unmatched(uuid)": (ERASER, (TICK,)),
}
CALLED = ("gate_me()", "gate_role()")
ROOTS = ("children.Child", "people.Person")
ERASABLE = "((SELECT gate_erasable())::uuid[])"
# An install of 29 November 2026, run twice, took from the owner the right to run its own functions: nothing was erased, and they could not be made again.
OWN_RIGHT = f"""DO $$ DECLARE own regprocedure; BEGIN
    FOR own IN SELECT oid FROM pg_proc WHERE proowner = '{ERASER}'::regrole LOOP EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {ERASER}', own); END LOOP;
END $$"""  # noqa: S608  (our own names)
IS_TICK = "(SELECT gate_role()) = 'tick'"
# Rows that no child's record takes with it; and what else is read and done to find and empty them (`gate_empty_unmatched`).
UNMATCHED = {"feeds_row": "child_id IS NULL AND state IN ('new', 'changed', 'left', 'waiting_match', 'waiting_code', 'quarantined')"}
BESIDE_CHILDREN = {
    "retention_hold": "SELECT (authority_id, child_id, lifted_at)",
    "feeds_delivery": "SELECT (id, authority_id, received_at)",
    "feeds_row": "SELECT (delivery_id, state), UPDATE (state)",
    "desk_frontdoorquestion": "SELECT (authority_id, answered_at), DELETE",
}


def keys_of_child(model: type[Model]) -> list[str]:
    """The columns in which a row names a child by a foreign key; of a person, its own."""
    own = ["id"] if model._meta.label == "people.Person" else []
    return own + [str(field.column) for field in _links(model) if field.related_model._meta.label in ROOTS]


def _links(model: type[Model]) -> list["ForeignKey[Model, Model]"]:
    return [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey) and getattr(field, "db_constraint", True)]


def of_children() -> dict[type[Model], list[str]]:
    """Every table whose rows name a child by a foreign key, with the columns that do."""
    return {model: keys for model in apps.get_models(include_auto_created=True) if (keys := keys_of_child(model))}


def statements() -> Iterator[str]:
    """All statements, in order; run again they leave the same state."""
    yield OWN_RIGHT
    yield SQL.read_text(encoding="utf-8")
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {ERASER}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA sealed FROM {ERASER}"
    yield f"GRANT USAGE ON SCHEMA public, sealed TO {ERASER}"
    children = of_children()
    for model in apps.get_models(include_auto_created=True):
        yield from _of_table(model, children)
    for table in ("box", "window"):
        yield f"GRANT DELETE, SELECT (child) ON sealed.{table} TO {ERASER}"
        yield from _policies(f"sealed.{table}", f"child = ANY {ERASABLE}")
    yield f"GRANT SELECT (id, state, erase_on, whose, authority_id), UPDATE (state, whose, one, ended_at, ended_because) ON retention_duerecord TO {ERASER}"
    yield from _policy("retention_duerecord", "eraser_select", f"FOR SELECT TO {ERASER} USING ({IS_TICK})")
    yield from _policy(
        "retention_duerecord",
        "eraser_update",
        f"FOR UPDATE TO {ERASER} USING (whose = ANY {ERASABLE}) WITH CHECK (state IN ('kept', 'erased'))",
    )
    yield f"GRANT INSERT ON retention_erasurecertificate TO {ERASER}"
    yield from _policy("retention_erasurecertificate", "eraser_insert", f"FOR INSERT TO {ERASER} WITH CHECK ({IS_TICK})")
    yield from _beside_children()
    for function, (owner, callers) in FUNCTIONS.items():
        yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC, {APP}, {TICK}, {ERASER}"
        yield f"ALTER FUNCTION {function} OWNER TO {owner}"
        # Its owner too: where it owned the function already, what stands above took its own right.
        yield from (f"GRANT EXECUTE ON FUNCTION {function} TO {caller}" for caller in (owner, *callers))
    yield from (f"GRANT EXECUTE ON FUNCTION {function} TO {ERASER}" for function in CALLED)


def _beside_children() -> Iterator[str]:
    yield from (f"GRANT {rights} ON {table} TO {ERASER}" for table, rights in BESIDE_CHILDREN.items())
    yield from _policy("desk_frontdoorquestion", "eraser_select", f"FOR SELECT TO {ERASER} USING ({IS_TICK})")
    yield from _policy("desk_frontdoorquestion", "eraser_delete", f"FOR DELETE TO {ERASER} USING ({IS_TICK} AND answered_at IS NOT NULL)")


def _of_table(model: type[Model], children: dict[type[Model], list[str]]) -> Iterator[str]:
    """What the eraser may do with one table: delete a child's rows, or what hangs below them; and let another row say no more what it said of one."""
    table, own = model._meta.db_table, children.get(model, [])
    hanging = [field for field in _links(model) if field.related_model in children and field.related_model._meta.label not in ROOTS]
    beside = [str(field.column) for field in hanging if field.null]
    below = [field for field in hanging if not field.null and not own]
    loose = LOOSE.get(model._meta.label)
    if not (own or beside or below or loose):
        return
    reads = dict.fromkeys([str(model._meta.pk.column), *own, *(str(field.column) for field in hanging), *(loose.columns if loose else ())])
    yield f"GRANT SELECT ({_quoted(reads)}) ON {table} TO {ERASER}"
    theirs = [f"{_quoted([column])} = ANY {ERASABLE}" for column in own] + [_under(field, children) for field in below]
    theirs += [loose.theirs.format("(SELECT gate_erasable())::uuid[]")] if loose and not loose.scrubs else []
    yield from _policy(table, "eraser_select", f"FOR SELECT TO {ERASER} USING ({IS_TICK})")
    if theirs:
        yield f"GRANT DELETE ON {table} TO {ERASER}"
        yield from _policy(table, "eraser_delete", f"FOR DELETE TO {ERASER} USING ({' OR '.join(theirs)})")
    if alters := [*beside, *(loose.scrubs if loose else ())]:
        yield f"GRANT UPDATE ({_quoted(alters)}) ON {table} TO {ERASER}"
        using = loose.theirs.format("(SELECT gate_erasable())::uuid[]") if loose and loose.scrubs else IS_TICK
        using += f" OR ({IS_TICK} AND {UNMATCHED[table]})" if table in UNMATCHED else ""
        yield from _policy(table, "eraser_update", f"FOR UPDATE TO {ERASER} USING ({using}) WITH CHECK ({IS_TICK})")


def _under(field: "ForeignKey[Model, Model]", children: dict[type[Model], list[str]]) -> str:
    """That the row hangs below a row of such a child."""
    above = field.related_model
    own = " OR ".join(f"a.{_quoted([column])} = ANY {ERASABLE}" for column in children[above])
    return f"{_quoted([str(field.column)])} IN (SELECT a.{above._meta.pk.column} FROM {above._meta.db_table} a WHERE {own})"  # noqa: S608  (our own names)


def _quoted(columns: "Iterator[str] | list[str] | dict[str, None]") -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _policies(table: str, using: str) -> Iterator[str]:
    for command in ("SELECT", "DELETE"):
        yield from _policy(table, f"eraser_{command.lower()}", f"FOR {command} TO {ERASER} USING ({using})")


def _policy(table: str, name: str, rest: str) -> Iterator[str]:
    yield f"DROP POLICY IF EXISTS {name} ON {table}"
    yield f"CREATE POLICY {name} ON {table} {rest}"


def findings(cursor: object) -> list[str]:
    """The holes, in words: whoever else may call what erases, and what the eraser may do that is not here."""
    found = []
    rows = _rows(
        cursor,
        "SELECT p.oid::regprocedure::text, pg_get_userbyid(p.proowner)::text, p.prosrc, ARRAY(SELECT login::text FROM unnest(ARRAY['public', 'atlas_app', 'atlas_tick', "  # noqa: S608  (our own names)
        "'atlas_sealer', 'atlas_unsealer']) login WHERE has_function_privilege(login, p.oid, 'execute')) FROM pg_proc p "
        "WHERE p.oid IN (" + ", ".join(f"'{one}'::regprocedure" for one in FUNCTIONS) + ")",
    )
    text = SQL.read_text(encoding="utf-8")
    there = {str(name).replace(",", ", ").replace(",  ", ", "): (owner, str(source), callers) for name, owner, source, callers in rows}
    for function, (owner, callers) in FUNCTIONS.items():
        held = there.get(function)
        if held is None or held[0] != owner or held[1] not in text:
            found.append(f"function {function} is missing, or not the one of this code")
        elif held[2] != [caller for caller in callers if caller not in {ERASER, owner}]:
            found.append(f"function {function} may be called by {held[2]}")
    if _rows(cursor, "SELECT 1 FROM pg_roles WHERE rolname = 'atlas_eraser' AND (rolcanlogin OR rolsuper OR rolbypassrls)"):
        found.append("the eraser can sign in, or passes row security")
    return found


def _rows(cursor: object, statement: str) -> list[tuple[object, ...]]:
    cursor.execute(statement)  # type: ignore[attr-defined]
    return list(cursor.fetchall())  # type: ignore[attr-defined]
