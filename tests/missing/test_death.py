"""A death stops every clock, task, alert, text and link in the transaction that records it, and a record says why."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Relationship
from atlas.missing.commands.death import LOOK_AGAIN, record_death, take_back_death
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.models import Episode, ReturnInterview
from atlas.missing.workflow import EpisodeState, InterviewState
from atlas.people.models import Person
from atlas.sharing import guest
from atlas.systems.commands import let_system_act
from atlas.systems.jobs import _sees
from atlas.tasks.jobs import _is_still_told
from atlas.tasks.models import Alert, OvernightLine, Task
from tests import factories
from tests.feeds.nights import PERSONS, Nights
from tests.missing.test_spine import BACK, returned
from tests.sharing.guest_drill import ask
from tests.systems.given import Key, connected_system
from tests.world import make_world

pytestmark = pytest.mark.django_db
LATER = BACK + timedelta(hours=2)


def test_everything_that_was_to_come_stops_at_once_and_the_record_says_why() -> None:
    world = make_world()
    interview = returned(world)
    asked = ask(world, at=LATER)
    episode = report_missing(child=world.child, report=Report(reported=Moment(LATER), worry="Not home"), by=world.coordinator, at=LATER)
    feed = factories.feed_post()
    with acting_as(feed, LATER):
        alert = Alert.objects.filter(acknowledged_at=None).first()
        assert alert is not None
    assert _is_still_told(str(alert.pk), str(world.coordinator.pk)) is True
    with pytest.raises(Refused):
        record_death(child=world.child, died_on=LATER.date(), by=world.worker, at=LATER)
    with pytest.raises(Invalid, match="still to come"):
        record_death(child=world.child, died_on=(LATER + timedelta(days=2)).date(), by=feed, at=LATER)
    record_death(child=world.child, died_on=LATER.date(), by=feed, at=LATER)
    record_death(child=world.child, died_on=LATER.date(), by=feed, at=LATER)  # the next night says it again
    with acting_as(feed, LATER):
        assert Entry.objects.get(kind=Kind.DIED).words.startswith("From the main case system. Clocks, tasks, alerts")
        assert not Clock.objects.filter(outcome="running").exists()
        assert not Task.objects.filter(state="open").exists()
        assert not Alert.objects.filter(acknowledged_at=None).exists()
        assert not OvernightLine.objects.filter(accepted_at=None).exists()
        ended = Episode.objects.get(pk=episode.pk)
        assert (ended.state, ended.ended_because, ended.returned) == (EpisodeState.ENDED, "died", None)
        closed = ReturnInterview.objects.get(pk=interview.pk)
        assert (closed.state, closed.closed_because) == (InterviewState.CLOSED, "died")
        assert Relationship.objects.filter(source_id=episode.pk, until_at=None).count() == 0
    # What was on its way stands still: a text, and the link of somebody without an account.
    assert _is_still_told(str(alert.pk), str(world.coordinator.pk)) is False
    guest.keep_code(asked.token_hash, "123456", LATER, {"network": "192.0.2.0/24"})
    assert guest.prove(asked.token_hash, "123456", LATER) is None
    with pytest.raises(Invalid, match="has died"):
        report_missing(child=world.child, report=Report(reported=Moment(LATER)), by=world.coordinator, at=LATER)


def test_no_system_is_told_of_a_child_who_has_died(signed_in: Any) -> None:
    world = make_world()
    interview, feed = returned(world), factories.feed_post()
    grant = let_system_act(system=connected_system(world.worker.team.agency, Key(), at=LATER), by=world.worker, at=LATER)
    assert _sees(grant, "missing.ReturnInterview", str(interview.pk), LATER)
    record_death(child=world.child, died_on=LATER.date(), by=feed, at=LATER)
    assert not _sees(grant, "missing.ReturnInterview", str(interview.pk), LATER)
    page = signed_in(world.worker, LATER).get(f"/child/{world.child.pk}/").content.decode()
    assert "Died 5 May 2026" in page and "Report missing" not in page


def test_the_main_case_system_says_it_and_takes_it_back(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    columns = [*PERSONS, "pers_death_date"]
    nights.deliver(ssd_person=[columns, ["P1", "Rowan", "Sample", "01/02/2012", "", ""]])
    nights.deliver(ssd_person=[columns, ["P1", "Rowan", "Sample", "01/02/2012", "", "06/05/2026"]])
    with nights.seen():
        assert str(Person.objects.get(child__name="Rowan Sample").died_on) == "2026-05-06"
        assert Act.objects.filter(command="record_death", outcome="done").count() == 1
    nights.deliver(ssd_person=[PERSONS, ["P1", "Rowan", "Sampler", "01/02/2012", ""]])  # a delivery without the column takes nothing back
    with nights.seen():
        assert Person.objects.get(child__name="Rowan Sampler").died_on is not None
    other = ["P2", "Alex", "Ordinary", "03/04/2013", "", "01/05/2026"]
    nights.deliver(ssd_person=[columns, ["P1", "Rowan", "Sample", "01/02/2012", "", ""], other])
    with nights.seen():
        assert Person.objects.get(child__name="Rowan Sample").died_on is None
        assert Task.objects.get(name=LOOK_AGAIN).state == Task.State.OPEN
    take_back_death(child=nights.child(), by=factories.feed_post(), at=nights.later)  # nothing to take back
