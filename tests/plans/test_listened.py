"""The plan's forms and an event told by hand listen to free words (practice.md 2.2): they ask once, keep what was typed, and let it through."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.gate.context import acting_as
from atlas.plans.models import PlanDecision, PlanLine
from tests.factories import NOW
from tests.plans.given import agreed, tell
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
WHEN = {"happened_at_0": "1", "happened_at_1": "5", "happened_at_2": "2026", "happened_at_3": "", "happened_at_4": "date"}


@pytest.fixture
def world() -> World:
    return make_world()


def asked_about(page: str) -> str:
    """What the form says it has asked about."""
    found = re.search(r'name="asked_about" value="([^"]+)"', page) or re.search(r'value="([^"]+)"[^>]*name="asked_about"', page)
    assert found is not None, "the form asked about nothing"
    return found[1]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page) or re.search(rf'value="([^"]*)"[^>]*name="{name}"', page)
    assert found is not None
    return found[1]


def sent_twice(client: Any, path: str, typed: dict[str, str], words: str) -> str:
    """Send it, be asked, find what was typed still there, and send it again as it is. Returns what was asked."""
    asked = client.post(path, {"key": "a", **typed})
    page = str(asked.content.decode())
    assert asked.status_code == 422
    assert words in page
    assert 'name="why_kept"' not in page  # nobody keeps it here, so nobody is asked
    again = client.post(path, {"key": "a", **typed, "asked_about": asked_about(page)})
    assert again.status_code == 302, again.content.decode()[-3000:]
    return page


def test_an_event_that_tells_of_harm_says_what_to_do_and_is_kept_as_typed(world: World, signed_in: Any) -> None:
    agreed(world)
    typed = {"kind": Kind.NEW_COMPANY.value, **WHEN, "words": "Her boyfriend made her carry it", "source": "Form tutor"}
    page = sent_twice(signed_in(world.worker, LATER), reverse("plans:record_event", args=[world.child.pk]), typed, typed["words"])
    assert "ring 999" in page
    assert "Other words:" in page
    with acting_as(world.worker, LATER):
        assert Entry.objects.get(kind=Kind.NEW_COMPANY).words.startswith(typed["words"])


def test_a_line_that_holds_harm_as_a_worry_is_asked_about(world: World, signed_in: Any) -> None:
    plan, client = agreed(world), signed_in(world.worker, LATER)
    typed = {"section": "worries", "words": "They threatened to hurt his mum", "risk_words": "He puts himself at risk"}
    page = sent_twice(client, reverse("plans:add_line", args=[plan.pk]), typed, typed["words"])
    assert "Record it as harm" in page
    with acting_as(world.worker, LATER):
        line = PlanLine.objects.get(words=typed["words"])
    path = reverse("plans:rewrite_line", args=[line.pk])
    base = hidden(client.get(path).content.decode(), "base")
    sent_twice(client, path, {**typed, "words": "He absconded from them", "base": base}, "He absconded from them")


def test_a_confirm_is_asked_about_once_and_then_holds(world: World, signed_in: Any) -> None:
    plan, client = agreed(world), signed_in(world.worker, LATER)
    tell(world, Kind.NEW_COMPANY, LATER - timedelta(minutes=5))
    path = reverse("plans:confirm_plan", args=[plan.pk])
    page = client.get(path).content.decode()
    typed = {"events": hidden(page, "events"), "opened": hidden(page, "opened"), "base": hidden(page, "base"), "strategy": "no"}
    sent_twice(client, path, {**typed, "reason": "It was a lifestyle choice", "also": "Police told"}, "lifestyle choice")
    with acting_as(world.worker, LATER):
        assert PlanDecision.objects.filter(kind=PlanDecision.Kind.CONFIRMED).get().reason == "It was a lifestyle choice"
