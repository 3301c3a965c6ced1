"""The fictional authority's checked return: three slips are planted, and those three are found."""

from datetime import date

import pytest

from atlas.gate.context import acting_as
from atlas.returns.queries.tables import found_by, return_checks
from demo.returns import check
from tests import factories
from tests.factories import NOW
from tests.returns.test_missing_table import away, looked_after
from tests.world import make_world


@pytest.mark.django_db
def test_the_slips_that_were_planted_are_found_and_nothing_else() -> None:
    """One end before its start, one letter that is no type, one child whom the Header table does not know."""
    world = make_world()
    named = {"missing.coordinator": world.coordinator, "data.officer": factories.post("data_officer", of=factories.team("Data"))}
    check(named, NOW)  # nobody looked after was missing: there is nothing to check
    one, other = looked_after(world, "C10001", date(2010, 5, 1)), looked_after(world, "C10002", date(2011, 9, 9))
    away(one, "M", date(2026, 4, 10), date(2026, 4, 12), world.coordinator)
    away(other, "A", date(2026, 4, 20), date(2026, 4, 20), world.coordinator)
    check(named, NOW)
    with acting_as(named["data.officer"], NOW):
        [held] = return_checks()
        assert [(found.rule, found.child) for found in found_by(held)] == [("1006", "C10002"), ("567", "C10001"), ("INT04", "F999999")]
    assert held.questions == []
