"""An export ends: tick, under its own login, takes the file and its key away, and reads nothing of them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.returns.commands import KEPT_FOR, check_return
from atlas.returns.models import ReturnCheck
from atlas.sharing.commands.export import download_export
from atlas.sharing.models import Export, ExportFile
from atlas.tick import tick
from tests import factories
from tests.factories import NOW
from tests.returns.given import file
from tests.sharing.given import asked, children_away, run
from tests.tasks.test_tick import service
from tests.world import make_world


def test_it_ends_and_file_and_key_go(own_database: Any, tmp_path: Path) -> None:
    """And what a check of a return found, when that has ended."""
    world, by = make_world(), service()
    check_return(files=[file(tmp_path, "Missing", [])], year=2026, by=factories.post("data_officer"), at=NOW + timedelta(days=2) - KEPT_FOR)
    children_away(world, 1)
    made = asked(world.coordinator, days=2)
    assert run(made, world.coordinator)
    over = NOW + timedelta(days=2, minutes=1)
    with acting_as(world.coordinator, over), pytest.raises(Invalid, match="ended"):
        download_export(export=made, by=world.coordinator, at=over)
    own_database("tick")
    with acting_as(by, over), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT content FROM sharing_exportfile")
    early, late = tick(by=by, at=NOW + timedelta(days=1)), tick(by=by, at=over)
    assert (early.exports, early.return_checks, late.exports, late.return_checks) == (0, 0, 1, 1)
    own_database("postgres")
    assert (Export.objects.count(), ExportFile.objects.count(), ReturnCheck.objects.count()) == (1, 0, 0)
