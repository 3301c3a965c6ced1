"""The plan of a place and of a group: what meetings agreed about it, what was tried and whether it worked; for those alone to whom that meeting is open."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.meetings.codes import ItemKind, Worked
from atlas.meetings.commands.actions import agree_action, end_action, judge_action
from atlas.meetings.commands.calling import Called, hold_meeting, put_on_agenda
from atlas.meetings.commands.panels import call_panel_meeting
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY
from tests import factories
from tests.factories import NOW
from tests.meetings.given import Table, asked_for, entries, panel_of, table

pytestmark = pytest.mark.django_db
HELD = NOW + timedelta(hours=1)


def test_what_was_agreed_about_a_place_and_a_group_is_told_with_what_came_of_it(signed_in: Any) -> None:
    there: Table = table()
    _, group, place = entries(there.chair)
    panel = panel_of(there)
    meeting = call_panel_meeting(panel=panel, called=Called(SHIPPED_BY_KEY["panel"], HELD, there.chair), by=there.chair, at=NOW)
    items = [
        put_on_agenda(meeting=meeting, kind=kind, held=held, why="Three interviews name it.", by=there.chair, at=NOW)
        for kind, held in ((ItemKind.PLACE, place), (ItemKind.GROUP, group))
    ]
    hold_meeting(meeting=meeting, held_at=HELD, by=there.chair, at=HELD)
    given = asked_for(there.chair, HELD, words="Light the back door.", intended="Nobody waits in the dark.")
    done, open_still = (agree_action(item=item, given=given, by=there.chair, at=HELD) for item in items)
    end_action(action=done, is_done=True, evidence="Lit since Monday.", by=there.chair, at=HELD)
    judge_action(action=done, worked=Worked.PARTLY, words="They wait by the gate now.", by=there.chair, at=HELD)
    client = signed_in(there.chair, HELD)
    of_place = client.get(reverse("meetings:view_place_plan", args=[place.pk])).content.decode()
    for words in ("Nobody waits in the dark.", "Lit since Monday.", "They wait by the gate now.", "Nothing is to be done"):
        assert words in of_place
    of_group = client.get(reverse("meetings:view_group_plan", args=[group.pk])).content.decode()
    assert open_still.intended in of_group
    assert "Nothing was tried yet" in of_group
    elsewhere = factories.post("manager", of=factories.team("Elsewhere", of=factories.agency("Another council")))
    for name, entry in (("view_place_plan", place), ("view_group_plan", group)):
        assert signed_in(elsewhere, HELD).get(reverse(f"meetings:{name}", args=[entry.pk])).status_code == 404
