"""What waits in the records is counted by who answers for it, the oldest first, and nothing of a child who is shut to whoever looks (capabilities.md row 55)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from atlas.connections.commands import block_worker
from atlas.gate.context import acting_as
from atlas.gate.models import BlockSource
from atlas.oversight.data_quality import Waiting, by_owner, waiting
from tests import factories
from tests.factories import NOW
from tests.feeds.test_deliveries import GOOD, police_file, receive
from tests.linkage.given import searched, twice
from tests.world import World, make_world

LATER = NOW + timedelta(days=9)


def counted(post: Any) -> dict[tuple[str, str], int]:
    """What a post is told."""
    with acting_as(post, LATER):
        return {(one.owner, one.what): one.many for one in waiting()}


@pytest.mark.django_db
def test_it_is_counted_by_owner_and_leads_to_where_it_is_answered(tmp_path: Path, signed_in: Any) -> None:
    world: World = make_world()
    officer = factories.post("data_officer", of=factories.team("Data"))
    assert "Nothing waits in the records" in signed_in(officer, LATER).get(reverse("oversight:view_data_quality")).content.decode()
    one, _ = twice()
    searched(world)
    receive(police_file(tmp_path, ["NM/4", *GOOD[1:8], "Amber", *GOOD[9:]]), "northmarch", world, officer=officer)
    told = {("missing coordinator", "pair_waiting"): 1, ("data officer", "waiting_code"): 1}
    assert counted(officer) == told
    assert counted(world.coordinator) == {("missing coordinator", "pair_waiting"): 1}  # a delivery is not theirs
    for other in (world.worker, world.police, world.manager, factories.administrator()):
        assert counted(other) == {}
    shown = signed_in(officer, LATER).get(reverse("oversight:view_data_quality")).content.decode()
    assert "9 days" in shown
    assert "Kacper" not in shown
    assert reverse("linkage:view_pairs") not in shown  # the data officer opens no pair
    assert reverse("linkage:view_pairs") in signed_in(world.coordinator, LATER).get(reverse("oversight:view_data_quality")).content.decode()
    block_worker(child=one, user=world.coordinator.user, source=BlockSource.WISH, by=factories.guardian(world.authority), at=NOW)
    assert counted(world.coordinator) == {}
    factories.guard(one, "hidden", at=NOW)
    assert counted(officer) == {("data officer", "waiting_code"): 1}


def test_whoever_has_the_oldest_stands_first() -> None:
    rows = [Waiting("Fernleigh", owner, what, 1, NOW + timedelta(days=day)) for owner, what, day in (
        ("police", "difference", 3), ("data officer", "waiting_code", 2), ("police", "quarantined", 1), ("Northmarch Police", "quarantined", 5),
    )]  # fmt: skip
    found = by_owner(rows)
    assert [(owner, [one.what for one in of]) for owner, of in found] == [
        ("The police", ["quarantined", "difference"]), ("The data officer", ["waiting_code"]), ("Northmarch Police", ["quarantined"]),
    ]  # fmt: skip
