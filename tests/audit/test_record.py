"""The record of acts and looks: what a row carries, who sets it, and that nothing alters it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from atlas.gate.context import acting_as
from atlas.gate.door import device_of, hashed, network_of
from atlas.gate.events import Event
from atlas.gate.models import Act, Look, Relationship
from tests import factories
from tests.accounts import people
from tests.factories import NOW
from tests.world import World, make_world

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148"


def look_of(post: Any, page: str) -> Look:
    with acting_as(post, NOW):
        return Look.objects.filter(page=page).latest("id")


@pytest.mark.django_db
def test_a_look_says_through_which_door_and_which_relationship(signed_in: Any) -> None:
    world = make_world()
    client = signed_in(world.worker)
    session = client.session
    session["begun"] = {**session["begun"], "device": "Another browser on iPhone"}
    session.save()
    client.get(reverse("desk:view_child", args=[world.child.pk]), HTTP_USER_AGENT=PHONE, REMOTE_ADDR="192.0.2.77")
    look = look_of(world.worker, "view_child")
    with acting_as(world.worker, NOW):
        allocated = Relationship.objects.get(child=world.child, kind="allocated")
    assert (look.event, look.about_child, look.decision, look.device, look.network) == (
        Event.OPEN, world.child.pk, "allowed", "phone", "192.0.2.0/24",
    )  # fmt: skip
    assert allocated.pk in (look.relationships or [])
    assert look.request
    assert len(look.request) == 32
    assert look.session == hashed(f"session:{client.session.session_key}")
    assert client.session.session_key not in str(look.__dict__)


@pytest.mark.django_db
def test_a_search_keeps_its_terms_and_hashes_what_no_child_found_is_called(signed_in: Any) -> None:
    world = make_world()
    client = signed_in(world.worker)
    for name in ("Ashby Example", "Nobody Example", "Nobody Example"):
        client.post(reverse("desk:find_child"), {"name": name, "key": "k"})
    with acting_as(world.worker, NOW):
        first, second, again = Look.objects.filter(page="find_child").order_by("id")
    assert (first.event, first.terms, first.children) == (Event.SEARCH, ["ashby", "example"], [world.child.pk])
    assert second.children == []
    assert again.terms == second.terms == [f"#{hashed('term:nobody')}", f"#{hashed('term:example')}"]


@pytest.mark.django_db
def test_reading_the_audit_is_itself_audited_each_time(signed_in: Any) -> None:
    world = make_world()
    privacy = privacy_officer(world)
    client = signed_in(privacy)
    for _ in range(2):
        assert client.get(reverse("audit:view_looks", args=[world.child.pk])).status_code == 200
    with acting_as(privacy, NOW):
        assert [look.event for look in Look.objects.filter(page="view_looks")] == [Event.READ_AUDIT] * 2


def test_signing_in_and_out_and_failing_to_are_written_down(own_database: Any) -> None:
    own_database("app")
    post = people.worker()
    client = people.browser(REMOTE_ADDR="192.0.2.1")
    people.give_password(client, post.user.username, "wrong horse battery")
    people.give_password(client, "nobody.9", "wrong horse")
    people.sign_in(client, post).post("/accounts/logout/")
    assert not Act.objects.filter(post=None).exists()  # no post acts in them, so the service reads none back
    own_database("postgres")
    acts = Act.objects.filter(post=None).order_by("id")
    assert [(act.event, act.outcome, act.signed_in) for act in acts] == [
        ("sign_in", "refused", post.user.pk), ("sign_in", "refused", None), ("sign_in", "done", post.user.pk), ("sign_out", "done", post.user.pk),
    ]  # fmt: skip
    assert {act.network for act in acts} >= {"192.0.2.0/24"}
    assert "horse" not in str([act.__dict__ for act in acts])


@pytest.mark.django_db
def test_a_refusal_carries_its_decision_and_the_door(signed_in: Any) -> None:
    world = make_world()
    assert (
        signed_in(world.stranger).get(reverse("desk:view_child", args=[world.child.pk]), REMOTE_ADDR="2001:db8:1:2::3").status_code == 404
    )
    with acting_as(world.stranger, NOW):
        act = Act.objects.get()
    assert (act.event, act.outcome, act.decision, act.network) == (Event.REFUSAL, "refused", "no relationship", "2001:db8:1::/48")


@pytest.mark.django_db
def test_the_database_sets_number_transaction_and_time_whatever_is_given() -> None:
    world = make_world()
    with acting_as(world.worker, NOW):
        look = Look.objects.create(
            id=7, tx=1, event="open", page="p", post=world.worker, children=[], through=[], looked_at=NOW, policy="p"
        )
        look.refresh_from_db()
        act = Act.objects.create(event="change", command="c", outcome="done", decision="d", post=world.worker, acted_at=NOW, policy="p")
        act.refresh_from_db()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            assert look.tx == act.tx == cursor.fetchone()[0]
    assert 7 != look.pk < act.pk  # one number counts both
    assert look.written_at > NOW


@pytest.mark.django_db
def test_nobody_writes_an_act_or_a_look_for_another() -> None:
    world = make_world()
    for model, given in ((Look, {"page": "p", "children": [], "through": [], "looked_at": NOW}), (Act, {"command": "c", "acted_at": NOW})):
        for post in (world.manager, None):
            with pytest.raises(DatabaseError), transaction.atomic(), acting_as(world.worker, NOW):
                model(event="open", post=post, policy="p", **given).save(force_insert=True)


@pytest.mark.parametrize("login", ["app", "owner", "postgres"])
def test_nobody_alters_a_row_not_even_the_owner_or_the_superuser(login: str, own_database: Any) -> None:
    own_database("app")
    make_world()
    own_database(login)
    for table in ("gate_act", "gate_look", "audit_seal"):
        for statement in (f"UPDATE {table} SET key = key" if table != "gate_look" else "UPDATE gate_look SET page = page",
                          f"DELETE FROM {table}", f"TRUNCATE {table}"):  # fmt: skip
            with (
                pytest.raises(DatabaseError, match="only added to" if login != "app" else "permission denied"),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


def test_the_device_is_a_class_and_the_network_is_coarse() -> None:
    assert [device_of(agent) for agent in (PHONE, "Mozilla (iPad)", "Mozilla (Windows NT 10.0)", "curl/8", "")] == [
        "phone", "tablet", "computer", "other", "",
    ]  # fmt: skip
    assert network_of("198.51.100.9") == "198.51.100.0/24"
    assert network_of("unknown") == ""


def test_every_kind_of_event_is_written_with_a_declared_word() -> None:
    import ast

    from tests.guards.reading import SOURCES, name_of, nodes

    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.keyword) and node.arg == "event":
                assert not (isinstance(node.value, ast.Constant) and node.value.value), (
                    name_of(path),
                    "Name the event by Event.…, declared in gate/events.py.",
                )


def privacy_officer(world: World) -> Any:
    from atlas.gate.policy import Kind

    post = factories.post("privacy_officer", of=factories.team("Information governance"))
    factories.duty(Kind.PRIVACY, world.authority, post=post)
    return post


def test_the_refusal_of_a_post_that_no_longer_stands_is_quiet_and_written_down(own_database: Any, signed_in: Any) -> None:
    own_database("app")
    world = make_world()
    agency = world.worker.team.agency
    client = signed_in(world.worker)
    type(agency).objects.filter(pk=agency.pk).update(agreement_until=NOW.date() - timedelta(days=1))
    assert client.get(reverse("desk:view_child", args=[world.child.pk])).status_code == 404
    own_database("postgres")
    act = Act.objects.filter(outcome="refused").latest("id")
    assert (act.post_id, act.command) == (world.worker.pk, "view_child")
