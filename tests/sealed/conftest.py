"""The unsealer, running, with the key of the tests."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.sealed.given import SealedWorld, sealed_world, unsealing


@pytest.fixture
def running(own_database: Any, settings: Any) -> Iterator[SealedWorld]:
    """The sealed world, committed, and the unsealer serving it as a process of its own."""
    given = sealed_world()
    with unsealing(connection.settings_dict["NAME"]) as path:
        settings.ATLAS_UNSEALER = path
        yield given
