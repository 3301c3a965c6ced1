"""The carers' page: what to do when a child is late or missing, "you said, we did", and what a carer sends (real-life.md 25)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from atlas.agencies.models import TeamPurpose
from atlas.chronology.moments import Moment
from atlas.clocks.commands import set_local_limit
from atlas.clocks.models import Clock
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.policy import Kind
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.telling import do_not_tell_parent
from atlas.sharing.commands.carers import answer_carer, give_carer_page
from atlas.sharing.commands.disclosure import Guest, withdraw_guest_request
from atlas.sharing.models import CarerWords, GuestRequest
from atlas.sharing.rules import CARER_ANSWER
from atlas.tasks.models import Alert, OvernightLine, Task
from tests import factories
from tests.factories import NOW, at
from tests.sharing.guest_drill import LATER, follow, proved, send_code
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
CARER = Guest("Mo Sample", "her foster carer", "07700 900456", "Sample Worker", NOW.date())
PAGE = "carer_page"


@pytest.fixture
def world() -> World:
    return make_world()


def given(world: World, **other: Any) -> GuestRequest:
    """The page, given to the foster carer by the child's worker."""
    return give_carer_page(child=world.child, guest=CARER, agreed="Ring us when she is 30 minutes late.", by=world.worker, at=NOW, **other)


def say(client: Client, kind: str, words: str = "", key: str = "one") -> Any:
    """Send words from the page."""
    return client.post(reverse(PAGE), {"kind": kind, "words": words, "key": key.ljust(36, "k")})


def test_a_carer_reads_what_to_do_says_something_and_reads_what_was_done(world: World, texts: list[Any], clock: Any) -> None:
    client = proved(given(world), texts)
    answered = client.get(reverse("answer_guest"))
    assert answered.url == reverse(PAGE)  # type: ignore[attr-defined]
    shown = client.get(reverse(PAGE)).content.decode()
    for words in (
        "ring 999 now",
        "A child is missing",
        "020 7946 0101",
        "020 7946 0100",
        "30 minutes late",
        "No telling off",
        "not the law",
    ):
        assert words in shown, words
    assert world.child.name.split()[0] not in shown
    assert say(client, "").status_code == 422
    assert say(client, "question", "May she stay at a friend's?").url == reverse(PAGE)
    assert say(client, "question", "May she stay at a friend's?").url == reverse(PAGE)  # the same form, sent twice
    assert "Thank you. We have it" in client.get(reverse(PAGE)).content.decode()
    with acting_as(world.worker, LATER):
        said = CarerWords.objects.get()
        (task,) = Task.objects.filter(about_id=said.pk)
        running = Clock.objects.get(about_id=said.pk)
        assert (task.owner_post, task.clock, running.due_at) == (world.worker, running, LATER + timedelta(hours=4))
        assert not Alert.objects.exists()
    with pytest.raises(Refused):
        answer_carer(said=said, did="x", by=world.stranger, at=LATER)
    with pytest.raises(Invalid, match="what you did"):
        answer_carer(said=said, did=" ", by=world.worker, at=LATER)
    answer_carer(said=said, did="We rang the friend's mother. Yes, on Friday.", by=world.worker, at=LATER)
    with pytest.raises(Invalid, match="already"):
        answer_carer(said=said, did="again", by=world.worker, at=LATER)
    shown = client.get(reverse(PAGE)).content.decode()
    assert "Yes, on Friday." in shown
    with acting_as(world.worker, LATER):
        assert Clock.objects.get().outcome == Clock.Outcome.IN_TIME
        assert not Task.objects.filter(about_id=said.pk, state="open").exists()
        with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("UPDATE sharing_carerwords SET words = 'other'")
    # While a parent is not to be told yet, the page says nothing of what was done.
    episode = report_missing(child=world.child, report=Report(reported=Moment(LATER), worry="Not home"), by=world.coordinator, at=LATER)
    do_not_tell_parent(
        episode=episode, whom="Father", reason="An uncle of his was named by the child; she fears what follows.", by=world.manager, at=LATER
    )
    assert "Yes, on Friday." not in client.get(reverse(PAGE)).content.decode()


def test_at_night_it_goes_to_emergency_duty_with_an_alert(world: World, texts: list[Any], clock: Any) -> None:
    team = factories.team("Emergency duty", TeamPurpose.EMERGENCY_DUTY)
    factories.duty(Kind.EMERGENCY_DUTY, world.authority, team=team)
    night = factories.post("emergency_duty", of=team)
    midnight = at("6 May 2026 00:30")
    factories.shift(night, midnight.date())
    page = given(world)
    clock(midnight)
    client = proved(page, texts)
    say(client, "back", "Just now, cold and hungry.")
    with acting_as(night, midnight):
        said, alert = CarerWords.objects.get(), Alert.objects.get()
        assert (alert.reason, alert.owner_team, alert.raised_at) == ("carer_said", team, midnight)
        assert Task.objects.get(about_id=said.pk).owner_team == team
        line = OvernightLine.objects.get(about_id=said.pk)  # and the day takes it over in the morning
        assert (line.morning_on, line.owner_post, line.what) == (
            midnight.date(),
            world.worker,
            "A carer says that the child is back: ring them",
        )
    answer_carer(said=said, did="We rang you at once.", by=night, at=midnight)
    with acting_as(night, midnight):
        assert Alert.objects.get().acknowledged_by == night


def test_it_is_taken_back_lapses_and_a_stranger_is_told_nothing(world: World, texts: list[Any], clock: Any) -> None:
    with pytest.raises(Refused):
        give_carer_page(child=world.child, guest=CARER, by=world.police, at=NOW)
    with pytest.raises(Invalid):
        given(world, days=29)
    page = given(world)
    stranger, client = follow("not-a-link"), proved(page, texts)
    texts.clear()
    assert send_code(stranger, texts) == ""
    for browser in (stranger, Client()):
        assert browser.get(reverse(PAGE)).url == reverse("open_guest")  # type: ignore[attr-defined]
        assert say(browser, "back").url == reverse("open_guest")
    # No other answer is taken on it, and no carers' page by another link.
    assert client.post(reverse("answer_guest"), {"kind": "words", "words": "x", "key": "k" * 36}).url == reverse("open_guest")  # type: ignore[attr-defined]
    withdraw_guest_request(request=page, reason="Moved", by=world.worker, at=LATER)
    assert client.get(reverse(PAGE)).url == reverse("open_guest")  # type: ignore[attr-defined]
    assert say(client, "back").url == reverse("open_guest")
    with acting_as(world.worker, LATER):
        assert not CarerWords.objects.exists()


def test_an_authority_s_own_time_limit_judges_what_a_carer_says(world: World, texts: list[Any], clock: Any) -> None:
    head = factories.post("head_of_service", of=factories.team("Safeguarding 1"))
    set_local_limit(
        authority=world.authority, limit=CARER_ANSWER.key, count=2, unit="hour", source="Fernleigh protocol, May 2026", valid_from=LATER.date(), by=head,
        at=NOW - timedelta(days=1),
    )  # fmt: skip
    say(proved(given(world), texts), "question")
    with acting_as(world.worker, LATER):
        held = Clock.objects.get(limit="carer_answer")
        assert held.due_at == held.due_latest_at == LATER + timedelta(hours=2)
        assert "Fernleigh protocol" in held.why
        assert Task.objects.get(clock=held).due_at == held.due_at
