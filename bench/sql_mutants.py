"""Every condition of the gate's functions in the database, weakened, dropped, swapped or turned round, one at a time: does the oracle notice?

The text of a function is changed in one place; the changed function is made inside a transaction that is rolled back; under the service's
role every probe is asked again. A mutant is caught where some answer is then another than the oracle's (or the statement fails).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.db import DatabaseError, connection, transaction

from atlas.gate.install import _row_security
from atlas.gate.policy_rows import KINDS_HELD
from bench.sql_probes import Asked

GATE = Path(__file__).resolve().parents[1] / "atlas/gate"
# The functions by which it is decided who sees a child; the others answer one question each, and are tried where that question is tested.
DECIDE = ("gate_context", "gate_live_post", "gate_me", "gate_kinds", "gate_unnamed_to", "gate_unnamed", "gate_guarded", "gate_kinds_now", "gate_line",
          "gate_opened_by", "gate_children", "gate_only_recent",
          "gate_authorities", "gate_in_authority", "gate_shut_to", "gate_blocked", "gate_standing_of", "gate_standing")  # fmt: skip


@dataclass
class Tried:
    """What came of the mutants."""

    tried: int = 0
    caught: int = 0
    stillborn: int = 0
    survived: list[tuple[str, str]] = field(default_factory=list)  # (function, what was changed)


def functions(file: str) -> dict[str, str]:
    """The statement that makes each function, by its name."""
    text = (GATE / file).read_text(encoding="utf-8")
    return {
        one.group(1): one.group(0) for one in re.finditer(r"CREATE OR REPLACE FUNCTION (gate_\w+)\(.*?AS \$\$.*?\$\$;", text, re.DOTALL)
    }


# A condition: NOT, EXISTS (...), a call, a name, a comparison of two of them.
_ATOM = r"(?:ARRAY\[[^\]]*\]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|[\w.:']+(?:\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?)"
_CONDITION = rf"(?:NOT )?(?:EXISTS )?{_ATOM}(?: (?:=|<>|<=|>=|<|>|\+|-|IN|IS(?: NOT)?(?: DISTINCT FROM)?)(?: ANY)? {_ATOM})*"
# (what is looked for, what stands there instead)
CHANGES = (
    (r" AND (?!\d)", " OR "), (r" OR ", " AND "), (r" <= ", " > "), (r" <= ", " < "), (r" >= ", " < "), (r" >= ", " > "), (r" > ", " <= "), (r" > ", " >= "),
    (r" < ", " >= "), (r" < ", " <= "), (r" = (?=\S)", " <> "), (r" <> ", " = "), (r"\bNOT (?!EXISTS|NULL|DISTINCT)", ""), (r"\bNOT EXISTS", "EXISTS"),
    (r"(?<!NOT )\bEXISTS \(", "NOT EXISTS ("), (r"IS NULL", "IS NOT NULL"), (r"IS NOT NULL", "IS NULL"), (r"IS DISTINCT FROM", "="), (r"IF (?=\S)", "IF NOT "),
    (r" JOIN ", " LEFT JOIN "), (r"UNION(?: ALL)?(?=\s)", "EXCEPT"), (r"\bmin\(", "max("), (r" \+ ", " - "), (r" - (?=\w)", " + "),
    (rf" AND {_CONDITION}", ""), (rf" OR {_CONDITION}", ""), (rf"(?<=WHERE ){_CONDITION} AND ", ""), (rf"(?<=WHERE \(){_CONDITION} OR ", ""),
    (rf"(?<=\(){_CONDITION} OR ", ""), (rf"(?<= ON ){_CONDITION} AND ", ""),
    (r"'\w+', (?='\w+'\))", ""), (r", '\w+'(?=\))", ""), (r"ELSE p\.clearance", "ELSE 3"), (r"THEN 1 ELSE", "THEN 2 ELSE"),
    (r"RETURN (?:'\{\}'|found);", ""), (r"IF [^;]* THEN RETURN[^;]*; END IF;", ""), (r"ELSE '\{\}'::uuid\[\]", "ELSE found"),
)  # fmt: skip


def mutants_of_sql() -> Iterator[tuple[str, str, str]]:
    """(function, what, its changed text): every single change of the conditions of the deciding functions, and of the table of kinds that they ask, each text once."""
    head, asked = KINDS_HELD.split("FROM", 1)
    yield from (("gate_kinds_held", what, f"DELETE FROM gate_kinds_held; {head}FROM{changed}") for what, changed in _changes(asked))
    for name, whole in functions("install.sql").items():
        if name in DECIDE:
            yield from _of_function(name, whole)


def mutants_of_allegations() -> Iterator[tuple[str, str, str]]:
    """The same of all that allegations.sql holds; and of row security on allegations, and on blocks and proposals where they ask about one."""
    for name, whole in functions("allegations.sql").items():
        yield from _of_function(name, whole)
    for label in ("allegations.Allegation", "allegations.AllegationStep", "gate.Block", "gate.Proposal"):
        for whole in _row_security(apps.get_model(label)):
            if found := re.match(r"CREATE POLICY ((?:app|tick)_(?:select|insert|update)) ON (\w+) ", whole):
                head, body = whole[: found.end()], whole[found.end() :]
                for what, changed in _changes(body):
                    if label.startswith("allegations.") or re.search("allegation|hidden_blocks", what):
                        yield (
                            f"{found.group(2)}.{found.group(1)}",
                            what,
                            f"DROP POLICY {found.group(1)} ON {found.group(2)}; {head}{changed}",
                        )


def _of_function(name: str, whole: str) -> Iterator[tuple[str, str, str]]:
    head, body, tail = re.split(r"(?<=AS \$\$)|(?=\$\$;$)", whole)
    yield from ((name, what, head + changed + tail) for what, changed in _changes(body))


def _changes(body: str) -> Iterator[tuple[str, str]]:
    seen, said = {body}, Counter[str]()
    for pattern, instead in CHANGES:
        for found in re.finditer(pattern, body):
            changed = body[: found.start()] + instead + body[found.end() :]
            if changed not in seen:
                seen.add(changed)
                what = _in_words(body, found, instead)
                said[what] += 1
                yield f"{what} ({said[what]})" if said[what] > 1 else what, changed


def _in_words(body: str, found: "re.Match[str]", instead: str) -> str:
    """The change with what stands around it, on one line: `...before[old -> new]after...`."""
    before, after = body[max(0, found.start() - 40) : found.start()], body[found.end() : found.end() + 30]
    return " ".join(f"{before}[{found.group().strip()} -> {instead.strip() or 'nothing'}]{after}".split())


def try_sql_mutants(probes: Asked, mutants: Iterable[tuple[str, str, str]], *, every: int = 1) -> Tried:
    """Try them, as the superuser who takes the service's role for the asking. `every`: each n-th alone, for a short run."""
    done = Tried()
    assert not (differs := _with_service(probes)), f"Without any change, {differs} answers otherwise than the oracle."
    for number, (name, what, text) in enumerate(mutants):
        if number % every:
            continue
        with transaction.atomic():
            is_made = _is_made(text)
            differs = _with_service(probes) if is_made else ""
            transaction.set_rollback(True)
        done.stillborn += not is_made
        done.tried += is_made
        done.caught += bool(differs)
        if is_made and not differs:
            done.survived.append((name, what))
            print(f"  {name}: {what}", flush=True)
    return done


def _is_made(text: str) -> bool:
    """Make the changed function: it stays the gate's own, and with the same rights. False where it is no function any more."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(text)
    except DatabaseError:
        return False
    return True


def _with_service(probes: Asked) -> str:
    """What differs, asked under the service's own role."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE atlas_app")
            cursor.execute("SET LOCAL statement_timeout = '20s'")
        differs = probes.first_difference()
        transaction.set_rollback(True)
    return differs
