"""What follows with time: overdue clocks raise alerts, alerts climb past the absent to a staffed number; never lost, never doubled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from atlas.agencies.models import Post, Shift, TeamPurpose
from atlas.allocation.commands import record_allocation
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.gate.commands import declare_connection
from atlas.gate.context import acting_as
from atlas.gate.policy import Kind
from atlas.missing.commands.back import record_return
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.models import Episode
from atlas.missing.overdue import begin_next_steps
from atlas.running.models import Beat
from atlas.tasks.commands import acknowledge_alert
from atlas.tasks.models import Alert, Notice
from atlas.tasks.notices import tell_rung
from atlas.tasks.rules import LADDER
from atlas.tick import tick
from tests import factories
from tests.factories import NOW
from tests.missing.test_spine import BACK, reported, returned
from tests.world import World, make_world

OVERDUE = BACK + timedelta(hours=72, minutes=1)


def service() -> Post:
    """The named service post for tick."""
    post = factories.post("tick", of=factories.team("Systems"))
    Post.objects.filter(pk=post.pk).update(is_service=True)
    return Post.objects.select_related("user", "team").get(pk=post.pk)


def telephone(post: Post, number: str = "07700 900111") -> None:
    type(post.user).objects.filter(pk=post.user_id).update(telephone=number, email="sample@example.org")


def test_an_overdue_clock_raises_one_alert_however_often_tick_runs(own_database: Any) -> None:
    world, by = make_world(), service()
    returned(world)
    own_database("tick")
    assert tick(by=by, at=BACK + timedelta(hours=71)).overdue == 0
    assert tick(by=by, at=OVERDUE).overdue == 1
    assert tick(by=by, at=OVERDUE).overdue == 0
    own_database("app")
    with acting_as(world.coordinator, OVERDUE):
        assert Alert.objects.filter(reason=Alert.Reason.CLOCK_MISSED).count() == 1
        assert Clock.objects.get(limit="return_interview").overdue_noticed_at == OVERDUE


def test_tick_sees_clocks_tasks_and_alerts_and_no_child(own_database: Any) -> None:
    world, by = make_world(), service()
    returned(world)
    own_database("tick")
    with acting_as(by, OVERDUE), connection.cursor() as cursor:
        assert Clock.objects.filter(limit="return_interview").count() == 1
        for table in ("children_child", "people_name", "missing_episode", "chronology_entry"):
            cursor.execute("SELECT has_table_privilege(current_user, %s, 'SELECT')", [table])
            assert cursor.fetchone() == (False,)


def test_an_alert_climbs_the_ladder_past_the_absent_and_ends_at_a_staffed_number(own_database: Any) -> None:
    world, by = make_world(), service()
    telephone(world.worker)
    reported(world)
    Shift.objects.create(post=world.worker, team=world.worker.team, from_at=NOW, until_at=NOW + timedelta(days=3), is_leave=True)
    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    own_database("tick")
    told: list[int] = []
    at = NOW
    for _ in range(12):
        told.append(tick(by=by, at=at).notices)
        at += timedelta(minutes=31)
    own_database("app")
    with acting_as(world.coordinator, at):
        alert = Alert.objects.get(reason=Alert.Reason.CHILD_MISSING)
        notices = list(Notice.objects.filter(alert=alert).order_by("rung"))
    assert (alert.rung, alert.climbs_at) == (len(LADDER), None)
    assert {notice.to_post_id for notice in notices} == {world.manager.pk, None}
    assert "020 7946 0100" in notices[-1].to_words
    assert all(world.child.name not in notice.to_words + notice.reference for notice in notices)


def test_duty_where_the_child_lives_is_told_of_a_child_whom_another_authority_placed_there(own_database: Any) -> None:
    """At night the child is looked for from there; the authority that placed the child has nobody on its rota here."""
    world, by = make_world(), service()
    child = factories.child("Robin Borderer", of=factories.authority("Southmere"), host=world.authority)
    night = factories.post("emergency_duty", of=factories.team("Emergency duty", TeamPurpose.EMERGENCY_DUTY))
    factories.duty(Kind.EMERGENCY_DUTY, world.authority, team=night.team)
    factories.shift(night, NOW.date())
    report_missing(child=child, report=Report(reported=Moment(NOW)), by=world.coordinator, at=NOW)
    own_database("tick")
    tick(by=by, at=NOW)
    own_database("app")
    with acting_as(night, NOW):
        assert {notice.to_post for notice in Notice.objects.all()} == {night}
    for post, lives_in in ((night, world.authority.pk), (world.stranger, None)):  # nobody else learns from it where a child lives
        with acting_as(post, NOW), connection.cursor() as cursor:
            cursor.execute("SELECT gate_lives_in(%s)", [child.pk])
            assert cursor.fetchone() == (lives_in,)
    factories.guard(child, "restricted", world.coordinator)
    with acting_as(night, NOW + timedelta(minutes=1)), connection.cursor() as cursor:
        cursor.execute("SELECT gate_lives_in(%s)", [child.pk])
        assert cursor.fetchone() == (None,)


def test_an_acknowledged_alert_climbs_no_further(own_database: Any) -> None:
    world, by = make_world(), service()
    reported(world)
    own_database("tick")
    tick(by=by, at=NOW)
    own_database("app")
    with acting_as(world.coordinator, NOW):
        alert = Alert.objects.get(reason=Alert.Reason.CHILD_MISSING)
    acknowledge_alert(alert=alert, by=world.coordinator, at=NOW)
    own_database("tick")
    assert tick(by=by, at=NOW + timedelta(minutes=59)).climbed == 0  # until the first step is late


def test_the_deputy_is_told_for_somebody_who_is_away(own_database: Any) -> None:
    world, by = make_world(), service()
    deputy = factories.post("practitioner", of=factories.team("Safeguarding 1"))
    Post.objects.filter(pk=world.worker.pk).update(deputy=deputy)
    Shift.objects.create(post=world.worker, team=world.worker.team, from_at=NOW, until_at=NOW + timedelta(days=1), is_leave=True)
    reported(world)
    own_database("tick")
    tick(by=by, at=NOW + timedelta(minutes=1))
    own_database("app")
    with acting_as(world.coordinator, NOW + timedelta(hours=1)):
        assert Notice.objects.get(channel=Notice.Channel.SCREEN).to_post == deputy


def test_nobody_is_told_of_a_child_who_is_shut_to_them_and_the_next_is_told_at_once(own_database: Any) -> None:
    """The worker knows the family: the alert does not wait a quarter of an hour for somebody who cannot open it."""
    world, by = make_world(), service()
    telephone(world.worker)
    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    declare_connection(child=world.child, by=world.worker, at=NOW)
    reported(world)
    own_database("tick")
    tick(by=by, at=NOW)
    own_database("app")
    with acting_as(world.coordinator, NOW):
        assert {notice.to_post for notice in Notice.objects.all()} == {world.manager}


def test_an_alert_about_a_guarded_child_reaches_those_on_the_list_and_else_the_staffed_number_at_once(own_database: Any) -> None:
    world, by = make_world(), service()
    reported(world)
    factories.guard(world.child, "restricted", world.coordinator)
    own_database("tick")
    tick(by=by, at=NOW)
    own_database("app")
    with acting_as(world.coordinator, NOW):
        assert [(notice.to_post, notice.rung) for notice in Notice.objects.all()] == [(None, len(LADDER) - 1)]
    factories.shift(world.coordinator, NOW.date())
    with acting_as(factories.feed_post(), NOW):
        Alert.objects.update(rung=1, climbs_at=NOW)
    own_database("tick")
    tick(by=by, at=NOW)
    own_database("app")
    with acting_as(world.coordinator, NOW):
        assert world.coordinator in {notice.to_post for notice in Notice.objects.filter(rung=1)}


def test_two_ticks_at_once_after_an_outage_lose_nothing_and_double_nothing(own_database: Any) -> None:
    world, by = make_world(), service()
    for _ in range(3):
        _another(world)
    own_database("tick")
    late = OVERDUE + timedelta(days=9)

    def run(_: int) -> int:
        from django.db import connections

        try:
            return tick(by=by, at=late).overdue
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(run, range(2))) == 3
    own_database("app")
    with acting_as(world.coordinator, late):
        assert Alert.objects.filter(reason=Alert.Reason.CLOCK_MISSED).count() == 3


def _another(world: World) -> None:
    from atlas.chronology.moments import Moment
    from atlas.missing.commands.back import record_return
    from atlas.missing.commands.report import Report, report_missing

    child = factories.child(f"Rowan Sample{factories.NOW.minute}{id(object())}")
    episode = report_missing(child=child, report=Report(reported=Moment(NOW)), by=world.coordinator, at=NOW)
    record_return(episode=episode, returned_at=Moment(BACK), by=world.coordinator, at=BACK)


def test_a_step_that_fails_stops_no_other_and_leaves_no_beat(own_database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world, by = make_world(), service()
    telephone(world.worker)
    reported(world)
    own_database("tick")

    def fails(*_: Any) -> Any:
        return Alert.objects.raw("SELECT 1/0 AS id")[0]

    monkeypatch.setattr("atlas.tick.keep_shelf", fails)
    with pytest.raises(ExceptionGroup, match="steps of tick failed"):
        tick(by=by, at=NOW + timedelta(minutes=1))
    with acting_as(by, NOW):
        assert Notice.objects.filter(to_post=world.worker).exists()
    with pytest.raises(CommandError, match="steps of tick failed"):
        call_command("tick")
    assert not Beat.objects.exists()
    monkeypatch.undo()
    call_command("tick")
    assert Beat.objects.get().name == "tick"


def test_an_alert_that_cannot_climb_stops_no_other(own_database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (world, other), by = two_missing(), service()
    monkeypatch.setattr("atlas.tick.tell_rung", odd_for(lambda alert, *_: alert.child_id == other.pk, tell_rung))
    own_database("tick")
    for minutes in (1, 2):
        at = NOW + timedelta(minutes=minutes)
        with pytest.raises(ExceptionGroup) as failed:
            tick(by=by, at=at)
        assert [str(one) for one in failed.value.exceptions] == ["1 alerts could not go on"]
        with acting_as(by, at):
            assert {alert.child_id for alert in Alert.objects.filter(rung__gt=0)} == {world.child.pk}
    monkeypatch.undo()
    assert tick(by=by, at=at).notices
    with acting_as(by, at):
        assert {alert.child_id for alert in Alert.objects.filter(rung__gt=0)} == {world.child.pk, other.pk}


def test_a_clock_of_which_no_alert_can_be_raised_stops_no_other(own_database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (world, other), by = two_missing(), service()
    with acting_as(world.coordinator, BACK):
        episodes = list(Episode.objects.all())
    for episode in episodes:
        record_return(episode=episode, returned_at=Moment(BACK), by=world.worker, at=BACK)
    monkeypatch.setattr(
        "atlas.tick.begin_next_steps", odd_for(lambda clocks, _: other.pk in {one.child_id for one in clocks}, begin_next_steps)
    )
    own_database("tick")
    for _ in range(2):
        with pytest.raises(ExceptionGroup) as failed:
            tick(by=by, at=OVERDUE)
        assert [str(one) for one in failed.value.exceptions] == ["1 clocks could not go on"]
        with acting_as(by, OVERDUE):
            assert Alert.objects.get(reason=Alert.Reason.CLOCK_MISSED).child_id == world.child.pk
    monkeypatch.undo()
    assert tick(by=by, at=OVERDUE).overdue == 1
    with acting_as(by, OVERDUE):
        assert Alert.objects.filter(reason=Alert.Reason.CLOCK_MISSED).count() == 2


def two_missing() -> tuple[World, Child]:
    """Two missing children of one worker."""
    world, other = make_world(), factories.child("Robin Sample")
    telephone(world.worker)
    record_allocation(child=other, post=world.worker, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
    for child in (world.child, other):
        report_missing(child=child, report=Report(reported=Moment(NOW)), by=world.coordinator, at=NOW)
    return world, other


def odd_for(is_odd: Callable[..., bool], does: Callable[..., Any]) -> Callable[..., Any]:
    """The same, that fails for one."""

    def done(*given: Any) -> Any:
        if is_odd(*given):
            raise ValueError("odd")
        return does(*given)

    return done
