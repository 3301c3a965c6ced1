"""Pages of the desk: what a form keeps, what a stranger finds, how many queries a page asks."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atlas.design.forms import DayField
from atlas.gate.context import acting_as
from atlas.gate.models import Look
from atlas.missing.models import MissingProfile
from tests.factories import NOW
from tests.guards.test_pages import AGAIN, held, looked_for
from tests.missing.test_spine import reported
from tests.world import make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
FRAME = ("SAVEPOINT", "RELEASE", "SELECT set_config", "BEGIN", "COMMIT")


def test_an_error_keeps_what_was_typed_and_says_what_to_do(signed_in: Any) -> None:
    world = make_world()
    page = signed_in(world.coordinator).post(
        f"/missing/report_missing/{world.child.pk}/", {"worry": "Not home from school", "reported_4": "minute"}
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert "There is a problem" in text
    assert "Not home from school" in text


def test_a_child_is_found_by_name_or_number_and_a_stranger_is_told_whom_to_ring(signed_in: Any) -> None:
    world = make_world()
    found = signed_in(world.coordinator).post("/find_child/", {"name": "example ashby"}).content.decode()
    assert "Report missing" in found
    nothing = signed_in(world.stranger).post("/find_child/", {"name": "example ashby"}).content.decode()
    assert "This is not a check that nothing is known" in nothing
    assert "Ashby" not in nothing.replace("example ashby", "")


def test_a_concern_is_set_and_ended_and_i_know_this_family_works_at_once(signed_in: Any) -> None:
    world = make_world()
    client = signed_in(world.worker)
    typed = {"words": "New telephones", "since_0": "1", "since_1": "5", "since_2": "2026", "since_3": "", "since_4": "date"}
    assert client.post(f"/missing/child/{world.child.pk}/set_exploitation_marker/", typed).status_code == 302
    assert "Concern about exploitation" in client.get(f"/child/{world.child.pk}/").content.decode()
    assert client.post(f"/missing/child/{world.child.pk}/end_exploitation_marker/", {"words": "Looked into"}).status_code == 302
    with acting_as(world.worker, LATER):
        assert MissingProfile.objects.get().exploitation_marked_at is None
    assert client.post(f"/child/{world.child.pk}/declare_connection/", {}).status_code == 302
    assert client.get(f"/child/{world.child.pk}/").status_code == 404


@pytest.mark.parametrize("number", ["9" * 20, "9" * 5_000, "-1", "٣", "x"])
def test_no_number_in_the_address_of_a_child_s_page_is_too_large_for_it(signed_in: Any, number: str) -> None:
    world = make_world()
    assert signed_in(world.worker).get(f"/child/{world.child.pk}/?before={number}").status_code == 200


def test_a_day_of_nothing_but_spaces_is_no_day() -> None:
    """Found by the long form of `bench hostile`: a command was given none where it needs one."""
    for typed in (["\r\n", " ", "\t"], ["", "", ""], []):
        with pytest.raises(ValidationError, match="Enter the day, month and year"):
            DayField().clean(typed)
        assert DayField(required=False).clean(typed) is None
    assert DayField().clean([" 27", "3 ", "2011"]) == date(2011, 3, 27)


def test_the_same_look_within_a_quarter_of_an_hour_is_written_once(signed_in: Any) -> None:
    world = make_world()
    for minutes in (0, 5, 16):
        signed_in(world.worker, NOW + timedelta(minutes=minutes)).get(f"/child/{world.child.pk}/")
    with acting_as(world.worker, LATER):
        assert Look.objects.filter(page="view_child").count() >= 1


def asked_by(client: Any, path: str) -> list[str]:
    """The statements of a page that was opened before; those that only open and close a transaction apart."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries if not query["sql"].startswith(FRAME)]


@pytest.mark.parametrize(("path", "most"), [("/missing/", 12), ("/", 12)])
def test_a_page_asks_few_queries(signed_in: Any, path: str, most: int) -> None:
    world = make_world()
    reported(world)
    asked = asked_by(signed_in(world.worker, LATER), path)
    assert len(asked) <= most, "\n".join(sql[:140] for sql in asked)


def test_the_pages_of_an_episode_and_of_an_interview_ask_each_table_once(signed_in: Any) -> None:
    """The frame (session, person, post, banners) and the gate ask eight; then one for each kind of thing that the page shows."""
    world = make_world()
    interview, episode = held(world), looked_for(world)
    client = signed_in(world.worker, AGAIN + timedelta(hours=1))
    for path, most in ((f"/missing/episode/{episode.pk}/", 24), (f"/missing/interview/{interview.pk}/", 15)):
        asked = asked_by(client, path)
        assert len(asked) <= most, "\n".join(sql[:150] for sql in asked)
