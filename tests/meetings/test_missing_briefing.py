"""The daily missing briefing: compiled from the record, begun with one click, held as a meeting."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.allocation.commands import record_allocation
from atlas.children.models import Child
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.meetings.codes import Answer, Attended, Settles
from atlas.meetings.commands.actions import agree_action
from atlas.meetings.commands.inviting import Asked, invite, record_attendance
from atlas.meetings.commands.missing_briefing import begin_missing_briefing
from atlas.meetings.commands.recording import Decided, Said, close_meeting, contribute, record_meeting_decision
from atlas.meetings.models import Invitation, Meeting, MeetingItem
from atlas.meetings.queries.missing_briefing import Briefing, missing_briefing
from atlas.missing.commands.back import record_return
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.models import Episode
from tests import factories
from tests.factories import NOW
from tests.meetings.given import Table, asked_for, table

pytestmark = pytest.mark.django_db
NEXT = NOW + timedelta(days=1)


@pytest.fixture
def there() -> Table:
    return table()


def missing(there: Table, at: datetime, child: Child | None = None) -> Episode:
    """A child is reported missing."""
    report = Report(reported=Moment(at), worry="Not home")
    return report_missing(child=child or there.world.child, report=report, by=there.world.coordinator, at=at)


def morning(there: Table, at: datetime, post: Post | None = None) -> Briefing:
    """The page as somebody reads it."""
    with acting_as(post or there.world.coordinator, at) as subject:
        return missing_briefing(subject, there.world.authority, at)


def begun(there: Table, at: datetime) -> Meeting:
    """The coordinator begins."""
    return begin_missing_briefing(authority=there.world.authority, by=there.world.coordinator, at=at)


def test_it_begins_with_who_is_missing_and_is_held_and_closed(there: Table) -> None:
    world, chair = there.world, there.world.coordinator
    with pytest.raises(Invalid, match="No child whom you may see is missing now"):
        begun(there, NOW)
    other = factories.child("Robin Rowan")
    for child in (world.child, other):
        missing(there, NOW - timedelta(hours=5), child)
    with pytest.raises(Refused):
        begin_missing_briefing(authority=world.authority, by=world.worker, at=NOW)
    meeting = begun(there, NOW)
    assert (meeting.state, meeting.held_at, meeting.kind) == ("held", NOW, "missing_briefing")
    with acting_as(chair, NOW):
        assert set(MeetingItem.objects.filter(meeting=meeting).values_list("child", flat=True)) == {world.child.pk, other.pk}
        assert Invitation.objects.get(meeting=meeting).post == chair
    with acting_as(world.worker, NOW):
        assert Entry.objects.filter(kind="meeting_held").count() == 1
    with pytest.raises(Invalid, match="has begun"):
        begun(there, NOW + timedelta(hours=1))
    for post in (world.manager, world.police):
        invite(meeting=meeting, asked=Asked(post=post), by=chair, at=NOW)
    with acting_as(world.police, NOW):
        items = list(MeetingItem.objects.filter(meeting=meeting).select_related("meeting", "child"))
        asked = list(Invitation.objects.filter(meeting=meeting).select_related("meeting"))
    assert len(items) == 2
    contribute(item=items[0], said=Said("A car stopped near the station.", "Patrol, 03:00"), by=world.police, at=NOW)
    for one in asked:
        record_attendance(invitation=one, attended=Attended.WHOLE, by=chair, at=NOW)
    with acting_as(chair, NOW):
        items = list(MeetingItem.objects.filter(meeting=meeting).select_related("meeting", "child"))
    with pytest.raises(Invalid, match="What is decided"):
        close_meeting(meeting=meeting, by=chair, at=NOW)
    for item in items:
        record_meeting_decision(
            item=item, decided=Decided(Settles.DECISION, "Police look at the station.", Answer.AGREED), by=chair, at=NOW
        )
    action = agree_action(item=items[0], given=asked_for(world.police, NOW, 0), by=chair, at=NOW)
    assert close_meeting(meeting=meeting, by=chair, at=NOW + timedelta(minutes=30)).state == "closed"
    shown = morning(there, NEXT)
    assert shown.last == meeting
    assert [one.pk for one in shown.undone] == [action.pk]
    again = begun(there, NEXT)
    with acting_as(chair, NEXT):
        assert {one.post for one in Invitation.objects.filter(meeting=again)} == {chair, world.manager, world.police}
    assert morning(there, NEXT, world.police).today == again


def test_the_morning_page_is_the_record(there: Table) -> None:
    world = there.world
    placed = factories.child("Elm Placed", of=factories.authority("Southmere"), host=world.authority)
    home, away = missing(there, NOW - timedelta(days=5)), missing(there, NOW - timedelta(hours=2), placed)
    record_return(episode=home, returned_at=Moment(NOW - timedelta(days=4)), by=world.coordinator, at=NOW - timedelta(days=4))
    shown = morning(there, NOW)
    assert [one.pk for one in shown.missing] == [away.pk]
    assert [one.pk for one in shown.without_plan] == [away.pk]
    assert [one.pk for one in shown.placed_by_others] == [away.pk]
    assert (shown.back, shown.last, shown.today) == ([], None, None)
    assert [one.episode_id for one in shown.late] == [home.pk]  # 72 hours are over
    back = NOW + timedelta(hours=1)
    with acting_as(world.coordinator, back):
        away = Episode.objects.get(pk=away.pk)
    record_return(episode=away, returned_at=Moment(back), by=world.coordinator, at=back)
    assert [one.pk for one in morning(there, back).back] == [away.pk]


def test_somebody_who_works_with_a_missing_child_does_not_chair(there: Table) -> None:
    missing(there, NOW - timedelta(hours=2))
    deputy = factories.post("manager", of=there.world.worker.team)
    record_allocation(child=there.world.child, post=deputy, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    with pytest.raises(Invalid, match="works with the child as allocated"):
        begin_missing_briefing(authority=there.world.authority, by=deputy, at=NOW)
    assert begin_missing_briefing(authority=there.world.authority, by=there.world.police, at=NOW).called_by == there.world.police


def test_the_page_and_one_click(there: Table, signed_in: Any) -> None:
    missing(there, NOW - timedelta(hours=2))
    client, page = signed_in(there.world.coordinator, NOW), reverse("meetings:view_missing_briefing")
    shown = client.get(page).content.decode()
    assert "Begin today’s briefing" in shown
    assert there.world.child.name in shown
    assert "No trigger plan is written" in shown
    assert client.post(reverse("meetings:begin_missing_briefing"), {}).status_code == 302
    assert "Today’s briefing" in client.get(page).content.decode()
    assert client.post(reverse("meetings:begin_missing_briefing"), {}).status_code == 422
    assert signed_in(there.nurse, NOW).get(page).status_code == 404
