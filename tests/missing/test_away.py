"""Away overnight: certainly away at three in the morning, or for more than a day; and what a second no says (practice.md 7, EV-03, EV-23)."""

from datetime import timedelta

import pytest

from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.gate.context import acting_as
from atlas.missing.codes import OfferAnswer, OfferMethod
from atlas.missing.commands.back import record_return
from atlas.missing.commands.offer import offer_interview
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.models import ReturnInterview
from atlas.missing.rules.away import was_overnight
from tests.factories import at
from tests.missing.test_spine import returned
from tests.world import make_world


@pytest.mark.parametrize(
    ("gone", "back", "is_overnight"),
    [
        ("2 May 2025 18:00", "2 May 2025 23:50", False),
        ("2 May 2025 18:00", "3 May 2025 02:59", False),
        ("2 May 2025 18:00", "3 May 2025 03:00", True),
        ("3 May 2025 03:30", "3 May 2025 22:00", False),
        ("3 May 2025 03:30", "4 May 2025 02:30", False),
        ("3 May 2025 03:30", "4 May 2025 03:31", True),
        ("25 October 2025 22:00", "26 October 2025 02:30", False),  # the clocks go back
        ("25 October 2025 22:00", "26 October 2025 03:10", True),
    ],
)
def test_overnight_is_three_in_the_morning_in_london(gone: str, back: str, is_overnight: bool) -> None:
    assert was_overnight(Moment(at(gone)), Moment(at(back))) is is_overnight


def test_where_only_the_day_is_known_nothing_is_said_for_certain() -> None:
    assert not was_overnight(Moment.on(at("2 May 2025 12:00").date()), Moment.on(at("3 May 2025 12:00").date()))
    assert was_overnight(Moment.on(at("2 May 2025 12:00").date()), Moment.on(at("4 May 2025 12:00").date()))


@pytest.mark.django_db
def test_coming_back_after_a_night_is_told_and_a_second_no_too() -> None:
    world = make_world()
    first = returned(world)
    late = at("20 June 2026 22:00")
    episode = report_missing(child=world.child, report=Report(reported=Moment(late), worry="Not home"), by=world.coordinator, at=late)
    back = late + timedelta(hours=9)
    record_return(episode=episode, returned_at=Moment(back), by=world.coordinator, at=back)
    with acting_as(world.coordinator, back):
        second = ReturnInterview.objects.get(episode=episode)
    for interview in (first, second):
        offer_interview(interview=interview, offered_at=Moment(back), method=OfferMethod.IN_PERSON, answer=OfferAnswer.NO, words="No.",
                        by=world.interviewer, at=back)  # fmt: skip
    with acting_as(world.worker, back):
        entries = Entry.objects.filter(child=world.child)
        assert entries.filter(kind=Kind.MISSING_OVERNIGHT, event="EV-03").count() == 1
        assert entries.filter(kind=Kind.SAID_NO_TWICE).count() == 1
