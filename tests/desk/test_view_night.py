"""The night page, and ringing down the ladder: for one person with a telephone at two in the morning (real-life.md point 5)."""

from datetime import timedelta
from typing import Any

import pytest

from atlas.agencies.models import AgencyKind, Post, Shift, Team, TeamPurpose
from atlas.agencies.queries import rota
from atlas.children.commands import Reach, record_contact_detail
from atlas.gate.commands import declare_connection
from atlas.gate.context import acting_as
from atlas.gate.policy import Kind
from atlas.missing.commands.trigger import write_trigger_plan
from atlas.people.models import ContactKind
from atlas.sealed.commands import seal_set
from atlas.tasks.commands import record_call
from atlas.tasks.models import Alert, Notice
from atlas.tasks.queries import calls_about, next_to_ring, ring_list
from tests import factories
from tests.desk.test_pages import asked_by
from tests.factories import NOW
from tests.missing.test_spine import reported
from tests.tasks.test_tick import telephone
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=20)


def night_worker(world: World) -> Post:
    """Somebody of emergency duty, on the rota from now on until the morning after."""
    team = factories.team("Emergency duty", TeamPurpose.EMERGENCY_DUTY)
    post = factories.post("emergency_duty", of=team, telephone="07700 900123")
    factories.duty(Kind.EMERGENCY_DUTY, world.authority, team=team)
    Shift.objects.create(post=post, team=team, from_at=NOW, until_at=NOW + timedelta(hours=16))
    return post


def test_the_night_page_says_who_is_missing_whom_to_ring_and_who_is_on_call_now_and_next(signed_in: Any) -> None:
    world = make_world()
    night, relief = night_worker(world), factories.post("emergency_duty", of=factories.team("Emergency duty"))
    Shift.objects.create(post=relief, team=relief.team, from_at=NOW + timedelta(hours=16), until_at=NOW + timedelta(hours=30))
    Team.objects.filter(pk=relief.team_id).update(telephone="020 7946 0302")
    telephone(world.worker)
    record_contact_detail(
        child=world.child, reach=Reach(ContactKind.TELEPHONE, "07700 900555"), source="main case system", by=factories.feed_post(), at=NOW
    )
    client = signed_in(night, LATER)
    assert "No child whom you may see is missing now" in client.get("/view_night/").content.decode()
    reported(world)
    assert "No trigger plan is written" in client.get("/view_night/").content.decode()
    agreed = {"kept_by": "parent", "keeper_words": "Mother, 07700 900777", "made_with": "child", "reach_words": "A text from Nan"}
    write_trigger_plan(child=world.child, words=agreed, by=world.worker, at=NOW)
    page = client.get("/view_night/").content.decode()
    for words in (
        "A text from Nan", "07700 900777",
        "Ring 999 or 101", world.child.name, "Police not yet rung", "Nobody has acknowledged this alert yet", 'href="tel:07700900555"',
        'href="tel:07700900111"', "Now: <strong>" + night.user.name, "Next: <strong>" + relief.user.name, "020 7946 0302", "020 7946 0100",
    ):  # fmt: skip
        assert words in page, words
    seal_set(child=world.child, kind="location", values={"address": "A refuge"}, by=world.worker, at=NOW)
    page = client.get("/view_night/").content.decode()
    assert "07700 900555" not in page  # while where the child lives is sealed, no number that could say it
    assert "07700 900777" not in page
    assert "Sealed" in page
    assert world.child.name not in signed_in(relief, LATER).get("/view_night/").content.decode()  # on the rota, and not yet on
    asked = asked_by(signed_in(night, LATER), "/view_night/")
    assert len(asked) <= 16, "\n".join(sql[:140] for sql in asked)


def test_who_covers_stands_among_the_numbers_to_ring_for_a_worker_who_is_away(signed_in: Any) -> None:
    world = make_world()
    night, cover = night_worker(world), factories.post("practitioner", of=world.worker.team, telephone="07700 900222")
    telephone(world.worker)
    reported(world)
    leave = Shift.objects.create(
        post=world.worker, team=world.worker.team, from_at=NOW, until_at=NOW + timedelta(days=1), is_leave=True, covered_by=cover
    )
    page = signed_in(night, LATER).get("/view_night/").content.decode()
    assert f"{cover.user.name}, covers for {world.worker.user.name}" in page and "away until 6 May 2026 10:00" in page
    assert "07700 900222" in page and "07700 900111" not in page
    Shift.objects.filter(pk=leave.pk).update(covered_by=None)
    assert world.worker.user.name not in signed_in(night, LATER).get("/view_night/").content.decode()


def test_the_rota_leaves_out_leave_another_authority_and_whoever_has_left() -> None:
    world = make_world()
    night = night_worker(world)
    other = factories.agency("Stowbridge Council", AgencyKind.COUNCIL, of=factories.authority("Stowbridge"))
    away, gone, theirs = (
        factories.post("emergency_duty", of=team)
        for team in (night.team, night.team, factories.team("Night", TeamPurpose.EMERGENCY_DUTY, of=other))
    )
    for post, is_leave in ((away, True), (gone, False), (theirs, False)):
        Shift.objects.create(post=post, team=post.team, from_at=NOW, until_at=NOW + timedelta(hours=8), is_leave=is_leave)
    Post.objects.filter(pk=gone.pk).update(until_on=NOW.date() - timedelta(days=1))
    assert [[shift.post for shift in one.now] for one in rota([world.authority], LATER)] == [[night]]
    [after] = rota([world.authority], NOW - timedelta(hours=1))
    assert (after.now, [shift.post for shift in after.next]) == ([], [night])


def test_rang_no_answer_rang_next_is_two_taps_and_the_ladder_goes_on(signed_in: Any) -> None:
    world = make_world()
    night, deputy = night_worker(world), factories.post("practitioner", of=factories.team("Safeguarding 1"), telephone="07700 900222")
    Post.objects.filter(pk=world.worker.pk).update(deputy=deputy, line_manager=world.manager)
    Shift.objects.create(post=world.worker, team=world.worker.team, from_at=NOW, until_at=NOW + timedelta(days=1), is_leave=True)
    telephone(world.worker)
    telephone(world.manager, "020 7946 0303")
    reported(world)
    with acting_as(night, LATER):
        alert = Alert.objects.get()
        Alert.objects.update(rung=1, climbs_at=LATER + timedelta(minutes=9))
    page, client = f"/tasks/alert/{alert.pk}/record_call/", signed_in(night, LATER)
    for post, words in ((deputy, "07700 900222"), (world.manager, "020 7946 0303")):
        shown = client.get(page).content.decode()
        assert f"Ring now: {post.user.name}" in shown
        assert words in shown
        assert "07700 900111" not in shown  # on leave: passed over, and so is whoever rings
        answer = client.post(page, {"to": str(post.pk), "answer": "no_answer"})
        assert (answer.status_code, answer.headers["Location"]) == (302, page)
    shown = client.get(page).content.decode()
    assert "Ring now: Fernleigh: the number that is always answered" in shown
    assert "rang, no answer" in shown
    with acting_as(night, LATER):
        alert = Alert.objects.get()
        assert alert.climbs_at == LATER  # tick tells the next rung now, not in nine minutes
        calls = Notice.objects.filter(channel=Notice.Channel.TELEPHONE).order_by("told_at", "pk")
        assert {(call.to_post, call.recorded_by, call.rung) for call in calls} == {(deputy, night, 1), (world.manager, night, 1)}
    assert client.post(page, {"to": "staffed", "answer": "reached"}).headers["Location"] == "/"
    assert client.post(page, {"to": "staffed"}).status_code == 422


def test_whoever_is_shut_out_is_never_to_be_rung_and_a_call_on_the_last_rung_is_kept() -> None:
    world = make_world()
    night = night_worker(world)
    telephone(world.worker)
    declare_connection(child=world.child, by=world.worker, at=NOW)
    reported(world)
    with acting_as(night, LATER):
        alert = Alert.objects.select_related("authority").get()
        Alert.objects.update(rung=5, climbs_at=None)
        listed = ring_list(alert, LATER, calls_about(alert), night)
        assert world.worker not in [one.post for one in listed]
        assert next_to_ring(listed).number == "020 7946 0100"
    call = record_call(alert=alert, answer=Notice.Answer.NO_ANSWER, by=night, at=LATER)
    assert (call.rung, call.to_words) == (4, "Fernleigh, the number that is always answered (020 7946 0100)")
    with acting_as(night, LATER):
        assert Alert.objects.get().climbs_at is None
