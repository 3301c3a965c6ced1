"""What keeps a record and is told to nobody by the way: what was said of somebody who works with children."""

from datetime import timedelta
from typing import Any

from atlas.gate.context import acting_as
from atlas.retention.queries import reckoned
from atlas.retention.rules import Group
from tests import factories
from tests.allegations.test_record_allegation import WHEN, Given
from tests.tasks.test_tick import service


def test_one_child_s_page_tells_nobody_of_an_allegation_and_what_erases_knows_of_it(own_database: Any) -> None:
    """Among all children, and where one record is about to go, an allegation keeps the record; of one child by itself no person is told (protection.md 4.4)."""
    own_database("app")
    said, tick = Given(), service()
    said.said_of()
    privacy = factories.post("privacy_officer", of=factories.team("Information governance"))
    child, authority, when = said.world.child, said.world.authority, WHEN + timedelta(days=1)
    with acting_as(privacy, when):
        [alone] = reckoned(authority, when.date(), child.pk)
        [among] = [one for one in reckoned(authority, when.date()) if one.child == child.pk]
    assert Group.ALLEGATION in among.facts.groups
    assert Group.ALLEGATION not in alone.facts.groups
    own_database("tick")
    with acting_as(tick, when):
        [erasing] = reckoned(authority, when.date(), child.pk)
    assert Group.ALLEGATION in erasing.facts.groups
    assert erasing.facts.is_open
