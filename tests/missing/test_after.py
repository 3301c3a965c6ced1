"""After a return: the police's prevention interview, repeats with the count that met them, and the drawn quality check."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.missing.codes import Audience, ClosedBecause, PreventionMode, Wish, YesNo
from atlas.missing.commands.after import Seen, check_quality, decide_repeat, record_prevention_interview
from atlas.missing.commands.back import record_found, record_return
from atlas.missing.commands.offer import close_interview
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.step import take_step
from atlas.missing.commands.talk import finish_sharing, record_interview, share_part
from atlas.missing.models import Episode, QualityCheck, RepeatTrigger, ReturnInterview, StepTaken
from atlas.missing.rules.quality import POINTS, RATE, is_drawn
from atlas.missing.rules.repeats import Past, met
from atlas.tasks.models import Task
from tests.factories import NOW
from tests.missing.test_spine import BACK, COMPLETE, reported, returned
from tests.world import World, make_world

AFTER = BACK + timedelta(hours=2)
SEEN = Seen(PreventionMode.IN_PERSON, "PC Ashdown, Northmarch", YesNo.YES, YesNo.NO, YesNo.UNKNOWN, said="I was cold.")


def past(*days_and_hours: tuple[float, float | None]) -> list[Past]:
    """Episodes so many days ago, each of so many hours."""
    return [
        Past(UUID(int=number), NOW - timedelta(days=days), None if hours is None else timedelta(hours=hours))
        for number, (days, hours) in enumerate(days_and_hours)
    ]


@pytest.mark.parametrize(
    ("episodes", "has_plan", "rules"),
    [
        (past((0, None)), False, set()),
        (past((0, None), (400, 5)), False, {"plan"}),
        (past((0, None), (400, 5)), True, set()),
        (past((0, 25)), False, {"plan_long"}),
        (past((0, 24)), False, set()),  # more than 24 hours
        (past((0, 1), (1, 1), (30, 1)), True, {"thirty", "ninety"}),
        (past((0, 1), (1, 1), (30.1, 1)), True, {"ninety"}),
        (past((0, 1), (1, 1), (90.1, 1)), True, set()),
        (past((0, 1), (1, 30), (89, 30)), True, {"ninety", "many_long"}),
        (past(*((day, 1) for day in (0, 31, 62, 80, 90))), True, {"ninety", "many"}),
        (past(*((day, 1) for day in (0, 100, 200, 300, 350, 365))), True, {"year"}),
    ],
)
def test_a_repeat_says_which_episodes_met_its_rule(episodes: list[Past], has_plan: bool, rules: set[str]) -> None:
    found = met(episodes, NOW, has_plan=has_plan)
    assert {rule.key for rule, _ in found} == rules
    assert all(len(counted) >= rule.count and "not law" in rule.basis for rule, counted in found)


def test_chance_draws_by_the_seed_alone() -> None:
    drawn = [is_drawn(UUID(int=number)) for number in range(4000)]
    assert drawn == [is_drawn(UUID(int=number)) for number in range(4000)]
    assert abs(sum(drawn) / 4000 - RATE) < 0.03
    assert drawn != [is_drawn(UUID(int=number), seed="another") for number in range(4000)]


@pytest.mark.django_db
def test_the_police_see_the_child_on_return_and_ask_for_advice_before_detailed_talk(signed_in: Any) -> None:
    world = make_world()
    episode = reported(world)
    with pytest.raises(Invalid, match="still recorded as missing"):
        record_prevention_interview(episode=episode, seen=SEEN, held_at=Moment(BACK), by=world.police, at=BACK)
    record_found(episode=episode, found_at=Moment(BACK), by=world.police, at=BACK)
    harmed = Seen(PreventionMode.IN_PERSON, "PC Ashdown", YesNo.YES, YesNo.YES, YesNo.YES)
    with pytest.raises(Invalid, match="Still needed"):
        record_prevention_interview(episode=episode, seen=harmed, held_at=Moment(BACK), by=world.police, at=BACK)
    with pytest.raises(Invalid, match="still to come"):
        record_prevention_interview(episode=episode, seen=SEEN, held_at=Moment(AFTER), by=world.police, at=BACK)
    record_prevention_interview(episode=episode, seen=SEEN, held_at=Moment(BACK), by=world.police, at=BACK)
    page = signed_in(world.coordinator, AFTER).get(reverse("missing:view_episode", args=[episode.pk])).content.decode()
    assert "I was cold." in page and "It is not the return interview." in page
    address = reverse("missing:record_prevention_interview", args=[episode.pk])
    assert signed_in(world.police, AFTER).post(address, {"key": "k", "said": "Kept words"}).status_code == 422
    take_step(episode=episode, step="duty_visit", words="Seen at home, alone", by=world.worker, at=AFTER)
    with acting_as(world.worker, AFTER):
        assert StepTaken.objects.get().step == "duty_visit"


@pytest.mark.django_db
def test_repeats_are_asked_once_and_a_manager_decides() -> None:
    world = make_world()
    for day in range(3):
        when = NOW + timedelta(days=day)
        episode = report_missing(child=world.child, report=Report(reported=Moment(when), worry="Late"), by=world.coordinator, at=when)
        record_return(episode=episode, returned_at=Moment(when + timedelta(hours=1)), by=world.coordinator, at=when + timedelta(hours=2))
    last = NOW + timedelta(days=3)
    with acting_as(world.manager, last):
        fired = {one.rule: one for one in RepeatTrigger.objects.all()}
        assert set(fired) == {"plan", "thirty", "ninety"}
        assert fired["thirty"].episodes == list(Episode.objects.order_by("reported_at").values_list("pk", flat=True))
        assert Task.objects.filter(name__startswith="Missing again", state="open").count() == 2  # two episodes each asked something new
    with pytest.raises(Refused):
        decide_repeat(trigger=fired["plan"], words="Written", by=world.worker, at=last)
    with pytest.raises(Invalid, match="what was decided"):
        decide_repeat(trigger=fired["plan"], words=" ", by=world.manager, at=last)
    for one in fired.values():
        decide_repeat(trigger=one, words="A meeting on Friday", by=world.manager, at=last)
    with pytest.raises(Invalid, match="already"):
        decide_repeat(trigger=fired["plan"], words="Again", by=world.manager, at=last)
    with acting_as(world.manager, last):
        assert not Task.objects.filter(name__startswith="Missing again", state="open").exists()


def closed(world: World) -> ReturnInterview:
    """A held interview that was passed on and closed."""
    interview = returned(world)
    record_interview(interview=interview, conversation=COMPLETE, held_at=Moment(AFTER), by=world.interviewer, at=AFTER)
    for audience in (Audience.SOCIAL_WORKER, Audience.POLICE):
        share_part(
            interview=interview,
            audience=audience,
            words="Help",
            wish=Wish.YES,
            is_shared=True,
            passed_to="X",
            by=world.interviewer,
            at=AFTER,
        )
    finish_sharing(interview=interview, by=world.interviewer, at=AFTER)
    return close_interview(interview=interview, because=ClosedBecause.SHARED, by=world.coordinator, at=AFTER)


@pytest.mark.django_db
def test_a_drawn_interview_is_checked_by_the_coordinator_and_shown_to_nobody_else(signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    monkeypatch.setattr("atlas.missing.commands.after.is_drawn", lambda pk: True)
    closed(world)
    with acting_as(world.coordinator, AFTER):
        check = QualityCheck.objects.get()
        assert check.drawn_words == "seed 2026, one in 5"
    points = dict.fromkeys(POINTS, "yes") | {"harm": "partly"}
    with pytest.raises(Refused):
        check_quality(check=check, points=points, by=world.manager, at=AFTER)
    with pytest.raises(Invalid, match="each of the five"):
        check_quality(check=check, points=points | {"harm": ""}, by=world.coordinator, at=AFTER)
    queue, form = reverse("missing:view_quality_checks"), reverse("missing:check_quality", args=[check.pk])
    client = signed_in(world.coordinator, AFTER)
    assert form in client.get(queue).content.decode()
    assert client.post(form, {**points, "key": "q"}).status_code == 302
    shown = client.get(queue).content.decode()
    assert "None waits to be checked." in shown and world.interviewer.user.name in shown
    with pytest.raises(Invalid, match="already"):
        check_quality(check=check, points=points, by=world.coordinator, at=AFTER)
    for post in (world.manager, world.interviewer):
        assert signed_in(post, AFTER).get(queue).status_code == 404
