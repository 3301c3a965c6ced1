"""The suite runs as the service's own login: never the owner, never a superuser. Only the making of the database is the owner's."""

import gc
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import jinja2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from hypothesis import settings as hypothesis_settings

from atlas.sealed.boxes import MasterKey
from tests import factories
from tests.migrated import cluster, migrated, recreate

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in the same thread

# On a busy machine an example takes longer than the library's fifth of a second, and is right.
hypothesis_settings.register_profile("atlas", deadline=None)
hypothesis_settings.load_profile("atlas")


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the test database as the owner (migrations, then the gate), and hand it to the service's login."""
    from atlas.config.settings import database

    service, suffix = settings.DATABASES["default"], getattr(request.config, "workerinput", {}).get("workerid", "")
    owner = database(os.environ["DATABASE_OWNER_URL"])
    name = f"{service['TEST']['NAME']}{suffix}"
    with django_db_blocker.unblock():
        recreate(name, template=migrated())
        _point(owner, name)
        call_command("gate", "install", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
        with connections["default"].cursor() as cursor:
            cursor.execute(factories.SETS_UP)
        _point(database(os.environ["DATABASE_URL"]), name)
    yield
    with django_db_blocker.unblock():
        connections["default"].close()


def _point(login: dict[str, Any], name: str) -> None:
    """Let the default connection be this login's, on this database."""
    connection = connections["default"]
    connection.close()
    for key in ("USER", "PASSWORD", "HOST", "PORT"):
        connection.settings_dict[key] = login[key]
    connection.settings_dict["NAME"] = name


@pytest.fixture(autouse=True)
def no_query_in_a_template(monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that reaches the database fails whichever test renders it: a view asks, a template shows."""
    render = jinja2.Template.render

    def render_alone(template: jinja2.Template, *given: Any, **named: Any) -> str:
        with connection.execute_wrapper(_refuse):
            return render(template, *given, **named)

    monkeypatch.setattr(jinja2.Template, "render", render_alone)


def _refuse(execute: Callable[..., Any], statement: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
    raise AssertionError(f"A template asked the database. Ask in the view, and join what the template follows: {statement[:300]}")


@pytest.fixture
def now() -> datetime:
    """The moment at which tests act."""
    return factories.NOW


@pytest.fixture
def signed_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sign somebody in with a post, at a moment; gives the client."""

    def sign_in(post: Any, at: datetime = factories.NOW) -> Client:
        factories.begin_session(client, post, at)
        monkeypatch.setattr("atlas.agencies.middleware.timezone.now", lambda: at)
        return client

    return sign_in


# One test of each holds a transaction open for minutes, for which the sealer, rightly, waits: first, so that nobody waits for them at the end.
JOURNEYS = "tests/journeys/"  # one group on one Fernleigh, the longest of all
LONG = ("tests/gate/test_crawl.py", "tests/gate/test_matrix.py", "tests/gate/test_worlds.py", "tests/gate/test_blocks.py")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not walk through it again and again (7 % of the processor's time over 211 tests)."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _turn(place: str) -> int:
    """When a file comes: all journeys first, then those that take longest."""
    if place.startswith(JOURNEYS):
        return -1
    return LONG.index(place) if place in LONG else len(LONG)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first; the order within a file stays."""
    items.sort(key=lambda item: _turn(item.nodeid.split("::")[0]))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file stays in one process, and all journeys: on one Fernleigh. (The groups of pytest-xdist 3.8 are lost on pytest 9.2, which makes ids anew.)"""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):  # type: ignore[misc] # pytest-xdist has no types
        def _split_scope(self, nodeid: str) -> str:
            return JOURNEYS if nodeid.startswith(JOURNEYS) else nodeid.split("::")[0]

    return ByFile(config, log)


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A database of the test's own, in which things are committed; gives a function that changes the login.

    "app", "tick", "sealer", "unsealer", "owner", or "postgres": the superuser, whom nothing but the launcher and the test of the catalogue uses.
    """
    from atlas.config.settings import database

    name = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        connections["default"].close()
        copy = f"{name}_own"
        recreate(copy, template=name)
        service = database(os.environ["DATABASE_URL"])
        logins = {"app": service, "tick": database(os.environ["DATABASE_TICK_URL"]), "owner": database(os.environ["DATABASE_OWNER_URL"])}
        logins["sealer"] = database(os.environ["DATABASE_SEALER_URL"])
        logins["unsealer"] = database(os.environ["DATABASE_UNSEALER_URL"])
        logins["postgres"] = database(cluster().url("postgres", copy))
        _point(service, copy)
        yield lambda login: _point(logins[login], copy)
        _point(service, name)


@pytest.fixture(autouse=True)
def sealing_key(settings: Any) -> MasterKey:
    """The key of the tests' own with which what is sealed opens."""
    master = MasterKey.of(bytes(range(32)))
    settings.ATLAS_SEALING_KEY = master.public
    return master
