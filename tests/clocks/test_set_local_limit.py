"""An authority's own time limit: set, refused, followed by the next; what it judges, and what it leaves as it was."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from atlas.agencies.models import AgencyKind, Post
from atlas.chronology.moments import Moment
from atlas.clocks.commands import set_local_limit
from atlas.clocks.models import Clock, LocalLimit
from atlas.feeds.commands.delivery import commit_delivery
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.missing.codes import Audience, Wish
from atlas.missing.commands.back import correct_return, record_return
from atlas.missing.commands.talk import finish_sharing, record_interview, share_part
from atlas.missing.models import ReturnInterview
from atlas.tasks.models import Task
from tests import factories
from tests.factories import NOW, at
from tests.feeds.test_deliveries import GOOD, police_file, receive
from tests.missing.test_spine import BACK, COMPLETE, reported, returned
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
TOMORROW = date(2026, 5, 6)
BACK_THEN = at("6 May 2026 09:00")


def head(of: Any = None) -> Post:
    """A head of service of the council."""
    return factories.post("head_of_service", of=factories.team("Leadership", of=of))


def set_limit(limit: str = "return_interview", **given: Any) -> LocalLimit:
    """Fernleigh's head of service sets 48 hours from tomorrow, or what is given."""
    usual = {
        "authority": factories.authority(),
        "count": 48,
        "unit": "hour",
        "source": "Fernleigh protocol, May 2026",
        "valid_from": TOMORROW,
    }
    return set_local_limit(limit=limit, **{**usual, "by": given.pop("by", None) or head(), "at": NOW, **given})


def returned_tomorrow(world: World, back: datetime = BACK_THEN) -> ReturnInterview:
    """The child is back on the first day of the local limit."""
    record_return(episode=reported(world), returned_at=Moment(back), by=world.worker, at=back)
    return the_interview(world, back)


def the_interview(world: World, when: datetime) -> ReturnInterview:
    with acting_as(world.interviewer, when):
        return ReturnInterview.objects.select_related("episode").get()


def the_clock(world: World, when: datetime, limit: str = "return_interview") -> Clock:
    with acting_as(world.interviewer, when):
        return Clock.objects.get(limit=limit)


def test_a_tighter_limit_judges_clock_task_and_interview_and_says_both() -> None:
    world = make_world()
    set_limit()
    interview = returned_tomorrow(world)
    clock = the_clock(world, BACK_THEN)
    assert clock.due_at == clock.due_latest_at == interview.due_at == BACK_THEN + timedelta(hours=48)
    assert clock.limit_version == f"return_interview@2026-05-06:48-hours:{world.authority.code}"
    assert clock.why == (
        "Return interview: Fernleigh allows 48 hours (Fernleigh protocol, May 2026); nationally 72 hours (statutory guidance: Children who run "
        "away or go missing from home or care (DfE, January 2014)). 48 hours from 6 May 2026 09:00 is 8 May 2026 09:00."
    )
    with acting_as(world.interviewer, BACK_THEN):
        assert Task.objects.get(clock=clock)


def test_the_measure_judges_by_the_national_limit_and_the_clock_by_the_local_one() -> None:
    world = make_world()
    set_limit()
    held = BACK_THEN + timedelta(hours=60)
    interview = record_interview(
        interview=returned_tomorrow(world), conversation=COMPLETE, held_at=Moment(held), by=world.interviewer, at=held
    )
    assert (interview.timeliness, interview.timeliness_at_first) == ("in_time", "in_time")
    assert the_clock(world, held).outcome == Clock.Outcome.LATE


def test_a_running_clock_keeps_its_limit_and_a_corrected_start_is_judged_by_its_own_day() -> None:
    world = make_world()
    interview = returned(world)
    before = the_clock(world, BACK)
    set_limit(at=BACK + timedelta(minutes=1))
    after = the_clock(world, BACK + timedelta(days=1))
    assert (after.due_at, after.why, after.limit_version) == (before.due_at, before.why, before.limit_version)
    late = at("7 May 2026 10:00")
    correct_return(
        episode=interview.episode, returned_at=Moment(at("5 May 2026 23:59")), reason="The carer's log", by=world.worker, at=late
    )
    assert the_clock(world, late).due_at == at("8 May 2026 23:59")
    correct_return(
        episode=interview.episode, returned_at=Moment(at("6 May 2026 00:00")), reason="The carer's log", by=world.worker, at=late
    )
    clock = the_clock(world, late)
    assert clock.due_at == at("8 May 2026 00:00") == the_interview(world, late).due_at
    assert "Fernleigh allows 48 hours" in clock.why
    assert clock.limit_version.startswith("return_interview@2026-05-06:48-hours")


def test_another_authority_s_children_are_judged_by_the_national_limit() -> None:
    world = make_world()
    elsewhere = factories.authority("Sallowby")
    set_limit(authority=elsewhere, by=head(factories.agency("Sallowby Council", of=elsewhere)))
    returned_tomorrow(world)
    assert the_clock(world, BACK_THEN).due_at == BACK_THEN + timedelta(hours=72)


@pytest.mark.parametrize(
    ("count", "unit", "may"),
    [
        (73, "hour", "Set 72 hours or less."),
        (2, "calendar day", "Set 1 calendar day or less."),
        (1, "working day", "No number of working days always ends by then: set 72 hours or less."),
    ],
)
def test_a_looser_limit_is_refused_with_what_may_be_set(count: int, unit: str, may: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_limit(count=count, unit=unit)
    assert refused.value.field == "count"
    assert refused.value.message.startswith("The national limit is 72 hours (statutory guidance: Children who run away")
    assert refused.value.message.endswith(f"A local one cannot be looser. {may}")
    assert not LocalLimit.objects.exists()


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"valid_from": NOW.date()}, "valid_from", "begins on 6 May 2026 or later"),
        ({"at": at("5 May 2026 23:59"), "valid_from": NOW.date()}, "valid_from", "begins on 6 May 2026"),
        ({"at": at("6 May 2026 00:00")}, "valid_from", "begins on 7 May 2026"),
        ({"valid_until": NOW.date()}, "valid_until", "last day is before the first"),
        ({"source": "  "}, "source", "who decided it and when"),
        ({"limit": "nothing"}, "valid_from", "no such time limit"),
        ({"count": 0}, "count", "1 to 366"),
        ({"count": 367}, "count", "1 to 366"),
        ({"unit": "fortnight"}, "count", "hours, working days, calendar days, calendar months"),
    ],
)
def test_what_cannot_be_set_says_what_to_do(given: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        set_limit(**given)
    assert refused.value.field == field


def test_only_the_authority_s_own_council_sets_it_and_only_its_head_of_service() -> None:
    police = factories.agency("Northmarch Police", AgencyKind.POLICE)
    for by, authority in ((head(), factories.authority("Sallowby")), (head(police), factories.authority())):
        with pytest.raises(Invalid, match="Only the council that answers for"):
            set_limit(by=by, authority=authority)
    with pytest.raises(Refused):
        set_limit(by=factories.post("manager"))


def test_the_next_ends_the_one_before_and_one_not_begun_never_comes_into_force() -> None:
    by = head()
    first = set_limit(by=by)
    slip = set_limit(by=by, count=24, valid_from=date(2036, 6, 1))
    second = set_limit(by=by, count=36, valid_from=date(2026, 6, 1), valid_until=date(2026, 6, 30))
    third = set_limit(by=by, count=12, valid_from=date(2026, 8, 1))
    rows = {row.pk: row for row in LocalLimit.objects.all()}
    assert [rows[row.pk].valid_until for row in (first, slip, second, third)] == [
        date(2026, 5, 31),
        date(2036, 5, 31),
        date(2026, 6, 30),
        None,
    ]
    today = date(2026, 6, 15)
    assert [rows[row.pk].holds(today) for row in (first, slip, second, third)] == [
        "Ended",
        "Replaced before it began",
        "In force",
        "To come",
    ]


def test_the_database_keeps_two_from_overlapping_and_the_past_from_being_altered() -> None:
    row = set_limit()
    twice = LocalLimit(
        authority=row.authority,
        limit=row.limit,
        count=1,
        unit="hour",
        source="x",
        valid_from=date(2026, 7, 1),
        set_by=row.set_by,
        set_at=NOW,
    )
    with pytest.raises(IntegrityError, match="local_limit_no_overlap"), transaction.atomic():
        twice.save(force_insert=True)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        LocalLimit.objects.filter(pk=row.pk).update(count=60)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        LocalLimit.objects.filter(pk=row.pk).delete()


def test_an_atlas_default_may_be_loosened_and_the_measure_keeps_to_the_default() -> None:
    world = make_world()
    set_limit("interview_shared", count=5, unit="working day")
    held, passed_on = at("6 May 2026 10:00"), at("11 May 2026 10:00")
    record_return(episode=reported(world), returned_at=Moment(BACK), by=world.worker, at=BACK)
    interview = record_interview(
        interview=the_interview(world, BACK), conversation=COMPLETE, held_at=Moment(held), by=world.interviewer, at=held
    )
    clock = the_clock(world, held, "interview_shared")
    assert clock.due_at == at("13 May 2026 23:59") + timedelta(seconds=59)
    assert (
        "Fernleigh allows 5 working days (Fernleigh protocol, May 2026); otherwise 2 working days (local: Atlas product default"
        in clock.why
    )
    for audience in (Audience.SOCIAL_WORKER, Audience.POLICE):
        share_part(interview=interview, audience=audience, words="x", wish=Wish.YES, is_shared=True, by=world.interviewer, at=passed_on)
    interview = finish_sharing(interview=interview, by=world.interviewer, at=passed_on)
    assert interview.shared_timeliness == "late"
    assert the_clock(world, passed_on, "interview_shared").outcome == Clock.Outcome.IN_TIME


def test_a_delivery_asks_for_limits_and_holidays_once(tmp_path: Path) -> None:
    world = make_world()
    set_limit(at=at("1 May 2026 10:00"), valid_from=date(2026, 5, 2))
    names = [("Rowan", "Sample"), ("Teal", "Ordinary"), ("Linden", "Specimen")]
    for name in names:
        factories.child(" ".join(name))
    back = [[f"NM/{name[0]}", *name, *GOOD[3:9], "Returned", "04/05/2026 23:15", ""] for name in names]
    officer = factories.post("data_officer", of=factories.team("Data"))
    delivery = receive(police_file(tmp_path, *back), "northmarch", world, officer=officer)
    with CaptureQueriesContext(connection) as queries:
        commit_delivery(delivery=delivery, by=officer, at=NOW)
    for table in ("clocks_locallimit", "clocks_bankholidaychange"):
        assert len([query for query in queries if f'FROM "{table}"' in query["sql"]]) == 1, table
    with acting_as(factories.feed_post(), NOW):
        assert [clock.due_at for clock in Clock.objects.filter(limit="return_interview")] == [at("6 May 2026 23:15")] * 3
