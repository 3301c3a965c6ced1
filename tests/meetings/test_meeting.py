"""A meeting is called, people are asked and answer, each says what they know, it is decided, agencies take on what they will do, the record is closed."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from atlas.agencies.models import Post, TeamPurpose
from atlas.allocation.commands import record_allocation
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.gate.act import Conflict, Invalid, Refused
from atlas.gate.commands import declare_connection
from atlas.gate.context import acting_as
from atlas.gate.policy import Kind as RelationshipKind
from atlas.meetings.codes import Answer, Attended, Audience, ItemKind, Part, Reply, Settles, Worked
from atlas.meetings.commands.actions import agree_action, answer_action, end_action, judge_action
from atlas.meetings.commands.calling import Called, call_meeting, cancel_meeting, hold_meeting, move_meeting, put_on_agenda
from atlas.meetings.commands.inviting import Asked, answer_invitation, invite, record_attendance, withdraw_invitation
from atlas.meetings.commands.recording import (
    Decided,
    Said,
    close_meeting,
    compile_briefing,
    contribute,
    record_meeting_decision,
    rewrite_contribution,
)
from atlas.meetings.commands.telephone import Telephoned, record_telephone_discussion
from atlas.meetings.forms import TelephoneForm
from atlas.meetings.models import AgencyAction, Invitation, Meeting, MeetingContribution, MeetingDecision, MeetingItem
from atlas.meetings.queries.actions import tray_of
from atlas.meetings.queries.briefing import briefing_of
from atlas.meetings.queries.room import my_meetings, room_of
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY
from atlas.missing.commands.report import Report, report_missing
from atlas.plans.commands.plan import confirm_plan
from atlas.statuses.commands.record import Said as SaidByMain
from atlas.statuses.commands.record import record_conference
from atlas.statuses.models import Conference
from atlas.tasks.models import Task
from tests import factories
from tests.factories import NOW
from tests.meetings.given import AFTER, STARTS, Table, asked_for, table
from tests.plans.given import agreed as agreed_plan
from tests.plans.given import answers as plan_answers
from tests.plans.given import tell
from tests.world import World

pytestmark = pytest.mark.django_db
KNOWN = Said("Seen twice at the flat with two men. Nobody let us in.", "Housing officer, visits of 2 and 4 May 2026")


@pytest.fixture
def there() -> Table:
    return table()


def sees(post: Post, at: object = NOW) -> list[str]:
    """The kinds of meeting that a post sees."""
    with acting_as(post, at):  # type: ignore[arg-type]
        return [meeting.kind for meeting in Meeting.objects.all()]


def test_calling_a_strategy_discussion_starts_its_time_and_opens_it_to_who_is_asked(there: Table) -> None:
    meeting = there.called()
    there.ask_all(meeting)
    with acting_as(there.world.worker, NOW):
        clock = Clock.objects.get(limit="hold_strategy")
        assert clock.due_at == NOW + timedelta(hours=24)
        assert Entry.objects.filter(kind=Kind.MEETING_CALLED, about_id=there.item(meeting).pk).exists()
    for post in (there.officer, there.nurse, there.school, there.housing, there.taker, there.world.manager):
        assert sees(post) == ["strategy_discussion"]
        with acting_as(post, NOW) as subject:
            room = room_of(subject, meeting)
            assert [on.item.name for on in room.agenda] == [there.world.child.name]
            assert len(room.invitations) == 7
            # who the child is, and nothing else of the record
            assert Child.objects.filter(pk=there.world.child.pk).exists()
            if post not in {there.world.manager}:
                assert not Entry.objects.filter(child=there.world.child).exists()
    assert sees(there.world.stranger) == []
    with acting_as(there.world.stranger, NOW):
        assert not Invitation.objects.exists()
        assert not MeetingItem.objects.exists()


def test_it_opens_five_working_days_before_and_closes_ten_after(there: Table) -> None:
    far = NOW + timedelta(days=30)
    meeting = there.called("child_in_need_meeting", starts=far)
    invite(meeting=meeting, asked=Asked(post=there.nurse), by=there.world.manager, at=NOW)
    assert sees(there.nurse) == ["child_in_need_meeting"]  # the time and place, and not yet whom it is about
    with acting_as(there.nurse, NOW) as subject:
        assert [one.pk for one in my_meetings(subject)] == [meeting.pk]
        assert not MeetingItem.objects.exists()
        assert not Child.objects.filter(pk=there.world.child.pk).exists()
    with acting_as(there.nurse, far - timedelta(days=6)):
        assert MeetingItem.objects.count() == 1
    with acting_as(there.nurse, far + timedelta(days=20)):
        assert not MeetingItem.objects.exists()
    moved = move_meeting(meeting=meeting, starts_at=far + timedelta(days=30), because="Nobody could come", by=there.world.manager, at=NOW)
    with acting_as(there.nurse, far - timedelta(days=6)):
        assert not MeetingItem.objects.exists()
    assert moved.until_at - moved.starts_at == timedelta(minutes=60)


def test_a_chair_carries_no_case_and_may_chair_this_kind(there: Table) -> None:
    with pytest.raises(Invalid, match="Whoever works with the child as allocated does not chair"):
        there.called("core_group", chair=there.world.worker)
    with pytest.raises(Invalid, match="does not chair this kind"):
        there.called(chair=there.chair)
    with pytest.raises(Invalid, match="does not chair this kind"):
        there.called("first_child_in_need_meeting")
    first = there.called("first_child_in_need_meeting", chair=there.chair)
    other = factories.post("manager", of=factories.team("Safeguarding 2"))
    with pytest.raises(Invalid, match="asked already"):
        invite(meeting=first, asked=Asked(post=there.chair), by=there.chair, at=NOW)
    with pytest.raises(Refused):  # does not lead it
        invite(meeting=first, asked=Asked(post=there.nurse), by=other, at=NOW)
    with pytest.raises(Invalid, match="is not called about one child"):
        there.called("panel")


def test_nobody_is_asked_to_whom_the_child_is_shut_and_nobody_learns_why(there: Table) -> None:
    meeting = there.called()
    invite(meeting=meeting, asked=Asked(post=there.nurse), by=there.world.manager, at=NOW)
    declare_connection(child=there.world.child, by=there.nurse, at=NOW)
    assert sees(there.nurse, NOW + timedelta(minutes=1)) == []
    with acting_as(there.nurse, NOW + timedelta(minutes=1)) as subject:
        assert list(my_meetings(subject)) == []
        assert not Invitation.objects.exists()
    blocked = factories.post("health", of=there.nurse.team)
    meets = there.called("professionals_meeting")
    with acting_as(there.world.worker, NOW):
        assert meets.state == Meeting.State.CALLED
    invite(meeting=meets, asked=Asked(post=blocked), by=there.world.manager, at=NOW)
    with pytest.raises(Invalid, match="cannot be asked to this meeting"):
        invite(meeting=meets, asked=Asked(post=there.nurse), by=there.world.manager, at=NOW + timedelta(minutes=1))


def test_answers_and_deputies(there: Table) -> None:
    meeting = there.called()
    there.ask_all(meeting)
    mine = there.asked(there.officer, meeting)
    with pytest.raises(Refused):
        answer_invitation(invitation=there.asked(there.nurse, meeting), reply=Reply.COMES, by=there.officer, at=NOW)
    with pytest.raises(Invalid, match="Say why"):
        answer_invitation(invitation=mine, reply=Reply.CANNOT, by=there.officer, at=NOW)
    with pytest.raises(Invalid, match="cannot come in your place"):
        answer_invitation(invitation=mine, reply=Reply.DEPUTY, deputy=there.nurse.pk, by=there.officer, at=NOW)
    colleague = factories.post("police_officer", of=there.officer.team)
    assert sees(colleague) == []
    answered = answer_invitation(invitation=mine, reply=Reply.DEPUTY, deputy=colleague.pk, by=there.officer, at=NOW)
    assert answered.replied_at == NOW
    assert sees(colleague) == ["strategy_discussion"]
    with acting_as(colleague, NOW):
        assert MeetingItem.objects.count() == 1
        assert Invitation.objects.get(post=colleague).stands_in_for_id == mine.pk
    withdraw_invitation(invitation=there.asked(there.housing, meeting), because="Not needed", by=there.world.manager, at=NOW)
    assert sees(there.housing, NOW + timedelta(minutes=1)) == []
    with pytest.raises(Invalid, match="Change the chair"):
        withdraw_invitation(invitation=there.asked(there.world.manager, meeting), because="No", by=there.world.manager, at=NOW)


def test_each_writes_their_own_words_for_those_who_may_read_them(there: Table) -> None:
    meeting = there.called()
    there.ask_all(meeting)
    item = there.item(meeting)
    with pytest.raises(Invalid) as problem:
        contribute(item=item, said=Said("", "x"), by=there.housing, at=NOW)
    assert problem.value.field == "words"
    mine = contribute(item=item, said=KNOWN, by=there.housing, at=NOW)
    secret = Said("A warrant is planned.", "Own enquiry", Audience.NAMED, [there.world.worker.team.agency_id])
    contribute(item=item, said=secret, by=there.officer, at=NOW)
    for post, words in (
        (there.school, 1),
        (there.nurse, 1),
        (there.officer, 2),
        (there.world.worker, 2),
        (there.world.manager, 2),
        (there.world.stranger, 0),
    ):
        with acting_as(post, NOW):
            assert MeetingContribution.objects.count() == words, post.role
    rewrite_contribution(contribution=mine, said=Said("Seen three times.", KNOWN.source_words), by=there.housing, at=NOW)
    with pytest.raises(Refused):
        rewrite_contribution(contribution=mine, said=KNOWN, by=there.officer, at=NOW)
    with acting_as(there.officer, NOW), pytest.raises(DatabaseError), transaction.atomic():  # not in another agency's name
        MeetingContribution(
            child=there.world.child,
            meeting=meeting,
            item=item,
            agency=there.housing.team.agency,
            words="x",
            source_words="y",
            written_by=there.officer,
            written_at=NOW,
        ).save(force_insert=True)
    with pytest.raises(Refused):  # not a member
        contribute(item=item, said=KNOWN, by=there.world.stranger, at=NOW)


def test_a_decision_is_a_version_and_nothing_is_written_over(there: Table) -> None:
    meeting = there.called()
    there.ask_all(meeting)
    item = there.item(meeting)
    with pytest.raises(Invalid) as problem:
        record_meeting_decision(item=item, decided=Decided(Settles.DECISION, "Because", Answer.ADOPT), by=there.taker, at=NOW)
    assert problem.value.field == "answer"
    with pytest.raises(Refused):
        record_meeting_decision(item=item, decided=Decided(Settles.DECISION, "Because", Answer.S47_JOINT), by=there.officer, at=NOW)
    first = record_meeting_decision(item=item, decided=Decided(Settles.DECISION, "Because", Answer.NO_FURTHER), by=there.taker, at=NOW)
    with pytest.raises(Conflict, match="another version of this decision"):
        record_meeting_decision(item=item, decided=Decided(Settles.DECISION, "Other", Answer.S47_JOINT), by=there.world.manager, at=NOW)
    police = there.officer.team.agency
    other = Decided(
        Settles.DECISION, "New facts", Answer.S47_JOINT, dissent="Police would act alone", dissent_by=police, instead_of=first.pk
    )
    record_meeting_decision(item=item, decided=other, by=there.world.manager, at=NOW)
    with acting_as(there.world.worker, NOW) as subject:
        assert MeetingDecision.objects.count() == 2
        assert room_of(subject, meeting).agenda[0].answer == Answer.S47_JOINT.label
        kinds = set(Entry.objects.filter(child=there.world.child).values_list("kind", flat=True))
        assert {Kind.MEETING_DECIDED, Kind.SECTION_47_STARTED, Kind.AGENCY_DISAGREES} <= kinds


def test_the_record_is_closed_only_once_nothing_is_needed(there: Table) -> None:
    meeting = there.called()
    there.ask_all(meeting)
    with pytest.raises(Invalid, match="Say that the meeting was held"):
        close_meeting(meeting=meeting, by=there.world.manager, at=AFTER)
    with pytest.raises(Invalid, match="still to come"):
        hold_meeting(meeting=meeting, held_at=AFTER, by=there.world.manager, at=NOW)
    meeting = there.held(meeting, absent=(there.nurse,))
    with acting_as(there.world.worker, AFTER):
        assert Clock.objects.get(limit="hold_strategy").outcome == Clock.Outcome.IN_TIME
    there.decided(meeting)
    with pytest.raises(Invalid, match="Health was not there"):
        there.closed(meeting)
    contribute(item=there.item(meeting, at=AFTER), said=Said("Nothing is known to us.", "Record of the practice"), by=there.nurse, at=AFTER)
    with pytest.raises(Invalid, match="Say why it was held without health"):
        there.closed(meeting)
    done = close_meeting(meeting=meeting, quorum_reason="The nurse was at another child’s bed", by=there.taker, at=AFTER)
    assert done.state == Meeting.State.CLOSED
    with acting_as(there.world.worker, AFTER):
        assert Clock.objects.get(limit="strategy_record").outcome == Clock.Outcome.IN_TIME
        assert there.item(meeting, at=AFTER).ended_at == AFTER
    with pytest.raises(Invalid, match="is closed"):
        contribute(item=there.item(meeting, at=AFTER), said=KNOWN, by=there.officer, at=AFTER)
    for post in (there.officer, there.taker, there.world.manager):
        with acting_as(post, AFTER + timedelta(days=30)):
            assert MeetingItem.objects.count() == (1 if post == there.world.manager else 0)


def test_the_family_belongs_there_and_not_being_there_needs_its_reason(there: Table) -> None:
    meeting = there.called("child_in_need_meeting")
    child = there.world.child
    with pytest.raises(Invalid) as problem:
        invite(meeting=meeting, asked=Asked(Part.CHILD, child=child), by=there.world.manager, at=NOW)
    assert problem.value.field == "words"
    young = invite(meeting=meeting, asked=Asked(Part.CHILD, words="Ashby", child=child, prepared_by="Sam"), by=there.world.manager, at=NOW)
    with pytest.raises(Invalid, match="for which part"):
        record_attendance(invitation=young, attended=Attended.NOT, by=there.world.manager, at=AFTER)
    told = record_attendance(
        invitation=young,
        attended=Attended.PARTLY,
        words="Left when school came up",
        view="I want to stay at my school.",
        by=there.world.manager,
        at=AFTER,
    )
    assert told.view == "I want to stay at my school."
    meeting = there.held(meeting)
    there.decided(meeting, answer=Answer.PLAN_GOES_ON)
    there.closed(meeting)


def test_an_action_has_an_owner_a_day_and_an_effect(there: Table) -> None:
    meeting = there.held(there.called())
    item = there.item(meeting, at=AFTER)
    for field, change in (
        ("owner", {"owner_post": None}),
        ("due_on", {"due_on": None}),
        ("intended", {"intended": " "}),
        ("evidence_wanted", {"evidence_wanted": ""}),
    ):
        with pytest.raises(Invalid) as problem:
            agree_action(item=item, given=asked_for(there.housing, AFTER, **change), by=there.world.manager, at=AFTER)
        assert problem.value.field == field
    with pytest.raises(Invalid, match="That day is over"):
        agree_action(item=item, given=asked_for(there.housing, AFTER, days=-1), by=there.world.manager, at=AFTER)
    outside = asked_for(None, AFTER, agency=there.housing.team.agency, owner_words="Night porter")
    nobody = agree_action(item=item, given=outside, by=there.world.manager, at=AFTER)
    assert nobody.owned_by == "Night porter"
    answer_action(action=nobody, takes_on=True, by=there.world.manager, at=AFTER)  # by whoever leads, for somebody without an account
    assert sees(there.housing, AFTER) == []
    action = there.action(meeting)
    with acting_as(there.housing, AFTER) as subject:
        assert [one.pk for one in tray_of(subject)] == [action.pk]
        assert Child.objects.get().pk == there.world.child.pk
        assert not MeetingContribution.objects.exists()
        assert not Entry.objects.exists()


def test_a_refusal_is_an_answer_and_done_is_not_worked(there: Table) -> None:
    meeting = there.held(there.called())
    action, other = there.action(meeting), there.action(meeting)
    with pytest.raises(Refused):
        answer_action(action=action, takes_on=True, by=there.nurse, at=AFTER)
    with pytest.raises(Invalid, match="Say why not"):
        answer_action(action=action, takes_on=False, by=there.housing, at=AFTER)
    refused = answer_action(action=action, takes_on=False, words="No flat is free before June", by=there.housing, at=AFTER)
    assert refused.state == "refused"
    above = there.housing.line_manager
    assert above is not None
    answer_action(action=other, takes_on=True, by=above, at=AFTER)
    with pytest.raises(Invalid, match="Look again once it was done"):
        judge_action(action=other, worked=Worked.YES, words="x", by=there.world.manager, at=AFTER)
    done = end_action(action=other, is_done=True, evidence="Keys handed over on 9 May", by=there.housing, at=AFTER + timedelta(days=4))
    assert done.worked == ""
    with pytest.raises(Invalid, match="no longer to be done"):
        end_action(action=other, is_done=False, evidence="x", by=there.housing, at=AFTER + timedelta(days=4))
    with pytest.raises(Refused):
        judge_action(action=other, worked=Worked.YES, words="x", by=there.housing, at=AFTER + timedelta(days=5))
    judge_action(
        action=other, worked=Worked.PARTLY, words="They wait at the school now", by=there.world.worker, at=AFTER + timedelta(days=5)
    )
    with acting_as(there.world.worker, AFTER + timedelta(days=5)) as subject:
        kinds = list(
            Entry.objects.filter(child=there.world.child, kind__startswith="action_").order_by("recorded_at").values_list("kind", flat=True)
        )
        assert sorted(kinds) == sorted(["action_agreed"] * 2 + ["action_answered"] * 2 + ["action_ended", "action_judged"])
        follow = there.called("review_strategy_discussion", at=AFTER + timedelta(days=5), starts=AFTER + timedelta(days=6))
        assert [one.pk for one in room_of(subject, follow).undone] == [action.pk]


def test_what_is_no_child_names_none_and_a_panel_s_dates_are_everybody_s(there: Table) -> None:
    meeting = there.called("professionals_meeting")
    with pytest.raises(Invalid) as problem:
        put_on_agenda(meeting=meeting, kind=ItemKind.PLACE, why="Third interview that names it", by=there.world.manager, at=NOW)
    assert problem.value.field == "title"
    place = put_on_agenda(
        meeting=meeting, kind=ItemKind.PLACE, why="Third interview that names it", title="Moss Lane arcade", by=there.world.manager, at=NOW
    )
    assert (place.name, place.child_id) == ("Moss Lane arcade", None)
    with pytest.raises(Invalid, match="on its agenda already"):
        put_on_agenda(meeting=meeting, kind=ItemKind.CHILD, child=there.world.child, why="Again", by=there.world.manager, at=NOW)
    with pytest.raises(Refused):
        put_on_agenda(meeting=meeting, kind=ItemKind.PLACE, title="x", why="y", by=there.nurse, at=NOW)
    with acting_as(there.world.stranger, NOW):
        assert not MeetingItem.objects.exists()


def test_called_off_it_closes_to_everybody_and_its_time_goes_on(there: Table) -> None:
    meeting = there.called()
    there.ask_all(meeting)
    with pytest.raises(Invalid) as problem:
        cancel_meeting(meeting=meeting, because=" ", by=there.world.manager, at=NOW)
    assert problem.value.field == "because"
    cancel_meeting(meeting=meeting, because="Held at once by telephone instead", by=there.world.manager, at=NOW)
    assert sees(there.officer, NOW + timedelta(minutes=1)) == []
    with acting_as(there.world.worker, NOW):
        assert Clock.objects.get(limit="hold_strategy").outcome == Clock.Outcome.RUNNING


def test_several_children_are_one_meeting_and_each_has_its_own_record(there: Table) -> None:
    sister = factories.child("Rowan Example")
    with pytest.raises(Refused):
        there.called(others=[sister])
    record_allocation(child=sister, post=there.world.worker, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    meeting = there.called(others=[sister])
    there.ask_all(meeting)
    with acting_as(there.nurse, NOW):
        assert MeetingItem.objects.filter(meeting=meeting).count() == 2
    declare_connection(child=sister, by=there.nurse, at=NOW)
    with acting_as(there.nurse, NOW + timedelta(minutes=1)):  # the part that is shut is compiled out
        assert [item.child_id for item in MeetingItem.objects.filter(meeting=meeting)] == [there.world.child.pk]


def test_eighteen_is_too_old_for_a_childs_meeting(there: Table) -> None:
    later = factories.at("4 March 2031 10:00")
    called = Called(SHIPPED_BY_KEY["strategy_discussion"], later, there.world.manager)
    with pytest.raises(Invalid, match="This person will be"):
        call_meeting(child=there.world.child, called=called, why="Because", by=there.world.worker, at=NOW)


def test_the_pages_show_each_their_own_part(there: Table, signed_in: Any) -> None:
    meeting = there.held(there.called())
    there.ask_all(meeting, AFTER)
    contribute(item=there.item(meeting, at=AFTER), said=KNOWN, by=there.housing, at=AFTER)
    action = there.action(meeting)
    page = reverse("meetings:view_meeting", args=[meeting.pk])
    assert signed_in(there.world.stranger, AFTER).get(page).status_code == 404
    shown = signed_in(there.nurse, AFTER).get(page)
    assert b"Seen twice at the flat" in shown.content
    assert b"Close the record" not in shown.content
    assert b"Close the record" in signed_in(there.world.manager, AFTER).get(page).content
    about = reverse("meetings:view_child_meetings", args=[there.world.child.pk])
    assert b"Strategy discussion" in signed_in(there.world.worker, AFTER).get(about).content
    client = signed_in(there.housing, AFTER)
    assert b"Move the family" in client.get(reverse("meetings:view_actions")).content
    assert client.post(reverse("meetings:answer_action", args=[action.pk]), {"takes_on": "no", "words": ""}).status_code == 422
    sent = client.post(reverse("meetings:answer_action", args=[action.pk]), {"takes_on": "no", "words": "No flat is free"})
    assert sent.status_code == 302
    with acting_as(there.world.manager, AFTER):
        assert AgencyAction.objects.get(pk=action.pk).state == "refused"


def test_a_conference_is_due_from_the_discussion_that_began_the_enquiry(there: Table) -> None:
    meeting = there.held(there.called())
    there.decided(meeting, answer=Answer.S47_SINGLE)
    with acting_as(there.world.worker, AFTER):
        clock = Clock.objects.get(limit="initial_conference")
        assert clock.started_at == STARTS
        assert "15 working days" in clock.why
    held = STARTS.date() + timedelta(days=10)
    said = SaidByMain(
        model=Conference, source_key="ssd_initial_cp_conference:1", from_on=None, until_on=None, as_at=AFTER, words="",
        columns=(("kind", "initial"), ("due_on", None), ("held_on", held), ("is_for_plan", True)),
    )  # fmt: skip
    record_conference(child=there.world.child, said=said, by=factories.feed_post(), at=AFTER + timedelta(days=11))
    with acting_as(there.world.worker, AFTER + timedelta(days=11)):
        assert Clock.objects.get(limit="initial_conference").outcome == Clock.Outcome.IN_TIME


def test_no_enquiry_after_all_needs_no_conference(there: Table) -> None:
    meeting = there.held(there.called())
    there.decided(meeting)
    item = there.item(meeting, at=AFTER)
    with acting_as(there.world.manager, AFTER):
        now = MeetingDecision.objects.get(settles=Settles.DECISION)
    changed = Decided(Settles.DECISION, "The police saw it was another child", Answer.NO_S47_CIN, instead_of=now.pk)
    record_meeting_decision(item=item, decided=changed, by=there.world.manager, at=AFTER)
    with acting_as(there.world.worker, AFTER):
        assert Clock.objects.get(limit="initial_conference").outcome != Clock.Outcome.RUNNING


NIGHT = factories.at("6 May 2026 02:10")
SPOKEN = Telephoned(
    NIGHT - timedelta(minutes=20), "PS Rowe, 01632 960444", "Back from a car with adults, marks on one arm.", Answer.S47_JOINT, "The child said who held her.",
    "She sleeps at her aunt’s; police pass by at three.", "The aunt, tonight; the social worker at nine.", "Named nurse, by noon",
)  # fmt: skip


def test_a_discussion_by_telephone_is_eight_fields_and_health_is_heard_by_day(there: Table, signed_in: Any) -> None:
    duty = factories.team("Emergency duty", TeamPurpose.EMERGENCY_DUTY)
    night = factories.post("emergency_duty", of=duty)
    factories.duty(RelationshipKind.EMERGENCY_DUTY, there.world.authority, team=duty)
    factories.shift(night, NIGHT.date())
    for wrong, field in (
        (replace(SPOKEN, police=" "), "police"),
        (replace(SPOKEN, plan=" "), "plan"),
        (replace(SPOKEN, health=" "), "health"),
    ):
        with pytest.raises(Invalid) as problem:
            record_telephone_discussion(child=there.world.child, said=wrong, by=night, at=NIGHT)
        assert problem.value.field == field
    page = signed_in(night, NIGHT).get(reverse("meetings:record_telephone_discussion", args=[there.world.child.pk]))
    assert page.status_code == 200
    assert len({*TelephoneForm().fields} - {"key", "base"}) == 8
    meeting = record_telephone_discussion(child=there.world.child, said=SPOKEN, by=night, at=NIGHT)
    morning = factories.at("6 May 2026 09:30")
    with acting_as(there.world.manager, morning) as subject:
        room = room_of(subject, meeting)
        assert room.is_led
        assert [one.where for one in room.needed] == [
            "people",
            "quorum_reason",
            "people",
            "agenda",
        ]  # health, why without, the manager, NRM
        assert Clock.objects.get(limit="health_joins").due_at == factories.at("7 May 2026 23:59").replace(second=59)
    invite(meeting=meeting, asked=Asked(post=there.nurse), by=there.world.manager, at=morning)
    contribute(item=there.item(meeting, at=morning), said=Said("Seen in A and E in April.", "Record"), by=there.nurse, at=morning)
    with acting_as(there.world.manager, morning):
        assert Clock.objects.get(limit="health_joins").outcome == Clock.Outcome.IN_TIME


def test_what_the_plan_asked_for_is_done_once_the_discussion_was_held(there: Table) -> None:
    plan = agreed_plan(there.world, NOW - timedelta(days=2))
    tell(there.world, Kind.DISCLOSED_CRIMINAL_HARM, NOW - timedelta(hours=2))
    given = plan_answers(there.world, plan, NOW - timedelta(hours=1), strategy="yes")
    confirm_plan(plan=plan, answers=given, by=there.world.worker, at=NOW - timedelta(hours=1))
    with acting_as(there.world.manager, NOW):
        assert Task.objects.filter(name__startswith="Hold the strategy discussion", state="open").exists()
    there.held(there.called())
    with acting_as(there.world.manager, AFTER):
        assert not Task.objects.filter(name__startswith="Hold the strategy discussion that", state="open").exists()


def missing_again(world: World, at: datetime) -> None:
    """One missing episode."""
    report_missing(child=world.child, report=Report(reported=Moment(at), worry="Not home"), by=world.worker, at=at)


def test_a_briefing_says_what_the_record_says_then(there: Table) -> None:
    agreed_plan(there.world, NOW - timedelta(days=2))
    tell(there.world, Kind.NEW_COMPANY, NOW - timedelta(hours=2))
    missing_again(there.world, NOW - timedelta(days=5))
    meeting = there.called()
    there.ask_all(meeting)
    item = there.item(meeting)
    with pytest.raises(Refused):
        compile_briefing(item=item, by=there.officer, at=NOW)
    first = compile_briefing(item=item, by=there.world.worker, at=NOW)
    assert "Missing: reported once in the last 90 days" in first.words
    assert "Safety plan: read what happened" in first.words
    assert first.source_words.startswith("Compiled from the record here, 5 May 2026")
    tell(there.world, Kind.EXCLUDED, NOW + timedelta(hours=1))
    again = compile_briefing(item=item, by=there.world.worker, at=NOW + timedelta(hours=2))
    assert again.pk == first.pk
    assert "Safety plan: needs a new version" in again.words
    with acting_as(there.world.worker, NOW + timedelta(hours=2)) as subject:
        assert again.words.split("\n") == briefing_of(subject, there.world.child, NOW + timedelta(hours=2))
    with acting_as(there.chair, NOW):
        assert not MeetingContribution.objects.exists()
