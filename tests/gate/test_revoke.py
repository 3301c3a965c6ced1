"""Protection table A, A8: what is taken away is gone at the next request; a running export stops; one that was delivered opens no more."""

import pytest
from django.core.cache import cache

from tests.factories import NOW
from tests.gate.revoke_drill import EXPORTS_LOST, REVOCATIONS, drilled, exports_drilled
from tests.world import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr("atlas.agencies.middleware.timezone.now", lambda: NOW)


def test_the_next_request_is_denied_whatever_was_lost() -> None:
    make_world()
    done = drilled(2 * len(REVOCATIONS))
    assert (done.tried, done.denied, done.shown) == (2 * len(REVOCATIONS), 2 * len(REVOCATIONS), [])


def test_no_export_is_delivered_or_opened_after_the_right_is_lost() -> None:
    done = exports_drilled(make_world(), len(EXPORTS_LOST))
    assert (done.jobs, done.delivered, done.files, done.opened) == (5, 0, 5, 0)
