"""The return interview that is owed keeps in step, whoever records the episode (real-life.md point 5: emergency duty writes the return)."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from atlas.agencies.models import TeamPurpose
from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.gate.policy import Kind
from atlas.missing.commands.back import correct_return, interview_of, record_return
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.models import ReturnInterview
from atlas.missing.workflow import InterviewState
from tests import factories
from tests.factories import NOW
from tests.guards.test_pages import AGAIN, held
from tests.missing.test_spine import BACK, reported
from tests.world import make_world

pytestmark = pytest.mark.django_db


def test_whoever_answers_at_night_or_for_the_police_may_record_a_return_correct_it_and_report_again_without_reading_the_interview() -> None:
    """What follows for the interview follows all the same: it is owed, it is due anew, it says *missing again before we met*."""
    world = make_world()
    team = factories.team("Emergency duty", TeamPurpose.EMERGENCY_DUTY)
    night = factories.post("emergency_duty", of=team)
    factories.duty(Kind.EMERGENCY_DUTY, world.authority, team=team)
    factories.shift(night, BACK.date(), hours=72)
    for post, child in ((night, world.child), (world.police, factories.child("Robin Rowan"))):
        episode = report_missing(child=child, report=Report(reported=Moment(NOW)), by=post, at=NOW)
        episode = record_return(episode=episode, returned_at=Moment(BACK), by=post, at=BACK)
        with acting_as(post, BACK):
            assert not ReturnInterview.objects.exists()
        with acting_as(world.coordinator, BACK):
            owed = ReturnInterview.objects.get(episode=episode)
            assert (owed.state, owed.due_at, owed.return_team) == (InterviewState.DUE, BACK + timedelta(hours=72), post.team)
        earlier = BACK - timedelta(hours=1)
        episode = correct_return(episode=episode, returned_at=Moment(earlier), reason="The carer's log", by=post, at=BACK)
        with acting_as(world.coordinator, BACK):
            owed.refresh_from_db()
            assert (owed.due_at, owed.returned_at) == (earlier + timedelta(hours=72), earlier)
        again = BACK + timedelta(hours=5)
        report_missing(child=child, report=Report(reported=Moment(again)), by=post, at=again)
        with acting_as(world.coordinator, again):
            owed.refresh_from_db()
            assert owed.state == InterviewState.MISSING_AGAIN


def test_a_return_is_not_corrected_by_somebody_who_cannot_read_the_interview_that_it_judges() -> None:
    world = make_world()
    interview = held(world)
    with pytest.raises(Invalid, match="has been held already"):
        correct_return(episode=interview.episode, returned_at=Moment(NOW + timedelta(hours=3)), reason="x", by=world.police, at=AGAIN)
    with acting_as(world.coordinator, AGAIN):
        assert ReturnInterview.objects.get(pk=interview.pk).returned_at == BACK


def test_nobody_adds_an_interview_that_is_not_new_by_recording_a_return() -> None:
    world = make_world()
    episode = reported(world)
    with acting_as(world.coordinator, NOW):
        made = interview_of(episode, Moment(NOW), world.police, NOW, is_historic=False)
    made.held_at = made.returned_at = NOW
    with acting_as(world.police, NOW), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        ReturnInterview.objects.bulk_create([made], ignore_conflicts=True)
