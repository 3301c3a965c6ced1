"""The steps while a child is missing: a default that an authority changes, one clock at a time, ticked by people, late ones alerted by tick."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.chronology.moments import Moment
from atlas.clocks.commands import set_local_limit
from atlas.clocks.models import Clock
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.missing.codes import CouncilStatus, HowTold
from atlas.missing.commands.back import record_return
from atlas.missing.commands.episode import record_council_status
from atlas.missing.commands.step import take_step
from atlas.missing.commands.telling import do_not_tell_parent, let_parent_be_told, record_told
from atlas.missing.models import Episode, PersonTold, StepTaken
from atlas.missing.rules.steps import STEP, is_out_of_hours, steps_for, why_meet_at_once
from atlas.missing.rules.telling import Facts, must_be_told
from atlas.statuses.rules import Fits, is_gap, powers
from atlas.tasks.models import Alert, Task
from atlas.tick import tick
from tests import factories
from tests.factories import NOW, at
from tests.missing.test_spine import BACK, reported
from tests.tasks.test_tick import service
from tests.world import World, make_world

SOON = NOW + timedelta(minutes=20)
LATE = NOW + timedelta(hours=2)


def running(world: World, when: Any) -> list[str]:
    """The steps whose clock runs."""
    with acting_as(world.coordinator, when):
        return list(Clock.objects.filter(outcome="running", limit__in=STEP).order_by("due_at").values_list("limit", flat=True))


@pytest.mark.parametrize(
    ("when", "is_out"),
    [
        ("5 May 2026 07:59", True),
        ("5 May 2026 08:00", False),
        ("5 May 2026 17:59", False),
        ("5 May 2026 18:00", True),
        ("4 May 2026 12:00", True),
    ],
)
def test_out_of_hours_the_first_answer_has_longer(when: str, is_out: bool) -> None:
    assert is_out_of_hours(at(when)) is is_out  # 4 May 2026 is a bank holiday
    keys = {step.key for step in steps_for(at(when))}
    assert ("step_answered_night" in keys, "step_answered" in keys) == (is_out, not is_out)


def test_why_a_strategy_meeting_is_held_at_once() -> None:
    assert why_meet_at_once(grade="MED", age=14, has_marker=False, risk_factors=["bail"]) == []
    assert len(why_meet_at_once(grade="HIGH", age=12, has_marker=True, risk_factors=["disability", "exploitation"])) == 4
    assert why_meet_at_once(grade="", age=None, has_marker=False, risk_factors=["exploitation"]) == ["exploitation known or suspected"]


@pytest.mark.parametrize(
    ("codes", "age", "fits", "gap"),
    [
        # recovery order, section 49, section 2, warning notice, rescue alert
        ({"C2"}, 17, ("Fits", "Fits", "Does not fit", "Fits", "Fits"), False),
        ({"C1"}, 14, ("Fits", "Fits", "Fits", "Fits", "Fits"), False),
        ({"L1"}, 16, ("Fits", "Fits", "Does not fit", "Take legal advice", "Fits"), False),
        ({"V2"}, 16, ("Does not fit", "Does not fit", "Does not fit", "Does not fit", "Fits"), True),
        (set(), 15, ("Does not fit", "Does not fit", "Fits", "Fits", "Fits"), False),
        (set(), 17, ("Does not fit", "Does not fit", "Does not fit", "Does not fit", "Fits"), True),
        ({"J1"}, 17, ("Take legal advice", "Take legal advice", "Does not fit", "Take legal advice", "Fits"), False),
        ({"E1"}, 9, ("Take legal advice", "Take legal advice", "Fits", "Fits", "Fits"), False),
    ],
)
def test_legal_powers_follow_age_and_legal_status_and_a_gap_is_said(codes: set[str], age: int, fits: tuple[str, ...], gap: bool) -> None:
    assert tuple(str(one.fits) for one in powers(frozenset(codes), age)) == fits
    assert is_gap(frozenset(codes), age) is gap
    assert powers(frozenset(), None)[2].fits is Fits.UNKNOWN


def test_who_must_be_told_follows_what_is_known_and_asks_the_rest() -> None:
    alone = {one.key: one.is_asked for one in must_be_told(Facts())}
    assert alone == {"police": False, "parent": False, "social_worker": False, "legal_services": True, "youth_justice": True, "nrm": True}
    facts = Facts(frozenset({"child_protection"}), frozenset({"C1"}), frozenset({"K2"}), True, 15, frozenset({"bail"}))
    told = {one.key: one.is_asked for one in must_be_told(facts)}
    assert {"reviewing_officer", "host_authority", "other_force", "plan_manager", "designated_nurse"} <= set(told)
    assert not told["legal_services"] and not told["youth_justice"] and told["regulator"]
    assert len(must_be_told(facts)) == len(told)


@pytest.mark.django_db
def test_a_step_is_ticked_and_the_next_clock_begins_until_the_child_is_known_to_be_somewhere_or_back() -> None:
    world = make_world()
    episode = reported(world)
    assert running(world, NOW) == ["step_plan"]
    for words, moment in (("still to come", LATE), ("before the child", NOW - timedelta(hours=1))):
        with pytest.raises(Invalid, match=words):
            take_step(episode=episode, step="step_plan", taken_at=moment, by=world.coordinator, at=SOON)
    with pytest.raises(Invalid, match="what was decided, and why"):
        take_step(episode=episode, step="step_strategy", by=world.manager, at=SOON)
    with pytest.raises(Refused):
        take_step(episode=episode, step="step_plan", by=world.stranger, at=SOON)
    take_step(episode=episode, step="step_plan", by=world.coordinator, at=SOON)
    take_step(episode=episode, step="step_carer", by=world.worker, at=SOON)
    assert running(world, SOON) == ["step_answered"]
    record_council_status(episode=episode, status=CouncilStatus.AWAY, changed_at=SOON, by=world.coordinator, at=SOON)
    assert running(world, SOON) == []
    record_council_status(episode=episode, status=CouncilStatus.MISSING, changed_at=SOON, by=world.coordinator, at=SOON)
    assert running(world, SOON) == ["step_answered"]
    record_return(episode=episode, returned_at=Moment(BACK), by=world.coordinator, at=BACK)
    with acting_as(world.coordinator, BACK):
        assert running(world, BACK) == []
        assert not Task.objects.filter(clock__limit__in=STEP, state="open").exists()
        assert list(StepTaken.objects.order_by("step").values_list("step", flat=True)) == ["step_carer", "step_plan"]
        assert {"in_time", "stopped"} == set(Clock.objects.filter(limit__in=STEP).values_list("outcome", flat=True))


def test_tick_alerts_the_owner_of_a_late_step_and_begins_the_next(own_database: Any) -> None:
    world = make_world()
    head = factories.post("head_of_service", of=factories.team("Leadership"))
    type(world.manager).objects.filter(pk=world.manager.pk).update(line_manager=head)
    reported(world)
    by = service()
    own_database("tick")
    for hours in (2, 5, 13, 25, 49):
        tick(by=by, at=NOW + timedelta(hours=hours))
    own_database("app")
    with acting_as(world.manager, NOW + timedelta(hours=50)):
        owners = [
            (one.limit, one.tasks.get().owner_post or one.tasks.get().owner_team) for one in Clock.objects.order_by("due_at", "limit")
        ]
        late = Alert.objects.filter(reason="clock_missed").count()
    assert owners == [
        ("step_plan", world.missing_team), ("step_answered", world.missing_team), ("step_list", world.missing_team),
        ("step_strategy", world.manager), ("step_meeting", head), ("step_assistant", head),
    ]  # fmt: skip
    assert late == 5


@pytest.mark.django_db
def test_an_authority_sets_its_own_time_for_a_step_from_tomorrow_on() -> None:
    world = make_world()
    head = factories.post("head_of_service", of=factories.team("Leadership"))
    tomorrow = (NOW + timedelta(days=1)).date()
    given = {"authority": world.authority, "count": 30, "unit": "hour", "source": "Fernleigh protocol, 2026", "by": head, "at": NOW}
    set_local_limit(limit="step_plan", valid_from=tomorrow, **given)  # type: ignore[arg-type]
    when = NOW + timedelta(days=1)
    from atlas.missing.commands.report import Report, report_missing

    episode = report_missing(child=world.child, report=Report(reported=Moment(when), worry="Not home"), by=world.coordinator, at=when)
    with acting_as(world.coordinator, when):
        assert Clock.objects.get(about_id=episode.pk).limit == "step_carer"  # now the nearest
    take_step(episode=episode, step="step_carer", by=world.coordinator, at=when)


@pytest.mark.django_db
def test_people_are_told_and_a_parent_is_not_while_a_manager_says_so(signed_in: Any) -> None:
    world = make_world()
    episode = reported(world)
    reason = "An uncle whom the child fears lives with the father."
    with pytest.raises(Refused):
        do_not_tell_parent(episode=episode, whom="Father", reason=reason, by=world.worker, at=SOON)
    with pytest.raises(Invalid, match="reason in full"):
        do_not_tell_parent(episode=episode, whom="Father", reason="Unsafe", by=world.manager, at=SOON)
    decision = do_not_tell_parent(episode=episode, whom="Father", reason=reason, by=world.manager, at=SOON)
    with pytest.raises(Invalid, match="not told yet"):
        record_told(episode=episode, who="parent", name="Father", how=HowTold.TELEPHONE, by=world.worker, at=SOON)
    record_told(episode=episode, who="social_worker", name="Sam", how=HowTold.MESSAGE, by=world.coordinator, at=SOON)
    with pytest.raises(Invalid, match="name of whoever"):
        record_told(episode=episode, who="nrm", name=" ", how=HowTold.MESSAGE, by=world.coordinator, at=SOON)
    page = signed_in(world.police, SOON).get(reverse("missing:view_episode", args=[episode.pk])).content.decode()
    assert reason in page and "Take legal advice" in page and "Product default, not law" in page
    assert "let_parent_be_told" not in page  # a manager lifts it
    let_parent_be_told(decision=decision, because="He was met, and is not with the uncle", by=world.manager, at=SOON)
    with pytest.raises(Invalid, match="lifted already"):
        let_parent_be_told(decision=decision, because="Again", by=world.manager, at=SOON)
    record_told(episode=episode, who="parent", name="Father", how=HowTold.TELEPHONE, by=world.worker, at=SOON)
    with acting_as(world.worker, SOON):
        assert Episode.objects.get().parent_told_at == SOON
        assert set(PersonTold.objects.values_list("who", flat=True)) == {"parent", "social_worker"}
    for post, name, sent, status in (
        (world.coordinator, "take_step/step_list/", {"key": "a"}, 302),
        (world.coordinator, "take_step/step_strategy/", {"key": "b"}, 422),
        (world.coordinator, "take_step/nothing/", {"key": "c"}, 404),
        (world.coordinator, "record_told/nrm/", {"key": "d", "how": "telephone"}, 422),
    ):
        assert signed_in(post, SOON).post(f"/missing/episode/{episode.pk}/{name}", sent).status_code == status, name
