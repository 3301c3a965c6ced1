"""Whoever is shut out of a child learns nothing of it from the odd looks: not by name, not by a count, not by a row that names nobody."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from atlas.agencies.models import Post
from atlas.audit.models import OddLook
from atlas.audit.queries import odd_looks, worked_by_agency
from atlas.children.models import Child
from atlas.connections.commands import block_worker
from atlas.gate.context import acting_as
from atlas.gate.models import BlockSource
from tests import factories
from tests.audit.test_odd_looks import DAY, LATE, NIGHT, look, tick_post
from tests.audit.test_odd_reasons import night
from tests.audit.test_record import privacy_officer
from tests.factories import NOW
from tests.world import make_world

LONG_BEFORE = NOW - timedelta(days=30)


def shut_out(child: Child, officer: Post, when: Any = LONG_BEFORE) -> None:
    by = factories.guardian(child.responsible_authority)
    block_worker(child=child, user=officer.user, source=BlockSource.WISH, by=by, at=when)


def seen(officer: Post, when: Any = NIGHT) -> set[tuple[str, Any, int]]:
    """(reason, child, looks) of the rows that somebody reads; the looks drawn by chance left out."""
    with acting_as(officer, when):
        return {(row.reason, row.child_id, row.looks) for row in odd_looks().exclude(reason="random")}


@pytest.fixture
def world(own_database: Any) -> Any:
    own_database("app")
    return make_world()


@pytest.fixture
def officers(world: Any) -> tuple[Post, Post]:
    return privacy_officer(world), privacy_officer(world)


def test_the_looks_at_a_child_shut_to_a_reader_are_counted_with_no_other_s(world: Any, officers: Any, own_database: Any) -> None:
    free, shut = officers
    other = factories.child("Robin Rowan")
    shut_out(other, shut)
    late, leaver = factories.post("practitioner"), factories.post("practitioner")
    Post.objects.filter(pk=leaver.pk).update(until_on=DAY.date() + timedelta(days=3))
    for child in (world.child, world.child, other):
        look(late, child, LATE)
        look(leaver, child)
    night(own_database)
    own_database("app")
    nobody = {("out_of_hours", None, 2), ("leaver", None, 2)}
    assert seen(shut) == nobody
    assert seen(free) == nobody | {("out_of_hours", other.pk, 1), ("leaver", other.pk, 1)}
    with acting_as(shut, NIGHT):
        assert worked_by_agency(NIGHT)[0].found == 2 + odd_looks().filter(reason="random").count()


@pytest.mark.parametrize("list_of_names", ["restricted", "hidden"])
def test_a_child_with_a_list_of_names_is_there_for_the_named_alone(
    world: Any, officers: Any, own_database: Any, list_of_names: str
) -> None:
    named, unnamed = officers
    guarded = factories.child("Robin Rowan")
    factories.guard(guarded, list_of_names, named)
    late = factories.post("practitioner")
    look(late, guarded, LATE, through=())
    night(own_database)
    own_database("app")
    assert seen(unnamed) == set()
    assert seen(named) == {("out_of_hours", guarded.pk, 1), ("unallocated", guarded.pk, 1)}


def test_many_children_are_counted_without_those_that_a_reader_must_not_know(world: Any, officers: Any, own_database: Any) -> None:
    """Fourteen and one that is shut are fourteen: a row would say that there is one more."""
    free, shut = officers
    children = [factories.child(f"Sam Sorrel{number}") for number in range(15)]
    shut_out(children[0], shut)
    trawls = factories.post("practitioner")
    for back in range(1, 11):
        for child in children[1:6]:
            look(trawls, child, DAY - timedelta(days=back))
    for child in children:
        look(trawls, child)
    night(own_database)
    own_database("app")
    assert seen(shut) == set()
    assert seen(free) == {("many", children[0].pk, 1)}


def test_a_row_found_before_the_conflict_is_shut_as_a_whole_from_then_on(world: Any, officers: Any, own_database: Any) -> None:
    free, shut = officers
    other, late = factories.child("Robin Rowan"), factories.post("practitioner")
    for child in (world.child, other):
        look(late, child, LATE)
    night(own_database)
    own_database("app")
    assert seen(shut) == seen(free) == {("out_of_hours", None, 2)}
    shut_out(other, shut, NIGHT)
    assert seen(shut, NIGHT + timedelta(minutes=1)) == set()
    assert seen(free, NIGHT + timedelta(minutes=1)) == {("out_of_hours", None, 2)}
    with acting_as(shut, NIGHT + timedelta(minutes=1)), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_oddlook SET words = 'x' WHERE reason <> 'random'")
        assert cursor.rowcount == 0


def test_the_database_keeps_no_odd_look_that_says_of_nobody(world: Any, own_database: Any) -> None:
    tick = tick_post()
    own_database("tick")
    given = {"day": DAY.date(), "post": world.worker, "person_looking": world.worker.user_id, "agency_id": world.worker.team.agency_id}
    given |= {"look": 1, "looks": 1, "looked_at": DAY, "found_at": NIGHT, "due_on": NIGHT.date()}
    with acting_as(tick, NIGHT):
        with pytest.raises(IntegrityError, match="odd_look_says_of_whom"), transaction.atomic():
            OddLook.objects.bulk_create([OddLook(reason="out_of_hours", **given)])
        OddLook.objects.bulk_create([OddLook(reason="searches", **given)])
