"""From what was decided to the meeting that it asks for: the kind, why and who chairs it stand in the form, and nothing is typed twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment
from atlas.gate.context import acting_as
from atlas.meetings.queries.asked_for import asked_for
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.step import take_step
from atlas.plans.commands.plan import confirm_plan
from tests.factories import NOW
from tests.meetings.given import AFTER, Table, table
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
