"""A child protection plan ends with its reasons and a first meeting chaired apart from the work with the child; plans that last are listed as at any day."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.allocation.commands import record_allocation
from atlas.children.models import Child
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.exploitation.rules.recency import months_after
from atlas.gate.act import Invalid, Refused
from atlas.gate.commands import declare_connection
from atlas.gate.context import acting_as
from atlas.meetings.commands.calling import Called, call_meeting, hold_meeting
from atlas.meetings.commands.step_down import StepDownGiven, step_down, take_on_review
from atlas.meetings.models import MeetingItem, StepDown
from atlas.meetings.queries.step_downs import long_plans, step_downs
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY
from atlas.meetings.rules.step_down import GAP_DAYS
from atlas.statuses.commands.record import Said, record_status
from atlas.statuses.models import Spell
from tests import factories
from tests.factories import NOW
from tests.meetings.given import Table, table

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
MEETS = NOW + timedelta(days=9)


@pytest.fixture
def there() -> Table:
    return table()


def spell(child: Child, status: str, from_on: date, until_on: date | None, key: str) -> None:
    """What the main system says of a child."""
    said = Said(Spell, key, from_on, until_on, NOW, (("status", status),), status)
    record_status(child=child, said=said, by=factories.feed_post(), at=NOW)


def given(there: Table, **other: Any) -> StepDownGiven:
    facts: dict[str, Any] = {
        "ended_on": TODAY, "evidence": "Five months with nobody at the door, and in school every day.", "contingency": "Two Mondays missed: we meet that week.",
        "chair": there.chair, "meets_at": MEETS, "child_view": "It is calmer. I like my own key.", **other,
    }  # fmt: skip
    return StepDownGiven(**facts)


def test_a_step_down_needs_its_reasons_and_a_chair_apart(there: Table) -> None:
    child, worker = there.world.child, there.world.worker
    with pytest.raises(Invalid, match="has no child protection plan"):
        step_down(child=child, given=given(there), by=worker, at=NOW)
    spell(child, "child_protection", TODAY - timedelta(days=300), None, "ssd_cp_plans:1")
    for field, wrong in (("evidence", " "), ("contingency", ""), ("child_view", "")):
        with pytest.raises(Invalid) as problem:
            step_down(child=child, given=given(there, **{field: wrong}), by=worker, at=NOW)
        assert problem.value.field == field
    with pytest.raises(Invalid, match="does not chair this kind"):
        step_down(child=child, given=given(there, chair=there.world.manager), by=worker, at=NOW)
    made = step_down(child=child, given=given(there), by=worker, at=NOW)
    with acting_as(worker, NOW):
        clock = Clock.objects.get(limit="first_child_in_need")
        assert clock.due_at is not None
        assert (clock.due_at.date(), made.meeting.kind) == (date(2026, 5, 19), "first_child_in_need_meeting")
        assert Entry.objects.filter(kind="stepped_down").count() == 1
    with pytest.raises(Invalid, match="recorded already"):
        step_down(child=child, given=given(there), by=worker, at=NOW)
    with acting_as(there.chair, NOW) as subject:
        assert [row.pk for row in step_downs(subject)] == [made.pk]
        assert MeetingItem.objects.count() == 1
        assert not Entry.objects.exists()
    with acting_as(there.nurse, NOW) as subject:
        assert not StepDown.objects.exists()
    hold_meeting(meeting=made.meeting, held_at=MEETS, by=there.chair, at=MEETS + timedelta(hours=1))
    with acting_as(worker, MEETS + timedelta(hours=1)):
        assert Clock.objects.get(limit="first_child_in_need").outcome == Clock.Outcome.IN_TIME


def listed(chair: Post, as_at: date) -> list[tuple[str, object]]:
    """(list, child) as the chair reads them."""
    with acting_as(chair, NOW):
        return [(one.what, one.child_id) for one in long_plans(as_at)]


def test_who_stepped_down_with_no_meeting_stands_there_until_one_is_called(there: Table) -> None:
    child = there.world.child
    spell(child, "child_protection", TODAY - timedelta(days=300), TODAY - timedelta(days=3), "ssd_cp_plans:1")
    spell(child, "child_in_need", TODAY - timedelta(days=3), None, "ssd_cin_plans:1")
    assert listed(there.chair, TODAY) == [("ended", child.pk)]
    assert listed(there.world.manager, TODAY) == []
    step_down(child=child, given=given(there, ended_on=TODAY - timedelta(days=3)), by=there.world.manager, at=NOW)
    assert listed(there.chair, TODAY) == []


def test_a_child_with_whom_nobody_works_has_its_first_meeting_and_stands_there_until_somebody_does(there: Table, signed_in: Any) -> None:
    child, ended = factories.child("Robin Rowan"), TODAY - timedelta(days=3)
    spell(child, "child_protection", TODAY - timedelta(days=300), ended, "ssd_cp_plans:1")
    spell(child, "child_in_need", ended, None, "ssd_cin_plans:1")
    assert listed(there.chair, TODAY) == [("ended", child.pk)]
    seen = take_on_review(child_id=child.pk, by=there.chair, at=NOW)
    called = Called(SHIPPED_BY_KEY["first_child_in_need_meeting"], MEETS, there.chair, minute_taker=there.taker)
    meeting = call_meeting(child=seen, called=called, why="Nobody is allocated.", by=there.chair, at=NOW)
    assert (meeting.starts_at, meeting.kind) == (MEETS, "first_child_in_need_meeting")
    assert listed(there.chair, TODAY) == [("nobody", child.pk)]
    assert "Nobody works with this child" in signed_in(there.chair, NOW).get(reverse("meetings:view_step_downs")).content.decode()
    record_allocation(child=child, post=there.world.worker, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    assert listed(there.chair, TODAY) == []


def test_the_chair_looks_in_by_name_and_nobody_else_can(there: Table) -> None:
    child = there.world.child
    spell(child, "child_in_need", date(2024, 1, 10), None, "ssd_cin_plans:1")
    with acting_as(there.chair, NOW):
        (one,) = long_plans(TODAY)
        assert (one.what, one.child, one.worker) == ("long", None, there.world.worker)
    with pytest.raises(Refused):
        take_on_review(child_id=factories.child("Robin Rowan").pk, by=there.chair, at=NOW)
    with pytest.raises(Refused):
        take_on_review(child_id=child.pk, by=there.world.manager, at=NOW)
    take_on_review(child_id=child.pk, by=there.chair, at=NOW)
    with acting_as(there.chair, NOW):
        assert long_plans(TODAY)[0].child == child
    other = factories.post("chair", of=there.chair.team)
    declare_connection(child=child, by=there.chair, at=NOW)
    assert listed(there.chair, TODAY) == []
    assert listed(other, TODAY) == [("long", child.pk)]


def covered(spells: list[tuple[date, date | None]], as_at: date) -> date | None:
    """Since when a plan stands on a day, day by day: an independent recount."""
    known = [one for one in spells if one[0] <= as_at]
    if not any(end is None or end > as_at for _, end in known):
        return None
    on = {start + timedelta(days=n) for start, end in known for n in range(((min(end, as_at) if end else as_at) - start).days + 1)}
    day, gap, since = as_at, 0, as_at
    while gap < GAP_DAYS and day > date(2018, 1, 1):
        if day in on:
            since, gap = day, 0
        else:
            gap += 1
        day -= timedelta(days=1)
    return since


def test_the_list_equals_an_independent_recount_on_fifty_days(there: Table) -> None:
    random, spells = Random(7), {}
    for number in range(40):
        child = factories.child(f"Sample Rowan{number}")
        day, own = date(2020, 1, 1) + timedelta(days=random.randrange(900)), []
        for turn in range(random.randrange(1, 5)):
            end = day + timedelta(days=random.randrange(60, 700))
            last = turn > 0 and random.random() < 0.3
            own.append((day, None if last else end))
            if last:
                break
            day = end + timedelta(days=random.choice([0, 5, 27, 28, 29, 60, 200]))
        for turn, (start, until) in enumerate(own):
            spell(child, "child_in_need", start, until if until is None or until <= TODAY else None, f"ssd_cin_plans:{number}-{turn}")
        spells[child.pk] = [(start, until if until is None or until <= TODAY else None) for start, until in own]
    seen = 0
    for _ in range(50):
        as_at = date(2021, 6, 1) + timedelta(days=random.randrange((TODAY - date(2021, 6, 1)).days))
        expected = set()
        for pk, own in spells.items():
            since = covered(own, as_at)
            if since is not None and as_at >= months_after(since, 21):
                expected.add(("long" if as_at >= months_after(since, 24) else "warning", pk))
        assert {one for one in listed(there.chair, as_at) if one[0] != "ended"} == expected, as_at
        seen += len(expected)
    assert seen > 100


def test_the_pages(there: Table, signed_in: Any) -> None:
    child = there.world.child
    spell(child, "child_protection", TODAY - timedelta(days=300), None, "ssd_cp_plans:1")
    page = signed_in(there.world.worker, NOW)
    sent = page.post(reverse("meetings:step_down", args=[child.pk]), {"evidence": "x"})
    assert sent.status_code == 422
    other = factories.child("Sample Rowan")
    record_allocation(child=other, post=there.world.worker, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    spell(other, "child_in_need", date(2024, 1, 10), None, "ssd_cin_plans:2")
    step_down(child=child, given=given(there), by=there.world.worker, at=NOW)
    client = signed_in(there.chair, NOW)
    shown = client.get(reverse("meetings:view_step_downs")).content.decode()
    assert "Five months with nobody at the door" in shown
    assert "Look into it" in shown
    assert other.name not in shown
    assert client.post(reverse("meetings:take_on_review", args=[other.pk])).status_code == 302
    assert other.name in client.get(reverse("meetings:view_step_downs")).content.decode()
    earlier = client.get(reverse("meetings:view_step_downs"), {"as_at": "2025-11-01"}).content.decode()
    assert "Two years within three months: 1" in earlier
