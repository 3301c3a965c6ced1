"""Two people edit one record: nothing is lost, and what both changed is put before the second, who loses nothing typed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from atlas.chronology.moments import Moment
from atlas.design.edits import Base
from atlas.gate.act import Conflict
from atlas.gate.context import acting_as
from atlas.gate.models import Act
from atlas.missing.commands.back import record_return
from atlas.missing.commands.episode import record_police_reference
from atlas.missing.commands.offer import allocate_interview
from atlas.missing.models import Episode, ReturnInterview
from tests.factories import NOW
from tests.missing.test_spine import reported, returned
from tests.world import World, make_world
from tests.writes.forms import boxes_of, opened

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=30)
TOLD = {"told_at_0": "5", "told_at_1": "5", "told_at_2": "2026", "told_at_3": "10:00", "told_at_4": "minute"}


def told(world: World, **given: str) -> Episode:
    """Another person records the police's reference meanwhile."""
    with acting_as(world.worker, LATER):
        episode = Episode.objects.get()
    return record_police_reference(episode=episode, told_at=Moment(NOW), by=world.worker, at=LATER, **given)


def now_held(world: World) -> Episode:
    with acting_as(world.worker, LATER):
        return Episode.objects.get()


@pytest.fixture
def open_form(signed_in: Any) -> tuple[World, Client, str, dict[str, Any]]:
    """The coordinator has opened the form of the police reference."""
    world = make_world()
    episode = reported(world)
    told(world, police_reference="N/1", force="Northmarch")
    client = signed_in(world.coordinator, LATER - timedelta(minutes=10))
    address = reverse("missing:record_police_reference", args=[episode.pk])
    return world, client, address, opened(client, address) | TOLD


def test_the_database_counts_every_change_whatever_the_statement_says() -> None:
    world = make_world()
    episode = reported(world)
    with acting_as(world.coordinator, NOW):
        before = Episode.objects.get().version
        Episode.objects.filter(pk=episode.pk).update(clothing="Red coat", version=1)
        assert Episode.objects.get().version == before + 1


def test_different_fields_changed_by_two_people_both_stand(open_form: Any) -> None:
    world, client, address, sent = open_form
    assert (sent["police_reference"], sent["force"]) == ("N/1", "Northmarch")
    told(world, police_reference="N/1", force="Eastmoor")
    assert client.post(address, sent | {"police_reference": "N/2"}).status_code == 302
    assert (now_held(world).police_reference, now_held(world).police_force) == ("N/2", "Eastmoor")


@pytest.mark.parametrize(("chosen", "stands"), [("theirs", "N/7"), ("mine", "N/2 rewritten"), ("before", "N/1")])
def test_a_field_that_both_changed_is_put_before_the_person_who_chooses(open_form: Any, chosen: str, stands: str) -> None:
    world, client, address, sent = open_form
    told(world, police_reference="N/7")
    answer = client.post(address, sent | {"police_reference": "N/2"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert now_held(world).police_reference == "N/7"
    for said in ("N/1", "N/2", "N/7", f"Record police reference: {world.worker.user.name}", "which is right?"):
        assert said in text, said
    with acting_as(world.coordinator, LATER):
        assert Act.objects.filter(decision="changed since it was read", outcome="refused").count() == 1
    again = boxes_of(text[text.index("<main") :])
    assert again["police_reference"] == "N/2"
    assert client.post(address, again).status_code == 409  # one must choose
    again = {**again, "chosen-police_reference": chosen, "police_reference": "N/2 rewritten"}
    assert client.post(address, again).status_code == 302
    assert now_held(world).police_reference == stands


def test_a_third_change_while_one_chooses_is_put_before_the_person_too(open_form: Any) -> None:
    world, client, address, sent = open_form
    told(world, police_reference="N/7")
    text = client.post(address, sent | {"police_reference": "N/2"}).content.decode()
    told(world, police_reference="N/8")
    answer = client.post(address, boxes_of(text[text.index("<main") :]) | {"chosen-police_reference": "theirs"})
    assert answer.status_code == 409
    assert "N/8" in answer.content.decode()
    assert now_held(world).police_reference == "N/8"


def test_a_base_that_somebody_altered_changes_nothing(open_form: Any) -> None:
    world, client, address, sent = open_form
    forged = Base("missing.Episode:x", 99, NOW.isoformat()).signed()
    for base in (sent["base"][:-2] + "xx", forged):
        answer = client.post(address, sent | {"police_reference": "N/2", "base": base})
        assert answer.status_code == 422
        assert "N/2" in answer.content.decode()
    assert now_held(world).police_reference == "N/1"


def test_a_step_that_is_no_longer_possible_says_what_happened_and_keeps_what_was_typed(signed_in: Any) -> None:
    world = make_world()
    episode = reported(world)
    client = signed_in(world.coordinator, NOW + timedelta(minutes=5))
    address = reverse("missing:record_found", args=[episode.pk])
    sent = opened(client, address) | {f"found_at_{n}": value for n, value in enumerate(("5", "5", "2026", "10:02", "minute"))}
    record_return(episode=episode, returned_at=Moment(NOW + timedelta(minutes=6)), by=world.worker, at=NOW + timedelta(minutes=6))
    answer = client.post(address, sent | {"words": "At her aunt's"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f"Record return: {world.worker.user.name}" in text
    assert "At her aunt" in text


def test_who_changed_it_is_told_only_to_whoever_may_read_the_record() -> None:
    from django.db import connection

    world = make_world()
    episode = reported(world)
    ask = "SELECT count(*) FROM gate_changes(%s, 'missing.Episode', %s, 'missing', %s)"
    for post, count in ((world.worker, 1), (world.stranger, 0)):
        with acting_as(post, LATER), connection.cursor() as cursor:
            cursor.execute(ask, [world.child.pk, str(episode.pk), NOW - timedelta(days=1)])
            assert cursor.fetchone() == (count,)


def test_an_act_that_binds_to_a_version_is_refused_for_another() -> None:
    world = make_world()
    interview = returned(world)
    given: dict[str, Any] = {
        "interview": interview,
        "interviewer": world.interviewer,
        "by": world.coordinator,
        "at": LATER + timedelta(hours=6),
    }
    with pytest.raises(Conflict):
        allocate_interview(**given | {"seen_version": interview.version + 1})
    with acting_as(world.coordinator, LATER + timedelta(hours=6)):
        assert ReturnInterview.objects.get().interviewer is None
        assert Act.objects.get(decision="changed since it was read").command == "allocate_interview"
    assert allocate_interview(**given | {"seen_version": interview.version}).interviewer == world.interviewer
