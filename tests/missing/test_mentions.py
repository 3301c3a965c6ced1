"""Somebody says which place a child meant: with suggestions, anew where it was wrong, and again once the place is looked at no more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.allocation.commands import record_allocation
from atlas.chronology.moments import Moment
from atlas.connections.commands import block_worker
from atlas.connections.grounds import Grounds
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Act, BlockSource
from atlas.missing.commands.mentions import settle_mention, settle_mentions
from atlas.missing.commands.talk import Conversation, record_interview
from atlas.missing.models import LocationMention
from atlas.missing.queries.mentions import may_be, mentions_like, mentions_waiting, places_named, said_alike_waiting
from atlas.places.commands import PlaceGiven, record_place, remove_place
from atlas.places.models import Place
from tests import factories
from tests.connections.test_ties import privacy_officer
from tests.missing.test_spine import BACK, COMPLETE, returned
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
AFTER = BACK + timedelta(hours=3)
NOW = AFTER + timedelta(hours=1)
SAID = ("The arcade by the station", "Somebody’s flat")


@pytest.fixture
def world() -> World:
    """A child who named an arcade and a flat."""
    made = make_world()
    named = Conversation(
        texts={**COMPLETE.texts, "places_answer": "named"}, answers=COMPLETE.answers, places=[{"words": words} for words in SAID]
    )
    record_interview(interview=returned(made), conversation=named, held_at=Moment(AFTER), by=made.interviewer, at=AFTER)
    return made


def place(world: World, name: str = "An arcade by the station") -> Place:
    grounds = Grounds("Two interviews name it.", "Keeping children safe", "Return interviews")
    return record_place(given=PlaceGiven(name, "shop", grounds), by=world.coordinator, at=NOW)


def mention(world: World, words: str = SAID[0]) -> LocationMention:
    with acting_as(world.coordinator, NOW):
        return LocationMention.objects.select_related("child", "interview").get(words=words)


def waiting(world: World) -> list[str]:
    with acting_as(world.coordinator, NOW) as subject:
        return [one.words for one in mentions_waiting(subject)]


def test_settle_mention_with_a_place_that_is_suggested(world: World) -> None:
    arcade, elsewhere = place(world), place(world, "Millpond Park")
    with acting_as(world.coordinator, NOW) as subject:
        assert [one.place for one in may_be(subject, mention(world))] == [arcade]
    settle_mention(mention=mention(world), settled="place", place=arcade, by=world.coordinator, at=NOW)
    assert waiting(world) == [SAID[1]]
    settle_mention(mention=mention(world, SAID[1]), settled="home", by=world.coordinator, at=NOW)
    assert waiting(world) == []
    with acting_as(world.coordinator, NOW) as subject:
        named = places_named(subject)
        assert [(one.place, one.interviews, one.children, one.first, one.asks_panel) for one in named] == [
            (arcade, 1, 1, AFTER.date(), False)
        ]
    settle_mention(mention=mention(world), settled="place", place=elsewhere, by=world.coordinator, at=NOW)  # it was wrong
    with acting_as(world.coordinator, NOW) as subject:
        assert [one.place for one in places_named(subject)] == [elsewhere]


def test_a_place_that_is_looked_at_no_more_lets_the_mention_wait_again(world: World) -> None:
    arcade = place(world)
    settle_mention(mention=mention(world), settled="place", place=arcade, by=world.coordinator, at=NOW)
    remove_place(place=arcade, by=world.coordinator, at=NOW)
    assert waiting(world) == sorted(SAID)
    assert mention(world).place_id is None


def test_what_is_wrong_is_said(world: World) -> None:
    with pytest.raises(Invalid, match="Choose the place"):
        settle_mention(mention=mention(world), settled="place", by=world.coordinator, at=NOW)
    with pytest.raises(Refused):
        settle_mention(mention=mention(world), settled="home", by=world.interviewer, at=NOW)
    with acting_as(factories.post("missing_coordinator"), NOW) as subject:  # of no duty for this authority
        assert not mentions_waiting(subject).exists()
    with acting_as(world.interviewer, NOW):
        taken = LocationMention.objects.get(words=SAID[0])
        taken.is_withdrawn = True
        taken.save()
    with pytest.raises(Invalid, match="took this back"):
        settle_mention(mention=taken, settled="home", by=world.coordinator, at=NOW)


def test_the_pages_of_places_that_children_named(world: World, signed_in: Any) -> None:
    arcade, client = place(world), signed_in(world.coordinator, NOW)
    page = reverse("missing:view_mentioned_places")
    assert SAID[0] in client.get(page).content.decode()
    form = reverse("missing:settle_mention", args=[mention(world).pk])
    assert "spoken of alike" in client.get(form).content.decode()
    assert "Choose the place" in client.post(form, {"settled": "other"}).content.decode()
    assert client.post(form, {"settled": str(arcade.pk)}).status_code == 302
    said = client.get(page).content.decode()
    assert arcade.name in said and SAID[0] not in said
    assert signed_in(world.worker, NOW).get(page).status_code == 404


@pytest.fixture
def several(world: World) -> World:
    """Another child, with the same words otherwise written, and one who said it of another district."""
    for first, words, area in (("Beech", "the arcade, by the STATION!", ""), ("Cedar", SAID[0], "Northside")):
        other = replace(world, child=factories.child(f"{first} Lane"))
        record_allocation(child=other.child, post=world.worker, from_at=Moment(BACK - timedelta(days=9)), by=factories.feed_post(), at=BACK)
        named = Conversation(
            texts={**COMPLETE.texts, "places_answer": "named"}, answers=COMPLETE.answers, places=[{"words": words, "area": area}]
        )
        record_interview(interview=returned(other), conversation=named, held_at=Moment(AFTER), by=world.interviewer, at=AFTER)
    return world


def test_what_waits_is_grouped_by_the_same_words(several: World) -> None:
    with acting_as(several.coordinator, NOW) as subject:
        groups = said_alike_waiting(subject)
        assert next((one.area, one.interviews, one.children, len(one.mentions)) for one in groups) == ("", 2, 2, 2)
        assert len(groups) == 3
        assert len(mentions_like(subject, mention(several, "the arcade, by the STATION!"))) == 2


def test_settle_mentions_settles_all_of_them_each_with_an_act_of_its_own(several: World) -> None:
    arcade = place(several)
    with acting_as(several.coordinator, NOW) as subject:
        alike = mentions_like(subject, mention(several, "the arcade, by the STATION!"))
    before = acts(several)
    done = settle_mentions(mentions=alike, settled="place", place=arcade, by=several.coordinator, at=NOW)
    assert (done.settled, done.taken_back, done.settled_since, done.not_theirs) == (2, 0, 0, 0)
    assert acts(several) - before == 2
    again = settle_mentions(mentions=alike, settled="home", by=several.coordinator, at=NOW)
    assert (again.settled, again.settled_since) == (0, 2)  # what somebody has said in the meantime stands
    with pytest.raises(Invalid, match="at least one"):
        settle_mentions(mentions=[], settled="home", by=several.coordinator, at=NOW)
    with pytest.raises(Refused):
        settle_mentions(mentions=alike, settled="home", by=several.interviewer, at=NOW)


def test_settle_mentions_passes_over_what_the_child_took_back_and_who_is_shut(several: World) -> None:
    with acting_as(several.coordinator, NOW) as subject:
        alike = mentions_like(subject, mention(several, "the arcade, by the STATION!"))
    with acting_as(several.interviewer, NOW):
        taken = LocationMention.objects.get(pk=alike[0].pk)
        taken.is_withdrawn = True
        taken.save()
    block_worker(child=alike[1].child, user=several.coordinator.user, source=BlockSource.MANAGER, by=privacy_officer(several), at=NOW)
    done = settle_mentions(mentions=alike, settled="unclear", by=several.coordinator, at=NOW)
    assert (done.settled, done.taken_back, done.not_theirs) == (0, 1, 1)


def acts(world: World) -> int:
    with acting_as(world.coordinator, NOW):
        return Act.objects.filter(command="settle_mention", outcome="done").count()


def test_the_page_of_a_group_settles_it_and_says_so(several: World, signed_in: Any) -> None:
    client = signed_in(several.coordinator, NOW)
    page = client.get(reverse("missing:view_mentioned_places")).content.decode()
    one = mention(several, "the arcade, by the STATION!")
    with acting_as(several.coordinator, NOW) as subject:
        alike = mentions_like(subject, one)
    form = reverse("missing:settle_mentions", args=[alike[0].pk])
    assert form in page and "4 mentions wait" in page
    assert "Choose at least one" in client.post(form, {"settled": "unclear", "mentions": []}).content.decode()
    write = reverse("missing:record_mentioned_place", args=[alike[0].pk])
    assert write in client.get(form).content.decode()
    typed = {
        "name": "An arcade", "type": "shop", "named_as": alike[0].words, "why": "Two interviews name it.", "purpose_words": "Safety",
        "regime": "uk_gdpr", "source_words": "Interviews", "source": "2", "information": "C",
    }  # fmt: skip
    back = client.post(write, typed)
    assert back.status_code == 302 and "?place=" in back["Location"]
    chosen = client.get(back["Location"]).content.decode()
    assert "checked" in chosen
    with acting_as(several.coordinator, NOW):
        arcade = Place.objects.get(name="An arcade")
    sent = {"settled": "other", "place": str(arcade.pk), "mentions": [str(row.pk) for row in alike]}
    assert "Settled: 2." in client.post(form, sent, follow=True).content.decode()
