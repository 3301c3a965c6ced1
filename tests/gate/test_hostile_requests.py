"""No request, however odd, is answered by a fault of ours (protection.md E7, E2). Every third page; all, and every value: `bench hostile`."""

from pathlib import Path
from typing import Any

import pytest

from tests.gate.hostile_requests import AT, asked


def test_pages_and_forms_answer_what_no_browser_sends_below_500(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own_database: Any) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    own_database("app")
    done = asked(tmp_path, every=3)
    assert not done.fell, (len(done.fell), "\n".join(done.fell[:40]))
    assert len(done.pages) > 120
    assert done.statuses[422] > 30  # forms that were reached, and said what is wrong
