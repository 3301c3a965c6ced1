"""The equality view: levels and closures of a quarter by one characteristic at a time; what is small, or would give it away, is left unsaid."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.urls import reverse

from atlas.chronology.moments import start_of_day
from atlas.exploitation.codes import AssessmentKind, Level
from atlas.gate.context import acting_as
from atlas.oversight.equality import TOGETHER, Cell, counted, lines, quarter_of, quarters
from tests import factories
from tests.exploitation.given import finished
from tests.factories import NOW
from tests.world import make_world


def cells(**groups: list[int]) -> list[Cell]:
    """Groups, each with how many children at each level."""
    return [
        Cell("sex", called, level, is_harm=False, is_closed=False, many=many)
        for called, row in groups.items()
        for level, many in enumerate(row)
    ]


def test_small_groups_stand_together_and_none_can_be_reckoned_back() -> None:
    shown = lines(cells(Boys=[10, 20, 8, 6], Girls=[9, 2, 7, 12], Other=[1, 0, 1, 0]), "sex")
    assert [line.called for line in shown] == ["Boys", TOGETHER]  # two of the other group alone could be reckoned: with the smallest other
    assert shown[1].many == 32
    hidden = [[share.count is None for share in line.levels] for line in shown]
    for line in (*hidden, *zip(*hidden, strict=True)):
        assert sum(line) != 1  # never one alone in a row or a column
    assert not lines(cells(Boys=[1, 1, 0, 0], Girls=[0, 2, 0, 0]), "sex")  # all are too few
    assert not lines([], "sex")


def test_the_order_is_that_of_the_names() -> None:
    shown = lines(cells(White=[20, 20, 20, 20], Asian=[6, 6, 6, 6], Black=[9, 9, 9, 9]), "sex")
    assert [line.called for line in shown] == ["Asian", "Black", "White"]
    assert shown[0].levels[3].words.startswith("6 of 24 (25%; ")
    assert shown[0].harm.words == "0 of 24 (0%; 0% to 14%)"


def test_quarters_follow_each_other() -> None:
    assert quarter_of(date(2026, 11, 28)) == (date(2026, 10, 1), date(2027, 1, 1))
    found = quarters(date(2026, 2, 28))
    assert found[0] == (date(2026, 1, 1), date(2026, 4, 1))
    assert all(one[0] == before[1] for before, one in pairwise(reversed(found)))


@pytest.mark.django_db
def test_it_counts_in_the_database_for_the_head_of_service_alone(signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    finished(world, Level.MODERATE)
    finished(world, Level.NONE, kind=AssessmentKind.REVIEW, at=NOW + timedelta(days=2))
    head = factories.post("head_of_service", of=factories.team("Leadership"))
    first, _ = quarter_of(NOW.date())
    after = NOW + timedelta(days=3)
    with acting_as(head, after):
        found = counted(start_of_day(first), after)
        assert {(cell.attribute, cell.level, cell.is_closed, cell.many) for cell in found} == {
            (attribute, 0, True, 1) for attribute in ("sex", "ethnicity", "age", "disability", "care")
        }
        assert {cell.level for cell in counted(start_of_day(first), NOW + timedelta(days=1))} == {2}  # as it stood then
    for other in (world.worker, world.manager, world.police, world.coordinator):
        with acting_as(other, after):
            assert not counted(start_of_day(first), after)
    page = signed_in(head, after).get(reverse("oversight:view_equality"))
    assert page.status_code == 200
    assert "Too few children" in page.content.decode()  # one child is never said
    many = cells(Girls=[20, 11, 9, 6], Boys=[20, 12, 8, 7])
    monkeypatch.setattr("atlas.oversight.equality.counted", lambda from_at, until_at: many)
    shown = signed_in(head, after).get(f"{reverse('oversight:view_equality')}?quarter=1").content.decode()
    assert "93 children assessed" in shown
    assert shown.index("Boys") < shown.index("Girls")
    assert "20 of 47 (43%; " in shown
    assert signed_in(head, after).get(f"{reverse('oversight:view_equality')}?quarter={'9' * 5_000}").status_code == 200
    assert signed_in(world.manager, after).get(reverse("oversight:view_equality")).status_code == 404
