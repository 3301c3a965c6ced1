"""The measures of return interviews equal a recount by hand, row by row; a blocked child is in none of them."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from atlas.chronology.moments import Moment, Precision
from atlas.gate.commands import declare_connection
from atlas.gate.context import acting_as
from atlas.missing.codes import NotOffered, OfferAnswer, OfferMethod
from atlas.missing.commands.back import correct_return, record_return
from atlas.missing.commands.offer import decide_not_offered, offer_interview
from atlas.missing.commands.report import Report, report_missing, withdraw_episode
from atlas.missing.commands.talk import record_interview
from atlas.missing.models import ReturnInterview
from atlas.missing.rules import Independence
from atlas.oversight.queries import COUNTED, GROUPS, counts, interviews_behind, owed_interviews
from tests import factories
from tests.factories import NOW
from tests.missing.test_spine import COMPLETE
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
END = NOW + timedelta(days=60)


def back_at(interview: ReturnInterview) -> datetime:
    assert interview.episode.returned_at is not None
    return interview.episode.returned_at


def went_missing(world: World, child: Any, day: int, precision: Precision = Precision.MINUTE, is_historic: bool = False) -> ReturnInterview:
    """A child was missing for five hours on that day; the interview owed."""
    gone = NOW + timedelta(days=day)
    back = gone + timedelta(hours=5)
    feed = factories.feed_post()
    episode = report_missing(child=child, report=Report(reported=Moment(gone)), is_historic=is_historic, by=feed, at=gone)
    told = back + timedelta(minutes=7 * day + 1)
    record_return(episode=episode, returned_at=Moment(back, precision), is_historic=is_historic, by=feed, at=told)
    with acting_as(feed, told):
        return ReturnInterview.objects.select_related("episode", "child").get(episode=episode)


def a_year(world: World) -> None:
    """Returns of every outcome: ours here and elsewhere, others' here."""
    elsewhere = factories.authority("Sallowby")
    away = factories.child("Rowan Sample", host=elsewhere)
    hosted = factories.child("Teal Ordinary", of=elsewhere, host=world.authority)
    for number, child in enumerate((world.child, away, hosted, world.child)):
        for offset, hours in enumerate((20, 71, 73, 100)):
            interview = went_missing(world, child, 12 * number + 2 * offset)
            at = back_at(interview) + timedelta(hours=hours)
            offered = at - timedelta(hours=3 + offset)
            by = factories.feed_post()
            offer_interview(
                interview=interview, offered_at=Moment(offered), method=OfferMethod.TELEPHONE, answer=OfferAnswer.YES, by=by, at=offered
            )
            if offset != 3 or number != 1:
                record_interview(interview=interview, conversation=COMPLETE, held_at=Moment(at), by=by, at=at)
    at = NOW + timedelta(days=55)
    went_missing(world, away, 50, Precision.DATE)
    went_missing(world, hosted, 51, is_historic=True)
    decide_not_offered(
        interview=went_missing(world, away, 52), because=NotOffered(NotOffered.values[0]), reason="Explained", by=world.coordinator, at=at
    )
    withdraw_episode(episode=went_missing(world, world.child, 53).episode, reason="The same report twice", by=factories.feed_post(), at=at)
    late = went_missing(world, world.child, 54)
    correct_return(
        episode=late.episode,
        returned_at=Moment(back_at(late) - timedelta(hours=1)),
        reason="The carer's log",
        by=factories.feed_post(),
        at=END,
    )


def median(lengths: list[timedelta]) -> timedelta | None:
    lengths, middle = sorted(lengths), len(lengths) // 2
    if not lengths:
        return None
    return lengths[middle] if len(lengths) % 2 else (lengths[middle - 1] + lengths[middle]) / 2


def recount(rows: list[ReturnInterview]) -> dict[str, Any]:
    """The same, by hand."""
    counted = [row for row in rows if row.closed_because not in ("history", "error")]
    passes = (Independence.PASSES, Independence.PASSES_SAME_AUTHORITY)
    offers = [row.first_offered_at - back_at(row) for row in counted if row.first_offered_at]
    told = [row.episode.return_recorded_at - back_at(row) for row in counted if row.episode.return_recorded_at]
    return {
        "returned": len(counted),
        "offered": sum(row.first_offered_at is not None for row in counted),
        "accepted": sum(row.first_offered_at is not None and row.accepted_at is not None for row in counted),
        "held": sum(row.held_at is not None for row in counted),
        "in_time": sum(row.timeliness == "in_time" for row in counted),
        "late": sum(row.timeliness == "late" for row in counted),
        "day_only": sum(row.timeliness == "not_known" for row in counted),
        "in_time_at_first": sum(row.timeliness_at_first == "in_time" for row in counted),
        "estimated": sum(row.episode.returned_precision != "minute" for row in counted),
        "independent": sum(row.held_at is not None and row.independence in passes for row in counted),
        "not_offered": sum(row.state == "not_offered" for row in counted),
        "shared_in_time": sum(row.shared_timeliness == "in_time" for row in counted),
        "said_no": sum(row.state == "said_no" for row in counted),
        "offer_latency": median(offers),
        "told_latency": median(told),
    }


def asked(world: World, by: Any, at: datetime = END) -> tuple[Any, dict[str, dict[str, Any]], list[ReturnInterview]]:
    with acting_as(by, at) as subject:
        interviews = owed_interviews(subject, world.authority, NOW - timedelta(days=1), END)
        return interviews, counts(interviews, world.authority), list(interviews.select_related("episode"))


def of_group(world: World, row: ReturnInterview) -> set[str]:
    if row.responsible_authority_id != world.authority.pk:
        return {"others_here"}
    return {"ours", "ours_here" if row.host_authority_id == world.authority.pk else "ours_elsewhere"}


def test_every_count_and_median_of_every_group_equals_a_recount() -> None:
    world = make_world()
    a_year(world)
    _, found, rows = asked(world, world.coordinator)
    assert len(rows) == 21
    for group in ("ours", *GROUPS):
        by_hand = recount([row for row in rows if group in of_group(world, row)])
        assert found[group] == by_hand, group
    assert found["ours"]["in_time"] and found["ours"]["late"] and found["others_here"]["held"] and found["ours_elsewhere"]["not_offered"]


def test_the_list_behind_each_number_is_as_long_as_the_number() -> None:
    world = make_world()
    a_year(world)
    with acting_as(world.coordinator, END) as subject:
        interviews = owed_interviews(subject, world.authority, NOW - timedelta(days=1), END)
        found = counts(interviews, world.authority)
        for group in ("ours", *GROUPS):
            for count in COUNTED:
                assert interviews_behind(interviews, world.authority, count, group).count() == found[group][count], (group, count)


def test_a_blocked_child_is_in_no_number_of_the_person_who_is_shut_out() -> None:
    world = make_world()
    a_year(world)
    before = asked(world, world.coordinator)[1]
    declare_connection(child=world.child, by=world.coordinator, at=NOW)
    after = asked(world, world.coordinator)[1]
    assert after["ours_here"]["returned"] == 0 < before["ours_here"]["returned"]
    assert after["ours_elsewhere"] == before["ours_elsewhere"]


def test_a_manager_counts_the_line_s_children_only() -> None:
    world = make_world()
    a_year(world)
    found = asked(world, world.manager)[1]
    assert found["ours_here"]["returned"] > 0 == found["ours_elsewhere"]["returned"]


def test_the_page_and_its_lists_answer(signed_in: Any) -> None:
    world = make_world()
    a_year(world)
    client = signed_in(world.coordinator, END)
    page = client.get("/oversight/timeliness/?from=2026-01-01&to=2026-12-31")
    assert page.status_code == 200
    assert "Held in time, of all returns" in page.content.decode()
    behind = client.get("/oversight/timeliness/late/ours/?from=2026-01-01&to=2026-12-31")
    assert world.child.name in behind.content.decode()
    assert client.get("/oversight/timeliness/nothing/ours/").status_code == 404
