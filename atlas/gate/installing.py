"""How the gate comes into a database that is in use: what stands already is left alone, and what must lock tables locks them all at once, for a moment (ADR 57)."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from atlas.gate.install import STANDS, statements

POLICY = re.compile(r"(?:DROP POLICY IF EXISTS|CREATE POLICY) (\S+) ON (\S+)")
CONSTRAINT = re.compile(r"ALTER TABLE (\S+) (?:DROP CONSTRAINT IF EXISTS|ADD CONSTRAINT) (\S+)")
SECURITY = re.compile(r"ALTER TABLE (\S+) (?:ENABLE|FORCE) ROW LEVEL SECURITY$")
TRIGGER = re.compile(r"CREATE OR REPLACE TRIGGER \S+ .*? ON (\S+) ")
DROPS = re.compile(r"^DROP |^\S+ \S+ \S+ DROP ")
TABLE = "CASE n.nspname WHEN 'public' THEN c.relname::text ELSE n.nspname || '.' || c.relname END"
OF_TABLE = "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'sealed')"
KEY = "INSERT INTO gate_secret "  # of an installation, not of a version


@dataclass(frozen=True)
class Standing:
    """What stands in the database. `made`: (table, policy or constraint) and the digest of the statement that made it, where nothing was altered since."""

    policies: frozenset[tuple[str, str]]
    made: dict[tuple[str, str], str]
    secured: frozenset[tuple[str, str]]
    triggers: frozenset[str]

    def has(self, statement: str) -> bool:
        """Whether this statement would change nothing."""
        if match := SECURITY.match(statement):
            return (match[1], "FORCE" if " FORCE ROW" in statement else "ENABLE") in self.secured
        name = named(statement)
        return self.made.get(name) == digest(statement) if name else statement in self.triggers


def digest(*made_of: str) -> str:
    """A short word for these statements and no others."""
    return sha256("\n".join(made_of).encode()).hexdigest()[:20]


def version() -> str:
    """The gate of this code, in a word: another version of Atlas has another."""
    return digest(*(one for one in statements() if not one.startswith(KEY)))


def named(statement: str) -> tuple[str, str] | None:
    """The table and the name of the policy or constraint that the statement makes or takes away."""
    if match := POLICY.match(statement):
        return match[2], match[1]
    match = CONSTRAINT.match(statement)
    return (match[1], match[2]) if match else None


def locked_by(statement: str) -> str:
    """The table that the statement locks against pages, or nothing."""
    if name := named(statement):
        return name[0]
    return next((str(one[1]) for one in (SECURITY.match(statement), TRIGGER.match(statement)) if one), "")


def install(connection: BaseDatabaseWrapper, say: Callable[[str], Any]) -> None:
    """Make the gate from the policy, in one transaction, as the owner of the tables. Done again it changes nothing, and waits for nobody."""
    *every, finished = statements()
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        changed = _changed(every, standing(cursor), say)
        for statement in every:
            if not locked_by(statement):
                cursor.execute(statement)
        _lock(cursor, sorted({locked_by(one) for one in changed}))
        for statement in changed:
            cursor.execute(statement)
            if (name := named(statement)) and not DROPS.search(statement):
                kind = "POLICY" if POLICY.match(statement) else "CONSTRAINT"
                cursor.execute(f"COMMENT ON {kind} {name[1]} ON {name[0]} IS '{digest(statement)}'")
        cursor.execute(finished)
        cursor.execute(f"COMMENT ON TABLE gate_installed IS '{version()}'")


def _changed(every: list[str], stands: Standing, say: Callable[[str], Any]) -> list[str]:
    """Of the statements that lock a table those that are needed; and what a version before or after this one left, or somebody added, goes."""
    made = {name: one for one in every if (name := named(one)) and not DROPS.search(one)}
    strays = sorted(stands.policies - made.keys())
    for table, policy in strays:
        say(f"Policy {policy} on {table} is not of this version, and goes.")
    goes = [f"DROP POLICY IF EXISTS {policy} ON {table}" for table, policy in strays]
    for statement in filter(locked_by, every):
        name = named(statement)
        if not stands.has(made[name] if name else statement):
            goes.append(statement)
    return goes


def _lock(cursor: Any, tables: list[str]) -> None:
    """All of them, within the time that one may wait: nobody who holds one of them and wants another is then ended for us."""
    if tables:
        ((wait,),) = _rows(cursor, "SHOW lock_timeout")
        cursor.execute(f"SET LOCAL statement_timeout = '{wait}'")
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SET LOCAL statement_timeout = 0")


def standing(cursor: Any) -> Standing:
    """What stands. Where a policy was altered since the last install, none is taken for what its statement says."""
    altered = True
    if _rows(cursor, "SELECT 1 WHERE to_regclass('gate_installed') IS NOT NULL AND to_regprocedure('gate_policy_held()') IS NOT NULL"):
        altered = _rows(cursor, f"SELECT stands FROM gate_installed WHERE stands = ({STANDS})") == []
    policies = _rows(
        cursor,
        f"SELECT {TABLE}, p.polname::text, coalesce(obj_description(p.oid, 'pg_policy'), '') FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid {OF_TABLE}",
    )
    secured = _rows(
        cursor,
        f"SELECT {TABLE}, word FROM pg_class c CROSS JOIN unnest(ARRAY['ENABLE', 'FORCE']) word {OF_TABLE} "
        "AND CASE word WHEN 'FORCE' THEN c.relforcerowsecurity ELSE c.relrowsecurity END",
    )
    triggers = _rows(
        cursor,
        f"SELECT replace(pg_get_triggerdef(t.oid, true), 'CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER') FROM pg_trigger t "
        f"JOIN pg_class c ON c.oid = t.tgrelid {OF_TABLE} AND NOT t.tgisinternal AND t.tgenabled = 'O'",
    )
    constraints = _rows(
        cursor,
        f"SELECT {TABLE}, o.conname::text, obj_description(o.oid, 'pg_constraint') FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid {OF_TABLE} "
        "AND obj_description(o.oid, 'pg_constraint') IS NOT NULL",
    )
    return Standing(
        frozenset((table, name) for table, name, _ in policies),
        {} if altered else {(table, name): made for table, name, made in [*policies, *constraints]},
        frozenset((table, word) for table, word in secured),
        frozenset(_words(one for (one,) in triggers)),
    )


def _words(statements: Iterable[str]) -> Iterable[str]:
    return (" ".join(one.split()) for one in statements)


def _rows(cursor: Any, statement: str) -> list[tuple[Any, ...]]:
    cursor.execute(statement)
    return list(cursor.fetchall())
