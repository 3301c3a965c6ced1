"""A silent notice ends: what is shown to nobody any more is taken away by tick, under its own login, which reads nothing of it."""

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from atlas.desk.models import SilentNotice
from atlas.gate.context import acting_as
from atlas.tick import tick
from tests import factories
from tests.desk.test_find_child import BOTH, guard, name_holder, searched, searchers
from tests.factories import NOW
from tests.tasks.test_tick import service
from tests.world import make_world


def test_what_searching_left_behind_ends_after_fourteen_days_and_tick_reads_nothing_of_it(own_database: Any) -> None:
    who, world, by = searchers(), make_world(), service()
    child = searched(worker=world.worker)
    guard(child, "hidden")
    name_holder(child, world.worker)
    for at in (NOW, NOW + timedelta(days=10)):
        client = Client()
        factories.begin_session(client, who["police"], at)
        with mock.patch("django.utils.timezone.now", lambda at=at: at):
            client.post("/find_child/", BOTH)
            client.post("/find_child/", {**BOTH, "name": "Somebody Else"})
    own_database("tick")
    over = NOW + timedelta(days=14)
    with acting_as(by, over), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT child_id FROM desk_silentnotice")
    assert tick(by=by, at=over - timedelta(minutes=1)).silent_notices == 0
    assert tick(by=by, at=over).silent_notices == 2  # the one that met the child, and the one that met nobody
    own_database("app")
    with acting_as(world.worker, over):
        assert SilentNotice.objects.count() == 1
