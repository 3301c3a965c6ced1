"""Every pitfall of row security that code can fall into is a rule here (protection.md 4.9); what the database can hold is in its catalogue."""

import ast
import re
from collections.abc import Iterator

from atlas.config.launcher import LOGINS, prepare_sql
from tests.guards.reading import SOURCES, name_of, nodes

# Who writes a statement by hand that does more than ask a function of the gate, and why the query builder does not do.
BY_HAND = {
    "gate/act.py": "advisory locks", "gate/catalogue.py": "PostgreSQL's own catalogue", "gate/context.py": "the signed setting",
    "gate/kept.py": "the query builder's own statement, kept", "gate/pool.py": "the signed setting", "gate/reach.py": "asked on every page",
    "gate/sets.py": "thousands of rows at once", "gate/installing.py": "installs the gate", "tasks/queries.py": "a list made of the gate's own",
    "audit/sealer.py": "rows as the seal needs them", "audit/management/commands/audit.py": "rows as the seal needs them",
    "feeds/commands/codes.py": "thousands of rows at once", "feeds/commands/delivery.py": "thousands of rows at once",
    "oversight/queries.py": "one statement for a page of figures",
    "sealed/unsealer.py": "a process of its own", "sharing/guest.py": "the gate's own, by name", "desk/queries.py": "the gate's own, by name",
    "gate/backfill.py": "locks a table for a batch", "gate/readonly.py": "what the server says of itself",
    "running/queue.py": "the queue's own tables, which its package lets nobody change by the query builder",
    "sharing/exports/compile.py": "the gate's own, by name",
}  # fmt: skip
OF_THE_GATE = re.compile(r"(gate_|sealed\.)\w+\(")
TABLES = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+([\w.\"]+\(?)")
ASKED = {"filter", "exclude", "get", "annotate", "alias", "aggregate", "values", "values_list", "order_by", "Q", "FilteredRelation"}
# A dictionary that becomes words of a query: made of our own words, never of what somebody sent.
OWN_WORDS = {("audit/queries.py", "counted"), ("oversight/queries.py", "told")}


def _calls() -> Iterator[tuple[str, ast.Call, str]]:
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.Call):
                yield name_of(path), node, node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _asks_the_gate(statement: ast.expr) -> bool:
    """Whether it is written out, and asks functions of the gate and no table."""
    if not (isinstance(statement, ast.Constant) and isinstance(statement.value, str) and statement.value.startswith("SELECT ")):
        return False
    return bool(OF_THE_GATE.search(statement.value)) and all(OF_THE_GATE.fullmatch(name) for name in TABLES.findall(statement.value))


def test_statements_are_written_by_hand_in_few_files() -> None:
    asked = [
        (where, node, name) for where, node, name in _calls() if name in {"execute", "raw", "executemany", "execute_batch"} and node.args
    ]
    opens = {where for where, _, name in _calls() if name == "cursor"}
    by_hand = {where for where, node, name in asked if (where in opens or name != "execute") and not _asks_the_gate(node.args[0])}
    assert by_hand == set(BY_HAND), f"Use the query builder, or say in this test why not: {sorted(by_hand ^ set(BY_HAND))}"
    never = [(where, node.lineno, name) for where, node, name in _calls() if name in {"extra", "RawSQL", "copy_expert"}]
    assert not never, never


def test_what_somebody_sent_is_never_the_word_of_a_query() -> None:
    """At least four of Django's injections came through `**` (protection.md 4.9): a dictionary in a question is written out where it is asked."""
    found = [
        (where, node.lineno, ast.unparse(word.value))
        for where, node, name in _calls()
        if name in ASKED
        for word in node.keywords
        if word.arg is None and not isinstance(word.value, ast.Dict)
    ]
    assert {(where, words) for where, _, words in found} <= OWN_WORDS, found


def test_who_acts_is_told_for_one_transaction_only() -> None:
    """A setting of the session would stay with the connection, and the pool would hand it to somebody else."""
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\bSET\s+(SESSION\s+)?atlas\.|RESET\s+ROLE|SET\s+(SESSION\s+)?(ROLE|AUTHORIZATION)\b", text), name_of(path)
        tells = re.findall(r"set_config\([^)]*\)", text)
        assert all(one.endswith("true)") for one in tells), (name_of(path), tells)


def test_nothing_is_sent_after_the_transaction_has_ended() -> None:
    """A streamed answer is made when who acts is no longer known; and a field list of everything shows what is added later."""
    for where, node, name in _calls():
        assert name not in {"StreamingHttpResponse", "FileResponse"}, (where, node.lineno, "build the answer whole, in the view")
        assert name != "iterator" or where.startswith("feeds/commands/"), (
            where,
            node.lineno,
            "no iterator outside a command's transaction",
        )
    for path in SOURCES:
        assert '__all__"' not in path.read_text().replace("__all__ = ", ""), name_of(path)


def test_every_login_keeps_what_is_written_out_of_the_server_s_log() -> None:
    for login in LOGINS:
        for setting in ("log_parameter_max_length = 0", "log_parameter_max_length_on_error = 0", "log_error_verbosity = terse"):
            assert f"ALTER ROLE {login} SET {setting};" in prepare_sql(), (login, setting)
