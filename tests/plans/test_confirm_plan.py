"""What happens to the child opens the plan again; somebody reads it, says so by name, and answers what it asks (LP-1 to LP-3)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.plans.commands.happening import answer_pattern, record_event
from atlas.plans.commands.plan import Answers, confirm_plan, decide_no_plan
from atlas.plans.queries.lists import PlanState, plan_told, state_told
from atlas.plans.queries.question import question_of, unread
from atlas.tasks.models import Task
from tests.factories import NOW
from tests.plans.given import agreed, answers, fresh, tell
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


def test_no_change_with_events_that_nobody_read_is_refused() -> None:
    world = make_world()
    plan = agreed(world)
    tell(world, Kind.SUSPENDED, LATER)
    read = answers(world, plan, LATER)
    tell(world, Kind.NEW_COMPANY, LATER, "Somebody called Jay waits at the gate")
    with pytest.raises(Invalid) as said:
        confirm_plan(plan=plan, answers=read, by=world.worker, at=LATER)
    assert said.value.field == "events"
    decision = confirm_plan(plan=plan, answers=answers(world, plan, LATER), by=world.worker, at=LATER)
    with acting_as(world.worker, LATER):
        assert decision.answered.count() == 2
        assert unread(world.child, plan, LATER) == []
        assert Clock.objects.get(child=world.child, limit="plan_decision").outcome == "in_time"
        assert not Task.objects.filter(child=world.child, clock__limit="plan_decision", state="open").exists()


def test_each_question_is_answered() -> None:
    world = make_world()
    plan = agreed(world)
    tell(world, Kind.WEAPON_FOUND, LATER)
    with pytest.raises(Invalid) as said:
        confirm_plan(plan=plan, answers=answers(world, plan, LATER, strategy=""), by=world.worker, at=LATER)
    assert said.value.field == "strategy"
    tell(world, Kind.DEBT_OR_THREAT, LATER)
    with pytest.raises(Invalid) as said:
        confirm_plan(plan=plan, answers=answers(world, plan, LATER, also=""), by=world.worker, at=LATER)
    assert said.value.field == "also"
    confirm_plan(plan=plan, answers=answers(world, plan, LATER, strategy="yes"), by=world.worker, at=LATER)
    with acting_as(world.worker, LATER):
        assert Task.objects.filter(child=world.child, name="Hold the strategy discussion that was asked for", state="open").count() == 1


def test_the_question_says_what_each_thing_touches_and_when_it_is_late() -> None:
    world = make_world()
    plan = agreed(world)
    tell(world, Kind.NEW_PLACE, LATER, "At the flat by Moss bridge")
    tell(world, Kind.HARMED_ONLINE, LATER, "Threats after Aunt Ola said no")
    with acting_as(world.worker, LATER) as subject:
        question = question_of(subject, world.child, plan, list(plan.lines.all()), LATER)
    by_code = {one.event.code: {line.section for line in one.lines} for one in question.happenings}
    assert by_code["EV-15"] == {"safe_places", "worries"} and "safe_people" in by_code["EV-36"]
    assert (question.state, question.asks_strategy) == ("revise", True)
    with acting_as(world.worker, LATER + timedelta(days=9)) as subject:
        assert question_of(subject, world.child, plan, [], LATER + timedelta(days=9)).state == "late"


def test_the_same_asked_again_within_a_week_waits_to_be_read_without_a_clock() -> None:
    world = make_world()
    plan = agreed(world)
    tell(world, Kind.SUSPENDED, LATER)
    confirm_plan(plan=plan, answers=answers(world, plan, LATER), by=world.worker, at=LATER)
    tell(world, Kind.SUSPENDED, LATER + timedelta(days=3))
    with acting_as(world.worker, LATER + timedelta(days=3)):
        assert not Clock.objects.filter(child=world.child, limit="plan_decision", outcome="running").exists()
        assert len(unread(world.child, fresh(world, plan, LATER), LATER + timedelta(days=3))) == 1
    tell(world, Kind.SUSPENDED, LATER + timedelta(days=8))
    with acting_as(world.worker, LATER + timedelta(days=8)):
        assert Clock.objects.filter(child=world.child, limit="plan_decision", outcome="running").count() == 1


def test_without_a_plan_one_decides_with_a_reason_that_none_is_needed() -> None:
    world = make_world()
    with pytest.raises(Invalid, match="Nothing asks"):
        decide_no_plan(child=world.child, answers=Answers((), "No."), by=world.worker, at=NOW)
    tell(world, Kind.WEAPON_FOUND, LATER)
    with pytest.raises(Invalid) as said:
        decide_no_plan(child=world.child, answers=answers(world, None, LATER, reason=" "), by=world.worker, at=LATER)
    assert said.value.field == "reason"
    decision = decide_no_plan(child=world.child, answers=answers(world, None, LATER), by=world.worker, at=LATER)
    with acting_as(world.worker, LATER):
        assert decision.plan is None and decision.answered.count() == 1
        assert Clock.objects.get(child=world.child, limit="plan_decision").outcome == "in_time"


def test_an_event_is_written_down_with_words_source_and_time_from_the_list() -> None:
    world = make_world()
    given: dict[str, Any] = {
        "child": world.child,
        "kind": Kind.SUSPENDED,
        "happened_at": Moment(NOW),
        "words": "For three days",
        "source": "School",
        "by": world.worker,
    }
    changes: tuple[tuple[dict[str, Any], str], ...] = (
        ({"words": ""}, "words"), ({"source": " "}, "source"), ({"kind": Kind.RETURNED}, "kind"), ({"happened_at": Moment(NOW + timedelta(hours=1))}, "happened_at"),
    )  # fmt: skip
    for change, field in changes:
        with pytest.raises(Invalid) as said:
            record_event(**{**given, **change}, at=NOW)
        assert said.value.field == field
    entry = record_event(**given, at=NOW)
    assert (entry.event, entry.words) == ("EV-16", "For three days (From: School)")


def test_a_change_of_pace_is_quiet_for_four_weeks_at_most() -> None:
    world = make_world()
    given: dict[str, Any] = {"child": world.child, "pattern": "closer", "cited": [], "by": world.worker, "at": NOW}
    change: dict[str, Any]
    for change in ({"reason": ""}, {"quiet_until": (NOW + timedelta(days=40)).date()}):
        with pytest.raises(Invalid):
            answer_pattern(**{**given, "reason": "Seen.", "quiet_until": (NOW + timedelta(days=10)).date(), **change})
    assert answer_pattern(**given, reason="Her birthday week.", quiet_until=(NOW + timedelta(days=10)).date()).pattern == "closer"


def glance(world: World, at: datetime) -> PlanState | None:
    """How the plan stands, as the child's page asks it."""
    child = Child.objects.annotate(told=plan_told("pk", at, day_of(at))).get(pk=world.child.pk)
    return state_told(child.told, at)


def test_what_a_clock_still_runs_for_is_answered_however_long_ago_it_happened() -> None:
    world = make_world()
    tell(world, Kind.WEAPON_FOUND, NOW)
    much_later = NOW + timedelta(days=120)
    plan = agreed(world, much_later)
    with acting_as(world.worker, much_later) as subject:
        assert not Clock.objects.filter(child=world.child, limit="plan_decision", outcome="running").exists()
        state = glance(world, subject.at)
    assert state is not None and (state.state, state.waiting, state.due_at) == ("true", (), None)
    tell(world, Kind.SUSPENDED, much_later)
    with acting_as(world.worker, much_later + timedelta(days=9)) as subject:
        state = glance(world, subject.at)
    assert state is not None and (state.words, state.waiting) == ("Read what happened", ("Suspended from school",)) and plan.number == 1
