"""The morning list: what happened overnight is taken over by a named worker of the day, or climbs (real-life.md point 5)."""

from datetime import timedelta
from typing import Any

import pytest

from atlas.agencies.models import Post
from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.missing.codes import ContactKind
from atlas.missing.commands.back import record_return
from atlas.missing.commands.episode import record_contact_or_sighting
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.models import Episode
from atlas.tasks.commands import accept_overnight, acknowledge_alert, record_call
from atlas.tasks.models import Alert, Notice, OvernightLine
from atlas.tick import tick
from tests import factories
from tests.desk.test_pages import asked_by
from tests.desk.test_view_night import night_worker
from tests.factories import NOW, at
from tests.missing.test_spine import reported, returned
from tests.tasks.test_tick import OVERDUE, service
from tests.world import World, make_world

GONE, SEEN, BACK = at("5 May 2026 23:40"), at("6 May 2026 01:15"), at("6 May 2026 04:10")
MORNING, TEN = at("6 May 2026 08:05"), at("6 May 2026 10:01")


def a_night(world: World) -> tuple[Episode, Post]:
    """The child is reported missing at 23:40, an alert rung and taken, seen, and back at 04:10: all by the night worker."""
    night = night_worker(world)
    episode = report_missing(child=world.child, report=Report(reported=Moment(GONE), worry="Not home"), by=night, at=GONE)
    with acting_as(night, GONE):
        alert = Alert.objects.select_related("authority").get()
    record_call(alert=alert, answer=Notice.Answer.NO_ANSWER, to_post=world.worker, by=night, at=GONE)
    acknowledge_alert(alert=alert, by=night, at=GONE)
    seen = {"kind": ContactKind.SIGHTING, "happened_at": Moment(SEEN), "source": "A bus driver", "place": "Station"}
    record_contact_or_sighting(episode=episode, by=night, at=SEEN, **seen)  # type: ignore[arg-type]
    return record_return(episode=episode, returned_at=Moment(BACK), by=night, at=BACK), night


def test_the_morning_list_says_what_happened_and_a_named_worker_takes_it_over_once(signed_in: Any, db: None) -> None:
    world = make_world()
    a_night(world)
    early = signed_in(world.worker, BACK + timedelta(minutes=5)).get("/view_morning/").content.decode()
    assert "The night is not over" in early
    page = signed_in(world.worker, MORNING).get("/view_morning/").content.decode()
    for words in ("Morning list of 6 May 2026", "Reported missing", "rang, no answer", "is acting on it", "Contact or sighting", "Returned",
                  "1 child waits", "Nobody has taken this over yet", "Safeguarding 1, "):  # fmt: skip
        assert words in page, words
    assert "Station" not in page
    with acting_as(world.worker, MORNING):
        line = OvernightLine.objects.order_by("noted_at", "pk").first()
        assert line is not None
    with pytest.raises(Invalid, match="The night is not over"):
        accept_overnight(line=line, by=world.worker, at=BACK)
    for post in (world.stranger, world.police):  # the one does not see the child; the other's is not the day's work
        with pytest.raises(Refused):
            accept_overnight(line=line, by=post, at=MORNING)
    assert signed_in(world.worker, MORNING).post(f"/tasks/overnight/{line.pk}/accept_overnight/", {}).status_code == 302
    with pytest.raises(Invalid, match="taken this over already"):
        accept_overnight(line=line, by=world.coordinator, at=MORNING)
    client = signed_in(world.coordinator, MORNING)
    page = client.get("/view_morning/").content.decode()
    assert f"(taken over by {world.worker.user.name}, 6 May 2026 08:05)" in page
    assert "All of it has been taken over" in page
    assert "Nothing was written down" in client.get("/view_morning/?on=2026-05-05").content.decode()
    for odd in ("1066-10-14", "x", "2040-12-31"):
        assert client.get(f"/view_morning/?on={odd}").status_code == 200, odd
    asked = asked_by(client, "/view_morning/")
    assert len(asked) <= 12, "\n".join(sql[:140] for sql in asked)


def test_what_the_worker_wrote_down_and_what_happened_by_day_is_no_news(db: None) -> None:
    world = make_world()
    reported(world)  # at 10:00
    with acting_as(world.worker, MORNING):
        assert not OvernightLine.objects.exists()
    other = make_world_child(world)
    report_missing(child=other, report=Report(reported=Moment(GONE), worry="Not home"), by=world.worker, at=GONE)
    with acting_as(world.worker, MORNING):
        assert not OvernightLine.objects.exists()


def make_world_child(world: World) -> Any:
    """Another child of the same worker."""
    from atlas.allocation.commands import record_allocation

    child = factories.child("Robin Rowan")
    when = NOW - timedelta(days=30)
    record_allocation(child=child, post=world.worker, from_at=Moment(when), by=factories.feed_post(), at=when)
    return child


def test_what_nobody_took_over_by_ten_becomes_one_alert_that_taking_over_settles(own_database: Any) -> None:
    world, by = make_world(), service()
    a_night(world)
    own_database("tick")
    assert tick(by=by, at=MORNING).not_taken_over == 0
    assert [tick(by=by, at=TEN).not_taken_over for _ in range(2)] == [1, 0]
    own_database("app")
    with acting_as(world.worker, TEN):
        alert = Alert.objects.get(reason=Alert.Reason.NOT_TAKEN_OVER)
        assert Notice.objects.filter(alert=alert, to_post=world.worker, rung=0).exists()
        line = OvernightLine.objects.get(pk=str(alert.about_id))
    accept_overnight(line=line, by=world.worker, at=TEN)
    with acting_as(world.worker, TEN):
        alert.refresh_from_db()
        assert (alert.acknowledged_by, alert.climbs_at) == (world.worker, None)
        assert not OvernightLine.objects.filter(accepted_at=None).exists()


def test_a_time_limit_that_passes_at_night_waits_for_the_morning(own_database: Any) -> None:
    world, by = make_world(), service()
    returned(world)
    night = OVERDUE.replace(hour=23)
    own_database("tick")
    tick(by=by, at=night)
    own_database("app")
    with acting_as(world.coordinator, night):
        [line] = OvernightLine.objects.all()
        assert (line.what, line.owner_team) == ("A time limit has passed: Return interview", world.interviewer.team)
