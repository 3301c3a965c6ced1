"""A plan is written line by line, agreed with the child, changed, and every version can be read as it was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from atlas.clocks.models import Clock
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.plans.commands.lines import LineGiven, add_line, break_line, check_line, end_line, record_progress, rewrite_line
from atlas.plans.commands.plan import Agreed, agree_plan, close_plan, start_plan
from atlas.plans.models import PlanLine, SafetyPlan
from atlas.plans.queries.reading import read_plan
from tests.factories import NOW
from tests.plans.given import AGREED, action, agreed, answers, fresh, written
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def line_of(world: World, plan: SafetyPlan, section: str, at: object = NOW) -> PlanLine:
    with acting_as(world.worker, NOW):
        return PlanLine.objects.select_related("plan", "child").get(plan=plan, section=section, until_number=None)


def test_the_first_version_is_in_force_once_it_is_agreed() -> None:
    world = make_world()
    plan = written(world)
    assert plan.number == 0
    version = agree_plan(plan=plan, answers=answers(world, plan, NOW), agreed=AGREED, by=world.worker, at=NOW)
    after = fresh(world, plan, NOW)
    assert (version.number, after.number, after.decided_at) == (1, 1, NOW)
    with acting_as(world.worker, NOW) as subject:
        clock = Clock.objects.get(child=world.child, limit="plan_review_1")
        read = read_plan(subject, after, NOW)
    assert clock.outcome == "running" and after.review_on is not None
    assert [part.value for part, _ in read.parts] == ["my_view", "worries", "safe_people", "safe_places", "signals", "child", "agency"]
    assert read.question.state == "true" and len(read.versions[0].changes) == 7


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (LineGiven("agency", "Somebody rings."), "owner"),
        (LineGiven("agency", "Somebody rings.", whose="other"), "owner"),
        (LineGiven("agency", "Nan rings.", whose="other", owner_words="Nan"), "due_on"),
        (LineGiven("worries", "  "), "words"),
    ],
)
def test_a_line_without_words_owner_or_date_is_refused(given: LineGiven, field: str) -> None:
    world = make_world()
    plan = start_plan(child=world.child, by=world.worker, at=NOW)
    with pytest.raises(Invalid) as said:
        add_line(plan=plan, given=given, by=world.worker, at=NOW)
    assert said.value.field == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"with_child": ""}, "with_child"),
        ({"child_words": ""}, "child_words"),
        ({"with_child": "not_safe"}, "no_view_because"),
        ({"review_on": (NOW + timedelta(days=120)).date()}, "review_on"),
        ({"review_on": NOW.date()}, "review_on"),
    ],
)
def test_what_is_missing_when_a_plan_is_agreed_is_asked_for(change: dict[str, object], field: str) -> None:
    world = make_world()
    plan = written(world)
    with pytest.raises(Invalid) as said:
        agree_plan(plan=plan, answers=answers(world, plan, NOW), agreed=replace(AGREED, **change), by=world.worker, at=NOW)  # type: ignore[arg-type]
    assert said.value.field == field


def test_a_change_stands_in_the_next_version_and_the_one_before_stays_as_it_was() -> None:
    world = make_world()
    plan = agreed(world)
    line = line_of(world, plan, "worries")
    rewrite_line(
        line=line, given=LineGiven("worries", "Older adults wait outside school on Fridays and Mondays."), by=world.worker, at=LATER
    )
    end_line(line=line_of(world, plan, "safe_places"), because="It has closed.", by=world.worker, at=LATER)
    add_line(plan=plan, given=action(world, "Police speak with the arcade."), by=world.worker, at=LATER)
    with acting_as(world.worker, LATER) as subject:
        before = read_plan(subject, fresh_in(plan), LATER)
    assert [one.line.words for _, of in before.parts for one in of if one.line.section == "worries"] == [
        "Older adults wait outside school on Fridays."
    ]
    assert {(one.what, one.line.section) for one in before.drafted} == {
        ("changed", "worries"),
        ("taken out", "safe_places"),
        ("new", "agency"),
    }
    agree_plan(plan=fresh(world, plan, LATER), answers=answers(world, plan, LATER), agreed=AGREED, by=world.worker, at=LATER)
    with acting_as(world.worker, LATER) as subject:
        after = read_plan(subject, fresh_in(plan), LATER)
    changed = next(one for one in after.versions[0].changes if one.what == "changed")
    assert changed.words == (("same", "Older adults wait outside school on"), ("gone", "Fridays."), ("new", "Fridays and Mondays."))
    assert len(after.versions) == 2 and len(after.versions[1].changes) == 7
    with acting_as(world.worker, LATER):
        outcomes = list(
            Clock.objects.filter(child=world.child, limit="plan_review_1").order_by("started_at").values_list("outcome", flat=True)
        )
    assert outcomes == ["in_time", "running"]


def fresh_in(plan: SafetyPlan) -> SafetyPlan:
    return SafetyPlan.objects.select_related("child").get(pk=plan.pk)


def test_a_line_written_anew_twice_is_one_line_of_the_version() -> None:
    world = make_world()
    plan = agreed(world)
    once = rewrite_line(line=line_of(world, plan, "worries"), given=LineGiven("worries", "One."), by=world.worker, at=LATER)
    twice = rewrite_line(line=once, given=LineGiven("worries", "Two."), by=world.worker, at=LATER)
    assert twice.pk == once.pk and line_of(world, plan, "worries").words == "Two."


def test_progress_checks_and_breaks_move_no_version() -> None:
    world = make_world()
    plan = agreed(world)
    record_progress(line=line_of(world, plan, "agency"), status="done", words="The school says so.", by=world.worker, at=LATER)
    with pytest.raises(Invalid):
        record_progress(line=line_of(world, plan, "agency"), status="not_done", words=" ", by=world.worker, at=LATER)
    break_line(line=line_of(world, plan, "safe_people"), words="The number is not in use", by=world.worker, at=LATER)
    with acting_as(world.worker, LATER) as subject:
        read = read_plan(subject, fresh_in(plan), LATER)
    assert read.question.state == "revise" and [line.section for line in read.question.broken] == ["safe_people"]
    assert [one.event.code for one in read.question.happenings] == ["EV-44"] and read.draft is None
    check_line(line=line_of(world, plan, "safe_people"), by=world.worker, at=LATER)
    assert line_of(world, plan, "safe_people").failed_at is None


def test_a_plan_is_closed_by_the_line_with_the_child_s_view_and_nothing_waiting() -> None:
    world = make_world()
    world.worker.line_manager = world.manager
    type(world.worker).objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    plan = agreed(world)
    words = {"because": "Nothing for a year.", "child_words": "I am fine.", "opens_again": "Missing again.", "told": "School, police."}
    with pytest.raises(Refused):
        close_plan(plan=plan, **words, by=world.worker, at=LATER)
    with pytest.raises(Invalid) as said:
        close_plan(plan=plan, **{**words, "opens_again": ""}, by=world.manager, at=LATER)
    assert said.value.field == "opens_again"
    break_line(line=line_of(world, plan, "safe_people"), words="Not in use", by=world.worker, at=LATER)
    with pytest.raises(Invalid, match="nobody has answered"):
        close_plan(plan=plan, **words, by=world.manager, at=LATER)


def test_a_child_has_one_open_plan_and_an_empty_one_is_not_agreed() -> None:
    world = make_world()
    plan = start_plan(child=world.child, by=world.worker, at=NOW)
    with pytest.raises(Invalid, match="has a safety plan"):
        start_plan(child=world.child, by=world.worker, at=NOW)
    with pytest.raises(Invalid, match="at least one line"):
        agree_plan(plan=plan, answers=answers(world, plan, NOW), agreed=Agreed("agreed", "Fine."), by=world.worker, at=NOW)
    with pytest.raises(Refused):
        start_plan(child=world.child, by=world.stranger, at=NOW)
