"""What the tests of the main case system stand on."""

from pathlib import Path

import pytest

from tests.feeds.nights import Nights


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    """A main case system that has not delivered yet."""
    return Nights(tmp_path)
