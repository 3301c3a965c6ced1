"""Eighteen: nothing closes by itself, somebody decides who goes on (real-life.md 21)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.missing.commands.back import record_return
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.models import Episode, ReturnInterview
from atlas.missing.rules.eighteen import decide_at_once, decide_before_eighteen
from atlas.people.rules import adult_on, age_on
from atlas.tasks.models import Task
from atlas.tick import tick
from tests import factories
from tests.factories import NOW, at
from tests.tasks.test_tick import service
from tests.world import World, make_world

BORN = date(2008, 6, 30)  # 18 on 30 June 2026: 56 days after NOW
BIRTHDAY = at("30 June 2026 00:00")


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        ("3 December 2028 12:00", None),
        ("4 December 2028 12:00", (date(2029, 3, 4), date(2029, 2, 2))),  # 90 days before
        ("1 February 2029 12:00", (date(2029, 3, 4), date(2029, 2, 2))),
        ("2 February 2029 12:00", (date(2029, 3, 4), date(2029, 3, 3))),  # 30 days before: asked again
        ("3 March 2029 23:59", (date(2029, 3, 4), date(2029, 3, 3))),
        ("4 March 2029 00:01", None),
    ],
)
def test_before_eighteen_somebody_decides_who_goes_on(day: str, asked: tuple[date, date] | None) -> None:
    born, on = date(2011, 3, 4), at(day).date()
    assert decide_before_eighteen(born, on) == asked
    assert decide_at_once(born, on) == (asked or ((date(2029, 3, 4), on) if on >= date(2029, 3, 4) else None))


def test_somebody_born_on_29_february_is_18_on_1_march() -> None:
    leap = date(2008, 2, 29)
    assert adult_on(leap) == date(2026, 3, 1)
    assert (age_on(leap, date(2026, 2, 28)), age_on(leap, date(2026, 3, 1))) == (17, 18)
    assert decide_before_eighteen(leap, date(2026, 2, 20)) == (date(2026, 3, 1), date(2026, 2, 28))
    assert decide_before_eighteen(leap, date(2026, 2, 28)) == (date(2026, 3, 1), date(2026, 2, 28))


@pytest.mark.django_db
def test_missing_at_a_minute_to_midnight_before_eighteen_and_the_interview_is_still_owed() -> None:
    world = make_world()
    child = factories.child("Elm Almost", born_on=date(2008, 5, 6))
    eve = at("5 May 2026 23:59").astimezone(UTC)
    when = at("6 May 2026 00:30").astimezone(UTC)  # the 5th still, in UTC
    report = Report(reported=Moment(when), last_seen=Moment(eve), worry="Not home")
    episode = report_missing(child=child, report=report, by=world.coordinator, at=when)
    with pytest.raises(Invalid, match="no longer a child"):
        report_missing(
            child=factories.child("Oak Grown", born_on=date(2008, 5, 6)), report=Report(reported=Moment(when), last_seen=Moment(when), worry="Out"),
            by=world.coordinator, at=when,
        )  # fmt: skip
    with acting_as(world.coordinator, when):  # 18 since: who goes on is decided the same day
        assert Task.objects.get(name__startswith="18 on 6 May 2026").due_at == at("6 May 2026 00:00")
    back = at("6 May 2026 09:00")
    record_return(episode=episode, returned_at=Moment(back), by=world.coordinator, at=back)
    with acting_as(world.coordinator, back):
        interview = ReturnInterview.objects.get(episode=episode)
        assert (interview.state, interview.due_at) == ("due", back + timedelta(hours=72))
        assert Task.objects.filter(name__startswith="18 on 6 May 2026").count() == 1  # one question, whatever is open


def opened(world: World, name: str, born_on: date | None, when: datetime) -> Episode:
    """A young person goes missing, and is not back."""
    child = factories.child(name, born_on=born_on)
    return report_missing(child=child, report=Report(reported=Moment(when), worry="Not home"), by=world.coordinator, at=when)


def asked_of(world: World, episode: Episode, when: datetime) -> list[tuple[str, str]]:
    """What was asked about a young person: by which day, and how it stands."""
    with acting_as(world.coordinator, when):
        tasks = Task.objects.filter(child=episode.child_id, name__startswith="18 on ").order_by("due_at")
        return [(f"{task.due_at.astimezone(NOW.tzinfo):%d %B}", task.state) for task in tasks if task.due_at]


def test_what_opens_within_the_days_is_asked_about_at_once_and_again_until_somebody_decided(own_database: Any) -> None:
    world, by = make_world(), service()
    seen = {
        "early": opened(world, "Oak Early", BORN, BIRTHDAY - timedelta(days=120)),
        "leap": opened(world, "Fir Leap", date(2008, 2, 29), at("5 January 2026 10:00")),
        "unknown": opened(world, "Bay Unknown", None, BIRTHDAY - timedelta(days=120)),
    }
    with acting_as(world.coordinator, BIRTHDAY - timedelta(days=120)):
        assert list(Task.objects.filter(child=seen["leap"].child_id, name__startswith="18 on 1 March 2026")) != []

    def stands(when: datetime) -> dict[str, list[tuple[str, str]]]:
        own_database("tick")
        tick(by=by, at=when)
        tick(by=by, at=when)  # again: nothing twice
        own_database("app")
        return {name: asked_of(world, episode, when) for name, episode in seen.items()}

    assert stands(at("30 January 2026 09:00"))["leap"] == [("30 January", "not_needed"), ("28 February", "open")]
    at_90, at_30, after = (BIRTHDAY + timedelta(days=days, hours=9) for days in (-90, -30, 1))
    assert stands(at_90)["early"] == [("31 May", "open")]
    seen["forty"] = opened(world, "Ash Forty", BORN, BIRTHDAY - timedelta(days=40))
    assert asked_of(world, seen["forty"], BIRTHDAY) == [("31 May", "open")]  # at once
    back = BIRTHDAY - timedelta(days=39)
    record_return(episode=seen["forty"], returned_at=Moment(back), by=world.coordinator, at=back)  # the interview stays open
    assert stands(at_30)["early"] == stands(at_30)["forty"] == [("31 May", "not_needed"), ("29 June", "open")]
    seen["ten"] = opened(world, "Elm Ten", BORN, BIRTHDAY - timedelta(days=10))
    second = stands(BIRTHDAY - timedelta(days=9, hours=-1))
    assert second["ten"] == [("29 June", "open")]
    assert second["unknown"] == []
    assert stands(after) == second  # nothing closes by itself, and nothing is asked a third time
    with acting_as(world.coordinator, after):
        assert set(Episode.objects.exclude(pk=seen["forty"].pk).values_list("state", flat=True)) == {"missing"}
        assert ReturnInterview.objects.get(episode=seen["forty"]).state == "due"
