"""A data officer who is shut out of a child sees nothing of that child in any delivery; and the deliveries are taken whole all the same."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.connections.commands import block_worker
from atlas.feeds.commands.delivery import commit_delivery, undo_delivery
from atlas.feeds.commands.master import set_master
from atlas.feeds.models import Delivery, Row
from atlas.feeds.rules import Mastered, System
from atlas.gate.context import acting_as
from atlas.gate.models import BlockSource
from tests import factories
from tests.factories import NOW
from tests.feeds.nights import EVERYTHING, PLACEMENTS, Nights
from tests.feeds.test_deliveries import GOOD, police_file, receive, rows_of
from tests.world import World, make_world

LATER = NOW + timedelta(hours=1)
OTHER = ["NM/2", "Robin", "Other", "05/06/2012", *GOOD[4:]]


def shut_out(child: Child, officer: Post) -> None:
    by = factories.guardian(child.responsible_authority)
    block_worker(child=child, user=officer.user, source=BlockSource.WISH, by=by, at=NOW)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def officer() -> Post:
    return factories.post("data_officer", of=factories.team("Data"))


@pytest.mark.django_db
def test_rows_about_the_child_are_not_there_nor_counted(world: World, officer: Post, tmp_path: Path, signed_in: Any) -> None:
    factories.child("Robin Other", date(2012, 6, 5))
    delivery = receive(police_file(tmp_path, GOOD, OTHER), "northmarch", world, officer=officer)
    commit_delivery(delivery=delivery, by=officer, at=NOW)
    page = reverse("feeds:view_delivery", args=[delivery.pk])
    assert "2 rows" in signed_in(officer, LATER).get(page).content.decode()
    shut_out(world.child, officer)
    with acting_as(officer, LATER):
        assert [row.source_key for row in Row.objects.filter(delivery=delivery)] == ["NM/2"]
    shown = signed_in(officer, LATER).get(page).content.decode()
    assert "1 rows" in shown
    assert ">2<" not in shown


@pytest.mark.django_db
def test_a_row_that_may_be_about_the_child_is_not_there(world: World, officer: Post, tmp_path: Path, signed_in: Any) -> None:
    delivery = receive(police_file(tmp_path, ["NM/3", "Ash", *GOOD[2:]]), "northmarch", world, officer=officer)
    commit_delivery(delivery=delivery, by=officer, at=NOW)
    [row] = rows_of(delivery)
    page = reverse("feeds:decide_match", args=[row.pk])
    assert row.state == Row.State.WAITING_MATCH
    assert world.child.name in signed_in(officer, LATER).get(page).content.decode()
    shut_out(world.child, officer)
    assert signed_in(officer, LATER).get(page).status_code == 404
    assert world.child.name not in signed_in(officer, LATER).get(reverse("feeds:view_delivery", args=[delivery.pk])).content.decode()


@pytest.mark.django_db
def test_the_same_file_of_another_night_is_known_again_and_still_not_shown(nights: Nights) -> None:
    first = nights.deliver(**EVERYTHING)
    child = nights.child()
    shut_out(child, nights.officer)
    second = nights.deliver(**EVERYTHING)
    assert nights.rows(second)[("ssd_person", "P1")].state == Row.State.SAME
    with acting_as(nights.officer, nights.later):
        for delivery in (first, second):
            shown = set(Row.objects.filter(delivery=delivery).values_list("source_key", flat=True))
            assert "P2" in shown
            assert not shown & {"P1", "I1", "L1", "K1"}


@pytest.mark.django_db
def test_a_row_put_aside_is_shut_with_the_child_whose_key_it_bears(world: World, officer: Post, tmp_path: Path) -> None:
    taken = receive(police_file(tmp_path, GOOD), "northmarch", world, officer=officer)
    commit_delivery(delivery=taken, by=officer, at=NOW)
    faulty = [*GOOD[:5], "32/05/2026 18:00", *GOOD[6:]]
    again = receive(police_file(tmp_path, faulty, name="again.csv"), "northmarch", world, officer=officer)
    assert [(row.state, row.child_id) for row in rows_of(again)] == [(Row.State.QUARANTINED, world.child.pk)]
    shut_out(world.child, officer)
    with acting_as(officer, LATER):
        assert not Row.objects.exists()


@pytest.mark.django_db
def test_what_atlas_is_master_of_is_left_whoever_takes_it(nights: Nights) -> None:
    nights.deliver(**EVERYTHING)
    shut_out(nights.child(), nights.officer)
    set_master(authority=nights.world.authority, record=Mastered.PLACEMENT, system=System.ATLAS, by=nights.officer, at=nights.later)
    moved = nights.deliver(**{**EVERYTHING, "ssd_cla_placement": [PLACEMENTS, ["L1", "P1", "2026-01-06", "U4"]]})
    assert nights.rows(moved)["ssd_cla_placement", "L1"].state == Row.State.LEFT


@pytest.mark.django_db
def test_undoing_undoes_the_rows_too_that_are_not_shown(world: World, officer: Post, tmp_path: Path) -> None:
    delivery = receive(police_file(tmp_path, GOOD), "northmarch", world, officer=officer)
    commit_delivery(delivery=delivery, by=officer, at=NOW)
    shut_out(world.child, officer)
    undo_delivery(delivery=delivery, by=officer, at=LATER)
    assert [row.state for row in rows_of(delivery)] == [Row.State.UNDONE]
    assert Delivery.objects.get(pk=delivery.pk).state == Delivery.State.UNDONE
