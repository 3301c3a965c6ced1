"""What another authority does not answer climbs: the yes or no to an interview in 24 hours, also over a weekend; to a transfer in five working days."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.test import Client

from atlas.agencies.models import Post, Shift, TeamPurpose
from atlas.children.commands import Known
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.gate.context import acting_as
from atlas.gate.policy import Kind
from atlas.missing.commands.back import record_return
from atlas.missing.commands.placed_in import NoticeOf, register_placed_in
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.responsible import ask_responsible, take_reply
from atlas.missing.models import ReturnInterview
from atlas.missing.queries.responsible import asked_of, untaken
from atlas.sharing.models import GuestRequest
from atlas.tasks.models import Alert, Notice, OvernightLine
from atlas.tasks.rules import LADDER
from atlas.tick import tick
from atlas.transfers.commands.answer import answer_transfer
from atlas.transfers.commands.start import start_transfer
from atlas.transfers.models import Transfer
from tests import factories
from tests.missing.test_responsible import WORKER, send
from tests.sharing.conftest import clock, texts  # noqa: F401  (fixtures)
from tests.sharing.guest_drill import proved
from tests.tasks.test_tick import service
from tests.transfers.test_transfers import offer_of, there
from tests.world import World, make_world

FRIDAY = factories.at("1 May 2026 17:30")  # before a weekend and a bank holiday
SATURDAY = FRIDAY + timedelta(hours=24, minutes=1)
MINUTES = timedelta(minutes=1)


def told(about: str, at: Any, by: Post) -> list[tuple[int, Post | None]]:
    """Who was told of the alert about this kind of time limit, by rung."""
    with acting_as(by, at):
        alerts = Alert.objects.filter(reason=Alert.Reason.CLOCK_MISSED, entry__in=Clock.objects.filter(limit=about).values("started_by"))
        rows = Notice.objects.filter(alert__in=alerts, channel=Notice.Channel.SCREEN).order_by("rung", "pk")
        return [(one.rung, one.to_post) for one in rows.select_related("to_post")]


def asked_on_friday(world: World) -> tuple[ReturnInterview, GuestRequest]:
    """A child of Southmere's who lives in Fernleigh is back; Southmere is asked on the evening before the long weekend."""
    southmere, by, went = factories.authority("Southmere"), world.coordinator, FRIDAY - timedelta(hours=9)
    notice = NoticeOf((FRIDAY - timedelta(days=8)).date(), out_of_hours_telephone="01632 960111")
    known, at = Known("Robin", "Borderer", date(2011, 5, 6)), FRIDAY - timedelta(days=8)
    child = register_placed_in(known=known, responsible=southmere, notice=notice, by=by, at=at).child
    episode = report_missing(child=child, report=Report(reported=Moment(went)), by=by, at=went)
    record_return(episode=episode, returned_at=Moment(FRIDAY), by=by, at=FRIDAY)
    with acting_as(by, FRIDAY):
        interview = ReturnInterview.objects.get(episode=episode)
    return interview, ask_responsible(
        interview=interview, guest=replace(WORKER, checked_on=FRIDAY.date()), is_family_told=True, by=by, at=FRIDAY
    )


def test_no_reply_in_24_hours_climbs_on_a_saturday_to_duty_where_the_child_lives_and_ends_at_a_number(own_database: Any) -> None:
    world, by = make_world(), service()
    asked_on_friday(world)
    night = factories.post("emergency_duty", of=factories.team("Emergency duty", TeamPurpose.EMERGENCY_DUTY))
    factories.duty(Kind.EMERGENCY_DUTY, world.authority, team=night.team)
    factories.shift(night, SATURDAY.date())
    away = factories.post("emergency_duty", of=night.team)  # on the rota, and on leave
    Shift.objects.create(post=away, team=away.team, from_at=FRIDAY, until_at=FRIDAY + timedelta(days=4), is_leave=True)
    own_database("tick")
    assert tick(by=by, at=SATURDAY - 2 * MINUTES).overdue == 0
    assert tick(by=by, at=SATURDAY).overdue == 1  # the hours do not stop for the weekend
    own_database("app")
    assert told("responsible_reply", SATURDAY, world.coordinator) == [(1, night)]  # nobody of the missing team is there on a Saturday
    own_database("tick")
    tick(by=by, at=SATURDAY + 16 * MINUTES)
    own_database("app")
    assert told("responsible_reply", SATURDAY, world.coordinator) == [(1, night), (len(LADDER) - 1, None)]
    with acting_as(world.coordinator, SATURDAY):
        line = OvernightLine.objects.get(what__startswith="A time limit")
        assert (line.what, line.owner_team) == ("A time limit has passed: Answer of the responsible authority", world.missing_team)
        assert line.morning_on == factories.at("5 May 2026 08:00").date()  # Monday is a bank holiday
        assert Clock.objects.get(limit="return_interview").outcome == Clock.Outcome.RUNNING  # and goes on, whoever holds it


def test_a_reply_in_time_and_taken_over_raises_nothing(own_database: Any, texts: list[Any], clock: Any) -> None:  # noqa: F811
    world, by = make_world(), service()
    interview, asked = asked_on_friday(world)
    clock(FRIDAY + timedelta(hours=2))
    client: Client = proved(asked, texts)
    assert send(client, "accepted").status_code == 302
    with acting_as(world.coordinator, FRIDAY + timedelta(hours=3)):
        interview = ReturnInterview.objects.get(pk=interview.pk)
        sent = untaken(interview, asked_of(interview))
    assert sent is not None
    take_reply(interview=interview, answer=sent, by=world.coordinator, at=FRIDAY + timedelta(hours=3))
    own_database("tick")
    assert tick(by=by, at=SATURDAY).overdue == 0


def test_a_transfer_without_an_answer_climbs_the_line_of_whoever_offers_and_wakes_nobody_for_it(own_database: Any) -> None:
    world, by, other = make_world(), service(), there()
    head = factories.post("head_of_service", of=factories.team("Leadership"))
    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    Post.objects.filter(pk=world.manager.pk).update(line_manager=head)
    cover = factories.post("practitioner", of=world.worker.team)
    night = factories.post("emergency_duty", of=factories.team("Emergency duty", TeamPurpose.EMERGENCY_DUTY))
    offered = factories.at(
        "30 April 2026 15:00"
    )  # a Thursday: five working days without the weekend and the bank holiday are over on Friday week
    transfer = start_transfer(child=world.child, to_post=other.manager, offer=offer_of(world.child), by=world.manager, at=offered)
    midnight, monday = factories.at("9 May 2026 00:01"), factories.at("11 May 2026 08:00")
    for post, is_leave in (
        (world.worker, True),
        (night, False),
    ):  # the child's worker is away, and a colleague covers; one is on duty at night
        Shift.objects.create(
            post=post, team=post.team, from_at=midnight - timedelta(days=2), until_at=monday + timedelta(days=2), is_leave=is_leave,
            covered_by=cover if is_leave else None,
        )  # fmt: skip
    own_database("tick")
    assert tick(by=by, at=midnight - 2 * MINUTES).overdue == 0
    assert tick(by=by, at=midnight).overdue == 1
    tick(by=by, at=midnight + timedelta(hours=20))
    own_database("app")
    assert told("transfer_answer", midnight, world.manager) == []  # it counts in working days: it waits for one
    expected = [(0, cover), (1, night), (2, world.manager), (3, head), (4, None)]
    own_database("tick")
    for at in (monday, monday + 16 * MINUTES, monday + 32 * MINUTES, monday + 63 * MINUTES, monday + 94 * MINUTES):
        tick(by=by, at=at)
    own_database("app")
    assert told("transfer_answer", monday + timedelta(hours=2), world.manager) == expected
    with acting_as(other.manager, monday):
        transfer = Transfer.objects.select_related("child__responsible_authority", "to_authority", "host_after", "from_authority").get(
            pk=transfer.pk
        )
    answer_transfer(
        transfer=transfer, is_accepted=False, words="Nobody is free to take the child on this month", by=other.manager, at=monday
    )
    with acting_as(world.manager, monday):
        assert Clock.objects.get(limit="transfer_answer").outcome == "late"
