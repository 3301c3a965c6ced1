"""What time asks of safety plans: asked once, of whoever must answer; nothing of a plan's words reaches tick."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from atlas.agencies.models import Post
from atlas.allocation.commands import record_allocation
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment
from atlas.exploitation.codes import Level
from atlas.gate.context import acting_as
from atlas.plans.commands.lines import record_progress
from atlas.plans.models import PlanLine
from atlas.plans.overdue import NAMES, late_before
from atlas.tasks.models import Task
from atlas.tick import tick
from tests import factories
from tests.exploitation.given import finished
from tests.factories import NOW, at
from tests.plans.given import agreed, tell
from tests.tasks.test_tick import service
from tests.world import World, make_world

QUARTER = NOW.replace(minute=0, second=0, microsecond=0)


def asked(world: World, by: Post, when: datetime) -> list[tuple[str, Post | None]]:
    """The open tasks that time asked of the plan."""
    with acting_as(by, when):
        tasks = Task.objects.filter(child=world.child, name__in=NAMES.values(), state=Task.State.OPEN).order_by("name")
        return [(task.name, task.owner_post) for task in tasks]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "first_in_time"),
    [("6 May 2026 09:00", date(2026, 5, 1)), ("11 May 2026 09:00", date(2026, 5, 7)), ("13 May 2026 09:00", date(2026, 5, 11))],
)
def test_a_line_is_late_two_working_days_after_its_day(now: str, first_in_time: date) -> None:
    assert late_before(at(now)) == first_in_time  # 4 May 2026 is a bank holiday


def test_time_asks_once_of_whoever_must_answer(own_database: Any) -> None:
    """A late line of the manager of whoever does it; an owner who has left, a birthday, of whoever works with the child; what is done, of nobody."""
    world, by = make_world(), service()
    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    soon = date(QUARTER.year - 16, QUARTER.month, QUARTER.day) + timedelta(days=10)
    world.child = factories.child("Ash Almost", born_on=soon)
    record_allocation(child=world.child, post=world.worker, from_at=Moment(QUARTER), by=factories.feed_post(), at=QUARTER)
    plan = agreed(world, QUARTER)

    def after(when: datetime) -> int:
        own_database("tick")
        counted = tick(by=by, at=when).plans_asked + tick(by=by, at=when).plans_asked  # again: nothing twice
        own_database("app")
        return counted

    assert after(QUARTER + timedelta(minutes=15)) == 1
    assert asked(world, world.worker, QUARTER + timedelta(minutes=15)) == [(NAMES["birthday"], world.worker)]
    over = QUARTER + timedelta(days=21)
    assert after(QUARTER + timedelta(days=14)) == 0 and after(over) == 1
    assert (NAMES["late"], world.manager) in asked(world, world.manager, over)
    with acting_as(world.worker, over):
        line = PlanLine.objects.select_related("plan", "child").get(plan=plan, section="agency")
    record_progress(line=line, status="done", words="The school says so.", by=world.worker, at=over)
    Post.objects.filter(pk=world.worker.pk).update(until_on=over.date())
    assert after(over + timedelta(days=1)) == 1
    assert (NAMES["unowned"], None) in [(name, None) for name, _ in asked(world, world.manager, over + timedelta(hours=1))]


@pytest.mark.parametrize("heard", [False, True])
def test_a_plan_of_level_two_of_which_nothing_was_heard_for_thirty_days_is_asked_about(own_database: Any, heard: bool) -> None:
    """Whatever was written down about the child is heard, whether or not it starts a clock (EV-45)."""
    world, by = make_world(), service()
    finished(world, Level.MODERATE, at=QUARTER)
    agreed(world, QUARTER)
    if heard:
        note = QUARTER + timedelta(days=20)
        tell(world, Kind.NEW_PLACE, note)
    later = QUARTER + timedelta(days=31)
    own_database("tick")
    tick(by=by, at=later)
    own_database("app")
    assert (NAMES["quiet"] in [name for name, _ in asked(world, world.worker, later)]) is not heard
