"""A child and family assessment and its two clocks: kept here where Atlas is master, mirrored where the main case system is."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.contacts.codes import Level, Outcome
from atlas.contacts.commands.assessing import (
    Finding,
    authorise_assessment,
    extend_assessment,
    record_child_seen,
    review_assessment,
    start_assessment,
)
from atlas.contacts.commands.mirrored import finish_mirrored
from atlas.contacts.models import Assessment, AssessmentExtension
from atlas.feeds.commands.delivery import receive_delivery
from atlas.feeds.commands.master import set_master
from atlas.feeds.rules import Mastered, System
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.statuses.commands.record import Said, record_status
from atlas.statuses.models import Spell
from atlas.tasks.models import Task
from tests import factories
from tests.contacts.given import Door, door
from tests.factories import NOW, at
from tests.feeds.test_deliveries import main_system

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
FOUND = Finding(Assessment.Outcome.CHILD_IN_NEED, ("24A",), "He is used to carry things. His mother wants help.")


@pytest.fixture
def there() -> Door:
    return door()


@pytest.fixture
def kept_here(there: Door) -> Door:
    officer = factories.post("data_officer", of=factories.team("Data"))
    set_master(authority=there.world.authority, record=Mastered.ASSESSMENT, system=System.ATLAS, by=officer, at=NOW)
    return there


def begun(there: Door) -> Assessment:
    """The front door decided that an assessment follows, a day after the contact came."""
    made = there.decided(NOW, outcome=Outcome.ASSESSMENT, level=Level.FOUR)
    with acting_as(there.world.worker, LATER):
        return Assessment.objects.get(contact=made.contact)


def test_it_begins_with_the_decision_and_its_clock_with_the_referral(kept_here: Door) -> None:
    assessment = begun(kept_here)
    with acting_as(kept_here.world.worker, LATER):
        clocks = {clock.limit: clock for clock in Clock.objects.filter(about_id=assessment.pk)}
        # 45 working days from Tuesday 5 May: Monday 25 May is a bank holiday.
        assert clocks["assessment_finished"].due_at == at("8 July 2026 23:59") + timedelta(seconds=59)
        assert clocks["assessment_review"].due_at == at("19 May 2026 23:59") + timedelta(seconds=59)
        assert {task.owner_post for task in Task.objects.filter(about_id=assessment.pk)} == {kept_here.world.worker}
    with pytest.raises(Invalid, match="open already"):
        start_assessment(child=kept_here.world.child, by=kept_here.world.worker, at=LATER)


def test_from_start_to_authorisation(kept_here: Door) -> None:
    world = kept_here.world
    assessment = begun(kept_here)
    worker: dict[str, Any] = {"by": world.worker, "at": LATER}
    with pytest.raises(Invalid, match="not seen yet"):
        authorise_assessment(assessment=assessment, finding=FOUND, by=world.manager, at=LATER)
    for said, seen_at, words in (("still to come", Moment(LATER + timedelta(hours=1)), "x"), ("what the child said", Moment(NOW), " ")):
        with pytest.raises(Invalid, match=said):
            record_child_seen(assessment=assessment, seen_at=seen_at, seen_alone=True, words=words, **worker)
    record_child_seen(assessment=assessment, seen_at=Moment(LATER), seen_alone=True, words="I want him to stop waiting for me.", **worker)
    with pytest.raises(Invalid, match="what you agreed"):
        review_assessment(assessment=assessment, words=" ", **worker)
    review_assessment(assessment=assessment, words="See the mother this week.", **worker)
    for said, given in (("why it takes longer", (" ", date(2026, 7, 20))), ("still to come", ("She is away", date(2026, 5, 1)))):
        with pytest.raises(Invalid, match=said):
            extend_assessment(assessment=assessment, reason=given[0], until_on=given[1], by=world.manager, at=LATER)
    with pytest.raises(Refused):
        extend_assessment(assessment=assessment, reason="x", until_on=date(2026, 7, 20), **worker)
    extend_assessment(assessment=assessment, reason="The mother is in hospital.", until_on=date(2026, 7, 20), by=world.manager, at=LATER)
    with acting_as(world.worker, LATER):  # nothing pauses it
        assert Clock.objects.get(limit="assessment_finished").due_at == at("8 July 2026 23:59") + timedelta(seconds=59)
        assert AssessmentExtension.objects.get().reason == "The mother is in hospital."
    for said, finding in (
        ("what the assessment found", Finding(FOUND.outcome, ("24A",), " ")),
        ("None of these", Finding(FOUND.outcome, (), "x")),
    ):
        with pytest.raises(Invalid, match=said):
            authorise_assessment(assessment=assessment, finding=finding, by=world.manager, at=LATER)
    with pytest.raises(Refused):
        authorise_assessment(assessment=assessment, finding=FOUND, **worker)
    authorise_assessment(assessment=assessment, finding=FOUND, by=world.manager, at=LATER)
    with acting_as(world.worker, LATER):
        assert set(Clock.objects.filter(about_id=assessment.pk).values_list("outcome", flat=True)) == {"in_time"}
        assessment.refresh_from_db()
    with pytest.raises(Invalid, match="authorised already"):
        review_assessment(assessment=assessment, words="Once more", **worker)


def test_a_worker_starts_one_and_another_person_authorises_it(kept_here: Door) -> None:
    world = kept_here.world
    mine = start_assessment(child=world.child, by=world.manager, at=NOW)
    record_child_seen(
        assessment=mine, seen_at=Moment(NOW), seen_alone=False, words="His aunt stayed: he asked for it.", by=world.manager, at=NOW
    )
    with pytest.raises(Invalid, match="started this assessment yourself"):
        authorise_assessment(assessment=mine, finding=FOUND, by=world.manager, at=NOW)
    with pytest.raises(Refused):
        start_assessment(child=world.child, by=world.stranger, at=NOW)


def test_where_the_main_system_is_master_it_is_started_there_and_mirrored(there: Door, signed_in: Any) -> None:
    world, feed = there.world, factories.feed_post()
    made = there.decided(NOW, outcome=Outcome.ASSESSMENT, level=Level.FOUR)
    with pytest.raises(Invalid, match="kept in the main case system"):
        start_assessment(child=world.child, by=world.worker, at=NOW)
    with acting_as(world.worker, NOW):
        assert not Assessment.objects.exists()
        task = Task.objects.get(name__startswith="Start the child and family assessment in the main")
        assert task.owner_post == world.worker
        assert task.due_at == at("8 July 2026 23:59") + timedelta(seconds=59)
    for key, started, ended, status in (
        ("ssd_cin_episodes:1", date(2026, 1, 5), None, "referral"), ("ssd_cin_assessments:1", date(2026, 1, 12), date(2026, 3, 20), "assessment"),
    ):  # fmt: skip
        said = Said(Spell, key, started, ended, NOW, (("status", status),))
        record_status(child=world.child, said=said, by=feed, at=NOW)
    page = signed_in(world.worker, NOW).get(reverse("contacts:view_screening", args=[world.child.pk])).content.decode()
    assert "Started 12 January 2026, referred 5 January 2026: authorised 20 March 2026" in page
    assert "past" in page  # 45 working days from 5 January end on 9 March
    assert "From the main system, as at" in page
    assert reverse("contacts:view_contact", args=[made.contact_id]) in page
    assert "Start an assessment" not in page


def test_authorised_in_the_main_system_its_clock_stops_here(there: Door, tmp_path: Path) -> None:
    there.decided(NOW, outcome=Outcome.ASSESSMENT, level=Level.FOUR)
    child, feed = there.world.child, factories.feed_post()
    officer = factories.post("data_officer", of=factories.team("Data"))
    tables: dict[str, Any] = {"ssd_version_log": [["n"], ["1"]], "ssd_person": [["pers_person_id"], ["P9"]]}
    delivery = receive_delivery(
        file=main_system(tmp_path, "1.zip", **tables), layout="ssd", authority=there.world.authority, carried_by=feed, as_at=LATER, is_partial=True,
        by=officer, at=LATER,
    )  # fmt: skip
    for number, started, ended in ((1, date(2026, 1, 12), date(2026, 3, 20)), (2, date(2026, 5, 6), None)):
        said = Said(Spell, f"ssd_cin_assessments:{number}", started, ended, LATER, (("status", "assessment"),))
        spell = record_status(child=child, said=said, by=feed, at=LATER)
    finish_mirrored(delivery=delivery, by=feed, at=LATER)
    with acting_as(there.world.worker, LATER):
        assert Clock.objects.get(limit="assessment_finished").outcome == "running"  # one from before, and one still open
    over = LATER + timedelta(days=40)
    with acting_as(feed, over):
        type(spell).objects.filter(pk=spell.pk).update(until_on=date(2026, 6, 12))
    finish_mirrored(delivery=delivery, by=feed, at=over)
    with acting_as(there.world.worker, over):
        assert Clock.objects.get(limit="assessment_finished").outcome == "in_time"
        assert not Task.objects.filter(name__startswith="Start the child and family", state="open").exists()


def test_the_pages_of_an_assessment(kept_here: Door, signed_in: Any) -> None:
    assessment, world = begun(kept_here), kept_here.world
    client = signed_in(world.worker, LATER)
    shown = client.get(reverse("contacts:view_assessment", args=[assessment.pk])).content.decode()
    assert "The child was seen" in shown
    assert "Authorise it" not in shown
    page = reverse("contacts:record_child_seen", args=[assessment.pk])
    given = {"seen_alone": "yes", "words": "I want it to stop.", "key": "s" * 36}
    wrong = client.post(page, given | {"seen_at_0": "31", "seen_at_1": "2", "seen_at_2": "2026"})
    assert wrong.status_code == 422
    assert "I want it to stop." in wrong.content.decode()
    given |= {"seen_at_0": "5", "seen_at_1": "5", "seen_at_2": "2026", "seen_at_3": "11:00", "seen_at_4": "minute"}
    told = client.post(page, given | {"words": "She told me of the assault in May."})
    assert told.status_code == 422  # asked once, in plain words, and nothing typed is lost
    assert all(words in told.content.decode() for words in ("ring 999", "She told me of the assault in May."))
    assert client.post(page, given).status_code == 302
    manager = signed_in(world.manager, LATER)
    page = reverse("contacts:authorise_assessment", args=[assessment.pk])
    done = manager.post(page, {"analysis": "He is used.", "factors": ["24A"], "outcome": "child_in_need", "key": "z" * 36})
    assert done.status_code == 302
    assert "Child criminal exploitation" in manager.get(done["Location"]).content.decode()
