"""What was typed and not sent is kept for twelve hours, for whoever typed it and nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from atlas.gate.commands import declare_connection
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Draft, Look
from tests.factories import NOW
from tests.missing.test_spine import reported
from tests.world import World, make_world
from tests.writes.forms import boxes_of, opened

pytestmark = pytest.mark.django_db
AT = NOW + timedelta(minutes=30)
TYPED = "We rang her aunt, who <b>has not</b> {{ seen }} her."


@pytest.fixture
def typed(signed_in: Any) -> tuple[World, Client, str, dict[str, Any]]:
    """The coordinator has typed into the form of what was seen, and the script has kept it."""
    world = make_world()
    address = reverse("missing:record_contact_or_sighting", args=[reported(world).pk])
    client = signed_in(world.coordinator, AT)
    sent = opened(client, address) | {"words": TYPED}
    with acting_as(world.coordinator, AT):
        looks = Look.objects.count()
    answer = client.post(address, sent | {"draft": "autosave"})
    assert answer.content.decode() == "Kept for you 5 May 2026 10:30. Not sent yet."
    with acting_as(world.coordinator, AT):
        assert Look.objects.count() == looks
        assert not Act.objects.filter(command="record_contact_or_sighting").exists()
    return world, client, address, sent


def drafts(post: Any, at: Any = AT) -> int:
    with acting_as(post, at):
        return Draft.objects.count()


def test_it_is_offered_again_put_back_with_its_key_and_wiped_when_it_is_sent(typed: Any, signed_in: Any) -> None:
    world, _, address, sent = typed
    client = signed_in(world.coordinator, AT + timedelta(hours=1))  # another session of the same person
    offered = client.get(address).content.decode()
    assert "You had typed this on this page at 5 May 2026 10:30" in offered
    assert "&lt;b&gt;has not&lt;/b&gt; {{ seen }} her" in offered
    text = client.get(address + "?draft=back").content.decode()
    back = boxes_of(text[text.index("<main") :])
    assert (back["words"], back["key"], back["base"]) == (TYPED, sent["key"], sent["base"])
    assert "There is a problem" not in text
    whole = (
        back
        | {"kind": "sighting", "source": "Aunt"}
        | {f"happened_at_{n}": value for n, value in enumerate(("5", "5", "2026", "10:05", "minute"))}
    )
    from atlas.missing.codes import ContactKind

    assert client.post(address, whole | {"kind": ContactKind.values[0]}).status_code == 302
    assert drafts(world.coordinator) == 0
    # A save that was on its way when the form was sent does not bring it back.
    client.post(address, sent | {"draft": "autosave"})
    assert drafts(world.coordinator) == 0


def test_it_is_thrown_away_when_the_person_says_so(typed: Any) -> None:
    world, client, address, _ = typed
    assert client.post(address, {"draft": "throw_away"}).status_code == 302
    assert drafts(world.coordinator) == 0


def test_another_person_never_gets_it(typed: Any, signed_in: Any) -> None:
    world, _, address, _ = typed
    for post in (world.worker, world.manager, world.police):
        assert drafts(post) == 0
    assert "You had typed" not in signed_in(world.worker, AT).get(address).content.decode()
    with acting_as(world.worker, AT), connection.cursor() as cursor:
        cursor.execute("UPDATE gate_draft SET key = 'taken'")
        assert cursor.rowcount == 0


def test_it_is_not_shown_once_the_child_is_closed_to_the_person(typed: Any) -> None:
    world, client, address, _ = typed
    assert drafts(world.coordinator) == 1
    declare_connection(child=world.child, by=world.coordinator, at=AT)
    assert drafts(world.coordinator, AT + timedelta(minutes=1)) == 0
    assert client.get(address).status_code == 404


def test_it_is_kept_over_signing_out_and_not_for_more_than_twelve_hours(typed: Any, signed_in: Any) -> None:
    world, client, address, _ = typed
    client.post("/accounts/logout/")
    assert drafts(world.coordinator) == 1
    later = AT + timedelta(hours=12, minutes=1)
    assert "You had typed" not in signed_in(world.coordinator, later).get(address).content.decode()


def test_save_for_later_works_without_a_script_and_says_until_when(typed: Any) -> None:
    world, client, address, sent = typed
    assert "Save for later" in client.get(address).content.decode()
    answer = client.post(address, sent | {"draft": "later", "words": "Only this"}, follow=True)
    assert "What you typed is kept for you until 5 May 2026 22:30" in answer.content.decode()
    with acting_as(world.coordinator, AT):
        assert Draft.objects.get().typed["words"] == ["Only this"]


def test_boxes_that_stand_as_they_were_are_no_draft(signed_in: Any) -> None:
    world = make_world()
    address = reverse("missing:record_police_reference", args=[reported(world).pk])
    client = signed_in(world.coordinator, AT)
    sent = opened(client, address)
    assert sent["base"]  # what the page carries with it was typed by nobody
    for how in ("later", "autosave"):
        assert "kept" not in client.post(address, sent | {"draft": how}, follow=True).content.decode().lower()
        assert drafts(world.coordinator) == 0


def test_a_secret_field_is_never_kept() -> None:
    from django import forms
    from django.http import QueryDict

    from atlas.design.edits import typed_in
    from atlas.design.forms import Form, TextField

    class Sealed(Form):
        words = TextField(label="Words")
        address = TextField(label="Refuge")
        code = forms.CharField(widget=forms.PasswordInput)
        address.autosave = False  # type: ignore[attr-defined]

    sent = QueryDict("words=a&address=secret&code=secret&key=k&csrfmiddlewaretoken=t")
    assert typed_in(Sealed(sent), sent) == {"words": ["a"]}
