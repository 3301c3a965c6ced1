"""A block reaches along ties: brothers and sisters, the household. What the main case system says makes ties, and ends them."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from atlas.agencies.models import Post
from atlas.allocation.commands import record_allocation
from atlas.children.commands import Reach
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.connections.commands import end_tie, record_address, record_tie
from atlas.connections.models import Tie
from atlas.connections.rules import MOST_IN_FAMILY, MOST_IN_HOUSEHOLD, dwelling
from atlas.gate.act import Invalid, Refused
from atlas.gate.commands import declare_connection
from atlas.gate.context import acting_as
from atlas.gate.models import Block
from atlas.gate.policy import Kind
from atlas.gate.queries import standing
from atlas.gate.reach import reach_of
from atlas.people.models import ContactKind
from atlas.statuses.commands.record import Said, record_undated
from atlas.statuses.models import Family
from tests import factories
from tests.factories import NOW
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def in_family(child: Child, number: str, when: Any = NOW) -> None:
    said = Said(Family, f"ssd_family:{child.pk}", None, None, when, (("number", number),))
    record_undated(child=child, said=said, by=factories.feed_post(), at=when)


def lives_at(child: Child, text: str, postcode: str = "ZZ1 1ZZ", until_on: date | None = None, when: Any = NOW) -> None:
    reach = Reach(ContactKind.ADDRESS, text, postcode, reference=f"A{child.pk}"[:48], until_on=until_on)
    record_address(child=child, reach=reach, source="main case system", by=factories.feed_post(), at=when)


def privacy_officer(world: World) -> Post:
    post = factories.post("privacy_officer", of=factories.team("Information governance"))
    factories.duty(Kind.PRIVACY, world.authority, post=post)
    return post


def is_shut(post: Post, child: Child, when: Any = LATER) -> bool:
    """What the evaluator, the application's reach and the database say; they must say the same."""
    with acting_as(post, when) as subject, connection.cursor() as cursor:
        cursor.execute("SELECT %s = ANY (gate_blocked())", [child.pk])
        said = {standing(subject, child.pk).is_blocked, child.pk in reach_of(subject).blocked, bool(cursor.fetchone()[0])}
        assert len(said) == 1, said
        assert Child.objects.filter(pk=child.pk).exists() <= (not said.copy().pop())
        return said.pop()


def siblings(world: World) -> Child:
    """A brother or sister of the world's child, with whom the same worker works."""
    other = factories.child("Robin Example")
    record_allocation(child=other, post=world.worker, from_at=Moment(NOW - timedelta(days=9)), by=factories.feed_post(), at=NOW)
    for child in (world.child, other):
        in_family(child, "77")
    return other


def test_a_block_on_a_child_shuts_out_of_brothers_and_sisters_at_once() -> None:
    world = make_world()
    other, stranger = siblings(world), factories.child("Sam Sorrel")
    assert not is_shut(world.worker, other)
    declare_connection(child=world.child, by=world.worker, at=NOW)
    assert is_shut(world.worker, other)
    assert is_shut(world.worker, world.child)
    assert not is_shut(world.worker, stranger)
    assert not is_shut(world.manager, other)


def test_a_new_tie_bites_at_the_next_question() -> None:
    world = make_world()
    other = factories.child("Robin Example")
    record_allocation(child=other, post=world.worker, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    declare_connection(child=world.child, by=world.worker, at=NOW)
    assert not is_shut(world.worker, other)
    for child in (other, world.child):
        in_family(child, "77")
    assert is_shut(world.worker, other)


def test_a_tie_that_ends_goes_on_shutting_out_whoever_was_shut_out_while_it_stood() -> None:
    world = make_world()
    other = siblings(world)
    declare_connection(child=world.child, by=world.worker, at=NOW)
    in_family(other, "88", when=NOW + timedelta(minutes=30))
    assert not Tie.objects.filter(until_at__isnull=True).exists()
    assert is_shut(world.worker, other)
    declare_connection(child=world.child, by=world.manager, at=LATER)  # after the end: it covers this child alone
    assert not is_shut(world.manager, other, LATER + timedelta(hours=1))


def test_who_lives_at_one_address_is_one_household_until_somebody_moves() -> None:
    world = make_world()
    other, neighbour = factories.child("Robin Sorrel"), factories.child("Alex Rowan")
    text = json.dumps({"HOUSE": "12", "STREET": "Example Row", "TOWN": "Fernleigh"})
    lives_at(world.child, text)
    lives_at(other, json.dumps({"STREET": "EXAMPLE ROW", "HOUSE": "12", "TOWN": ""}))
    lives_at(neighbour, json.dumps({"HOUSE": "14", "STREET": "Example Row", "TOWN": "Fernleigh"}))
    with acting_as(factories.feed_post(), NOW):
        tie = Tie.objects.get()
    assert ({tie.child_id, tie.tied_id}, tie.kind) == ({world.child.pk, other.pk}, Tie.Kind.HOUSEHOLD)
    lives_at(other, text, until_on=date(2026, 5, 1), when=LATER)
    with acting_as(factories.feed_post(), LATER):
        assert Tie.objects.get().until_at == LATER


def test_a_home_is_no_household_and_a_family_number_of_many_is_no_family() -> None:
    children = [factories.child(f"Sam Sorrel{number}") for number in range(max(MOST_IN_HOUSEHOLD, MOST_IN_FAMILY) + 1)]
    for child in children[: MOST_IN_HOUSEHOLD + 1]:
        lives_at(child, "1 Example Home")
    for child in children:
        in_family(child, "0")
    with acting_as(factories.feed_post(), LATER):
        last = Tie.objects.filter(until_at__isnull=True)
        assert not last.filter(child=children[MOST_IN_HOUSEHOLD], kind=Tie.Kind.HOUSEHOLD).exists()
        assert not last.filter(child=children[-1], kind=Tie.Kind.SIBLING).exists()


def test_a_dwelling_is_told_from_its_street_and_number() -> None:
    assert dwelling("12 Example Row, ZZ1 1ZZ", "ZZ1 1ZZ") == dwelling("12, example row", "zz11zz") != ""
    assert dwelling("12 Example Row", "ZZ1 1ZZ") != dwelling("12 Example Row", "ZZ1 1ZY")
    assert dwelling('{"FLAT": "2", "HOUSE": "12", "STREET": "Example Row"}', "ZZ1 1ZZ") != dwelling(
        '{"FLAT": "3", "HOUSE": "12", "STREET": "Example Row"}', "ZZ1 1ZZ"
    )
    for text, postcode in (("Example Row", "ZZ1 1ZZ"), ("Home", "ZZ1 1ZZ"), ("12 Example Row", ""), ("", "ZZ1 1ZZ")):
        assert dwelling(text, postcode) == "", text


def test_the_line_and_the_privacy_officer_write_ties_down_and_end_them() -> None:
    world = make_world()
    officer, other = privacy_officer(world), factories.child("Robin Sorrel")
    said: dict[str, Any] = {"other": other, "kind": Tie.Kind.SIBLING, "grade": Tie.Grade.TOLD, "source": "The grandmother"}
    declare_connection(child=world.child, by=world.worker, at=NOW)
    tie = record_tie(child=world.child, **said, by=world.manager, at=NOW)
    assert tie.review_on == date(2027, 5, 5)
    assert is_shut(world.worker, other)
    for wrong in ({"other": world.child}, {"source": " "}, {}):
        with pytest.raises(Invalid):
            record_tie(child=world.child, **(said | wrong), by=officer, at=LATER)
    end_tie(tie=tie, is_error=True, by=officer, at=LATER)
    assert not is_shut(world.worker, other)
    with pytest.raises(Invalid):
        end_tie(tie=tie, is_error=True, by=officer, at=LATER)
    for post in (world.coordinator, world.police, world.stranger):
        with pytest.raises(Refused):
            record_tie(child=world.child, **said, by=post, at=LATER)


def test_whoever_is_shut_out_neither_reads_nor_ends_the_tie() -> None:
    """A third child's tie to a child whom the block covers is kept away too, though the third child is open."""
    world = make_world()
    other, third = siblings(world), factories.child("Alex Rowan")
    record_allocation(child=third, post=world.worker, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    with acting_as(factories.feed_post(), NOW):
        Tie.objects.create(
            child=third, tied_id=other.pk, kind=Tie.Kind.HOUSEHOLD, grade=Tie.Grade.TOLD, source="test", source_key="test", from_at=NOW,
            recorded_by=factories.feed_post(),
        )  # fmt: skip
    with acting_as(world.worker, NOW):
        assert Tie.objects.count() == 2
    declare_connection(child=world.child, by=world.worker, at=NOW)
    assert not is_shut(world.worker, third)
    with acting_as(world.worker, LATER):
        assert Tie.objects.count() == 0
        assert Tie.objects.update(until_at=LATER) == 0


def test_a_practitioner_s_login_makes_no_tie_and_lapses_none() -> None:
    world = make_world()
    other = siblings(world)
    with acting_as(world.worker, LATER):
        assert Tie.objects.update(until_at=LATER) == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Tie.objects.create(
                child=world.child, tied_id=other.pk, kind=Tie.Kind.CARER, grade=Tie.Grade.TOLD, source="test", from_at=NOW,
                review_on=NOW.date(), recorded_by=world.worker,
            )  # fmt: skip


def test_a_lapsed_tie_covers_no_new_block_and_keeps_the_old() -> None:
    world = make_world()
    other = factories.child("Robin Sorrel")
    said: dict[str, Any] = {"other": other, "kind": Tie.Kind.HOUSEHOLD, "grade": Tie.Grade.THOUGHT, "source": "A neighbour"}
    record_tie(child=world.child, **said, by=world.manager, at=NOW)
    declare_connection(child=world.child, by=world.worker, at=NOW)
    next_year = NOW + timedelta(days=400)
    assert is_shut(world.worker, other, next_year)
    declare_connection(child=world.child, by=world.coordinator, at=next_year)
    assert not is_shut(world.coordinator, other, next_year)
    with acting_as(world.worker, next_year):
        assert not Block.objects.filter(child=other).exists()
