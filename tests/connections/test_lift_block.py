"""Whoever was kept out is let in again by two people, one of them the privacy officer; never by themselves, and not in the database either."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.connections.commands import block_worker, lift_block
from atlas.gate.act import Conflict, Invalid, Refused
from atlas.gate.commands import approve_proposal, declare_connection
from atlas.gate.context import acting_as
from atlas.gate.models import Block, BlockSource, Proposal
from atlas.gate.policy import Kind, Scope
from tests import factories
from tests.connections.test_ties import privacy_officer
from tests.factories import NOW
from tests.gate.test_matrix import relate
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def kept_out(world: World) -> Block:
    return block_worker(child=world.child, user=world.worker.user, source=BlockSource.MANAGER, because="A cousin", by=world.manager, at=NOW)


def proposed(world: World, by: Post | None = None) -> Proposal:
    made = lift_block(block=kept_out(world), because="No cousin after all", by=by or world.manager, at=NOW)
    assert isinstance(made, Proposal)
    return made


def sees(post: Post, world: World) -> bool:
    with acting_as(post, LATER):
        return Child.objects.filter(pk=world.child.pk).exists()


def test_the_manager_proposes_and_the_privacy_officer_lets_the_worker_in_again() -> None:
    world = make_world()
    officer, proposal = privacy_officer(world), proposed(world)
    assert not sees(world.worker, world)
    approve_proposal(proposal=proposal, by=officer, at=NOW)
    assert sees(world.worker, world)
    with acting_as(officer, NOW):
        assert Block.objects.get().lifted_because == "No cousin after all"


def test_one_of_the_two_is_the_privacy_officer() -> None:
    world = make_world()
    proposal = proposed(world)
    head = factories.post("manager", of=factories.team("Elsewhere"))
    below = factories.post("practitioner", of=factories.team("Below"), line_manager=head)
    relate(below, world.child, Kind.ALLOCATED, Scope.CHILD, factories.feed_post())
    with pytest.raises(Conflict, match="second person"):
        approve_proposal(proposal=proposal, by=head, at=NOW)
    assert not sees(world.worker, world)


def test_one_login_alone_lifts_no_block_in_the_database() -> None:
    world = make_world()
    officer, block = privacy_officer(world), kept_out(world)
    for by in (world.manager, officer, world.worker, factories.feed_post()):
        with acting_as(by, NOW):
            assert Block.objects.filter(pk=block.pk).update(until_at=NOW) == 0
    assert not sees(world.worker, world)


def test_nobody_lets_themselves_in_and_nothing_is_lifted_twice() -> None:
    world = make_world()
    officer = privacy_officer(world)
    block = declare_connection(child=world.child, by=world.manager, at=NOW)
    with pytest.raises(Refused):
        lift_block(block=block, because="I was wrong", by=world.manager, at=NOW)
    second = privacy_officer(world)
    proposal = lift_block(block=block, because="A mistake", by=officer, at=NOW)
    assert isinstance(proposal, Proposal)
    approve_proposal(proposal=proposal, by=second, at=NOW)
    with pytest.raises(Invalid, match="lifted already"):
        lift_block(block=block, because="Again", by=officer, at=LATER)


def test_the_page(signed_in: Any) -> None:
    world = make_world()
    officer, block = privacy_officer(world), kept_out(world)
    client = signed_in(officer)
    address = reverse("connections:lift_block", args=[block.pk])
    assert address in client.get(reverse("connections:view_blocks", args=[world.child.pk])).content.decode()
    answer = client.post(address, {"because": "No cousin after all", "key": str(uuid4())})
    assert "proposals" in answer.headers["Location"]
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "is no longer kept out of the record of" in shown
    assert signed_in(world.worker).get(answer.headers["Location"]).status_code == 404
