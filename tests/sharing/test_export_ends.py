"""An export ends: tick, under its own login, takes the file and its key away, and reads nothing of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.sharing.commands.export import download_export
from atlas.sharing.models import Export, ExportFile
from atlas.tick import tick
from tests.factories import NOW
from tests.sharing.given import asked, children_away, run
from tests.tasks.test_tick import service
from tests.world import make_world


def test_it_ends_and_file_and_key_go(own_database: Any) -> None:
    world, by = make_world(), service()
    children_away(world, 1)
    made = asked(world.coordinator, days=2)
    assert run(made, world.coordinator)
    over = NOW + timedelta(days=2, minutes=1)
    with acting_as(world.coordinator, over), pytest.raises(Invalid, match="ended"):
        download_export(export=made, by=world.coordinator, at=over)
    own_database("tick")
    with acting_as(by, over), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT content FROM sharing_exportfile")
    assert tick(by=by, at=NOW + timedelta(days=1)).exports == 0
    assert tick(by=by, at=over).exports == 1
    own_database("postgres")
    assert (Export.objects.count(), ExportFile.objects.count()) == (1, 0)
