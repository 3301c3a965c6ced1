"""An alert stands before everyone who must act on it, whatever else of the child they may read."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import NOW
from tests.missing.test_spine import reported, returned
from tests.world import make_world

pytestmark = pytest.mark.django_db


def test_worker_coordinator_and_police_each_see_the_alert_of_a_missing_child(signed_in: Any) -> None:
    world = make_world()
    episode = reported(world)
    for post in (world.worker, world.coordinator, world.police):
        page = signed_in(post, NOW + timedelta(minutes=1)).get(f"/missing/episode/{episode.pk}/")
        assert "Nobody has acknowledged this alert" in page.content.decode(), post
        assert "Nobody has acknowledged this alert yet" in signed_in(post, NOW + timedelta(minutes=1)).get("/missing/").content.decode()
    client = signed_in(world.worker, NOW + timedelta(minutes=1))
    assert "1 alert is waiting" in client.get("/missing/").content.decode()
    assert "A child is missing: Ashby Example" in client.get("/").content.decode()


def test_the_team_sees_its_task_with_the_reason_why_it_is_due(signed_in: Any) -> None:
    world = make_world()
    returned(world)
    page = signed_in(world.interviewer, NOW + timedelta(hours=6)).get("/").content.decode()
    assert "Return interview" in page
    assert "Children who run away or go missing from home or care" in page
