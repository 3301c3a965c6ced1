"""What a worker's own home and a child have in common is suggested in silence; declarations are asked for yearly, and are one's own."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from atlas.agencies.models import AgencyKind, Post
from atlas.children.commands import Reach, record_contact_detail
from atlas.children.models import Child
from atlas.connections.commands import Home, decide_suggestion, make_declaration
from atlas.connections.models import Declaration, Suggestion
from atlas.connections.rules import telephone
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Block, BlockSource, Relationship
from atlas.gate.policy import Kind
from atlas.people.models import ContactKind
from atlas.tick import tick
from tests import factories
from tests.connections.test_ties import is_shut, lives_at, privacy_officer
from tests.factories import NOW
from tests.tasks.test_tick import service
from tests.world import World, make_world

NIGHT = NOW + timedelta(hours=1)
AFTER = NIGHT + timedelta(hours=1)
R = Suggestion.Reason
HOME = Home(("Sorrel", " "), "12", "Example Row", "zz1 1zz", ("+44 7700 900123", ""))


def rings(child: Child, number: str) -> None:
    reach = Reach(ContactKind.TELEPHONE, number)
    record_contact_detail(child=child, reach=reach, source="main case system", by=factories.feed_post(), at=NOW)


def known_to_school(child: Child) -> UUID:
    school = factories.team("Safeguarding lead", of=factories.agency("Fernleigh Academy", AgencyKind.SCHOOL))
    with acting_as(factories.feed_post(), NOW):
        Relationship(
            kind="known_to", child=child, holder_team=school, because="pupil", source_label="tests", from_at=NOW - timedelta(days=9)
        ).save(force_insert=True)
    return UUID(str(school.agency_id))


@pytest.fixture
def found(own_database: Any) -> tuple[World, Post, dict[str, Child], Any]:
    """Children who have something in common with the worker's home, and others who nearly do; then a quarter of an hour."""
    own_database("app")
    world = make_world()
    named = {
        "household": "Alex Rowan",
        "street": "Robin Sorrel",
        "telephone": "Ash Amber",
        "school": "Jo Hazel",
        "near": "Kit Sorrel",
        "other": "Lee Aspen",
    }
    children = {why: factories.child(name) for why, name in named.items()}
    lives_at(children["household"], '{"HOUSE": "12", "STREET": "Example Row", "TOWN": "Fernleigh"}')
    lives_at(children["street"], "14 Example Row")
    lives_at(children["near"], "12 Example Row", "ZZ9 9ZZ")  # another postcode
    lives_at(children["other"], "112 Example Row")  # the same postcode, another house, another name
    rings(children["telephone"], "07700 900123")
    rings(children["other"], "07700 900124")
    school = known_to_school(children["school"])
    make_declaration(home=Home(**{**HOME.__dict__, "schools": (school,)}), by=world.worker, at=NOW)
    officer, by = privacy_officer(world), service()
    own_database("tick")
    assert tick(by=by, at=NIGHT).suggestions == 4
    assert tick(by=by, at=NIGHT).suggestions == 0
    own_database("app")
    return world, officer, children, own_database


def test_what_is_alike_is_found_once_and_what_is_nearly_alike_is_not(found: Any) -> None:
    world, officer, children, _ = found
    with acting_as(officer, AFTER):
        said = {(one.reason, one.child_id, one.user_id) for one in Suggestion.objects.all()}
    assert said == {(why.value, children[why.value].pk, world.worker.user_id) for why in (R.HOUSEHOLD, R.STREET, R.TELEPHONE, R.SCHOOL)}


def test_suggestions_are_silent_and_only_for_those_who_answer_for_conflicts(found: Any) -> None:
    world, officer, children, _ = found
    with acting_as(officer, AFTER):
        suggestion = Suggestion.objects.get(reason=R.STREET)
    second = factories.post("privacy_officer", of=factories.team("Information governance"))
    second.user = world.worker.user
    second.save()
    factories.duty(Kind.PRIVACY, world.authority, post=second)
    for post in (world.worker, world.coordinator, world.stranger, world.police, second):  # the worker in no post of theirs
        with acting_as(post, AFTER), connection.cursor() as cursor:
            assert not Suggestion.objects.exists()
            cursor.execute("SELECT count(*) FROM gate_alike()")
            assert cursor.fetchone() == (0,)
        with pytest.raises(Refused):
            decide_suggestion(suggestion=suggestion, outcome="dismissed", words="x", by=post, at=AFTER)
    with acting_as(officer, AFTER), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Suggestion.objects.create(child=children["other"], user=world.worker.user, reason=R.STREET, found_at=AFTER)


def test_a_suggestion_is_decided_from_its_page(found: Any, signed_in: Any) -> None:
    world, officer, children, _ = found
    client = signed_in(officer, AFTER)
    queue = reverse("connections:view_suggestions")
    shown = client.get(queue).content.decode()
    assert world.worker.user.name in shown
    assert "live in the same street" in shown
    with acting_as(officer, AFTER):
        one, other = Suggestion.objects.get(reason=R.STREET), Suggestion.objects.get(reason=R.SCHOOL)
    address = reverse("connections:decide_suggestion", args=[one.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"outcome": "dismissed"}).status_code == 422
    assert client.post(address, {"outcome": "kept_out", "words": "Cousins"}).status_code == 302
    decide_suggestion(suggestion=other, outcome="dismissed", words="A big school", by=officer, at=AFTER)
    assert "live in the same street" not in client.get(queue).content.decode()
    with pytest.raises(Invalid):
        decide_suggestion(suggestion=other, outcome="kept_out", words="", by=officer, at=AFTER)
    with acting_as(officer, AFTER):
        block = Block.objects.get()
    assert (block.source, block.child_id) == (BlockSource.SUGGESTION, children["street"].pk)
    later = AFTER + timedelta(minutes=1)
    assert is_shut(world.worker, children["street"], later)
    assert not is_shut(world.worker, children["school"], later)


def test_what_was_dismissed_and_whoever_is_shut_out_is_not_suggested_again(found: Any) -> None:
    world, officer, _, own_database = found
    with acting_as(officer, AFTER):
        rows = list(Suggestion.objects.all())
    for row in rows:
        decide_suggestion(suggestion=row, outcome="dismissed", words="No", by=officer, at=AFTER)
    make_declaration(home=HOME, by=world.worker, at=AFTER)
    by = Post.objects.select_related("user", "team").get(role="tick")
    own_database("tick")
    assert tick(by=by, at=AFTER + timedelta(days=1)).suggestions == 0


def test_tick_asks_at_joining_and_yearly_and_reads_no_home(own_database: Any) -> None:
    world, by = make_world(), service()
    make_declaration(home=HOME, by=world.worker, at=NOW)
    own_database("tick")
    asked = tick(by=by, at=NIGHT).asked
    assert asked > 3
    assert tick(by=by, at=NIGHT).asked == 0
    next_year = NOW + timedelta(days=366)
    assert tick(by=by, at=next_year).asked == 1  # the one who had declared; the others are still asked
    with acting_as(by, next_year), connection.cursor() as cursor:
        for column in ("surnames", "street", "postcode", "telephones"):
            cursor.execute("SELECT has_column_privilege(current_user, 'connections_declaration', %s, 'SELECT')", [column])
            assert cursor.fetchone() == (False,)


@pytest.mark.django_db
def test_a_declaration_is_one_s_own_and_the_last_counts(signed_in: Any) -> None:
    world = make_world()
    known_to_school(world.child)
    client = signed_in(world.worker, NOW)
    address, own = reverse("connections:make_declaration"), reverse("connections:view_my_connections")
    assert "You have not declared it yet" in client.get(own).content.decode()
    assert "Fernleigh Academy" in client.get(address).content.decode()
    typed = {"surnames": "Sorrel, O'Brien", "house": "12", "street": "Example Row", "postcode": "", "telephones": "07700 900123"}
    wrong = client.post(address, typed)
    assert wrong.status_code == 422
    assert "Give the postcode too" in wrong.content.decode()
    assert client.post(address, typed | {"postcode": "zz1 1zz"}).status_code == 302
    assert "You last declared it" in client.get(own).content.decode()
    assert "Example Row" in client.get(address).content.decode()
    make_declaration(home=Home(), by=world.worker, at=AFTER)
    with acting_as(world.worker, AFTER):
        assert list(Declaration.objects.order_by("declared_at").values_list("surnames", "postcode")) == [
            (["obrien", "sorrel"], "ZZ11ZZ"),
            ([], ""),
        ]
    for post in (world.manager, privacy_officer(world), factories.administrator()):
        with acting_as(post, AFTER):
            assert not Declaration.objects.exists()


def test_telephone_numbers_are_compared_in_one_form() -> None:
    assert {telephone(text) for text in ("07700 900123", "+44 7700 900123", "0044 7700-900123", "+44 (0)7700 900123")} == {"07700900123"}
