"""A link that nobody looked at again in time is deleted by tick, under its own login, which reads nothing of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from atlas.gate.context import acting_as
from atlas.network.models import Link
from atlas.tick import tick
from tests.factories import NOW
from tests.network.given import linked
from tests.tasks.test_tick import service


def test_links_that_nobody_looked_at_again_are_deleted(own_database: Any) -> None:
    there, by = linked(), service()
    link = there.tie(there.world.child, there.friend)
    own_database("tick")
    with acting_as(by, NOW), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT why FROM network_link")
    days = (link.expires_on - NOW.date()).days
    assert tick(by=by, at=NOW + timedelta(days=days)).links == 0
    assert tick(by=by, at=NOW + timedelta(days=days + 1)).links == 1
    own_database("app")
    with acting_as(there.world.manager, NOW):
        assert not Link.objects.exists()
