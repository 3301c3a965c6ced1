"""Missing episodes of several children, and an export of them, as tests of exports stand on."""

from datetime import date, datetime, timedelta
from typing import Any

from atlas.agencies.models import Post
from atlas.allocation.commands import record_allocation
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.gate.behalf import Behalf
from atlas.gate.policy import Purpose
from atlas.missing.commands.back import record_return
from atlas.missing.commands.report import Report, report_missing
from atlas.running.behalf import carry
from atlas.sharing.commands.export import Wanted, export
from atlas.sharing.jobs import errand_of
from atlas.sharing.models import Export
from tests import factories
from tests.factories import NOW
from tests.world import World

PERIOD = (date(2026, 4, 1), date(2026, 5, 31))
AFTER = NOW + timedelta(minutes=5)
NAMES = ("Robin", "Kit", "Sage", "Lee", "Drew", "Alex", "Jamie", "Morgan", "Taylor", "Quinn")


def away(world: World, child: Child, hours: int) -> None:
    """One missing episode, so many hours before now, over after three."""
    left = NOW - timedelta(hours=hours)
    report = Report(
        reported=Moment(left),
        last_seen=Moment(left - timedelta(hours=1)),
        worry="QXNN0001QX",
        last_seen_place="QXNN0002QX",
        intended="QXNN0003QX",
    )
    episode = report_missing(child=child, report=report, by=world.coordinator, at=left)
    back = left + timedelta(hours=3)
    record_return(episode=episode, returned_at=Moment(back), by=world.coordinator, at=back)


def children_away(world: World, count: int, apart: int = 7) -> list[Child]:
    """So many children with an episode each; allocated to the world's worker."""
    made = []
    for number in range(count):
        child = factories.child(f"{NAMES[number % len(NAMES)]} Sample{number:03}")
        when = NOW - timedelta(days=300)
        record_allocation(child=child, post=world.worker, from_at=Moment(when), by=factories.feed_post(), at=when)
        away(world, child, 5 + apart * number)
        made.append(child)
    return made


def wanted(**given: Any) -> Wanted:
    """An export of missing episodes for somebody outside."""
    return Wanted(**{
        "listed": "missing_episodes", "columns": ("child", "reference", "last_seen", "returned", "state"), "format": Export.Format.CSV, "period": PERIOD,
        "purpose": Purpose.MISSING_RESPONSE, "reason": "For the joint review", "outside_name": "Sam Outside", "outside_organisation": "Review panel", **given,
    })  # fmt: skip


def asked(by: Post, at: datetime = NOW, **given: Any) -> Export:
    """An export that was asked for, and is not made yet."""
    return export(wanted=wanted(**given), by=by, at=at)


def run(made: Export, by: Post, at: datetime = AFTER) -> bool:
    """The job, as its worker runs it. Returns whether it delivered."""
    return carry(Behalf(by.pk, Purpose(made.purpose), str(made.pk)), errand_of(made.pk), lambda: at)
