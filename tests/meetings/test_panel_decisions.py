"""What a panel decides: less on evidence, a child let go with a reason, a theme or place passed on to another panel or group and back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.meetings.codes import Answer, ClosedAs, Evidence, ItemKind, Settles
from atlas.meetings.commands.calling import Called, hold_meeting, put_on_agenda
from atlas.meetings.commands.panels import call_panel_meeting
from atlas.meetings.commands.recording import Decided, OfPanel, Said, contribute, record_meeting_decision
from atlas.meetings.models import Meeting, MeetingDecision, MeetingItem, Panel
from atlas.meetings.queries.panels import before_after_panel, listed_on
from atlas.meetings.queries.thresholds import facts_for
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY
from atlas.missing.commands.report import Report, report_missing
from tests.factories import NOW
from tests.meetings.given import Table, entries, panel_of, table

pytestmark = pytest.mark.django_db
STARTS = NOW + timedelta(days=3)


@pytest.fixture
def there() -> Table:
    return table()


def meets(there: Table, panel: Panel, at: Any = NOW) -> Meeting:
    """Its next meeting is called."""
    called = Called(SHIPPED_BY_KEY[panel.kind], at + timedelta(days=3), there.chair)
    return call_panel_meeting(panel=panel, called=called, by=there.chair, at=at)


def decide(there: Table, item: MeetingItem, answer: Answer, words: str = "", at: datetime = STARTS, **panel: Any) -> MeetingDecision:
    """The panel decides."""
    given = Decided(Settles.DECISION, "What we know together.", answer, words, of_panel=OfPanel(**panel))
    return record_meeting_decision(item=item, decided=given, by=there.chair, at=at)


def test_less_is_asked_on_evidence_and_not_at_the_meeting_that_heard_something_new(there: Table) -> None:
    panel = panel_of(there)
    meeting = meets(there, panel)
    item = put_on_agenda(meeting=meeting, kind=ItemKind.CHILD, child=there.world.child, why="Missing again.", by=there.world.worker, at=NOW)
    with pytest.raises(Invalid, match="Less is asked on evidence"):
        decide(there, item, Answer.STEP_DOWN, evidence=[Evidence.NO_SIGN])
    with pytest.raises(Invalid, match="Choose why the panel lets the child go"):
        decide(there, item, Answer.CLOSE)
    contribute(item=item, said=Said("A new telephone, and bruises.", "Nurse, yesterday", is_new=True), by=there.nurse, at=STARTS)
    with pytest.raises(Invalid, match="Something new was heard"):
        decide(there, item, Answer.STEP_DOWN, evidence=list(Evidence))
    kept = decide(there, item, Answer.KEEP)
    assert kept.answer == Answer.KEEP
    with acting_as(there.chair, STARTS):
        assert [one.answer for one in listed_on(panel)] == ["Stays on the panel’s list"]


def test_a_child_who_is_let_go_leaves_the_list_with_the_reason(there: Table) -> None:
    panel = panel_of(there)
    item = put_on_agenda(
        meeting=meets(there, panel), kind=ItemKind.CHILD, child=there.world.child, why="As agreed.", by=there.world.worker, at=NOW
    )
    decision = decide(there, item, Answer.CLOSE, closed_as=ClosedAs.SAFE_PLAN_HOLDING)
    assert decision.get_closed_as_display() == "The safety plan holds"
    with acting_as(there.chair, STARTS):
        assert listed_on(panel) == []


def test_the_strategic_group_and_the_panel_pass_items_to_each_other(there: Table) -> None:
    panel, group = panel_of(there), panel_of(there, "exploitation_group", "Exploitation group")
    _, _, place = entries(there.chair)
    first = meets(there, group)
    put: dict[str, Any] = {"by": there.chair, "at": NOW}
    theme = put_on_agenda(meeting=first, kind=ItemKind.THEME, title="Part-time timetables", why="Half of the children.", **put)
    there_too = put_on_agenda(meeting=first, kind=ItemKind.PLACE, held=place, why="Named by four agencies.", **put)
    with pytest.raises(Invalid, match="Choose the panel or group"):
        decide(there, theme, Answer.PASS_ON)
    with pytest.raises(Invalid, match="another panel or group of the same authority"):
        decide(there, theme, Answer.PASS_ON, passed_to=group)
    decide(there, theme, Answer.PASS_ON, passed_to=panel)  # no meeting is called yet: it waits
    following = meets(there, panel, STARTS)
    decide(there, there_too, Answer.PASS_ON, passed_to=panel)
    with acting_as(there.nurse, STARTS):
        came = list(MeetingItem.objects.filter(meeting=following).select_related("place"))
        assert [(one.kind, one.name) for one in came] == [("theme", "Part-time timetables"), ("place", "An arcade by the station")]
        assert all(one.came_from_id for one in came)
    # and back, once
    back = meets(there, group, STARTS + timedelta(days=4))
    with acting_as(there.chair, STARTS):
        item = MeetingItem.objects.select_related("meeting").get(meeting=following, kind="theme")
    decide(there, item, Answer.PASS_ON, at=STARTS + timedelta(days=5), passed_to=group)
    with acting_as(there.chair, STARTS):
        assert MeetingItem.objects.filter(meeting=back).count() == 1
        assert MeetingItem.objects.filter(meeting=following).count() == 2


def test_a_child_never_goes_to_the_strategic_group(there: Table) -> None:
    panel, group = panel_of(there), panel_of(there, "exploitation_group", "Exploitation group")
    strategic = meets(there, group)
    with pytest.raises(Invalid, match="No child stands on the agenda of this kind"):
        put_on_agenda(meeting=strategic, kind=ItemKind.CHILD, child=there.world.child, why="x", by=there.chair, at=NOW)
    meeting = meets(there, panel)
    item = put_on_agenda(meeting=meeting, kind=ItemKind.CHILD, child=there.world.child, why="As agreed.", by=there.world.worker, at=NOW)
    with pytest.raises(Invalid, match="A child is never passed on"):
        decide(there, item, Answer.PASS_ON, passed_to=group)
    person, _, _ = entries(there.chair)
    named = put_on_agenda(meeting=meeting, kind=ItemKind.PERSON, held=person, why="Named.", by=there.chair, at=NOW)
    with pytest.raises(Invalid, match="nobody by name"):
        decide(there, named, Answer.PASS_ON, passed_to=group)


def test_facts_for_which_a_child_comes_are_shown_with_where_they_stand(there: Table) -> None:
    meeting = there.held(_asked(there))
    action = there.action(meeting)
    with acting_as(there.world.worker, STARTS):
        facts = facts_for([there.world.child], STARTS)[there.world.child.pk]
    assert [reverse("meetings:view_action", args=[action.pk])] == [fact.where for fact in facts]
    with acting_as(there.world.stranger, STARTS):
        assert facts_for([there.world.child], STARTS)[there.world.child.pk] == []


def _asked(there: Table) -> Meeting:
    meeting = there.called()
    there.ask_all(meeting)
    return meeting


def test_the_form_of_a_decision_asks_what_the_panel_needs(there: Table, signed_in: Any) -> None:
    panel, group = panel_of(there), panel_of(there, "exploitation_group", "Exploitation group")
    meeting = meets(there, panel)
    item = put_on_agenda(meeting=meeting, kind=ItemKind.THEME, title="Part-time timetables", why="Half of them.", by=there.chair, at=NOW)
    client, address = signed_in(there.chair, NOW), reverse("meetings:record_meeting_decision", args=[item.pk, "decision"])
    assert "Exploitation group" in client.get(address).content.decode()
    sent = {"answer": "pass_on", "reason": "It is for those who buy services.", "words": "", "dissent": "", "dissent_by": ""}
    assert client.post(address, sent).status_code == 422
    answer = client.post(address, {**sent, "passed_to": str(group.pk)})
    assert answer.status_code == 302, answer.content.decode()
    with acting_as(there.chair, NOW):
        assert MeetingDecision.objects.get().passed_to_id == group.pk


def test_before_and_after_is_shown_with_its_limits_to_whoever_may_read_of_both(there: Table, signed_in: Any) -> None:
    panel = panel_of(there)
    meeting = meets(there, panel)
    put_on_agenda(meeting=meeting, kind=ItemKind.CHILD, child=there.world.child, why="As agreed.", by=there.world.worker, at=NOW)
    with acting_as(there.world.worker, STARTS) as subject:
        assert before_after_panel(subject, there.world.child, STARTS) is None
    hold_meeting(meeting=meeting, held_at=STARTS, by=there.chair, at=STARTS)
    report = Report(reported=Moment(STARTS + timedelta(days=2)), worry="Not home")
    report_missing(child=there.world.child, report=report, by=there.world.coordinator, at=STARTS + timedelta(days=2))
    later = STARTS + timedelta(days=10)
    page = signed_in(there.world.worker, later).get(reverse("meetings:view_child_meetings", args=[there.world.child.pk])).content.decode()
    assert "regression to the mean" in page
    assert "0 missing episodes, 0.0 hours" in page or "0 missing episodes, 0 hours" in page
    assert "1 missing episode, 192.0 hours" in page
    other = signed_in(there.nurse, later).get(reverse("meetings:view_child_meetings", args=[there.world.child.pk]))
    assert "regression to the mean" not in other.content.decode()
