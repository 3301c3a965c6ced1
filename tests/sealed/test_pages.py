"""The pages: from the child to whom to ring; seal without a trace in the browser, the draft or the session; open with a proof and a reason."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from atlas.accounts.sessions import PROVED
from atlas.design.forms import new_key
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Draft, Look
from atlas.sealed.commands import name_custodian, seal_set
from atlas.sealed.models import SealedSet
from atlas.sealed.rules import RING
from tests.factories import NOW
from tests.sealed.given import VALUES, WHY, SealedWorld, vetted_post
from tests.world import World, make_world


def page_of(name: str, pk: Any, *more: str) -> str:
    return reverse(f"sealed:{name}", args=[pk, *more])


def with_custodian() -> tuple[World, Any, SealedSet]:
    world, custodian = make_world(), vetted_post()
    custodian.user.telephone = "020 7946 0321"
    custodian.user.save()
    sealing = seal_set(child=world.child, kind="location", values=VALUES, by=world.worker, at=NOW)
    seal_set(child=world.child, kind="source", values={"name": "Sample Person"}, by=world.worker, at=NOW)
    name_custodian(child=world.child, post=custodian, by=world.manager, at=NOW)
    return world, custodian, sealing


@pytest.mark.django_db
def test_whoever_sees_the_child_is_told_whom_to_ring_and_nothing_more(signed_in: Any) -> None:
    world, _, _ = with_custodian()
    for post, sees_sets, names in ((world.worker, True, False), (world.manager, False, True)):
        client = signed_in(post)
        child = client.get(reverse("desk:view_child", args=[world.child.pk])).content.decode()
        assert RING in child, post.role
        assert page_of("view_custodians", world.child.pk) in child
        text = client.get(page_of("view_custodians", world.child.pk)).content.decode()
        assert "020 7946 0321" in text
        assert ("Source, last sealed" in text) is sees_sets
        assert ("Name a custodian" in text) is names
        assert not any(value in child + text for value in VALUES.values())
    assert signed_in(world.stranger).get(page_of("view_custodians", world.child.pk)).status_code == 404


@pytest.mark.django_db
def test_a_custodian_comes_to_the_sets_without_the_child_s_page(signed_in: Any) -> None:
    world, custodian, sealing = with_custodian()
    client = signed_in(custodian)
    assert client.get(reverse("desk:view_child", args=[world.child.pk])).status_code == 404
    text = client.get(reverse("sealed:view_sealed_sets")).content.decode()
    assert page_of("open_sealed_set", sealing.pk) in text
    assert client.get(page_of("view_custodians", world.child.pk)).status_code == 200
    assert "no sealed set" in signed_in(world.manager).get(reverse("sealed:view_sealed_sets")).content.decode()


@pytest.mark.django_db
def test_what_is_typed_to_be_sealed_is_kept_nowhere(signed_in: Any) -> None:
    world = make_world()
    client, address = signed_in(world.worker), page_of("seal_set", world.child.pk, "location")
    shown = client.get(address)
    assert (shown["Cache-Control"], shown.content.count(b'autocomplete="off"')) == ("no-store", 13)
    typed = {"key": new_key(), "sealed_address": VALUES["address"]}
    client.post(address, {**typed, "draft": "later"})
    with acting_as(world.worker, NOW):
        assert not Draft.objects.exists()
    assert client.post(address, {"key": new_key()}).status_code == 422
    done = client.post(address, typed)
    assert (done.status_code, done["Location"]) == (302, page_of("view_custodians", world.child.pk))
    assert client.post(address, typed).status_code == 302  # the same, sent twice
    with acting_as(world.worker, NOW):
        assert SealedSet.objects.count() == 1
        assert Act.objects.filter(command="seal_set", outcome="done").count() == 1
    assert signed_in(world.worker).get(page_of("seal_set", world.child.pk, "weather")).status_code == 404
    # A session that is over keeps what was typed, but not this.
    later = signed_in(world.worker, NOW + timedelta(hours=2))
    session = later.session
    session["last_seen"] = NOW.timestamp()
    session.save()
    answer = later.post(address, {"key": new_key(), "sealed_address": VALUES["address"], "submit": "Seal"})
    assert answer.status_code == 302
    assert "login" in answer["Location"]
    assert not any(VALUES["address"].split()[1] in str(one.get_decoded()) for one in Session.objects.all())


@pytest.mark.django_db
def test_a_set_is_opened_only_with_a_fresh_proof(signed_in: Any) -> None:
    world, _, sealing = with_custodian()
    client = signed_in(world.worker)
    session = client.session
    session[PROVED] = [str(world.worker.user_id), (NOW - timedelta(minutes=6)).timestamp()]
    session.save()
    answer = client.get(page_of("open_sealed_set", sealing.pk))
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    for post in (world.manager, world.coordinator, world.stranger):
        assert signed_in(post).get(page_of("open_sealed_set", sealing.pk)).status_code == 404
        assert signed_in(post).get(page_of("view_sealed_set", sealing.pk)).status_code == 404


@pytest.mark.django_db
def test_without_the_unsealer_the_page_says_whom_to_ring(signed_in: Any, settings: Any) -> None:
    settings.ATLAS_UNSEALER = "/nowhere/socket"
    world, _, sealing = with_custodian()
    client = signed_in(world.worker)
    answer = client.post(page_of("open_sealed_set", sealing.pk), {"key": new_key(), "reason": WHY})
    assert (answer.status_code, b"Ring the custodians" in answer.content) == (422, True)
    assert b"Ring the custodians" in client.get(page_of("view_sealed_set", sealing.pk), follow=True).content


def test_a_set_is_opened_seen_for_fifteen_minutes_and_closed(running: SealedWorld, signed_in: Any) -> None:
    at: datetime = timezone.now()
    client, sealing = signed_in(running.custodian, at), running.sealing
    opening, seeing = page_of("open_sealed_set", sealing.pk), page_of("view_sealed_set", sealing.pk)
    assert client.get(seeing)["Location"] == opening
    short = client.post(opening, {"key": new_key(), "reason": "quick"})
    assert (short.status_code, b"at least 30 characters" in short.content) == (422, True)
    assert client.post(opening, {"key": new_key(), "reason": WHY})["Location"] == seeing
    shown = client.get(seeing)
    text = shown.content.decode()
    assert all(value in text for value in VALUES.values())
    assert (shown["Cache-Control"], shown["Referrer-Policy"]) == ("no-store", "same-origin")
    assert 800 < int(shown["Refresh"].split(";")[0]) <= 960
    assert client.post(seeing, {"key": new_key()})["Location"] == page_of("view_custodians", running.world.child.pk)
    assert client.get(seeing)["Location"] == opening
    with acting_as(running.custodian, at):
        assert Look.objects.filter(event="unseal", page="view_sealed_set", about_child=running.world.child.pk).count() >= 1
        assert Act.objects.filter(event="unseal", command="open_sealed_set").count() == 1
        assert Act.objects.filter(event="refusal", command="open_sealed_set", decision="no reason").count() == 1


@pytest.mark.django_db
def test_the_manager_names_and_ends_a_custodian(signed_in: Any) -> None:
    world, first, _ = with_custodian()
    second, client = vetted_post(), signed_in(world.manager)
    naming, ending = page_of("name_custodian", world.child.pk), page_of("end_custodian", world.child.pk)
    assert second.user.name in client.get(naming).content.decode()
    client.post(naming, {"key": new_key(), "post": str(second.pk)})
    client.post(ending, {"key": new_key(), "post": str(first.pk)})
    text = client.get(page_of("view_custodians", world.child.pk)).content.decode()
    assert second.user.name in text
    assert first.user.name not in text
    assert client.post(naming, {"key": new_key(), "post": str(second.pk)}).status_code == 422
