"""Sealed data stands nowhere else (protection.md A5). Every page to every post: `bench canaries`."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.sealed.canaries import AT, scanned

LOG = Path(__file__).resolve().parents[2] / ".atlas/postgres-test/log"


def test_no_canary_is_found_outside_its_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own_database: Any) -> None:
    real = timezone.now
    own_database("app")
    done = scanned(
        tmp_path, own_database, LOG, lambda is_real: monkeypatch.setattr(timezone, "now", real if is_real else lambda: AT), turns=12
    )
    assert not done.hits, (len(done.hits), done.hits[:20])
    assert done.shown == set(done.canaries) - {done.lost}
    assert len(done.canaries) > 30
    assert done.answers > 200
    assert done.opened > 100
    assert done.rows > 300
