"""The same submission twice is once; the same key with other words is refused, and nothing is changed by it."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse

from atlas.chronology.moments import Moment
from atlas.gate.act import Conflict
from atlas.gate.context import acting_as
from atlas.gate.models import Act
from atlas.missing.codes import ContactKind
from atlas.missing.commands.episode import record_contact_or_sighting
from atlas.missing.models import ContactOrSighting, Episode
from tests.factories import NOW
from tests.missing.test_spine import reported
from tests.world import World, make_world

LATER = NOW + timedelta(minutes=30)
SEEN = {"kind": ContactKind.values[0], "source": "An aunt", "source_grade": "", "place": "Library", "words": "Well"} | {
    f"happened_at_{n}": value for n, value in enumerate(("5", "5", "2026", "10:05", "minute"))
}


def sightings(world: World) -> list[str]:
    with acting_as(world.coordinator, LATER):
        return list(ContactOrSighting.objects.values_list("words", flat=True))


@pytest.mark.django_db
def test_a_repeat_goes_to_the_first_page_and_other_words_under_the_same_key_are_refused(signed_in: Any) -> None:
    world = make_world()
    address = reverse("missing:record_contact_or_sighting", args=[reported(world).pk])
    client = signed_in(world.coordinator, LATER)
    from atlas.missing.codes import SourceGrade

    sent = SEEN | {"key": "k1", "source_grade": SourceGrade.values[0]}
    first = client.post(address, sent)
    assert first.status_code == 302
    assert client.post(address, sent)["Location"] == first["Location"]
    other = client.post(address, sent | {"words": "Not well"})
    assert other.status_code == 422
    assert "sent already" in other.content.decode()
    assert "Not well" in other.content.decode()
    assert sightings(world) == ["Well"]
    with acting_as(world.coordinator, LATER):
        assert [act.command for act in Act.objects.filter(decision="replayed with other content")] == ["record_contact_or_sighting"]


@pytest.mark.django_db
def test_a_command_under_the_same_key_with_other_content_is_refused_outside_a_page_too() -> None:
    world = make_world()
    given: dict[str, Any] = {
        "episode": reported(world), "kind": ContactKind.values[0], "happened_at": Moment(NOW), "source": "An aunt", "by": world.coordinator,
        "at": LATER, "key": "k2",
    }  # fmt: skip
    first = record_contact_or_sighting(**given | {"content": "a"})
    assert record_contact_or_sighting(**given | {"content": "a"}) == first
    with pytest.raises(Conflict):
        record_contact_or_sighting(**given | {"content": "b"})
    with acting_as(world.coordinator, LATER):
        assert Act.objects.filter(decision="replayed with other content").count() == 1


def test_two_at_once_and_a_wire_cut_after_the_commit_are_once(own_database: Any) -> None:
    own_database("app")
    world = make_world()
    episode = reported(world)
    start, failed = Barrier(4), []

    def send(number: int) -> None:
        try:
            start.wait(20)
            for key in range(10):
                given: dict[str, Any] = {
                    "episode": Episode(pk=episode.pk, child_id=episode.child_id), "kind": ContactKind.values[0], "happened_at": Moment(NOW),
                    "source": "An aunt", "words": str(key), "by": world.coordinator, "at": LATER, "key": f"both-{key}", "content": "same",
                }  # fmt: skip
                record_contact_or_sighting(**given)
                if number == 0:  # the answer never arrives: the wire is cut after the commit, and the same is sent again
                    connections["default"].close()
                    record_contact_or_sighting(**given)
        except Exception as problem:
            failed.append(problem)
        finally:
            connections["default"].close()

    threads = [Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(sightings(world)) == [str(key) for key in range(10)]
