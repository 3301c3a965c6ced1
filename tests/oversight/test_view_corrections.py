"""Every later change of the time of a return is listed, with the outcome before and after it; none can leave the list quietly."""

from datetime import timedelta
from typing import Any

import pytest

from atlas.chronology.moments import Moment, Precision
from atlas.gate.context import acting_as
from atlas.missing.commands.back import correct_return
from atlas.missing.commands.talk import record_interview
from atlas.missing.models import ReturnInterview
from atlas.oversight.queries import Asked, corrections, judged_both_ways, tally
from tests.missing.test_spine import BACK, COMPLETE, returned
from tests.oversight.test_view_timeliness import END, YEAR
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
HELD = BACK + timedelta(hours=73)


def correct(world: World, interview: ReturnInterview, returned_at: Moment, minutes: int) -> None:
    """The worker corrects the return, so many minutes after the interview."""
    at = HELD + timedelta(minutes=minutes)
    correct_return(episode=interview.episode, returned_at=returned_at, reason="The carer's log", by=world.worker, at=at)


def held_late(world: World) -> ReturnInterview:
    """An interview held 73 hours after the return that was first recorded."""
    interview = returned(world)
    return record_interview(interview=interview, conversation=COMPLETE, held_at=Moment(HELD), by=world.interviewer, at=HELD)


def test_each_correction_is_listed_with_the_outcome_before_and_after() -> None:
    world = make_world()
    interview = held_late(world)
    correct(world, interview, Moment(BACK + timedelta(minutes=30)), 1)  # still late
    correct(world, interview, Moment(BACK + timedelta(hours=2)), 2)  # now in time
    correct(world, interview, Moment.on((BACK + timedelta(hours=2)).date()), 3)  # known by the day: neither
    with acting_as(world.coordinator, END) as subject:
        asked = Asked(subject, world.authority, BACK - timedelta(days=1), END)
        found = [judged_both_ways(row) for row in corrections(asked, "ours")]
        assert [(one.before, one.after, one.changed_outcome) for one in found] == [
            ("in_time", "not_known", True), ("late", "in_time", True), ("late", "late", False),
        ]  # fmt: skip
        assert found[-1].correction.before == Moment(BACK)
        assert found[0].correction.recorded_by == world.worker
        assert tally(asked, "ours").groups["ours"]["all"]["outcome_changed"] == 1
        assert not corrections(asked, "others_here").exists()


def test_a_return_known_by_the_day_only_is_judged_neither_way_however_soon_the_interview_was() -> None:
    world = make_world()
    interview = returned(world)
    correct(world, interview, Moment.on(BACK.date()), 1)
    soon = HELD + timedelta(minutes=2)
    with acting_as(world.interviewer, soon):
        interview = ReturnInterview.objects.select_related("episode").get()
    held = Moment(BACK + timedelta(hours=20))
    interview = record_interview(interview=interview, conversation=COMPLETE, held_at=held, by=world.interviewer, at=soon)
    assert (interview.timeliness, interview.timeliness_at_first) == ("not_known", "in_time")


def test_a_correction_that_moves_a_return_out_of_the_period_stays_on_its_list() -> None:
    world = make_world()
    interview = held_late(world)
    correct(world, interview, Moment(BACK + timedelta(days=2)), 1)
    with acting_as(world.coordinator, END) as subject:
        before = Asked(subject, world.authority, BACK - timedelta(days=1), BACK + timedelta(days=1))
        after = Asked(subject, world.authority, BACK + timedelta(days=1), END)
        long_after = Asked(subject, world.authority, BACK + timedelta(days=20), END)
        assert [corrections(asked, "ours").count() for asked in (before, after, long_after)] == [1, 1, 0]


def test_a_return_whose_time_is_corrected_to_not_known_is_in_no_measure_of_time_and_does_not_vanish() -> None:
    world = make_world()
    correct(world, held_late(world), Moment(None, Precision.UNKNOWN), 1)
    with acting_as(world.coordinator, END) as subject:
        asked = Asked(subject, world.authority, BACK - timedelta(days=1), END)
        found = tally(asked, "ours")
        counts = found.groups["ours"]["all"]
        assert [counts[name] for name in ("returned", "by_the_day", "late", "day_only")] == [1, 1, 0, 1]
        assert found.latencies["all"]["told_latency"] is None
        assert corrections(asked, "ours").count() == 1


def test_the_page_names_child_times_person_and_reason_and_a_stranger_gets_none(signed_in: Any) -> None:
    world = make_world()
    correct(world, held_late(world), Moment(BACK + timedelta(hours=2)), 1)
    address = f"/oversight/timeliness/corrections/ours/?{YEAR}"
    text = signed_in(world.coordinator, END).get(address).content.decode()
    for words in (
        world.child.name,
        "5 May 2026 15:00",
        "5 May 2026 17:00",
        world.worker.user.name,
        "The carer&#39;s log",
        "Late, now in time",
    ):
        assert words in text, words
    assert (
        "1 correction of the time of a return" in signed_in(world.coordinator, END).get(f"/oversight/timeliness/?{YEAR}").content.decode()
    )
    assert signed_in(world.stranger, END).get(address).status_code == 404
    assert signed_in(world.coordinator, END).get(f"/oversight/timeliness/corrections/nobody/?{YEAR}").status_code == 404
