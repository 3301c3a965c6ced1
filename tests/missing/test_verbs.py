"""The verbs of a missing episode, one by one: what each does, and what it refuses in words."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision
from atlas.clocks.commands import give_missed_reason
from atlas.clocks.models import Clock
from atlas.clocks.rules import MissedReason
from atlas.gate.act import Invalid, Refused
from atlas.gate.commands import declare_connection
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Outcome
from atlas.missing.codes import (
    ContactKind,
    CouncilStatus,
    Grade,
    PoliceStatus,
)
from atlas.missing.commands.answer import correct_report
from atlas.missing.commands.back import correct_return, record_found, record_lost_again, record_return
from atlas.missing.commands.episode import (
    end_exploitation_marker,
    record_contact_or_sighting,
    record_council_status,
    record_police_grade,
    record_police_reference,
    record_police_status,
    set_exploitation_marker,
)
from atlas.missing.commands.photograph import add_photograph
from atlas.missing.commands.report import Report, report_missing, withdraw_episode
from atlas.missing.commands.talk import record_interview
from atlas.missing.models import Episode, ReturnInterview, StatusChange
from atlas.missing.workflow import EpisodeState
from atlas.tasks.commands import acknowledge_alert, complete_task, record_call
from atlas.tasks.models import Alert, Notice, Task
from tests.factories import NOW
from tests.missing.test_spine import BACK, COMPLETE, reported, returned
from tests.world import make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
AFTER = BACK + timedelta(hours=3)


def test_a_second_open_episode_and_a_time_to_come_are_refused_in_words() -> None:
    world = make_world()
    with pytest.raises(Invalid, match="still to come"):
        report_missing(child=world.child, report=Report(reported=Moment(NOW + timedelta(minutes=1))), by=world.coordinator, at=NOW)
    with pytest.raises(Invalid, match="before being last seen"):
        report_missing(
            child=world.child, report=Report(Moment(NOW - timedelta(hours=2)), last_seen=Moment(NOW)), by=world.coordinator, at=NOW
        )
    reported(world)
    with pytest.raises(Invalid, match="already recorded as missing"):
        report_missing(child=world.child, report=Report(reported=Moment(NOW)), by=world.coordinator, at=NOW)


def test_the_same_submission_twice_is_one_episode() -> None:
    world = make_world()
    first = report_missing(child=world.child, report=Report(reported=Moment(NOW)), by=world.coordinator, at=NOW, key="k1")  # type: ignore[call-arg]
    again = report_missing(child=world.child, report=Report(reported=Moment(NOW)), by=world.coordinator, at=LATER, key="k1")  # type: ignore[call-arg]
    assert first == again


def test_a_refusal_leaves_nothing_but_its_record() -> None:
    world = make_world()
    episode = reported(world)
    with pytest.raises(Refused):
        record_return(episode=episode, returned_at=Moment(BACK), by=world.stranger, at=BACK)
    with acting_as(world.stranger, BACK):
        act = Act.objects.get(post=world.stranger)
        assert (act.command, act.outcome, act.decision) == ("record_return", Outcome.REFUSED, "no relationship")
    with acting_as(world.coordinator, BACK):
        assert Episode.objects.get().state == EpisodeState.MISSING


def test_police_and_council_status_stand_side_by_side() -> None:
    world = make_world()
    episode = reported(world)
    record_police_status(episode=episode, status=PoliceStatus.NOT_MISSING, changed_at=LATER, by=world.police, at=LATER)
    record_council_status(
        episode=episode, status=CouncilStatus.AWAY, changed_at=LATER, reason="At a friend's", by=world.coordinator, at=LATER
    )
    with pytest.raises(Refused):
        record_police_status(episode=episode, status=PoliceStatus.FOUND, changed_at=LATER, by=world.coordinator, at=LATER)
    with acting_as(world.coordinator, LATER):
        assert set(StatusChange.objects.values_list("by_agency", "to_status")) == {("council", "M"), ("police", "NOT"), ("council", "A")}


def test_no_apparent_risk_is_barred_while_there_is_a_concern_about_exploitation() -> None:
    world = make_world()
    set_exploitation_marker(child=world.child, words="New telephones, unknown adults", since=Moment(NOW), by=world.worker, at=NOW)
    episode = reported(world)
    with pytest.raises(Invalid, match="sergeant or above"):
        record_police_grade(episode=episode, grade=Grade.NO_APPARENT_RISK, graded_at=LATER, by=world.police, at=LATER)
    record_police_grade(
        episode=episode,
        grade=Grade.NO_APPARENT_RISK,
        graded_at=LATER,
        named_reason="Sgt Farrow: at home of aunt",
        by=world.police,
        at=LATER,
    )
    end_exploitation_marker(child=world.child, words="Looked into: none", by=world.worker, at=LATER)
    record_police_grade(episode=episode, grade=Grade.NO_APPARENT_RISK, graded_at=LATER, by=world.police, at=LATER)
    with pytest.raises(Invalid, match="no live concern"):
        end_exploitation_marker(child=world.child, words="", by=world.worker, at=LATER)


def test_a_sighting_stops_no_clock_and_found_is_not_back() -> None:
    world = make_world()
    episode = reported(world)
    record_contact_or_sighting(
        episode=episode,
        kind=ContactKind.SIGHTING,
        happened_at=Moment(LATER),
        source="A neighbour",
        place="The parade",
        by=world.police,
        at=LATER,
    )
    episode = record_found(episode=episode, found_at=Moment(LATER), words="At the station", by=world.police, at=LATER)
    with acting_as(world.worker, LATER):
        assert not Clock.objects.filter(limit="return_interview").exists()
    episode = record_lost_again(episode=episode, lost_at=Moment(LATER), by=world.police, at=LATER)
    assert episode.state == EpisodeState.MISSING
    with pytest.raises(Invalid, match="how the person knows"):
        record_contact_or_sighting(
            episode=episode, kind=ContactKind.OTHER, happened_at=Moment(LATER), source=" ", by=world.police, at=LATER
        )


def test_the_police_reference_clears_police_not_yet_rung() -> None:
    world = make_world()
    episode = reported(world)
    with pytest.raises(Invalid, match="reference that the police gave"):
        record_police_reference(episode=episode, police_reference=" ", told_at=Moment(NOW), by=world.coordinator, at=LATER)
    episode = record_police_reference(episode=episode, police_reference="NM/1", told_at=Moment(NOW), by=world.coordinator, at=LATER)
    assert (episode.police_reference, episode.police_status) == ("NM/1", PoliceStatus.MISSING)


def test_a_return_before_the_report_is_refused_and_cannot_come_twice() -> None:
    world = make_world()
    episode = reported(world)
    with pytest.raises(Invalid, match="before the child went missing"):
        record_return(episode=episode, returned_at=Moment(NOW - timedelta(hours=3)), by=world.worker, at=LATER)
    with pytest.raises(Invalid, match="still to come"):
        record_return(episode=episode, returned_at=Moment(BACK), by=world.worker, at=LATER)
    episode = record_return(episode=episode, returned_at=Moment(BACK), by=world.worker, at=BACK)
    with pytest.raises(Invalid, match="Reload the page"):
        record_return(episode=episode, returned_at=Moment(BACK), by=world.worker, at=BACK)


def test_a_return_of_which_only_the_day_is_known_has_a_band_and_is_neither_in_time_nor_late() -> None:
    world = make_world()
    day = Moment.on(NOW.date())
    record_return(episode=reported(world), returned_at=day, by=world.worker, at=NOW + timedelta(days=1))
    held = NOW + timedelta(days=3)
    with acting_as(world.interviewer, held):
        clock, interview = Clock.objects.get(limit="return_interview"), ReturnInterview.objects.get()
    assert clock.due_latest_at - clock.due_at == timedelta(hours=23, minutes=59, seconds=59)  # type: ignore[operator]
    interview = record_interview(interview=interview, conversation=COMPLETE, held_at=Moment(held), by=world.interviewer, at=held)
    assert interview.timeliness == "not_known"


def test_a_return_whose_time_is_not_known_has_no_deadline() -> None:
    world = make_world()
    record_return(episode=reported(world), returned_at=Moment(None, Precision.UNKNOWN), by=world.worker, at=LATER)
    with acting_as(world.interviewer, LATER):
        assert Clock.objects.get(limit="return_interview").due_at is None
        assert "not known" in Clock.objects.get(limit="return_interview").why


def test_a_corrected_return_moves_the_clock_and_keeps_the_first_time() -> None:
    world = make_world()
    interview = returned(world)
    held = BACK + timedelta(hours=73)
    record_interview(interview=interview, conversation=COMPLETE, held_at=Moment(held), by=world.interviewer, at=held)
    with pytest.raises(Invalid, match="how the right time is known"):
        correct_return(episode=interview.episode, returned_at=Moment(BACK + timedelta(hours=2)), reason="", by=world.worker, at=held)
    correct_return(
        episode=interview.episode, returned_at=Moment(BACK + timedelta(hours=2)), reason="The carer's log", by=world.worker, at=held
    )
    with acting_as(world.interviewer, held):
        judged = ReturnInterview.objects.get()
        assert (judged.timeliness, judged.timeliness_at_first) == ("in_time", "late")
        assert Clock.objects.get(limit="return_interview").outcome == Clock.Outcome.IN_TIME


def test_an_episode_recorded_in_error_is_withdrawn_with_its_clock_and_alert() -> None:
    world = make_world()
    interview = returned(world)
    withdraw_episode(episode=interview.episode, reason="The same report twice", by=world.coordinator, at=AFTER)
    with acting_as(world.coordinator, AFTER):
        assert Clock.objects.get(limit="return_interview").outcome == Clock.Outcome.STOPPED
        assert Task.objects.get(clock__limit="return_interview").state == Task.State.NOT_NEEDED


def test_missing_response_ends_72_hours_after_the_return() -> None:
    world = make_world()
    returned(world)
    with acting_as(world.police, BACK + timedelta(hours=71)):
        assert Episode.objects.exists()
    with acting_as(world.police, BACK + timedelta(hours=73)):
        assert not Episode.objects.exists()


def test_somebody_who_knows_the_family_is_shut_out_at_once() -> None:
    world = make_world()
    declare_connection(child=world.child, by=world.worker, at=NOW)
    with acting_as(world.worker, LATER) as subject:
        assert not type(world.child).objects.visible_to(subject).exists()


def test_an_alert_is_acknowledged_a_call_written_down_and_a_reason_given() -> None:
    world = make_world()
    episode = reported(world)
    with acting_as(world.coordinator, NOW):
        alert = Alert.objects.get(about_id=episode.pk)
    call = record_call(alert=alert, answer=Notice.Answer.NO_ANSWER, by=world.coordinator, at=LATER)
    assert call.channel == Notice.Channel.TELEPHONE
    alert = acknowledge_alert(alert=alert, by=world.police, at=LATER)
    assert (alert.acknowledged_by, alert.climbs_at) == (world.police, None)
    record_return(episode=episode, returned_at=Moment(BACK), by=world.worker, at=BACK)
    late = BACK + timedelta(hours=80)
    with acting_as(world.worker, late):
        clock, task = Clock.objects.get(limit="return_interview"), Task.objects.get(clock__limit="return_interview")
    with pytest.raises(Invalid, match="has not been missed"):
        give_missed_reason(clock=clock, reason=MissedReason.OTHER, by=world.worker, at=BACK)
    assert give_missed_reason(clock=clock, reason=MissedReason.OUT_OF_AREA, by=world.worker, at=late).missed_reason == "out_of_area"
    with pytest.raises(Invalid, match="ends by itself"):
        complete_task(task=task, by=world.worker, at=late)


def test_a_photograph_is_made_anew_and_what_is_none_is_refused() -> None:
    world = make_world()
    episode = reported(world)
    sent = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at a secret place"
    Image.new("RGB", (2000, 1000), "teal").save(sent, "JPEG", exif=exif)
    sent.seek(0)
    kept = add_photograph(episode=episode, photograph=sent, by=world.coordinator, at=LATER)
    assert (kept.width, kept.height) == (1200, 600)
    assert b"secret place" not in bytes(kept.image)
    for bad in (b"not a picture", b"GIF89a" + b"\x00" * 50, b"\x89PNG\r\n\x1a\n" + b"\x00" * 20):
        with pytest.raises(Invalid, match="JPEG or a PNG"):
            add_photograph(episode=episode, photograph=BytesIO(bad), by=world.coordinator, at=LATER)


@pytest.mark.parametrize("who", ["coordinator", "police"])
def test_the_report_is_corrected_by_those_too_who_do_not_read_the_chronology(who: str) -> None:
    world, rang = make_world(), NOW - timedelta(minutes=20)
    episode = reported(world)
    correct_report(episode=episode, reported=Moment(rang), reason="The call log", by=getattr(world, who), at=LATER)
    with acting_as(world.worker, LATER):
        told = Entry.objects.get(kind="report_corrected")
        assert told.corrects_id == Episode.objects.get().entry_id
        assert {clock.started_by_id for clock in Clock.objects.filter(about_id=episode.pk)} == {told.pk}
