"""The director's standing list: every child at the highest level or with harm occurring, as at any day; what is unanswered, never a rank; held in view by name."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.chronology.moments import Moment
from atlas.exploitation.codes import Level
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Look
from atlas.meetings.commands.calling import Called, call_meeting, hold_meeting
from atlas.meetings.commands.standing import hold_in_view, take_out_of_view
from atlas.meetings.queries.standing import Listed, standing_list
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY
from atlas.meetings.rules.standing import MOST_DAYS, in_order
from atlas.missing.commands.report import Report, report_missing
from atlas.plans.commands.lines import add_line
from atlas.plans.commands.plan import agree_plan
from tests import factories
from tests.exploitation.given import finished
from tests.factories import NOW
from tests.meetings.given import Table, table
from tests.plans.given import AGREED, action, answers, written

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
WHY = "Two agencies disagree about what keeps Ashby safe."
SOON = TODAY + timedelta(days=30)


@dataclass
class There:
    """A table, and the director."""

    table: Table
    director: Post

    def listed(self, as_at: Any = TODAY, at: datetime = NOW, post: Post | None = None) -> list[Listed]:
        """The list as somebody reads it."""
        with acting_as(post or self.director, at):
            return standing_list([self.table.world.authority], as_at, is_today=as_at == at.date())


@pytest.fixture
def there() -> There:
    return There(table(), factories.post("director", of=factories.team("Leadership")))


def significant(there: There, days: int = 10) -> None:
    """Judged at the highest level so many days ago."""
    finished(there.table.world, Level.SIGNIFICANT, at=NOW - timedelta(days=days))


def test_who_stands_there_as_at_any_day(there: There) -> None:
    world = there.table.world
    finished(world, Level.MODERATE, at=NOW - timedelta(days=20))
    assert there.listed() == []
    significant(there, 10)
    (one,) = there.listed()
    assert (one.child_id, one.child, one.why, one.since) == (world.child.pk, None, "At the highest level", NOW - timedelta(days=10))
    assert (one.worker, one.last_chaired, one.next_chaired, one.missing_since) == (world.worker, None, None, None)
    assert [len(there.listed(TODAY - timedelta(days=days))) for days in (9, 10, 11)] == [1, 1, 0]
    finished(world, Level.MODERATE, is_harm=True, at=NOW - timedelta(days=5))
    (one,) = there.listed()
    assert (one.why, one.since) == ("Harm occurring", NOW - timedelta(days=10))
    for post in (world.manager, there.table.chair, there.table.officer):
        assert there.listed(post=post) == []


def test_the_discussions_and_what_agencies_owe(there: There) -> None:
    world = there.table.world
    began = NOW - timedelta(days=30)
    plan = written(world, began)
    add_line(plan=plan, given=action(world, due_on=TODAY - timedelta(days=3)), by=world.worker, at=began)
    agree_plan(plan=plan, answers=answers(world, plan, began), agreed=AGREED, by=world.worker, at=began)
    meeting = there.table.called(at=NOW - timedelta(days=15), starts=NOW - timedelta(days=14))
    there.table.ask_all(meeting, NOW - timedelta(days=15))
    hold_meeting(meeting=meeting, held_at=NOW - timedelta(days=14), by=world.manager, at=NOW - timedelta(days=14))
    there.table.action(meeting, at=NOW - timedelta(days=14))
    significant(there)
    left = NOW - timedelta(hours=3)
    report_missing(child=world.child, report=Report(reported=Moment(left), worry="Not home"), by=world.coordinator, at=left)
    (one,) = there.listed()
    assert (one.last_strategy, one.last_chaired, one.missing_since) == (NOW - timedelta(days=14), None, NOW - timedelta(hours=3))
    assert {(owed.agency, owed.words) for owed in one.owed} == {
        ("Fernleigh Council", "1 line of the safety plan late"),
        ("Fernleigh Homes", "1 agency action late"),
    }
    assert there.listed(TODAY - timedelta(days=1))[0].owed == []  # what is owed is said of now alone
    held = hold_in_view(child_id=world.child.pk, because=WHY, review_on=SOON, by=there.director, at=NOW)
    called = Called(SHIPPED_BY_KEY["strategy_discussion"], NOW + timedelta(hours=1), there.director, minute_taker=there.table.taker)
    chaired = call_meeting(child=held, called=called, why="Nobody has answered for the flat.", by=there.director, at=NOW)
    assert there.listed()[0].next_chaired == NOW + timedelta(hours=1)
    later = NOW + timedelta(hours=2)
    hold_meeting(meeting=chaired, held_at=NOW + timedelta(hours=1), by=there.director, at=later)
    (one,) = there.listed(at=later)
    assert (one.last_chaired, one.next_chaired) == (NOW + timedelta(hours=1), None)


def test_held_in_view_with_a_reason_and_a_day(there: There) -> None:
    world, director = there.table.world, there.director
    with pytest.raises(Refused):
        hold_in_view(child_id=world.child.pk, because=WHY, review_on=SOON, by=director, at=NOW)
    significant(there)
    for wrong, field in (
        ({"because": " "}, "because"), ({"review_on": None}, "review_on"), ({"review_on": TODAY}, "review_on"),
        ({"review_on": TODAY + timedelta(days=MOST_DAYS + 1)}, "review_on"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as problem:
            hold_in_view(**{"child_id": world.child.pk, "because": WHY, "review_on": SOON, "by": director, "at": NOW, **wrong})
        assert problem.value.field == field
    with pytest.raises(Refused):
        hold_in_view(child_id=world.child.pk, because=WHY, review_on=SOON, by=there.table.chair, at=NOW)
    hold_in_view(child_id=world.child.pk, because=WHY, review_on=SOON, by=director, at=NOW)
    (one,) = there.listed()
    assert (one.name, one.held_because, one.is_held(NOW)) == (world.child.name, WHY, True)
    finished(world, Level.MODERATE, at=NOW + timedelta(days=1))
    (one,) = there.listed(at=NOW + timedelta(days=2), as_at=TODAY + timedelta(days=2))
    assert one.why.startswith("Held in view; the level is now 2")  # until the review, whatever the level
    significant(there, -3)
    after = NOW + timedelta(days=31)
    (one,) = there.listed(at=after, as_at=after.date())
    assert (one.child, one.is_held(after), one.held_because) == (None, False, WHY)  # it needs a new answer
    hold_in_view(child_id=world.child.pk, because="Looked at again.", review_on=after.date() + timedelta(days=7), by=director, at=after)
    with pytest.raises(Invalid, match="Say why"):
        take_out_of_view(child_id=world.child.pk, because="", by=director, at=after)
    take_out_of_view(child_id=world.child.pk, because="The flat is let to a family.", by=director, at=after + timedelta(hours=1))
    (one,) = there.listed(at=after + timedelta(hours=2), as_at=after.date())
    assert (one.child, one.held_until) == (None, None)
    with pytest.raises(Refused):
        take_out_of_view(child_id=world.child.pk, because="Again.", by=director, at=after + timedelta(hours=2))


@dataclass
class Line:
    """What the order looks at."""

    missing_since: datetime | None
    last_chaired: datetime | None
    name: str


def test_the_order_is_of_facts() -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    lines = [
        Line(None, first, "B"),
        Line(None, first, "a"),
        Line(None, None, "Z"),
        Line(first, first, "Y"),
        Line(None, first - timedelta(days=1), "X"),
    ]
    assert [one.name for one in in_order(lines)] == ["Y", "Z", "X", "a", "B"]


def test_the_page(there: There, signed_in: Any) -> None:
    world, page = there.table.world, reverse("meetings:view_standing_list")
    significant(there)
    client = signed_in(there.director, NOW)
    shown = client.get(page).content.decode()
    assert "A child who is not in your view" in shown
    assert world.child.name not in shown
    assert client.post(reverse("meetings:hold_in_view", args=[world.child.pk]), {"because": WHY}).status_code == 422
    given = {"because": WHY, "review_on_0": SOON.day, "review_on_1": SOON.month, "review_on_2": SOON.year}
    assert client.post(reverse("meetings:hold_in_view", args=[world.child.pk]), given).status_code == 302
    shown = client.get(page).content.decode()
    assert world.child.name in shown
    assert "Call a discussion" in shown
    assert client.get(reverse("meetings:view_child_meetings", args=[world.child.pk])).status_code == 200
    assert client.get(page, {"as_at": "2025-01-01"}).content.decode().count("No child stood at the highest level") == 1
    with acting_as(there.director, NOW):
        assert Look.objects.filter(page="view_standing_list", children__contains=[world.child.pk]).exists()
    assert client.post(reverse("meetings:take_out_of_view", args=[world.child.pk]), {"because": "Answered."}).status_code == 302
    assert world.child.name not in client.get(page).content.decode()
