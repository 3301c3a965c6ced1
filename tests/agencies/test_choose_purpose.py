"""What one acts for: the role's first purpose, until another of the role's is chosen; written down with every look."""

from typing import Any

import pytest
from django.urls import reverse

from atlas.gate.context import acting_as
from atlas.gate.models import Look
from tests.factories import NOW
from tests.world import make_world

pytestmark = pytest.mark.django_db
CHOOSE = "/post/choose_purpose/"


def test_another_purpose_opens_and_shuts_and_is_written_down(signed_in: Any) -> None:
    world = make_world()
    client = signed_in(world.police)
    assert "Finding a missing child" in client.get("/missing/").content.decode()
    assert client.get(CHOOSE).content.decode().count('type="radio"') == 6
    report = reverse("missing:report_missing", args=[world.child.pk])
    assert client.get(report).status_code == 200
    answered = client.post(CHOOSE, {"purpose": "police_investigation"}, follow=True)
    assert "Police investigation: " in answered.content.decode()
    # The duty to find missing children opens nobody for a police investigation.
    assert client.get(report).status_code == 404
    client.post(CHOOSE, {"purpose": "section_47"})
    worker = signed_in(world.worker)
    worker.post(CHOOSE, {"purpose": "strategy_discussion"})
    assert worker.get(f"/child/{world.child.pk}/").status_code == 200
    with acting_as(world.worker, NOW):
        assert Look.objects.latest("id").purpose == "strategy_discussion"


def test_a_purpose_that_the_role_may_not_act_for_is_refused_and_changes_nothing(signed_in: Any) -> None:
    world = make_world()
    client = signed_in(world.worker)
    answered = client.post(CHOOSE, {"purpose": "audit"})
    assert "Help for a child in need" in answered.content.decode()
    assert "active_purpose" not in client.session
    session = client.session
    session["active_purpose"] = "audit"
    session.save()
    assert client.get(f"/child/{world.child.pk}/").status_code == 200  # the role's first, whatever the session says
