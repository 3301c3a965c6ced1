"""The gate in PostgreSQL, made from the policy: functions, row security on every table about a child, grants.

Exactly one permissive policy per table, command and login; blocks are restrictive (protection.md section 4.9). Nothing
here is written by hand for one table: a model says its kind of record, and the statements follow.
"""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import Model

from atlas.gate.policy import FINGERPRINT, OPENINGS, ROLES, Mode, RecordKind, role_opens

APP, TICK, GATE = "atlas_app", "atlas_tick", "atlas_gate"
READ_BY_GATE = (
    "agencies_post", "agencies_user", "agencies_team", "agencies_shift", "gate_relationship", "gate_block", "gate_look",
    "children_child", "gate_act", "gate_secret", "gate_opening", "gate_grace", "gate_role_opening",
)  # fmt: skip
OWN_TABLES = ("gate_secret", "gate_opening", "gate_grace", "gate_role_opening", "gate_installed")
FUNCTIONS = (
    "gate_context()", "gate_me()", "gate_post()", "gate_role()", "gate_person()", "gate_kinds(text, text, text)",
    "gate_kinds_now(uuid, uuid, timestamp with time zone, text[])", "gate_blocked()",
    "gate_children(text, text)", "gate_authorities(text, text)", "gate_in_authority(uuid, uuid[])", "gate_looks(uuid)",
    "gate_version()", "gate_changes(uuid, text, text, text, timestamp with time zone)",
)  # fmt: skip


def gated_models() -> list[type[Model]]:
    """Every model whose rows are about a child."""
    return [model for model in apps.get_models() if hasattr(model, "record_kind") or hasattr(model, "open_to_roles")]


def append_only_models() -> list[type[Model]]:
    """Every model whose rows the service adds to and never alters, but for the column (`ends_by`) that says when one ends."""
    return [model for model in apps.get_models() if getattr(model, "append_only", False)]


def versioned_models() -> list[type[Model]]:
    """Every model whose rows carry a version: all that are gated and may be altered, and what else forms edit."""
    return [model for model in apps.get_models() if any(field.name == "version" for field in model._meta.fields)]


def statements() -> Iterator[str]:
    """All statements, in order. Run as the owner of the tables, again after every migration: they leave the same state."""
    yield Path(__file__).with_name("install.sql").read_text(encoding="utf-8")
    yield from _policy_rows()
    yield from _grants()
    for model in gated_models():
        yield from _row_security(model)
    for model in versioned_models():
        yield (
            f"CREATE OR REPLACE TRIGGER gate_version BEFORE UPDATE ON {model._meta.db_table} FOR EACH ROW EXECUTE FUNCTION gate_version()"
        )
    for function in FUNCTIONS:
        yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {function} TO {APP}, {TICK}"
        yield f"ALTER FUNCTION {function} OWNER TO {GATE}"


def _policy_rows() -> Iterator[str]:
    key = bytes.fromhex(settings.ATLAS_CONTEXT_KEY).ljust(64, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in key).hex() for pad in (0x36, 0x5C))
    yield "DELETE FROM gate_secret; DELETE FROM gate_opening; DELETE FROM gate_grace; DELETE FROM gate_role_opening; DELETE FROM gate_installed"
    yield f"INSERT INTO gate_secret VALUES ('\\x{inner}', '\\x{outer}')"
    openings = [
        f"('{opening.kind}', '{opening.scope}', '{record}', '{mode}')"
        for opening in OPENINGS
        for mode, records in ((Mode.READ, opening.reads), (Mode.WRITE, opening.writes))
        for record in sorted(records)
    ]
    yield f"INSERT INTO gate_opening VALUES {', '.join(openings)}"
    for opening in OPENINGS:
        if opening.grace is not None:
            before, after = (f"{grace.total_seconds():.0f} seconds" for grace in opening.grace)
            yield f"INSERT INTO gate_grace VALUES ('{opening.kind}', '{before}', '{after}')"
    roles = [f"('{role.key}', '{record}', '{mode}')" for role in ROLES for record, mode in sorted(role_opens(role))]
    yield f"INSERT INTO gate_role_opening VALUES {', '.join(roles)}"
    yield f"INSERT INTO gate_installed VALUES ('{FINGERPRINT}')"


def _grants() -> Iterator[str]:
    """The service's logins may work on every table's rows but own none; what is append-only cannot be altered by them."""
    yield f"GRANT USAGE ON SCHEMA public TO {APP}, {TICK}, {GATE}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}, {TICK}"
    yield f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP}, {TICK}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {TICK}"
    yield f"REVOKE ALL ON {', '.join(OWN_TABLES)} FROM {APP}"
    yield f"GRANT SELECT ON gate_installed TO {APP}, {TICK}"
    yield f"GRANT SELECT ON {', '.join(READ_BY_GATE)} TO {GATE}"
    for table in (
        "agencies_post",
        "agencies_user",
        "agencies_team",
        "agencies_agency",
        "agencies_agency_authorities",
        "agencies_shift",
        "agencies_authority",
    ):
        yield f"GRANT SELECT ON {table} TO {TICK}"
    for table in _job_tables():
        yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {TICK}"
    for model in append_only_models():
        yield f"REVOKE UPDATE, DELETE ON {model._meta.db_table} FROM {APP}"
        if column := getattr(model, "ends_by", ""):
            yield f"GRANT UPDATE ({column}) ON {model._meta.db_table} TO {APP}"


def _job_tables() -> list[str]:
    return [model._meta.db_table for model in apps.get_models() if model._meta.app_label == "procrastinate"]


def _row_security(model: type[Model]) -> Iterator[str]:
    table = model._meta.db_table
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"REVOKE DELETE ON {table} FROM {APP}"
    if model._meta.label == "gate.Draft":
        yield from _drafts(table)
    for command, using, check in _conditions(model):
        clauses = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
        yield from _policy(table, f"app_{command.lower()}", f"FOR {command} TO {APP}{clauses}")
    if _is_blockable(model):
        shut_out = f"NOT ({_child_column(model)} = ANY ((SELECT gate_blocked())::uuid[]))"
        yield from _policy(table, "app_block", f"AS RESTRICTIVE FOR ALL TO {APP} USING (({shut_out}) IS NOT FALSE)")
    if table in READ_BY_GATE:
        yield from _policy(table, "gate_select", f"FOR SELECT TO {GATE} USING (true)")
    if getattr(model, "open_to_tick", False):
        yield f"GRANT SELECT, INSERT, UPDATE ON {table} TO {TICK}"
        is_tick = "(SELECT gate_role()) = 'tick'"
        yield from _policy(table, "tick_all", f"FOR ALL TO {TICK} USING ({is_tick}) WITH CHECK ({is_tick})")


def _drafts(table: str) -> Iterator[str]:
    """Whoever typed a draft may throw it away; tick only those that are twelve hours old, and it reads nothing of them."""
    yield f"GRANT DELETE ON {table} TO {APP}, {TICK}"
    yield f"GRANT SELECT (id, saved_at) ON {table} TO {TICK}"
    for command in ("SELECT", "DELETE"):
        old = "(SELECT gate_role()) = 'tick' AND saved_at < (SELECT (gate_me()).at) - interval '12 hours'"
        yield from _policy(table, f"tick_{command.lower()}", f"FOR {command} TO {TICK} USING ({old})")


def _policy(table: str, name: str, rest: str) -> Iterator[str]:
    yield f"DROP POLICY IF EXISTS {name} ON {table}"
    yield f"CREATE POLICY {name} ON {table} {rest}"


def _conditions(model: type[Model]) -> Iterator[tuple[str, str, str]]:
    """(command, using, with check) for the service's login."""
    label = model._meta.label
    if hasattr(model, "open_to_roles"):
        roles = ", ".join(f"'{role}'" for role in model.open_to_roles)
        allowed = f"(SELECT gate_role()) IN ({roles})"
        yield from (("SELECT", allowed, ""), ("INSERT", "", allowed), ("UPDATE", allowed, allowed))
        return
    if label in {"gate.Act", "gate.Look"}:
        mine = "post_id = (SELECT gate_post())"
        yield from (("SELECT", mine, ""), ("INSERT", "", mine))
        return
    read, write = _reach(model, Mode.READ), _reach(model, Mode.WRITE)
    if label == "gate.Draft":
        mine = f"user_id = (SELECT gate_person()) AND (child_id IS NULL OR {read})"
        yield from (("SELECT", mine, ""), ("INSERT", "", mine), ("UPDATE", mine, mine), ("DELETE", mine, ""))
        return
    if label == "gate.Block":
        mine = "user_id = (SELECT gate_person())"
        yield from (("SELECT", f"{mine} OR {read}", ""), ("INSERT", "", mine))
        return
    if label == "gate.Relationship":
        read = f"(child_id IS NULL AND (SELECT gate_post()) IS NOT NULL) OR {read}"
        write = f"(child_id IS NULL AND (SELECT gate_role()) = 'system_administrator') OR (child_id IS NOT NULL AND ({write}))"
    if label == "people.Person":
        # The person comes before the child: whoever brings children of some authority into being may write it.
        yield ("INSERT", "", f"(SELECT gate_authorities('{RecordKind.CHILD}', 'write'))::uuid[] <> '{{}}'::uuid[]")
    else:
        yield ("INSERT", "", write)
    yield ("SELECT", read, "")
    if not getattr(model, "append_only", False):
        yield ("UPDATE", write, write)


def _reach(model: type[Model], mode: Mode) -> str:
    kind: RecordKind = model.record_kind  # type: ignore[attr-defined]
    column = _child_column(model)
    authorities = f"(SELECT gate_authorities('{kind}', '{mode}'))::uuid[]"
    columns: tuple[str, ...] = getattr(model, "authority_columns", ())
    if columns:
        by_authority = " OR ".join(f"{name}_id = ANY ({authorities})" for name in columns)
    else:
        by_authority = f"({authorities} <> '{{}}'::uuid[] AND gate_in_authority({column}, {authorities}))"
    return f"{by_authority} OR {column} = ANY ((SELECT gate_children('{kind}', '{mode}'))::uuid[])"


def _child_column(model: type[Model]) -> str:
    path: str = getattr(model, "child_path", "child_id")
    return str(model._meta.pk.column) if path == "pk" and model._meta.pk else path


def _is_blockable(model: type[Model]) -> bool:
    return model._meta.label not in {"gate.Act", "gate.Look", "gate.Block"} and not hasattr(model, "open_to_roles")
