"""A day is proclaimed a bank holiday, or is one no longer: what starts after is judged by it, and what runs keeps its deadline."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from atlas.agencies.models import AgencyKind
from atlas.chronology.moments import Moment
from atlas.clocks.commands import change_bank_holiday
from atlas.clocks.models import BankHolidayChange, Clock
from atlas.clocks.queries import bank_holidays_changed
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.missing.codes import Audience, Wish
from atlas.missing.commands.talk import finish_sharing, record_interview, share_part
from atlas.missing.models import ReturnInterview
from tests import factories
from tests.clocks.test_set_local_limit import head
from tests.factories import at
from tests.missing.test_spine import COMPLETE, returned
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 5, 11)
THURSDAY = at("7 May 2026 10:00")


def change(day: date = MONDAY, is_holiday: bool = True, when: datetime = THURSDAY, **given: Any) -> BankHolidayChange:
    """A Monday is proclaimed a holiday, or what is given."""
    usual = {"name": "Day of thanksgiving", "source": "Royal proclamation, 7 May 2026"}
    return change_bank_holiday(day=day, is_holiday=is_holiday, **{**usual, "by": given.pop("by", None) or head(), "at": when, **given})


def held(world: World, when: datetime) -> ReturnInterview:
    """The interview was held: the clock of passing on starts."""
    return record_interview(interview=returned(world), conversation=COMPLETE, held_at=Moment(when), by=world.interviewer, at=when)


def passing_on(world: World, when: datetime) -> Clock:
    with acting_as(world.interviewer, when):
        return Clock.objects.get(limit="interview_shared")


def end_of(day: str) -> datetime:
    return at(f"{day} 23:59") + timedelta(seconds=59)


def test_what_starts_after_the_proclamation_is_judged_by_it() -> None:
    world = make_world()
    change()
    friday = at("8 May 2026 10:00")
    held(world, friday)
    clock = passing_on(world, friday)
    assert clock.due_at == end_of("13 May 2026")
    assert "Bank holidays are not counted: 11 May 2026." in clock.why


def test_a_clock_that_runs_keeps_its_deadline_and_the_measure_counts_by_the_calendar_as_it_stands() -> None:
    world = make_world()
    interview = held(world, THURSDAY)
    assert passing_on(world, THURSDAY).due_at == end_of("11 May 2026")
    change(when=THURSDAY + timedelta(hours=1))
    tuesday = at("12 May 2026 10:00")
    assert passing_on(world, tuesday).due_at == end_of("11 May 2026")
    for audience in (Audience.SOCIAL_WORKER, Audience.POLICE):
        share_part(interview=interview, audience=audience, words="x", wish=Wish.YES, is_shared=True, by=world.interviewer, at=tuesday)
    interview = finish_sharing(interview=interview, by=world.interviewer, at=tuesday)
    assert passing_on(world, tuesday).outcome == Clock.Outcome.LATE
    assert interview.shared_timeliness == "in_time"


def test_a_holiday_taken_away_is_counted_and_the_words_say_so() -> None:
    world = make_world()
    change(date(2026, 5, 25), False, name="Spring bank holiday, moved")
    friday = at("22 May 2026 10:00")
    held(world, friday)
    clock = passing_on(world, friday)
    assert clock.due_at == end_of("26 May 2026")
    assert "No bank holiday any more, and counted: 25 May 2026." in clock.why


def test_the_last_change_of_a_day_stands_and_every_one_is_kept() -> None:
    change()
    change(is_holiday=False)
    assert [row.is_holiday for row in bank_holidays_changed()] == [True, False]
    with pytest.raises(Invalid, match="11 May 2026 is a working day already"):
        change(is_holiday=False)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        BankHolidayChange.objects.update(is_holiday=True)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        BankHolidayChange.objects.all().delete()


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"day": date(2026, 5, 25)}, "day", "25 May 2026 is a bank holiday already"),
        ({"day": date(2026, 5, 9)}, "day", "9 May 2026 is a Saturday, which is no working day anyway"),
        ({"day": date(2041, 5, 9)}, "day", "holds the years 2010 to 2040"),
        ({"day": date(2026, 4, 3), "is_holiday": False}, "day", "Good Friday, which is never a working day in law"),
        ({"day": date(2026, 12, 25), "is_holiday": False}, "day", "Christmas Day, which is never"),
        ({"name": " "}, "name", "what the day is called"),
        ({"source": ""}, "source", "where it was published"),
    ],
)
def test_what_cannot_be_changed_says_why(given: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        change(**given)
    assert refused.value.field == field


def test_only_a_council_s_head_of_service_changes_it() -> None:
    with pytest.raises(Invalid, match="Only a council"):
        change(by=head(factories.agency("Northmarch Police", AgencyKind.POLICE)))
    with pytest.raises(Refused):
        change(by=factories.post("manager"))
