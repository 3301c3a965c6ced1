"""What the tests of guests stand on: texts that are caught, and the clock of the pages."""

from typing import Any

import pytest

from atlas.sharing import jobs
from tests.factories import of_job
from tests.sharing.guest_drill import LATER


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The texts that were handed on. A code that is asked for is sent at once, as the job would within seconds."""
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(jobs, "send_text", lambda context, to, words: sent.append((to, words)))
    monkeypatch.setattr(jobs.send_guest_code, "defer", lambda **given: jobs.send_guest_code(of_job(1), **given))
    return sent


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the moment that the pages read."""

    def set_to(at: Any) -> None:
        monkeypatch.setattr("atlas.agencies.middleware.timezone.now", lambda: at)

    set_to(LATER)
    return set_to
