"""The measures of return interviews equal a recount by hand, row by row; a blocked child is in none of them."""

import html
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from atlas.agencies.models import Team
from atlas.chronology.moments import Moment, Precision
from atlas.gate.commands import declare_connection
from atlas.gate.context import acting_as
from atlas.missing.codes import ClosedBecause, NotOffered, OfferAnswer, OfferMethod
from atlas.missing.commands.back import correct_return, record_return
from atlas.missing.commands.offer import close_interview, decide_not_offered, offer_interview
from atlas.missing.commands.report import Report, report_missing, withdraw_episode
from atlas.missing.commands.talk import record_interview
from atlas.missing.models import ReturnInterview
from atlas.missing.rules.interview import Independence
from atlas.oversight.queries import COUNTED, GROUPS, TIMES, Asked, Tally, by_agency, interviews_behind, of_team, owed_interviews, tally
from atlas.oversight.rules import COUNT_NAMES, OUTCOMES
from tests import factories
from tests.desk.test_pages import FRAME
from tests.factories import NOW
from tests.missing.test_spine import COMPLETE
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
END = NOW + timedelta(days=60)
YEAR = "from_on_0=1&from_on_1=1&from_on_2=2026&until_on_0=31&until_on_1=12&until_on_2=2026"


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
    by_the_day = went_missing(world, away, 50, Precision.DATE)
    record_interview(
        interview=by_the_day, conversation=COMPLETE, held_at=Moment(END), by=factories.feed_post(), at=END
    )  # a day or two later: neither in time nor late all the same
    went_missing(world, away, 49, Precision.ABOUT)
    went_missing(world, hosted, 48, Precision.UNKNOWN)
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


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The year, made once: each test begins with it and leaves it as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_world()
        a_year(made)
        yield made
        transaction.set_rollback(True)


def median(lengths: list[timedelta]) -> timedelta | None:
    lengths, middle = sorted(lengths), len(lengths) // 2
    if not lengths:
        return None
    return lengths[middle] if len(lengths) % 2 else (lengths[middle - 1] + lengths[middle]) / 2


def recount(rows: list[ReturnInterview]) -> dict[str, Any]:
    """The same, by hand."""
    counted = [row for row in rows if row.closed_because not in ("history", "error")]
    passes = (Independence.PASSES, Independence.PASSES_SAME_AUTHORITY)
    timed = [row for row in counted if row.episode.returned_precision in ("minute", "about")]
    unheld = [row for row in counted if row.held_at is None and row.state != "not_offered"]
    ways = {
        "offered": [row for row in counted if row.first_offered_at],
        "accepted": [row for row in counted if row.first_offered_at and row.accepted_at],
        "held": [row for row in counted if row.held_at],
        "in_time": [row for row in timed if row.timeliness == "in_time"],
        "late": [row for row in timed if row.timeliness == "late"],
        "day_only": [row for row in counted if row.held_at and (row.timeliness == "not_known" or row not in timed)],
        "in_time_at_first": [row for row in counted if row.timeliness_at_first == "in_time"],
        "estimated": [row for row in counted if row.episode.returned_precision != "minute"],
        "independent": [row for row in counted if row.held_at and row.independence in passes],
        "not_offered": [row for row in counted if row.state == "not_offered"],
        "shared_in_time": [row for row in counted if row.shared_timeliness == "in_time"],
        "said_no": [row for row in unheld if row.state == "said_no" or row.closed_because == "said_no"],
        "not_reached": [row for row in unheld if row.state == "not_reached" or row.closed_because == "not_reached"],
        "still_owed": [row for row in unheld if row.is_open],
        "ended_otherwise": [row for row in unheld if row.closed_because in ("eighteen", "moved", "died")],
        "conversations": [row for row in counted if row.held_at and row.held_with_id is None],
        "by_the_day": [row for row in counted if row not in timed],
        "elsewhere": [row for row in counted if row.responsible_authority_id != row.host_authority_id],
        "outcome_changed": [row for row in counted if row.timeliness != row.timeliness_at_first],
    }
    offers = [row.first_offered_at - back_at(row) for row in timed if row.first_offered_at]
    told = [row.episode.return_recorded_at - back_at(row) for row in timed if row.episode.return_recorded_at]
    return {
        **{name: len(found) for name, found in ways.items()}, "returned": len(counted), "left_out": len(rows) - len(counted),
        "offer_latency": median(offers), "told_latency": median(told),
    }  # fmt: skip


def asking(world: World, by: Any, group: str = "ours", at: datetime = END) -> tuple[Tally, list[ReturnInterview]]:
    with acting_as(by, at) as subject:
        asked = Asked(subject, world.authority, NOW - timedelta(days=1), END)
        return tally(asked, group), list(owed_interviews(asked).select_related("episode"))


def of_group(world: World, row: ReturnInterview) -> set[str]:
    if row.responsible_authority_id != world.authority.pk:
        return {"others_here"}
    return {"ours", "ours_here" if row.host_authority_id == world.authority.pk else "ours_elsewhere"}


def is_known(times: str, row: ReturnInterview) -> bool:
    precisions = {"all": ("minute", "about", "date", "unknown"), "exact": ("minute",), "day": ("date", "unknown")}
    return row.episode.returned_precision in precisions[times]


def test_every_count_and_median_of_every_group_equals_a_recount(world: World) -> None:
    for group in GROUPS:
        found, rows = asking(world, world.coordinator, group)
        assert len(rows) == 23
        for times in TIMES:
            by_hand = recount([row for row in rows if group in of_group(world, row) and is_known(times, row)])
            assert found.groups[group][times] | found.latencies[times] == by_hand, (group, times)
    found, _ = asking(world, world.coordinator)
    ours = found.groups["ours"]["all"]
    assert ours["in_time"] and ours["late"] and ours["day_only"] and found.groups["others_here"]["all"]["by_the_day"]


def test_every_return_is_in_exactly_one_outcome(world: World) -> None:
    outcomes(world)
    found, _ = asking(world, world.coordinator)
    for group in GROUPS:
        for counts in found.groups[group].values():
            assert sum(counts[name] for name in OUTCOMES) == counts["returned"], group
    assert all(found.groups["ours"]["all"][name] for name in OUTCOMES)


def outcomes(world: World) -> None:
    """Returns of the outcomes that `a_year` lacks: said no (and closed), not reached, too old."""
    feed = factories.feed_post()
    for day, because in ((20, ClosedBecause.SAID_NO), (22, None), (24, ClosedBecause.NOT_REACHED), (26, ClosedBecause.EIGHTEEN)):
        interview = went_missing(world, factories.child(f"Wren Number{day}"), day)
        at = back_at(interview) + timedelta(hours=5)
        if day < 24:
            offer_interview(
                interview=interview, offered_at=Moment(at), method=OfferMethod.IN_PERSON, answer=OfferAnswer.NO, words="Not today.", by=feed, at=at
            )  # fmt: skip
        if because is not None:
            close_interview(interview=interview, because=because, reason="Explained", by=feed, at=at)
    # Not offered, and then closed: it stays not offered.
    none = went_missing(world, world.child, 28)
    decide_not_offered(interview=none, because=NotOffered.MOVED, reason="Explained", by=world.coordinator, at=END)
    close_interview(interview=none, because=ClosedBecause.MOVED, reason="Explained", by=feed, at=END)


def test_a_team_answers_for_what_it_recorded_and_an_agency_for_what_it_was_given(world: World) -> None:
    late = went_missing(world, world.child, 56)
    reason, about = "Nobody wrote it down", Moment(back_at(late), Precision.ABOUT)
    correct_return(episode=late.episode, returned_at=about, reason=reason, by=world.worker, at=END)
    for group in GROUPS:
        found, rows = asking(world, world.coordinator, group)
        for column, lines in (("return_team_id", found.recorded), ("team_id", found.given)):
            for team, counts in lines.items():
                mine = [row for row in rows if group in of_group(world, row) and getattr(row, column) == team]
                by_hand = recount(mine)
                assert counts == {name: by_hand[name] for name in COUNTED}, (group, column)
    # Whoever made the time an estimate answers for it, not who first recorded the return.
    found, _ = asking(world, world.coordinator)
    estimated = found.recorded[world.worker.team_id]
    assert (estimated["returned"], estimated["estimated"]) == (1, 1)
    assert world.interviewer.team_id in found.given


def test_the_list_behind_each_number_is_as_long_as_the_number(world: World) -> None:
    assert set(COUNT_NAMES) == set(COUNTED)
    with acting_as(world.coordinator, END) as subject:
        asked = Asked(subject, world.authority, NOW - timedelta(days=1), END)
        found = tally(asked, "ours")
        for group, by_times in found.groups.items():
            for times, counts in by_times.items():
                for count in COUNTED:
                    assert interviews_behind(asked, count, group, times).count() == counts[count], (group, times, count)
        for breakdown, lines in (("recorded", found.recorded), ("agency", by_agency(found.given, all_teams()))):
            for pk, counts in lines.items():
                assert interviews_behind(asked, "held", "ours").filter(of_team(breakdown, pk)).count() == counts["held"]


def all_teams() -> dict[Any, Team]:
    return {team.pk: team for team in Team.objects.all()}


def test_a_blocked_child_is_in_no_number_of_the_person_who_is_shut_out(world: World) -> None:
    before = asking(world, world.coordinator)[0].groups
    declare_connection(child=world.child, by=world.coordinator, at=NOW)
    after = asking(world, world.coordinator)[0].groups
    assert after["ours_here"]["all"]["returned"] == 0 < before["ours_here"]["all"]["returned"]
    assert after["ours_elsewhere"] == before["ours_elsewhere"]


def test_a_manager_counts_the_line_s_children_only(world: World) -> None:
    found = asking(world, world.manager)[0].groups
    assert found["ours_here"]["all"]["returned"] > 0 == found["ours_elsewhere"]["all"]["returned"]


def test_the_page_and_its_lists_answer(signed_in: Any, world: World) -> None:
    client = signed_in(world.coordinator, END)
    page = client.get(f"/oversight/timeliness/?{YEAR}").content.decode()
    assert "Held in time, of all returns" in page
    assert "Held in time of every 100 returns" in page
    assert "Lantern Trust" in page
    assert "Systems, Fernleigh Council" in page
    assert "is not the moment at which the council was told that the child was missing" in page
    behind = client.get(f"/oversight/timeliness/late/ours/?{YEAR}")
    assert world.child.name in behind.content.decode()
    addresses = set(re.findall(r'href="(/oversight/timeliness/[^"]+)"', page))
    assert len(addresses) > 40
    for address in addresses:
        assert client.get(html.unescape(address)).status_code == 200, address
    assert client.get("/oversight/timeliness/nothing/ours/").status_code == 404
    assert client.get("/oversight/timeliness/late/nobody/").status_code == 404
    assert client.get("/oversight/timeliness/late/ours/?times=later").status_code == 404
    assert client.get("/oversight/timeliness/late/ours/?agency=x").status_code == 404
    assert client.get("/oversight/timeliness/?group=nobody").status_code == 404


def test_the_page_asks_few_queries(signed_in: Any, world: World) -> None:
    client = signed_in(world.coordinator, END)
    client.get(f"/oversight/timeliness/?{YEAR}")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/oversight/timeliness/?{YEAR}").status_code == 200
    asked = [query["sql"] for query in queries if not query["sql"].startswith(FRAME)]
    assert len(asked) <= 12, "\n".join(sql[:140] for sql in asked)


def test_a_long_list_is_paged_and_says_how_many_there_are(signed_in: Any, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atlas.oversight.views.ON_A_PAGE", 5)
    client = signed_in(world.coordinator, END)
    rows = []
    for number in (1, 2, 3, 4):
        page = client.get(f"/oversight/timeliness/returned/ours/?{YEAR}&page={number}").content.decode()
        assert "of 16" in page
        rows += re.findall(r"/missing/episode/([^/]+)/", page) or re.findall(r'<th scope="row"[^>]*><a[^>]*href="([^"]+)"', page)
        assert ("Next page" in page) == (number < 4)
        assert ("Previous page" in page) == (number > 1)
    assert len(rows) == len(set(rows)) == 16
