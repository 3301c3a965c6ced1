"""Every page is gated, every command accountable, every table about a child gated with row security, every key distinct."""

import ast
import inspect

import pytest
from django.apps import apps
from django.db import connection

from atlas.gate.catalogue import findings
from atlas.gate.install import gated_models, statements
from atlas.gate.models import AboutChild
from atlas.gate.policy import AGEING, NEEDS, OPENINGS, ROLES, Permission, RecordKind, Scope
from tests.guards.reading import ROOT, command_files, commands, functions, name_of, nodes, pages

# Views of ours that open without the gate, and read no record about a child.
OPEN = {
    "health", "ready", "metrics", "offline/", "offline-worker.js", "browser_reports", "accessibility/", "post/choose_post/", "post/choose_purpose/",
    # Before a session has a post: enrolling, the council's sign-on, and how long the session lasts.
    "accounts/enrol/", "accounts/enrol/<str:code>/", "accounts/choose_factor/", "accounts/stay/", "accounts/council/login/",
    "accounts/<str:provider_id>/login/callback/",
    # Anybody who is worried about a child: what they send is taken by one function of the database, and nothing is said back (gate/contacts.sql).
    "worried/", "worried/receipt/",
    # Somebody without an account: what they see comes from the database's own functions, under a link and a code (gate/guests.sql).
    "guest/", "guest/code/", "guest/answer/", "guest/receipt/", "guest/carer/", "guest/link/<str:token>/",
    "guest/mine/", "guest/mine/code/", "guest/mine/page/", "guest/mine/page/say/", "guest/mine/exit/", "guest/mine/close/", "guest/mine/link/<str:token>/",
}  # fmt: skip


def test_every_page_is_gated() -> None:
    for where, _, view in pages():
        if view.__module__.startswith("atlas."):
            assert hasattr(view, "needs") or where in OPEN, where
        else:
            assert where.startswith("accounts/"), where  # signing in, by the package for it


def test_every_command_is_keyword_only_and_takes_by_and_at() -> None:
    for name, command in commands().items():
        parameters = inspect.signature(command).parameters
        assert all(parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in parameters.values()), name
        assert {"by", "at"} <= set(parameters), name
        assert command.__doc__, name
    assert len(commands()) > 40


def test_no_verb_beside_the_commands_acts_for_a_post() -> None:
    """A function that takes `by` and `at` is a verb, and a verb is a command; what commands share takes part of it."""
    for path in command_files():
        for function in functions(path):
            given = {argument.arg for argument in function.args.kwonlyargs}
            decorators = {
                node.func.id for node in function.decorator_list if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            if {"by", "at"} <= given and not function.name.startswith("_"):
                assert "command" in decorators, (name_of(path), function.name)


def test_every_command_is_called_by_a_test() -> None:
    called = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in nodes(path):
            if isinstance(node, ast.Call):
                called.add(node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", ""))
    assert set(commands()) <= called, set(commands()) - called


def test_every_permission_has_a_need_and_a_role() -> None:
    given = {permission for role in ROLES for permission in role.permissions}
    assert set(NEEDS) == set(Permission) == given


def test_every_table_about_a_child_is_gated() -> None:
    """What names a child, or a row about one, is about a child: by a link, by the link's own table, or by a plain id."""
    gated = {*gated_models()}
    for model in apps.get_models(include_auto_created=True):
        links = {field.related_model for field in model._meta.fields if field.related_model}
        names = {field.name for field in model._meta.fields}
        if links & gated or names & {"child", "child_id", "children", "person", "person_id"}:
            assert model in gated, model
        if issubclass(model, AboutChild):
            assert isinstance(model.record_kind, RecordKind)


@pytest.mark.django_db
def test_the_catalogue_finds_no_hole() -> None:
    assert findings(connection) == []


def test_the_statements_cover_every_gated_table() -> None:
    text = "\n".join(statements())
    for model in gated_models():
        assert f"ALTER TABLE {model._meta.db_table} FORCE ROW LEVEL SECURITY" in text


@pytest.mark.django_db
def test_the_service_login_is_neither_owner_nor_superuser() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("atlas_app", False, False)


def test_every_record_that_a_relationship_opens_by_age_says_by_what_it_ages() -> None:
    ageing = {record for opening in OPENINGS for record in opening.recent}
    assert ageing <= AGEING
    for model in gated_models():
        says = getattr(model, "ages", None) is not None
        assert says == (getattr(model, "record_kind", None) in ageing), (
            f"{model._meta.label}: give it `ages` where its kind is in AGEING, and nowhere else."
        )
    # The database reckons such kinds by their relationships with single children.
    assert all(opening.scope is Scope.CHILD for opening in OPENINGS if opening.recent)
