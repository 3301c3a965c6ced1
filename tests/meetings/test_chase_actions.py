"""What an agency said it would do and did not is told by itself: to the line manager, then to the chair; and what is not taken on, at once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.urls import reverse

from atlas.agencies.models import Post, User
from atlas.gate.context import acting_as
from atlas.meetings.commands.actions import answer_action
from atlas.meetings.models import AgencyAction
from atlas.meetings.overdue import chase_actions
from atlas.meetings.rules.clocks import times_late
from atlas.tasks.jobs import send_email
from tests.meetings.given import AFTER, Table, table
from tests.tasks.test_tick import service


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """To whom something was sent."""
    told: list[str] = []

    def defer(to: str, subject: str, words: str) -> None:
        assert "Ashby" not in subject + words
        told.append(to)

    monkeypatch.setattr(send_email, "defer", defer)
    return told


def addressed(there: Table) -> None:
    for post, name in ((there.housing.line_manager, "above"), (there.world.manager, "chair")):
        assert post is not None
        User.objects.filter(pk=post.user_id).update(email=f"{name}@example.org")


def test_what_is_late_goes_to_the_line_manager_then_to_the_chair_once_each(own_database: Any, sent: list[str]) -> None:
    there, by = table(), service()
    addressed(there)
    meeting = there.called()
    there.ask_all(meeting)
    action = there.action(there.held(meeting), days=3)
    days, sent[:] = [], []
    for day in range(14):
        now, before = AFTER + timedelta(days=day), len(sent)
        own_database("tick")
        chase_actions(by=by, at=now)
        chase_actions(by=by, at=now)  # again: nothing twice
        own_database("app")
        days += [now.date()] * (len(sent) - before)
    assert sent == ["above@example.org", "chair@example.org"]
    assert [times_late(action.due_on, day) for day in days] == [1, 2]
    assert [times_late(action.due_on, day - timedelta(days=1)) for day in days] == [0, 1]
    own_database("tick")
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(by, AFTER), connection.cursor() as cursor:
        cursor.execute("SELECT words FROM meetings_agencyaction")
    own_database("app")


def test_with_no_line_manager_the_chair_is_told_at_once_and_what_is_over_nobody(own_database: Any, sent: list[str]) -> None:
    there, by = table(), service()
    addressed(there)
    meeting = there.called()
    there.ask_all(meeting)
    meeting = there.held(meeting)
    there.action(meeting, owner=there.nurse, days=3)
    answer_action(action=there.action(meeting, days=3), takes_on=False, words="No flat is free.", by=there.housing, at=AFTER)
    assert Post.objects.get(pk=there.nurse.pk).line_manager_id is None
    sent.clear()
    own_database("tick")
    assert chase_actions(by=by, at=AFTER + timedelta(days=21)) == 1
    assert chase_actions(by=by, at=AFTER + timedelta(days=22)) == 0
    own_database("app")
    assert sent == ["chair@example.org"]


@pytest.mark.django_db
def test_a_refusal_stands_at_once_on_the_page_of_whoever_chairs(signed_in: Any) -> None:
    there = table()
    meeting = there.called()
    there.ask_all(meeting)
    action = there.action(there.held(meeting))
    answer_action(action=action, takes_on=False, words="No flat is free before June.", by=there.housing, at=AFTER)
    page = reverse("meetings:view_meetings")

    def shown(post: Post, when: datetime = AFTER) -> str:
        return str(signed_in(post, when).get(page).getvalue().decode())

    assert "No flat is free before June." in shown(there.world.manager)
    assert "No flat is free" not in shown(there.nurse)
    with acting_as(there.world.manager, AFTER):
        assert AgencyAction.objects.get(pk=action.pk).state == "refused"
