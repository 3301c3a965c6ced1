"""What a safety plan asks of somebody and is five working days late stands before the panel (practice.md 5.3, LP-8)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.gate.context import acting_as
from atlas.meetings.codes import ItemKind
from atlas.meetings.commands.calling import Called, put_on_agenda
from atlas.meetings.commands.panels import call_panel_meeting
from atlas.meetings.models import Meeting
from atlas.meetings.queries.late_lines import LateLine, late_lines
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY
from tests.factories import NOW
from tests.meetings.given import Table, panel_of, table
from tests.plans.given import agreed

pytestmark = pytest.mark.django_db
DUE = (NOW + timedelta(days=14)).date()  # Tuesday 19 May 2026: five working days over on 28 May, since the 25th is a bank holiday
IN_TIME, LATE = NOW + timedelta(days=22), NOW + timedelta(days=23)


@pytest.fixture
def there() -> Table:
    return table()


def panel_meeting(there: Table) -> Meeting:
    """The panel's meeting, at which the child is heard; the safety plan was agreed, and one line of it is not done."""
    agreed(there.world)
    panel = panel_of(there)
    called = Called(SHIPPED_BY_KEY["panel"], LATE + timedelta(hours=2), there.chair)
    return call_panel_meeting(panel=panel, called=called, by=there.chair, at=NOW)


def heard(there: Table, meeting: Meeting) -> None:
    put_on_agenda(meeting=meeting, kind=ItemKind.CHILD, child=there.world.child, why="Missing again.", by=there.world.worker, at=IN_TIME)


def told(by: Post, meeting: Meeting, at: object) -> list[LateLine]:
    with acting_as(by, at):  # type: ignore[arg-type]
        return [line for lines in late_lines(meeting, at).values() for line in lines]  # type: ignore[arg-type]


def test_the_meeting_reads_whose_line_is_late_and_no_word_of_it(there: Table) -> None:
    meeting = panel_meeting(there)
    heard(there, meeting)
    assert told(there.nurse, meeting, IN_TIME) == []
    line = LateLine(there.world.worker.team.agency.name, DUE)
    assert told(there.nurse, meeting, LATE) == [line]
    assert line.words == "A line of the safety plan was to be done by 19 May 2026, by Fernleigh Council"
    assert told(there.world.stranger, meeting, LATE) == []


def test_nobody_asks_a_panel_for_a_child_who_is_not_on_its_agenda_or_another_meeting(there: Table) -> None:
    assert told(there.nurse, panel_meeting(there), LATE) == []
    strategy = there.called(at=LATE, starts=LATE + timedelta(hours=1))
    there.ask_all(strategy, LATE)
    assert told(there.nurse, strategy, LATE) == []


def test_the_pages_of_the_panel_show_it(there: Table, signed_in: object) -> None:
    meeting = panel_meeting(there)
    panel = reverse("meetings:view_panel", args=[meeting.panel_id])
    told = "Not on its list: a line of the safety plan is five working days late"

    def page(post: Post, address: str) -> str:
        return signed_in(post, LATE).get(address).content.decode()  # type: ignore[operator]

    assert told in page(there.world.manager, panel)
    assert told not in page(there.nurse, panel)  # no plan is open to her
    heard(there, meeting)
    assert told not in page(there.world.manager, panel)
    assert "was to be done by 19 May 2026" in page(there.nurse, reverse("meetings:view_meeting", args=[meeting.pk]))
