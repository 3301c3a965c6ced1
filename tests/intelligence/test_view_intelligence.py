"""What a partner reads of intelligence on a page: the sanitised wording with its conditions, and nothing of the supplier's own."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.gate.context import acting_as
from atlas.gate.models import Look
from atlas.intelligence.commands import propose_product, record_intelligence, release_product, withdraw_product
from atlas.intelligence.models import Product
from atlas.intelligence.rules import Handling
from tests.factories import NOW
from tests.intelligence.given import CANARY, SOURCE, Desk, desk, sanitised, supplied
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


def vetted(post: Post, until: date = date(2030, 1, 1)) -> Post:
    post.clearance, post.vetted_until = 2, until
    post.save()
    return post


def released(given: Desk, number: int, handling: Handling, named: tuple[Any, ...] = ()) -> Product:
    raw = record_intelligence(child=given.child, supplied=supplied(number), by=given.officer, at=NOW)
    product = propose_product(raw=raw, sanitised=sanitised(number, handling, named), by=given.officer, at=NOW)
    return release_product(product=product, by=given.second, at=NOW)


def page_of(signed_in: Any, post: Post, world: World, at: Any = NOW) -> Any:
    return signed_in(post, at).get(reverse("intelligence:view_intelligence", args=[world.child.pk]))


def test_a_vetted_partner_reads_what_is_released_to_the_agency_with_its_conditions(signed_in: Any) -> None:
    world = make_world()
    given, council = desk("Northmarch Police", world.child), world.worker.team.agency
    worker = vetted(world.worker)
    released(given, 1, Handling.PERMITTED)
    released(given, 2, Handling.CONDITIONS, (council.pk,))
    released(given, 3, Handling.CONDITIONS, (world.interviewer.team.agency_id,))
    answer = page_of(signed_in, worker, world)
    text = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert "OFFICIAL-SENSITIVE" in text
    assert "(1)" in text
    assert "(2)" in text
    assert "(3)" not in text
    assert f"Only for: {council.name}" in text
    assert "2: untested" in text
    assert CANARY not in text
    assert SOURCE not in text
    child = signed_in(worker).get(reverse("desk:view_child", args=[world.child.pk])).content.decode()
    assert "There is intelligence that you may read" in child
    assert "Adults known to the police" not in child
    with acting_as(worker, NOW):
        assert Look.objects.get(page="view_intelligence").about_child == world.child.pk


def test_without_a_vetting_that_lasts_there_is_no_page_and_no_word_of_it(signed_in: Any) -> None:
    world = make_world()
    released(desk("Northmarch Police", world.child), 1, Handling.PERMITTED)
    for post in (world.worker, vetted(world.manager, NOW.date() - timedelta(days=1)), vetted(world.stranger), vetted(world.coordinator)):
        assert page_of(signed_in, post, world).status_code == 404
    child = signed_in(world.worker).get(reverse("desk:view_child", args=[world.child.pk])).content.decode()
    assert "intelligence" not in child.lower()


def test_past_the_review_date_or_withdrawn_it_is_gone_for_partners_and_the_author_is_told(signed_in: Any) -> None:
    world = make_world()
    given, worker = desk("Northmarch Police", world.child), vetted(world.worker)
    product = released(given, 1, Handling.PERMITTED)
    later = NOW + timedelta(days=100)
    assert "There is no intelligence about this child that you may read" in page_of(signed_in, worker, world, later).content.decode()
    assert "To be looked at again" in page_of(signed_in, given.officer, world, later).content.decode()
    withdraw_product(product=product, reason="No longer needed", by=given.officer, at=NOW)
    assert "(1)" not in page_of(signed_in, worker, world).content.decode()


def test_the_supplier_s_own_unit_sees_what_is_not_released_yet_and_nobody_else_does(signed_in: Any) -> None:
    world = make_world()
    given, worker = desk("Northmarch Police", world.child), vetted(world.worker)
    raw = record_intelligence(child=world.child, supplied=supplied(1), by=given.officer, at=NOW)
    propose_product(raw=raw, sanitised=sanitised(1), by=given.officer, at=NOW)
    assert "Not released yet" in page_of(signed_in, given.second, world).content.decode()
    assert "(1)" not in page_of(signed_in, worker, world).content.decode()
