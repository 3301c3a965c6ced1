"""Direct work serves a line of the plan, holds the child's words, and asks the plan when it lapses (practice.md 5.4; real-life.md 10, 25)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import AgencyKind, Post
from atlas.allocation.commands import record_allocation
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.directwork.commands import SessionGiven, WorkPlanned, end_programme, record_session, start_programme
from atlas.directwork.models import DirectWorkSession, Programme
from atlas.directwork.queries import heard, lines_to_serve
from atlas.directwork.rules import Advocate, Interpreter, Met, Outcome, has_lapsed
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.plans.models import PlanLine, SafetyPlan
from atlas.sharing.commands.copies import answer_child, record_child_words
from atlas.sharing.models import ChildWords
from atlas.tasks.models import Task
from tests import factories
from tests.factories import NOW
from tests.plans.given import agreed
from tests.sharing.test_copies_given import record
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=7)
HELD = SessionGiven(
    Moment(LATER - timedelta(hours=2)), place="The park", done="Walked the way home and marked where it feels safe.", took_words="I can go by the shops.",
    took_part_words="It was okay. Better than sitting.", advocate=Advocate.NO_FOR_NOW, next_words="The bus.",
)  # fmt: skip
NOT_MET = SessionGiven(Moment(LATER - timedelta(hours=2)), met=Met.NOT_MET, not_met_words="He was at his nan's.")


@pytest.fixture
def world() -> World:
    made = make_world()
    agreed(made)
    return made


def line_of(world: World) -> PlanLine:
    """What the child does, as the plan says it."""
    with acting_as(world.worker, NOW):
        return SafetyPlan.objects.get().lines.get(section="child")


def begin(world: World, **given: Any) -> Programme:
    """Work on the way home."""
    usual = {
        "child": world.child, "line": line_of(world), "planned": WorkPlanned("He knows two safe ways home."), "worker": world.worker,
        "by": world.worker, "at": NOW,
    }  # fmt: skip
    return start_programme(**{**usual, **given})


def hold(world: World, programme: Programme, given: SessionGiven = HELD, by: Post | None = None, **said: Any) -> DirectWorkSession:
    """A session of it."""
    return record_session(programme=programme, given=replace(given, **said), by=by or world.worker, at=LATER)


@pytest.mark.parametrize(
    ("met", "lapsed"),
    [([], False), (["not_met"], False), (["not_met", "not_met"], True), (["not_met"] * 3, False), (["not_met", "held", "not_met"], False),
     (["held", "not_met", "not_met"], True)],
)  # fmt: skip
def test_work_lapses_at_the_second_time_in_a_row_and_once(met: list[str], lapsed: bool) -> None:
    assert has_lapsed(met) is lapsed


def test_a_programme_serves_a_line_that_stands_and_has_an_aim(world: World) -> None:
    line = line_of(world)
    with acting_as(world.worker, NOW):
        assert line in lines_to_serve(world.child)
    for bad in (
        {"planned": WorkPlanned(" ")},
        {"planned": WorkPlanned("Aim", planned=0)},
        {"child": factories.child("Birch Other"), "by": world.worker},
    ):
        with pytest.raises((Invalid, Refused)):
            begin(world, **bad)
    programme = begin(world)
    assert (programme.line_key, programme.line_words) == (line.key, line.words)
    for post in (world.stranger, world.coordinator, world.police, world.interviewer):
        with pytest.raises(Refused):
            begin(world, by=post)
    with acting_as(world.worker, LATER):
        assert Entry.objects.get(kind=Kind.DIRECT_WORK_STARTED).about_id == programme.pk


BAD = {
    "to come": {"happened_at": Moment(LATER + timedelta(hours=1))},
    "nothing done": {"done": " "},
    "no words of the child": {"took_words": ""},
    "nothing of how the child found it": {"took_part_words": ""},
    "no word on an advocate": {"advocate": ""},
    "a relative interpreted": {"interpreter": Interpreter.RELATED},
}


@pytest.mark.parametrize("what", BAD)
def test_a_session_that_is_not_whole_is_refused_in_words(world: World, what: str) -> None:
    with pytest.raises(Invalid):
        hold(world, begin(world), **BAD[what])  # type: ignore[arg-type]


def test_what_should_change_in_the_plan_is_a_task_for_whoever_works_with_the_child(world: World) -> None:
    programme = begin(world)
    hold(world, programme)
    with acting_as(world.worker, LATER):
        assert not Task.objects.filter(about_id=programme.pk).exists()
    hold(world, programme, plan_changes="The bus stop is not safe on Fridays.")
    with acting_as(world.worker, LATER):
        assert Task.objects.get(about_id=programme.pk).owner_post == world.worker
        assert list(DirectWorkSession.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_the_second_time_that_they_do_not_meet_asks_the_plan(world: World) -> None:
    programme = begin(world)
    hold(world, programme, NOT_MET)
    with acting_as(world.worker, LATER):
        assert not Entry.objects.filter(kind=Kind.DIRECT_WORK_LAPSED).exists()
    hold(world, programme, NOT_MET)
    with acting_as(world.worker, LATER):
        entry = Entry.objects.get(kind=Kind.DIRECT_WORK_LAPSED)
        assert entry.event == "EV-42"
        assert Clock.objects.get(about_id=entry.pk).limit == "plan_decision"
    hold(world, programme, NOT_MET)
    with acting_as(world.worker, LATER):
        assert Entry.objects.filter(kind=Kind.DIRECT_WORK_LAPSED).count() == 1


def test_an_aim_ends_with_its_outcome_and_the_child_s_words(world: World) -> None:
    programme = begin(world)
    given: dict[str, Any] = {
        "programme": programme, "outcome": Outcome.REACHED, "outcome_words": "He goes by the shops.", "outcome_child_words": "Yes.", "by": world.worker,
        "at": LATER,
    }  # fmt: skip
    for missing in ("outcome_words", "outcome_child_words"):
        with pytest.raises(Invalid):
            end_programme(**{**given, missing: " "})
    end_programme(**given)
    with acting_as(world.worker, LATER):
        assert Entry.objects.filter(kind=Kind.DIRECT_WORK_ENDED).exists()
        programme = Programme.objects.get()
    with pytest.raises(Invalid, match="ended already"):
        end_programme(**{**given, "programme": programme})
    with pytest.raises(Invalid, match="has ended"):
        hold(world, programme)
    stopped = begin(world)
    end_programme(**{**given, "programme": stopped, "outcome": Outcome.STOPPED})
    with acting_as(world.worker, LATER):
        assert Entry.objects.get(kind=Kind.DIRECT_WORK_LAPSED).event == "EV-42"


def test_a_voluntary_worker_who_is_allocated_writes_and_another_does_not(world: World) -> None:
    trust = factories.team("Lantern young people", of=factories.agency("Lantern Trust", AgencyKind.VOLUNTARY))
    mine, other = factories.post("voluntary_worker", of=trust), factories.post("voluntary_worker", of=trust)
    record_allocation(child=world.child, post=mine, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    programme = begin(world, worker=mine, by=mine)
    hold(world, programme, by=mine)
    with pytest.raises(Refused):
        hold(world, programme, by=other)


def test_you_said_we_did_gathers_what_the_child_said_anywhere(world: World) -> None:
    hold(world, begin(world), plan_changes="The shops, not the bus.")
    given = record(world)
    said = record_child_words(copy_given=given, kind=ChildWords.Kind.WORDS, words="I want Nan to come.", by=world.worker, at=NOW)
    answer_child(said=said, did="Nan works that day. We ask again in June.", is_acted_on=False, by=world.worker, at=LATER)
    with acting_as(world.worker, LATER) as subject:
        found = heard(subject, world.child)
    assert (found.versions, found.with_words) == (1, 1)
    told = {(one.said, one.label, one.came_of_it) for one in found.rows}
    assert ("I can go by the shops.", "For the plan", "The shops, not the bus. No new version of the plan has been agreed since.") in told
    assert ("I want Nan to come.", "Not acted on, because", "Nan works that day. We ask again in June.") in told
    assert any(words == "It is okay. I picked the word." and label == "The child agrees" for words, label, _ in told)
    with acting_as(world.worker, LATER):
        assert not any(one.waits for one in found.rows)


def test_the_pages_are_written_and_read(world: World, signed_in: Any) -> None:
    client = signed_in(world.worker, LATER)
    line = line_of(world)
    typed = {
        "line": str(line.pk), "aim": "Two safe ways home", "theme": "out", "tool": "map", "planned": "4", "worker": str(world.worker.pk), "speaks": "speech",
        "key": "k" * 36,
    }  # fmt: skip
    there = reverse("directwork:view_direct_work", args=[world.child.pk])
    assert client.post(reverse("directwork:start_programme", args=[world.child.pk]), typed).url == there
    with acting_as(world.worker, LATER):
        programme = Programme.objects.get()
    page = reverse("directwork:record_session", args=[programme.pk])
    assert "somebody who works with children" in client.get(page).content.decode()
    when = {"happened_at_0": "6", "happened_at_1": "5", "happened_at_2": "2026", "happened_at_3": "15:00", "happened_at_4": "minute"}
    typed = {
        "met": "held",
        **when,
        "done": "Walked",
        "took_words": "I know now",
        "took_part_words": "Fine",
        "advocate": "yes",
        "interpreter": "not_needed",
    }
    assert client.post(page, {**typed, "took_words": "", "key": "a" * 36}).status_code == 422
    assert client.post(page, {**typed, "key": "b" * 36}).url == there
    shown = client.get(there).content.decode()
    assert "“I know now”" in shown and "1 held" in shown
    assert "I know now" in client.get(reverse("directwork:view_you_said", args=[world.child.pk])).content.decode()
