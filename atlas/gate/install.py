"""The gate in PostgreSQL, made from the policy: functions, row security on every table about a child, grants.

Exactly one permissive policy per table, command and login; blocks are restrictive (protection.md section 4.9). Nothing
here is written by hand for one table: a model says its kind of record, and the statements follow.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.apps import apps
from django.conf import settings
from django.db.models import Model

from atlas.gate.conditions import only_recent, reached
from atlas.gate.functions import FUNCTIONS, INNER_FUNCTIONS
from atlas.gate.gate_may import GATE_MAY, READ_BY_GATE
from atlas.gate.grounds import ON_GROUNDS, TODAY
from atlas.gate.own import CONTACTS, NO_CHILD, OWN_RULES, ending_columns, own_conditions, tick_rules
from atlas.gate.policy import OPENINGS, ROLES, Kind, Mode, Permission, RecordKind, Scope
from atlas.gate.policy_rows import OWN_TABLES, policy_rows
from atlas.gate.shut import shut

APP, TICK, SEALER, GATE = "atlas_app", "atlas_tick", "atlas_sealer", "atlas_gate"
# Of each trigger: its function, when it fires (as the catalogue's bits say it), and what follows its name when it is made.
NEVER_ALTERED = {"never_altered": ("gate_never_altered", 58, "BEFORE DELETE OR UPDATE OR TRUNCATE ON {} FOR EACH STATEMENT")}
EACH_ROW = "BEFORE INSERT OR UPDATE ON {} FOR EACH ROW"
EACH_ROW_GONE = "BEFORE INSERT OR DELETE OR UPDATE ON {} FOR EACH ROW"
# What two people do: the proposal itself, and what one person alone may not write; and what whoever is above a post alone writes of it.
BY_TWO = {
    "gate.Proposal": {"two_persons": ("gate_two_persons", 23, EACH_ROW)},
    "agencies.Post": {"by_two": ("gate_post_by_two", 23, EACH_ROW)},
    "sharing.Export": {"by_two": ("gate_export_many", 23, EACH_ROW)},
    "sharing.ExportFile": {"by_two": ("gate_export_file", 7, "BEFORE INSERT ON {} FOR EACH ROW")},
    "agencies.Shift": {"own": ("gate_shift_own", 31, EACH_ROW_GONE)},
    "agencies.Skill": {"own": ("gate_skill_own", 31, EACH_ROW_GONE)},
    "agencies.ContactPoint": {"own": ("gate_contact_point_own", 31, EACH_ROW_GONE)},
    "systems.ConnectedSystem": {"by_two": ("gate_system_by_two", 23, EACH_ROW)},
    "systems.SystemGrant": {"own": ("gate_grant_own", 23, EACH_ROW)},
}
# Of whom there is no such record: a child who is not born yet.
OF_THE_BORN = (
    "missing.Episode", "missing.ReturnInterview", "missing.MissingProfile", "exploitation.ExploitationAssessment", "exploitation.Harm",
)  # fmt: skip
NOT_UNBORN = {label: {"not_unborn": ("gate_not_unborn", 7, "BEFORE INSERT ON {} FOR EACH ROW")} for label in OF_THE_BORN}
RECORDED = {
    "stamp": ("gate_stamp", 7, "BEFORE INSERT ON {} FOR EACH ROW"),
    "only_own": ("gate_only_own", 4, "AFTER INSERT ON {} REFERENCING NEW TABLE AS added FOR EACH STATEMENT"),
}
SQL = (
    "install.sql",
    "match.sql",
    "break_glass.sql",
    "allegations.sql",
    "guests.sql",
    "leavers.sql",
    "owed.sql",
    "referrals.sql",
    "carers.sql",
    "child_page.sql",
    "rota.sql",
    "odd_looks.sql",
    "two_people.sql",
    "systems.sql",
    "contacts.sql",
    "plans.sql",
    "equality.sql",
    "sharing_register.sql",
    "meetings.sql",
    "step_downs.sql",
    "standing.sql",
    "missing_briefing.sql",
    "places.sql",
    "linkage.sql",
    "profile.sql",
    "together.sql",
    "retention.sql",
    "subject_access.sql",
)
# What tick reads of a person: whom an alert reaches, and since when an account is not used. No password, no identity at the council's sign-on.
TICK_READS_OF_USER = (
    "id", "first_name", "last_name", "username", "email", "telephone", "is_active", "last_login", "opened_at", "suspended_at",
    "suspended_because", "closed_at", "session_epoch",
)  # fmt: skip
# What tick deletes once it is over, and all that it reads of it: what was typed, the file of an export, a check of a return, a notice of a search.
TICK_DELETES = {
    "gate.Draft": ("id, saved_at", "saved_at < (SELECT (gate_me()).at) - interval '12 hours'"),
    "sharing.ExportFile": ("export_id, until_at", "until_at <= (SELECT (gate_me()).at)"),
    "returns.ReturnCheck": ("id, until_at", "until_at <= (SELECT (gate_me()).at)"),
    "desk.SilentNotice": ("id, searched_at", "searched_at <= (SELECT (gate_me()).at) - interval '14 days'"),
    **dict.fromkeys([*ON_GROUNDS, "network.Link", "network.Together"], ("id, expires_on", f"expires_on < {TODAY}")),
}
SEALER_MAY = {
    ("gate_act", "SELECT"), ("gate_look", "SELECT"), ("audit_seal", "SELECT"), ("audit_seal", "INSERT"),
    ("running_beat", "SELECT"), ("running_beat", "INSERT"), ("running_beat", "UPDATE"),  # it says that it works
}  # fmt: skip


# A database lets everybody make temporary tables until its owner says otherwise, and a copy of it forgets what was said.
NO_TABLES_OF_ITS_OWN = "DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$"
# What the policies say, what the functions do and what the policy's own rows are, as PostgreSQL holds them: kept at the end of the install, compared at every start.
STANDS = """
    SELECT encode(sha256(convert_to(string_agg(line, E'\\n' ORDER BY line COLLATE "C"), 'UTF8')), 'hex') FROM (
        SELECT format('%s %s %s %s %s %s %s', schemaname, tablename, policyname, permissive, cmd, qual, with_check) AS line
        FROM pg_policies WHERE schemaname IN ('public', 'sealed')
        UNION ALL
        SELECT format('%s %s %s %s %s', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), p.prosecdef, p.prosrc)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'sealed' OR (n.nspname = 'public' AND starts_with(p.proname, 'gate_'))
        UNION ALL
        SELECT (gate_policy_held()).held) stands"""


def gated_models() -> list[type[Model]]:
    """Every model whose rows are about a child."""
    return [model for model in apps.get_models() if hasattr(model, "record_kind") or hasattr(model, "open_to_roles")]


def append_only_models() -> list[type[Model]]:
    """Every model whose rows the service adds to and never alters, but for the column (`ends_by`) that says when one ends."""
    return [model for model in apps.get_models() if getattr(model, "append_only", False)]


def triggers() -> Iterator[tuple[str, str, str, int, str]]:
    """(table, trigger, function, its bits, its clause) of what keeps acts, looks and proposals as they were written."""
    for model in apps.get_models():
        made = BY_TWO.get(model._meta.label, {}) | NOT_UNBORN.get(model._meta.label, {})
        if getattr(model, "never_altered", False):
            made = NEVER_ALTERED | (RECORDED if hasattr(model, "record_kind") else {})
        for name, (function, bits, clause) in made.items():
            yield model._meta.db_table, name, function, bits, clause.format(model._meta.db_table)


def versioned_models() -> list[type[Model]]:
    """Every model whose rows carry a version: all that are gated and may be altered, and what else forms edit."""
    return [model for model in apps.get_models() if any(field.name == "version" for field in model._meta.fields)]


def statements() -> Iterator[str]:
    """All statements, in order. Run as the owner of the tables, again after every migration: they leave the same state."""
    for name in SQL:
        yield Path(__file__).with_name(name).read_text(encoding="utf-8")
    yield from policy_rows()
    yield from _grants()
    for model in gated_models():
        yield from _row_security(model)
    for model in versioned_models():
        yield (
            f"CREATE OR REPLACE TRIGGER gate_version BEFORE UPDATE ON {model._meta.db_table} FOR EACH ROW EXECUTE FUNCTION gate_version()"
        )
    yield from _of_others()
    for _, name, function, _, clause in triggers():
        yield f"CREATE OR REPLACE TRIGGER {name} {clause} EXECUTE FUNCTION {function}()"
    for function in sorted({function for _, _, function, _, _ in triggers()}):
        yield f"REVOKE ALL ON FUNCTION {function}() FROM PUBLIC, {APP}, {TICK}"
        yield f"ALTER FUNCTION {function}() OWNER TO {GATE}"
    for function in FUNCTIONS + INNER_FUNCTIONS:
        yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC, {APP}, {TICK}"
        if function in FUNCTIONS:
            yield f"GRANT EXECUTE ON FUNCTION {function} TO {APP}, {TICK}"
        yield f"ALTER FUNCTION {function} OWNER TO {GATE}"
    yield f"UPDATE gate_installed SET stands = ({STANDS})"


def others() -> list[ModuleType]:
    """The installs of folders that keep something of their own in the database besides gated tables (settings.GATE_INSTALLS)."""
    return [import_module(name) for name in settings.GATE_INSTALLS]


def _of_others() -> Iterator[str]:
    for module in others():
        yield from module.statements()


def _grants() -> Iterator[str]:
    """The service's logins may work on every table's rows but own none; what is append-only cannot be altered by them."""
    yield NO_TABLES_OF_ITS_OWN
    yield f"GRANT USAGE ON SCHEMA public TO {APP}, {TICK}, {GATE}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}, {TICK}"
    yield f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP}, {TICK}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {TICK}"
    yield f"REVOKE ALL ON {', '.join(OWN_TABLES)}, audit_seal FROM {APP}"
    yield f"GRANT USAGE ON SCHEMA public TO {SEALER}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {SEALER}"
    yield from (f"GRANT {privilege} ON {table} TO {SEALER}" for table, privilege in sorted(SEALER_MAY))
    yield f"GRANT SELECT, INSERT ON audit_lookschecked TO {TICK}"
    yield f"GRANT USAGE ON SEQUENCE gate_number TO {GATE}"
    yield f"GRANT SELECT ON gate_installed TO {APP}, {TICK}"
    yield f"GRANT SELECT ON {', '.join(READ_BY_GATE)} TO {GATE}"
    # To hold a row takes the right to change something of it (gate_hold); that row security lets the gate says sealed/install.py.
    yield f"GRANT UPDATE (id) ON agencies_post, gate_relationship TO {GATE}"
    read = "agencies_post, agencies_team, agencies_agency, "
    read += "agencies_agency_authorities, agencies_shift, agencies_authority"
    yield f"GRANT SELECT ON {read} TO {TICK}"
    yield f"GRANT SELECT ON clocks_bankholidaychange, clocks_locallimit TO {TICK}"
    yield f"GRANT SELECT ({', '.join(TICK_READS_OF_USER)}) ON agencies_user TO {TICK}"
    # Tick suspends accounts that are not used, writes that down, and changes nothing else of anybody's account.
    yield f"GRANT UPDATE (is_active, suspended_at, suspended_because, closed_at, session_epoch) ON agencies_user TO {TICK}"
    yield f"GRANT INSERT, SELECT (id) ON accounts_signin TO {TICK}"
    for table in _job_tables():
        yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {TICK}"
    for model in append_only_models():
        yield f"REVOKE UPDATE, DELETE ON {model._meta.db_table} FROM {APP}"
        if columns := ending_columns(model):
            yield f"GRANT UPDATE ({', '.join(columns)}) ON {model._meta.db_table} TO {APP}"


def _job_tables() -> list[str]:
    return [model._meta.db_table for model in apps.get_models() if model._meta.app_label == "procrastinate"]


def _row_security(model: type[Model]) -> Iterator[str]:
    table = model._meta.db_table
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"REVOKE DELETE ON {table} FROM {APP}"
    if model._meta.label in TICK_DELETES:
        yield from _tick_deletes(model._meta.label, table, *TICK_DELETES[model._meta.label])
    yield from _tick(model._meta.label, table)
    for command, using, check in _conditions(model):
        clauses = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
        yield from _policy(table, f"app_{command.lower()}", f"FOR {command} TO {APP}{clauses}")
    if _is_blockable(model):
        shut_out = f"NOT ({_child_column(model)} = ANY ((SELECT gate_blocked())::uuid[]))"
        yield from _policy(table, "app_block", f"AS RESTRICTIVE FOR ALL TO {APP} USING (({shut_out}) IS NOT FALSE)")
    if model._meta.label in CONTACTS[:2]:  # open to whoever raised it, whatever shuts the child: not while the child is set aside
        aside = "(child_id = ANY ((SELECT gate_set_aside())::uuid[])) IS NOT TRUE"
        yield from _policy(table, "app_aside", f"AS RESTRICTIVE FOR ALL TO {APP} USING ({aside})")
    yield from _ages(model)
    for name, command, clause in shut(model, _child_column(model)):
        yield from _policy(table, name, f"AS RESTRICTIVE FOR {command} TO {APP} {clause}")
    if column := getattr(model, "recipient_column", ""):
        # Those who may write such records about the child see all of them; a recipient only what was made out to them, until it ends.
        theirs = f"{column} = (SELECT gate_post()) AND {model.ends_by} > (SELECT (gate_me()).at)"  # type: ignore[attr-defined]
        yield from _policy(table, "app_recipient", f"AS RESTRICTIVE FOR ALL TO {APP} USING (({theirs}) OR {_reach(model, Mode.WRITE)})")
    if table in READ_BY_GATE:
        yield from _policy(table, "gate_select", f"FOR SELECT TO {GATE} USING (true)")
    if getattr(model, "written_by_gate", False):
        yield f"GRANT INSERT ON {table} TO {GATE}"
        yield from _policy(table, "gate_insert", f"FOR INSERT TO {GATE} WITH CHECK (true)")
    for (written, command), rows in GATE_MAY.items():
        if written == table:
            yield f"GRANT {command} ON {table} TO {GATE}"
            using = f" USING ({rows})" if command == "UPDATE" else ""
            yield from _policy(table, f"gate_{command.lower()}", f"FOR {command} TO {GATE}{using} WITH CHECK ({rows})")
    if (table, "SELECT") in SEALER_MAY:
        yield from _policy(table, "sealer_select", f"FOR SELECT TO {SEALER} USING (true)")
    if getattr(model, "open_to_tick", False):
        yield f"GRANT SELECT, INSERT, UPDATE ON {table} TO {TICK}"
        is_tick = "(SELECT gate_role()) = 'tick'"
        yield from _policy(table, "tick_all", f"FOR ALL TO {TICK} USING ({is_tick}) WITH CHECK ({is_tick})")


def _ages(model: type[Model]) -> Iterator[str]:
    """What is closed and old is shut to whoever may read, of the child's records of this kind, only what is open or recent."""
    ages = getattr(model, "ages", None)
    if ages is None:
        return
    kind: RecordKind = model.record_kind  # type: ignore[attr-defined]
    # Adding a row is judged by the child alone: something may have happened long ago.
    for mode, command in ((Mode.READ, "SELECT"), (Mode.WRITE, "UPDATE"))[: 1 if getattr(model, "append_only", False) else 2]:
        using = only_recent(kind, mode, _child_column(model), ages.condition())
        yield from _policy(model._meta.db_table, f"app_recent_{command.lower()}", f"AS RESTRICTIVE FOR {command} TO {APP} USING ({using})")


def _tick_deletes(label: str, table: str, reads: str, over: str) -> Iterator[str]:
    yield f"GRANT DELETE, SELECT ({reads}) ON {table} TO {TICK}"
    if table == "gate_draft" or label in ON_GROUNDS:
        # Whoever typed a draft may throw it away; an entry about no child its own agency removes, and nothing of it is kept.
        yield f"GRANT DELETE ON {table} TO {APP}"
    for command in ("SELECT", "DELETE"):
        yield from _policy(table, f"tick_{command.lower()}", f"FOR {command} TO {TICK} USING ((SELECT gate_role()) = 'tick' AND {over})")


def _tick(label: str, table: str) -> Iterator[str]:
    for privileges, policies_of_tick in tick_rules(label):
        yield f"GRANT {privileges} ON {table} TO {TICK}"
        for command, clause in policies_of_tick:
            yield from _policy(table, f"tick_{command.lower()}", f"FOR {command} TO {TICK} {clause}")


def policies() -> set[tuple[str, str]]:
    """(table, policy) of every policy that the statements make."""
    every = [one for model in gated_models() for one in _row_security(model)] + list(_of_others())
    made = (one.split() for one in every if one.startswith("CREATE POLICY "))
    return {(words[4].rpartition(".")[2], words[2]) for words in made}


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
    if label in OWN_RULES:
        yield from own_conditions(label, _reach(model, Mode.READ), _reach(model, Mode.WRITE))
        return
    read, write = _reach(model, Mode.READ), _reach(model, Mode.WRITE)
    if getattr(model, "only_writers_read", False):
        read = write  # a recipient of something else about the child reads none of these
    also: RecordKind | None = getattr(model, "also_reached", None)
    if also is not None:
        rests = f"rests_on = '{also}' AND ({reached(also, Mode.WRITE, _child_column(model))})"
        read, write = f"({read}) OR ({rests})", f"({write}) OR ({rests})"
    read = _or_own(model, read)
    if alone := getattr(model, "only_gate_writes", ""):
        yield from (("SELECT", read, ""), ("UPDATE", write, write))[: 2 if alone == "adds" else 1]
        return
    if label == "gate.Relationship":
        read = f"(child_id IS NULL AND (SELECT gate_post()) IS NOT NULL) OR {read}"
        # Nor is a custodian of what is sealed: those roles name one that may, and a delivery brings what the main system says.
        naming = ", ".join(f"'{role.key}'" for role in ROLES if role.key == "feed" or Permission.NAME_CUSTODIAN in role.permissions)
        names = f"(kind <> '{Kind.CUSTODIAN}' OR (SELECT gate_role()) IN ({naming}))"
        duties = ", ".join(f"'{opening.kind}'" for opening in OPENINGS if opening.scope is Scope.AUTHORITY)
        duty = f"child_id IS NULL AND kind IN ({duties}) AND (SELECT gate_role()) = 'system_administrator'"
        write = f"({duty}) OR (child_id IS NOT NULL AND {names} AND ({write}))"
    if label == "people.Person":
        # The person comes before the child: whoever brings children of some authority into being may write it.
        yield ("INSERT", "", f"(SELECT gate_authorities('{RecordKind.CHILD}', 'write'))::uuid[] <> '{{}}'::uuid[]")
    else:
        own, added = getattr(model, "own_column", ""), getattr(model, "added_as", None)
        new = f"({write}) OR ({added[1]} AND ({_reach(model, Mode.WRITE, added[0])}))" if added else write
        yield ("INSERT", "", f"({write}) AND {own} = (SELECT gate_post())" if own else new)
    yield ("SELECT", read, "")
    if not getattr(model, "append_only", False) or hasattr(model, "ends_by"):
        yield ("UPDATE", write, write)


def _or_own(model: type[Model], read: str) -> str:
    """Whoever asked reads the row too, as long as anything opens the child to them."""
    asker: str = getattr(model, "own_reads", "")
    reaches = reached(RecordKind.RELATIONSHIP, Mode.READ, _child_column(model))
    return f"({read}) OR ({asker} = (SELECT gate_post()) AND ({reaches}))" if asker else read


def _reach(model: type[Model], mode: Mode, kind: RecordKind | None = None) -> str:
    written = getattr(model, "written_as", None) if mode is Mode.WRITE else None
    own: RecordKind = kind or written or model.record_kind  # type: ignore[attr-defined]
    return reached(own, mode, _child_column(model), getattr(model, "authority_columns", ()))


def _child_column(model: type[Model]) -> str:
    path: str = getattr(model, "child_path", "child_id")
    return str(model._meta.pk.column) if path == "pk" and model._meta.pk else path


def _is_blockable(model: type[Model]) -> bool:
    return model._meta.label not in NO_CHILD and not hasattr(model, "open_to_roles")
