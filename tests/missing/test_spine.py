"""The thin line: reported missing, back, a clock, an interview held in time, and the measure, through the gate."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.gate.context import acting_as
from atlas.gate.models import Look
from atlas.missing.codes import OfferAnswer, OfferMethod
from atlas.missing.commands.back import record_return
from atlas.missing.commands.offer import offer_interview
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.talk import Conversation, record_interview
from atlas.missing.models import Episode, ReturnInterview
from atlas.missing.workflow import EpisodeState, InterviewState
from atlas.tasks.models import Alert, Task
from tests.factories import NOW
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
BACK = NOW + timedelta(hours=5)
COMPLETE = Conversation(
    texts={"places_answer": "none_said", "people_answer": "did_not_want_to_say", "help_words": "Somewhere quiet to go."},
    answers={"push": ["P15"], "with": ["W02"], "harm": ["none_said"]},
)


def reported(world: World) -> Episode:
    """The child is reported missing by the coordinator."""
    return report_missing(
        child=world.child, report=Report(reported=Moment(NOW), worry="Not home from school"), by=world.coordinator, at=NOW
    )


def returned(world: World) -> ReturnInterview:
    """The child is back five hours later; the interview owed."""
    episode = record_return(episode=reported(world), returned_at=Moment(BACK), by=world.worker, at=BACK)
    with acting_as(world.interviewer, BACK):
        return ReturnInterview.objects.select_related("episode").get(episode=episode)


def test_report_opens_missing_response_and_raises_an_alert() -> None:
    world = make_world()
    episode = reported(world)
    with acting_as(world.police, NOW + timedelta(minutes=1)) as subject:
        assert Episode.objects.visible_to(subject).get() == episode
        assert Alert.objects.visible_to(subject).get().acknowledged_at is None
    with acting_as(world.stranger, NOW + timedelta(minutes=1)) as subject:
        assert not Episode.objects.visible_to(subject).exists()
        assert not Episode.objects.exists()


def test_return_starts_the_clock_and_gives_the_task_to_the_interview_team() -> None:
    world = make_world()
    interview = returned(world)
    with acting_as(world.interviewer, BACK + timedelta(minutes=1)) as subject:
        clock = Clock.objects.visible_to(subject).get(limit="return_interview")
        assert clock.due_at == clock.due_latest_at == BACK + timedelta(hours=72)
        assert Task.objects.visible_to(subject).get(clock=clock).owner_team == world.interviewer.team
    assert interview.state == InterviewState.DUE


def test_interview_held_in_time_stops_the_clock() -> None:
    world = make_world()
    interview = returned(world)
    day_after = BACK + timedelta(hours=20)
    offer_interview(
        interview=interview,
        offered_at=Moment(day_after),
        method=OfferMethod.TELEPHONE,
        answer=OfferAnswer.YES,
        by=world.interviewer,
        at=day_after,
    )
    held = BACK + timedelta(hours=71, minutes=59)
    interview = record_interview(interview=interview, conversation=COMPLETE, held_at=Moment(held), by=world.interviewer, at=held)
    assert (interview.state, interview.timeliness, interview.independence) == (InterviewState.HELD, "in_time", "passes")
    with acting_as(world.interviewer, held):
        assert Clock.objects.get(limit="return_interview").outcome == Clock.Outcome.IN_TIME


@pytest.mark.parametrize(("hours", "seconds", "judged"), [(72, 0, "in_time"), (72, 1, "late"), (71, 0, "in_time"), (100, 0, "late")])
def test_interview_is_judged_at_the_boundary(hours: int, seconds: int, judged: str) -> None:
    world = make_world()
    held = BACK + timedelta(hours=hours, seconds=seconds)
    interview = record_interview(interview=returned(world), conversation=COMPLETE, held_at=Moment(held), by=world.interviewer, at=held)
    assert interview.timeliness == judged


def test_pages_of_the_line_answer_and_the_look_is_written(signed_in: Any) -> None:
    world = make_world()
    interview = returned(world)
    later = BACK + timedelta(minutes=5)
    client = signed_in(world.interviewer, later)
    for name, pk in (
        ("missing:view_interview", interview.pk),
        ("missing:view_episode", interview.episode_id),
        ("missing:record_interview", interview.pk),
    ):
        answer = client.get(reverse(name, args=[pk]))
        assert answer.status_code == 200, (name, answer.headers, answer.content[:600])
        assert world.child.name in answer.content.decode()
    with acting_as(world.interviewer, later):
        look = Look.objects.filter(page="view_interview").get()
        assert look.children == [world.child.pk]
        assert look.through == ["return_interview"]


def test_a_stranger_gets_not_found_and_the_refusal_is_kept(signed_in: Any) -> None:
    world = make_world()
    episode = reported(world)
    answer = signed_in(world.stranger, NOW).get(reverse("missing:view_episode", args=[episode.pk]))
    assert answer.status_code == 404
    assert "This is not a check that nothing is known" in answer.content.decode()
    assert world.child.name not in answer.content.decode()
    assert episode.state == EpisodeState.MISSING
