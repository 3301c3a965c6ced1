"""Break-glass with time: what nobody reviews goes to the guardian, and what the queue did not take is handed on (protection.md 4.6)."""

from datetime import timedelta
from typing import Any

import pytest
from procrastinate.exceptions import ConnectorException

from atlas.break_glass.commands import review_break_glass
from atlas.break_glass.models import BreakGlassNotice
from atlas.break_glass.overdue import tell_of_break_glasses
from atlas.gate.context import acting_as
from atlas.tasks import jobs
from atlas.tick import tick
from tests import factories
from tests.break_glass.given import REASONS, broken, queued, scene, told
from tests.factories import NOW


def test_what_nobody_reviews_in_two_working_days_goes_to_the_guardian(own_database: Any) -> None:
    own_database("app")
    one = scene()
    opened = broken(one.officer, one.world.child.pk)
    assert opened is not None
    reviewed = broken(one.officer, factories.child("Rowan Sample").pk, reason=REASONS[1])
    assert reviewed is not None
    review_break_glass(reviewed=reviewed.pk, outcome="justified", words="Right to do so", by=one.police_privacy, at=NOW)
    own_database("tick")
    in_time, late = opened.guardian_at - timedelta(minutes=1), opened.guardian_at + timedelta(minutes=1)
    assert tell_of_break_glasses(by=one.tick, at=in_time) == 0
    assert tell_of_break_glasses(by=one.tick, at=late) == 1
    assert tell_of_break_glasses(by=one.tick, at=late + timedelta(minutes=1)) == 0
    own_database("app")
    assert [args["to"] for _, args in queued()].count("guardian@example.test") == 1
    with acting_as(one.guardian, late):
        assert [notice.break_glass for notice in BreakGlassNotice.objects.filter(to_post=one.guardian)] == [opened]
    assert review_break_glass(reviewed=opened.pk, outcome="misuse", words="Passed on", by=one.guardian, at=late).outcome == "misuse"


def test_it_works_when_the_queue_is_down_and_tick_hands_on_what_waits(own_database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    own_database("app")
    one = scene()

    def down(**_: Any) -> None:
        raise ConnectorException("no queue")

    monkeypatch.setattr(jobs.send_email, "defer", down)
    opened = broken(one.officer, one.world.child.pk)
    assert len(told(opened, one.officer)) == 5
    assert queued() == []
    monkeypatch.undo()
    own_database("tick")
    assert tick(by=one.tick, at=NOW + timedelta(seconds=60)).break_glass == 5
    own_database("app")
    assert {args["to"] for _, args in queued()} >= {"privacy@example.test", "standards@example.test", "sergeant@example.test"}
