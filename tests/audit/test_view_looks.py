"""Who looked at this child: for whom which rows, with which flags; and the version for the child."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.audit.queries import looks_at, releasable_looks_at
from atlas.gate.context import acting_as
from atlas.gate.events import PRIVACY_ONLY, Event
from tests import factories
from tests.audit.test_odd_looks import look
from tests.audit.test_record import privacy_officer
from tests.factories import NOW, at
from tests.world import World, make_world

LATER = NOW + timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """A child at whom worker, manager, police and a neighbour have looked."""
    world = make_world()
    look(world.worker, world.child, NOW)
    look(world.worker, world.child, NOW + timedelta(hours=1))
    look(world.manager, world.child, NOW, through=["line"])
    look(world.police, world.child, NOW, through=["missing_duty"])
    look(world.stranger, world.child, at("5 May 2026 23:00"), through=["team_duty"])
    look(world.interviewer, world.child, NOW, through=["return_interview"])
    return world


def seen_by(post: Post, world: World) -> dict[Any, list[str]]:
    with acting_as(post, LATER):
        return {looker.post.pk: looker.flags for _, lookers in looks_at(world.child) for looker in lookers}


def test_the_privacy_officer_sees_all_but_their_own(world: World) -> None:
    privacy = privacy_officer(world)
    look(privacy, world.child, NOW, event="read_audit", through=["privacy"])
    other = privacy_officer(world)
    look(other, world.child, NOW, event="read_audit", through=["privacy"])
    assert set(seen_by(privacy, world)) == {
        post.pk for post in (world.worker, world.manager, world.police, world.stranger, world.interviewer, other)
    }


def test_the_line_sees_its_own_agencys_looks_without_enquiries_and_never_its_own(world: World) -> None:
    look(privacy_officer(world), world.child, NOW, event="read_audit", through=["privacy"])
    assert set(seen_by(world.manager, world)) == {world.worker.pk, world.stranger.pk}
    second = Post.objects.create(
        user=world.manager.user, team=world.worker.team, title="Worker", role="practitioner", from_on=factories.LONG_AGO
    )
    look(second, world.child, NOW)
    assert second.pk not in seen_by(world.manager, world)


def test_the_worker_and_a_stranger_see_nothing(world: World, signed_in: Any) -> None:
    for post in (world.worker, world.stranger, world.police):
        assert seen_by(post, world) == {}
        for page in ("view_looks", "view_releasable_looks"):
            assert signed_in(post).get(reverse(f"audit:{page}", args=[world.child.pk])).status_code == 404


def test_the_database_keeps_back_the_events_that_the_code_declares(world: World) -> None:
    with connection.cursor() as cursor:
        for event in Event:
            cursor.execute("SELECT gate_is_privacy_only(%s, 'council'), gate_is_privacy_only(%s, 'police')", [event, event])
            assert cursor.fetchone() == (event in PRIVACY_ONLY, True), event


def test_flags_are_facts(world: World) -> None:
    world.interviewer.user.last_name = "example"
    world.interviewer.user.save()
    flags = seen_by(privacy_officer(world), world)
    assert flags[world.worker.pk] == []  # answers for the child
    assert flags[world.stranger.pk] == ["No follow-up", "Out of hours"]
    assert flags[world.interviewer.pk] == ["No follow-up", "Same surname as the child"]


def test_the_childs_version_names_no_worker_no_police_and_no_enquiry_and_shows_no_gap(world: World, signed_in: Any) -> None:
    privacy = privacy_officer(world)
    look(privacy, world.child, NOW, event="read_audit", through=["privacy"])
    with acting_as(privacy, LATER):
        rows = releasable_looks_at(world.child)
    assert [(agency, role) for agency, role, *_ in rows] == [
        ("Fernleigh Council", "Manager"), ("Fernleigh Council", "Practitioner"), ("Lantern Trust", "Return interviewer"),
    ]  # fmt: skip
    page = signed_in(privacy, LATER).get(reverse("audit:view_releasable_looks", args=[world.child.pk])).text
    main = page[page.index("<main") : page.index("</main>")]
    assert "Police" not in main
    for post in (world.worker, world.manager, world.stranger, world.interviewer):
        assert post.user.last_name not in main
    assert signed_in(world.manager, LATER).get(reverse("audit:view_releasable_looks", args=[world.child.pk])).status_code == 404
    assert signed_in(world.manager, LATER).get(reverse("audit:view_looks", args=[world.child.pk])).status_code == 200
