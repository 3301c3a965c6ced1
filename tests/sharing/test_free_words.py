"""What somebody writes for a recipient leaves only where it names no other child, repeats no intelligence, and does not say where the child is."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest

from atlas.allocation.commands import receive_child
from atlas.children.commands import Known, Reach, record_contact_detail
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.intelligence.commands import propose_product, record_intelligence, release_product
from atlas.people.models import ContactKind
from atlas.sharing.compile import PARTS, free_words, must_stay, offered
from atlas.statuses.commands.record import Said, record_status
from atlas.statuses.models import Placement
from tests import factories
from tests.factories import NOW
from tests.intelligence.given import desk, sanitised, supplied
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """A child whose address, telephone, placement and one piece of intelligence are known; another child whom the feed sees."""
    world = make_world()
    feed = factories.feed_post()
    for reach in (
        Reach(ContactKind.ADDRESS, "9 Heron Row", "QZ9 9ZZ"),
        Reach(ContactKind.TELEPHONE, "07700 900111", ""),
        Reach(ContactKind.ADDRESS, "Box", ""),
    ):
        record_contact_detail(child=world.child, reach=reach, source="test", by=feed, at=NOW)
    placed = Said(Placement, "L1", date(2026, 1, 5), None, NOW, (("kind", "K2"), ("postcode", "QX1 1AA")))
    record_status(child=world.child, said=placed, by=feed, at=NOW)
    receive_child(known=Known("Wren", "Otherchild", None), responsible=world.authority, source="test", row=None, by=feed, at=NOW)
    world.manager.clearance, world.manager.vetted_until = 2, date(2030, 1, 1)
    world.manager.save()
    supplier = desk("Northmarch Police", world.child)
    raw = record_intelligence(child=world.child, supplied=supplied(), by=supplier.officer, at=NOW)
    product = propose_product(raw=raw, sanitised=sanitised(), by=supplier.officer, at=NOW)
    release_product(product=product, by=supplier.second, at=NOW)
    return world


STAYS = {
    "where or how the child can be reached": (
        "She lives at 9 Heron Row.", "Ask at 9, heron-row", "Write to qz99zz", "Ring 07700900111", "Ring (07700) 900-111", "The home is in QX1 1AA",
    ),
    "repeats the words of intelligence": (
        "We think that adults known to the police may have met somebody", "ADULTS, known to the police, may have gone",
    ),
}  # fmt: skip
LEAVES = (
    "She needs somebody at school.", "There is a box in the hall", "A heron sat in the row", "Adults known to the police were near", "Adults known to the police",
    "Ring the office on 01632 960001",
)  # fmt: skip


def both(world: World, by: Any, text: str) -> str:
    """What `free_words` says, or nothing; `must_stay` decides the same."""
    with acting_as(by, NOW) as subject:
        stays = must_stay(subject, world.child.pk, {world.child.pk: text, world.worker.pk: "A word that may leave"})
        with suppress(Invalid):
            assert free_words(subject, world.child.pk, text, "words") == text
            assert stays == set()
            return ""
        with pytest.raises(Invalid) as refused:
            free_words(subject, world.child.pk, text, "words")
    assert (refused.value.field, stays) == ("words", {world.child.pk})
    return refused.value.message


def test_where_the_child_is_and_six_words_of_intelligence_stay_however_they_are_written(world: World) -> None:
    for why, texts in STAYS.items():
        for text in texts:
            assert why in both(world, world.manager, text), text


def test_five_words_a_short_word_and_another_s_number_leave(world: World) -> None:
    for text in LEAVES:
        assert both(world, world.manager, text) == "", text


def test_the_name_of_another_child_whom_the_writer_sees_stays(world: World) -> None:
    assert "names another child" in both(world, factories.feed_post(), "She was with wren otherchild that night")
    assert both(world, world.worker, "She was with Wren Otherchild that night") == ""  # this writer knows of no such child
    assert both(world, factories.feed_post(), "Ashby Example was there") == ""  # the child's own name is no other child's


def test_only_the_parts_that_are_asked_for_are_offered(world: World) -> None:
    with acting_as(world.manager, NOW) as subject:
        every = offered(subject, world.child.pk)
        kinds = {key.split(":")[0] for key, _ in every}
        assert len(kinds) > 2
        assert offered(subject, world.child.pk, {part.key for part in PARTS}) == every
        assert {key.split(":")[0] for key, _ in offered(subject, world.child.pk, {"child"})} <= {"child"}
        assert offered(subject, world.child.pk, set()) == []
        for kind in kinds:
            assert offered(subject, world.child.pk, {kind}) == [one for one in every if one[0].startswith(f"{kind}:")]
