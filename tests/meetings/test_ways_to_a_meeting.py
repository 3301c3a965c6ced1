"""From what was decided to the meeting that it asks for, and from what a meeting asked to what came of it: nothing is typed twice, and no answer is an end."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.meetings.codes import ActionState, ItemKind, Worked
from atlas.meetings.commands.actions import answer_action, end_action, judge_action
from atlas.meetings.commands.calling import Called, cancel_meeting, put_on_agenda
from atlas.meetings.commands.inviting import Asked, invite
from atlas.meetings.commands.panels import call_panel_meeting
from atlas.meetings.models import AgencyAction
from atlas.meetings.queries.asked_for import asked_for
from atlas.meetings.queries.briefing import briefing_of
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.step import take_step
from atlas.plans.commands.plan import confirm_plan
from tests import factories
from tests.factories import NOW
from tests.meetings.given import AFTER, STARTS, Table, panel_of, table
from tests.plans.given import agreed, answers, tell

pytestmark = pytest.mark.django_db
DECIDED = "Away overnight for the third time: agencies meet today."


@pytest.fixture
def there() -> Table:
    return table()


def call(there: Table, kind: str = "strategy_discussion") -> str:
    return f"{reverse('meetings:call_meeting', args=[there.world.child.pk])}?kind={kind}"


def shown(page: Any) -> dict[str, Any]:
    assert page.status_code == 200
    return {name: page.context["form"].initial.get(name) for name in ("kind", "why", "chair")}


def test_the_decision_on_a_missing_episode_leads_to_the_meeting(there: Table, signed_in: Any) -> None:
    world, at = there.world, NOW - timedelta(hours=3)
    episode = report_missing(child=world.child, report=Report(reported=Moment(at), worry="Not home"), by=world.worker, at=at)
    page = reverse("missing:view_episode", args=[episode.pk])
    assert call(there) in signed_in(world.manager, NOW).get(page).content.decode()
    take_step(episode=episode, step="step_strategy", words=DECIDED, by=world.manager, at=NOW)
    client = signed_in(world.manager, NOW)
    said = client.get(page).content.decode()
    assert DECIDED in said and "Call the strategy discussion" in said
    assert shown(client.get(call(there))) == {"kind": "strategy_discussion", "why": DECIDED, "chair": str(world.manager.pk)}
    assert shown(client.get(call(there, "panel_of_nobody"))) == {"kind": None, "why": None, "chair": None}
    # Whoever carries the case does not chair it; and a week later the decision is not this one's.
    assert shown(signed_in(world.worker, NOW).get(call(there)))["chair"] is None
    later = NOW + timedelta(days=8)
    with acting_as(world.manager, later) as subject:
        assert asked_for(subject, world.child, "strategy_discussion", later)["why"] == ""


def test_what_the_plan_asks_for_leads_to_the_meeting(there: Table, signed_in: Any) -> None:
    world, plan = there.world, agreed(there.world, NOW - timedelta(days=2))
    page = reverse("plans:view_plan", args=[world.child.pk])
    assert call(there) not in signed_in(world.manager, NOW).get(page).content.decode()
    tell(world, Kind.DISCLOSED_CRIMINAL_HARM, NOW - timedelta(hours=2))
    given = answers(world, plan, NOW - timedelta(hours=1), strategy="yes")
    confirm_plan(plan=plan, answers=given, by=world.worker, at=NOW - timedelta(hours=1))
    client = signed_in(world.manager, NOW)
    assert call(there) in client.get(page).content.decode()
    assert shown(client.get(call(there)))["why"] == given.reason


def test_the_list_of_meetings_says_whom_each_is_about(there: Table, signed_in: Any) -> None:
    there.ask_all(there.called())
    page = signed_in(there.nurse, AFTER).get(reverse("meetings:view_meetings")).content.decode()
    assert f"About {there.world.child.name}" in page


def test_what_was_refused_is_taken_on_after_all_and_the_refusal_stays(there: Table, signed_in: Any) -> None:
    action = there.action(there.held(there.called()))
    late = AFTER + timedelta(days=10)
    action = answer_action(action=action, takes_on=False, words="No flat is free.", by=there.housing, at=AFTER)
    with pytest.raises(Invalid):
        answer_action(action=action, takes_on=False, words="Still none.", by=there.housing, at=AFTER)
    with pytest.raises(Invalid) as problem:
        answer_action(action=action, takes_on=True, words="One is free.", by=there.housing, at=late)
    assert problem.value.field == "due_on"
    page = signed_in(there.housing, AFTER).get(reverse("meetings:view_action", args=[action.pk])).content.decode()
    assert "Take it on after all" in page
    form = signed_in(there.housing, AFTER).get(reverse("meetings:answer_action", args=[action.pk])).content.decode()
    assert "What has changed?" in form and "No flat is free." in form
    day = (late + timedelta(days=3)).date()
    action = answer_action(action=action, takes_on=True, words="One is free.", due_on=day, by=there.housing, at=late)
    assert (action.state, action.due_on, action.ended_at) == (ActionState.ACCEPTED, day, None)
    assert action.answer_words == "One is free. Before: No flat is free."
    with acting_as(there.world.manager, late):
        assert Entry.objects.filter(about_id=action.pk, kind=Kind.ACTION_ANSWERED).count() == 2
    done = end_action(action=action, is_done=True, evidence="Keys handed over.", by=there.housing, at=late)
    with pytest.raises(Invalid):
        answer_action(action=done, takes_on=True, words="Again.", due_on=date(2027, 1, 1), by=there.housing, at=late)


def test_the_next_meeting_sees_what_came_of_what_was_asked(there: Table, signed_in: Any) -> None:
    action = there.action(there.held(there.called()))
    end_action(action=action, is_done=True, evidence="Keys handed over.", by=there.housing, at=AFTER)
    worker, about = there.world.worker, reverse("meetings:view_child_meetings", args=[there.world.child.pk])
    assert "Nobody has said yet whether it worked" in signed_in(worker, AFTER).get(about).content.decode()
    judge_action(action=action, worked=Worked.PARTLY, words="Quiet at the door, not at school.", by=worker, at=AFTER)
    again = there.called(at=AFTER, starts=AFTER + timedelta(minutes=5))
    page = signed_in(there.world.manager, AFTER).get(reverse("meetings:view_meeting", args=[again.pk])).content.decode()
    assert "What came of what was asked before" in page
    assert "It worked in part: Quiet at the door, not at school." in page
    with acting_as(worker, AFTER) as subject:
        lines = " ".join(briefing_of(subject, there.world.child, AFTER))
    assert "Keys handed over." in lines and "Quiet at the door" in lines


def test_a_child_is_taken_to_the_panel_to_come_from_the_child_s_page(there: Table, signed_in: Any) -> None:
    panel = panel_of(there)
    met = call_panel_meeting(panel=panel, called=Called(SHIPPED_BY_KEY["panel"], STARTS, there.chair), by=there.chair, at=NOW)
    child, worker = there.world.child, there.world.worker
    about = reverse("meetings:view_child_meetings", args=[child.pk])
    put = f"{reverse('meetings:put_on_agenda', args=[met.pk])}?child={child.pk}"
    assert put in signed_in(worker, NOW).get(about).content.decode()
    form = signed_in(worker, NOW).get(put).context["form"]
    assert (form.initial["kind"], form.initial["child"]) == (ItemKind.CHILD, str(child.pk))
    put_on_agenda(meeting=met, kind=ItemKind.CHILD, child=child, why="The flat again.", by=worker, at=NOW)
    assert put not in signed_in(worker, NOW).get(about).content.decode()


def test_whoever_chairs_a_panel_reads_what_was_asked_where_the_chair_was_not(there: Table, signed_in: Any) -> None:
    action = there.action(there.held(there.called()))  # the chair of panels was not asked to that discussion, nor was a second nurse
    met = call_panel_meeting(
        panel=panel_of(there), called=Called(SHIPPED_BY_KEY["panel"], AFTER + timedelta(days=1), there.chair), by=there.chair, at=AFTER
    )

    def reads(by: Post, at: datetime = AFTER) -> bool:
        with acting_as(by, at):
            return AgencyAction.objects.filter(pk=action.pk).exists()

    assert not reads(there.chair)
    put_on_agenda(meeting=met, kind=ItemKind.CHILD, child=there.world.child, why="The flat again.", by=there.world.worker, at=AFTER)
    second = factories.post("health", of=there.nurse.team)
    invite(meeting=met, asked=Asked(post=second), by=there.chair, at=AFTER)
    assert reads(there.chair) and not reads(second)
    page = signed_in(there.chair, AFTER).get(reverse("meetings:view_meeting", args=[met.pk])).content.decode()
    assert "First: asked before, and not done: 1" in page and "Move the family from the flat" in page
    with pytest.raises(Refused):
        end_action(action=action, is_done=True, evidence="Keys handed over.", by=there.chair, at=AFTER)
    cancel_meeting(meeting=met, because="The panel meets in June.", by=there.chair, at=AFTER)
    assert not reads(there.chair, AFTER + timedelta(minutes=1))
