"""Tick throws old drafts away, and cannot read one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection

from atlas.gate.context import acting_as
from atlas.gate.models import Draft
from atlas.tick import tick as run_tick
from tests import factories
from tests.factories import NOW
from tests.missing.test_spine import reported
from tests.world import make_world


def test_tick_deletes_what_is_twelve_hours_old_and_reads_nothing_of_it(own_database: Any) -> None:
    own_database("app")
    world = make_world()
    reported(world)
    tick = factories.post("tick", of=factories.team("Systems"))
    for hours in (13, 11):
        with acting_as(world.coordinator, NOW):
            Draft.objects.create(
                user=world.coordinator.user,
                page=f"p{hours}",
                child=world.child,
                typed={"words": ["x"]},
                saved_at=NOW - timedelta(hours=hours),
            )
    own_database("tick")
    assert run_tick(by=tick, at=NOW).drafts == 1
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(tick, NOW), connection.cursor() as cursor:
        cursor.execute("SELECT typed FROM gate_draft")
    own_database("app")
    with acting_as(world.coordinator, NOW):
        assert Draft.objects.get().page == "p11"
