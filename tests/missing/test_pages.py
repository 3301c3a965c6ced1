"""Every form page of a missing episode and an interview opens for the one who may, and takes what is typed."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.chronology.moments import Moment
from atlas.gate.context import acting_as
from atlas.missing.codes import OfferMethod
from atlas.missing.commands.offer import offer_interview
from atlas.missing.commands.talk import record_interview
from atlas.missing.models import Episode, Offer
from tests.factories import NOW
from tests.missing.test_spine import BACK, COMPLETE, reported, returned
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
DURING = (
    "record_contact_or_sighting",
    "record_council_status",
    "record_police_reference",
    "record_found",
    "record_return",
    "withdraw_episode",
    "add_photograph",
)
POLICE = ("record_police_status", "record_police_grade")
INTERVIEW = ("allocate_interview", "offer_interview", "book_interview", "record_not_met", "record_not_reached", "record_interview", "decide_not_offered",
             "close_interview", "share_interview")  # fmt: skip


@pytest.mark.parametrize("name", DURING)
def test_each_page_of_an_episode_opens_and_an_empty_form_is_an_error_or_done(signed_in: Any, name: str) -> None:
    world = make_world()
    client, address = signed_in(world.coordinator, NOW + timedelta(hours=1)), reverse(f"missing:{name}", args=[reported(world).pk])
    page = client.get(address)
    assert page.status_code == 200
    # Typing in Atlas tells nobody outside, on every form about a child who is missing (real-life.md point 6).
    assert "This does not report the child missing to the police. Ring 999 or 101. They have not been rung yet." in page.content.decode()
    assert client.post(address, {}).status_code == 422


@pytest.mark.parametrize("name", POLICE)
def test_each_page_of_the_police_opens_for_the_police_alone(signed_in: Any, name: str) -> None:
    world = make_world()
    address = reverse(f"missing:{name}", args=[reported(world).pk])
    assert signed_in(world.police, NOW + timedelta(hours=1)).get(address).status_code == 200
    assert signed_in(world.coordinator, NOW + timedelta(hours=1)).get(address).status_code == 404


@pytest.mark.parametrize("name", INTERVIEW)
def test_each_page_of_an_interview_opens(signed_in: Any, name: str) -> None:
    world = make_world()
    interview = returned(world)
    page = signed_in(world.coordinator, BACK + timedelta(hours=1)).get(reverse(f"missing:{name}", args=[interview.pk]))
    assert page.status_code == 200
    assert world.child.name in page.content.decode()


def test_a_return_is_recorded_by_the_page_once_however_often_it_is_sent(signed_in: Any) -> None:
    world = make_world()
    episode = reported(world)
    client = signed_in(world.coordinator, BACK + timedelta(minutes=5))
    typed = {
        "returned_at_0": "5",
        "returned_at_1": "5",
        "returned_at_2": "2026",
        "returned_at_3": "15:00",
        "returned_at_4": "minute",
        "key": "once",
    }
    for _ in range(2):
        assert client.post(reverse("missing:record_return", args=[episode.pk]), typed).status_code == 302
    with acting_as(world.coordinator, BACK + timedelta(minutes=6)):
        assert Episode.objects.get().returned_at == BACK


def test_a_draft_is_saved_by_the_page_and_a_stranger_cannot(signed_in: Any) -> None:
    world = make_world()
    interview = returned(world)
    address = reverse("missing:save_interview_draft", args=[interview.pk])
    kept = signed_in(world.interviewer, BACK + timedelta(hours=1)).post(address, {"before_words": "It was loud.", "push": ["P01"]})
    assert kept.status_code == 302
    again = (
        signed_in(world.interviewer, BACK + timedelta(hours=2))
        .get(reverse("missing:record_interview", args=[interview.pk]))
        .content.decode()
    )
    assert "It was loud." in again
    assert signed_in(world.stranger, BACK + timedelta(hours=2)).post(address, {}).status_code == 404


def test_the_privacy_officer_and_the_line_see_who_looked_and_the_worker_does_not(signed_in: Any) -> None:
    world: World = make_world()
    from atlas.agencies.models import Post
    from atlas.gate.policy import Kind
    from tests import factories

    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    privacy = factories.post("privacy_officer", of=factories.team("Information governance"))
    factories.duty(Kind.PRIVACY, world.authority, post=privacy)
    signed_in(world.worker, NOW).get(f"/child/{world.child.pk}/")
    address = reverse("audit:view_looks", args=[world.child.pk])
    for post in (privacy, world.manager):
        text = signed_in(post, NOW + timedelta(minutes=1)).get(address).content.decode()
        assert world.worker.user.name in text
        assert "allocated" in text
    assert signed_in(world.worker, NOW + timedelta(minutes=1)).get(address).status_code == 404


def test_the_interview_shows_what_the_child_answered_and_a_draft_is_only_sent(signed_in: Any) -> None:
    world = make_world()
    interview = returned(world)
    record_interview(interview=interview, conversation=COMPLETE, held_at=Moment(BACK), by=world.interviewer, at=BACK + timedelta(hours=1))
    client = signed_in(world.interviewer, BACK + timedelta(hours=2))
    shown = client.get(reverse("missing:view_interview", args=[interview.pk])).content.decode()
    for question, said in (
        ("What made you leave?", "Boredom"),
        ("Who were you with?", "Friends of the same age"),
        ("Did anyone hurt or scare you?", "None said"),
    ):
        assert question in shown
        assert said in shown
    answer = client.get(reverse("missing:save_interview_draft", args=[interview.pk]))
    assert answer.status_code == 302


def test_an_offer_is_seen_through_the_gate_like_every_other_row() -> None:
    world = make_world()
    offer_interview(interview=returned(world), offered_at=Moment(BACK), method=OfferMethod.IN_PERSON, by=world.interviewer, at=BACK)
    for post, count in ((world.interviewer, 1), (world.stranger, 0)):
        with acting_as(post, BACK + timedelta(hours=1)) as subject:
            assert Offer.objects.visible_to(subject).count() == count
