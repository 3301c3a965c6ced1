"""Every page is gated, every command accountable, every table about a child gated with row security, every key distinct."""

import inspect
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from atlas.gate.catalogue import findings
from atlas.gate.install import gated_models, statements
from atlas.gate.models import AboutChild
from atlas.gate.policy import NEEDS, ROLES, Permission, RecordKind

ROOT = Path(__file__).resolve().parents[2]
# Paths that open without the gate, and read no record about a child.
OPEN = ("accounts/", "health", "post/choose_post/")


def paths(resolver: URLResolver, before: str = "") -> "list[tuple[str, Any]]":
    found: list[tuple[str, Any]] = []
    for entry in resolver.url_patterns:
        where = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += paths(entry, where)
        elif isinstance(entry, URLPattern):
            found.append((where, entry.callback))
    return found


def commands() -> "dict[str, Any]":
    found = {}
    for path in sorted((ROOT / "atlas").rglob("*.py")):
        if "commands" in str(path.relative_to(ROOT)) and "management" not in path.parts:
            module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
            for name, function in vars(module).items():
                if hasattr(function, "needs") and function.__module__ == module.__name__:
                    found[name] = function
    return found


def test_every_page_is_gated() -> None:
    for where, view in paths(get_resolver()):
        if not where.startswith(OPEN):
            assert hasattr(view, "needs"), where


def test_a_form_page_has_the_word_of_its_permission_or_of_its_command() -> None:
    words = {permission.value for permission in Permission} | set(commands())
    for where, view in paths(get_resolver()):
        if hasattr(view, "needs"):
            assert view.__name__ in words or view.__name__ in {
                "view_photograph",
                "view_list_behind",
                "view_corrections",
                "view_delivery",
            }, where


def test_every_command_is_keyword_only_and_takes_by_and_at() -> None:
    for name, command in commands().items():
        parameters = inspect.signature(command).parameters
        assert all(parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in parameters.values()), name
        assert {"by", "at"} <= set(parameters), name
        assert command.__doc__, name
    assert len(commands()) > 40


def test_every_command_has_a_test_that_names_it() -> None:
    text = "\n".join(path.read_text() for path in [*(ROOT / "tests").rglob("*.py"), *(ROOT / "demo").rglob("*.py")])
    missing = [name for name in commands() if name not in text]
    assert not missing, missing


def test_every_permission_has_a_need_and_a_role() -> None:
    given = {permission for role in ROLES for permission in role.permissions}
    assert set(NEEDS) == set(Permission) == given


def test_every_table_about_a_child_is_gated() -> None:
    for model in apps.get_models():
        about = {field.related_model._meta.label for field in model._meta.get_fields() if field.many_to_one and field.related_model}
        if about & {"children.Child", "people.Person"}:
            assert model in gated_models(), model
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
