"""What a worker does by a safety plan is no less theirs than a task: it stands on their page, holds a planned end, and goes to whoever takes over (real-life 11)."""

from datetime import timedelta

import pytest

from atlas.agencies.models import Post
from atlas.agencies.queries import owned_by
from atlas.gate.context import acting_as
from atlas.oversight.commands import reassign_work
from atlas.oversight.held import handover
from atlas.plans.models import PlanLine
from atlas.plans.queries.question import question_of
from tests import factories
from tests.factories import NOW
from tests.plans.given import agreed
from tests.world import make_world


@pytest.mark.django_db
def test_a_line_of_a_plan_is_handed_over_with_the_child() -> None:
    world = make_world()
    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    plan = agreed(world)
    with acting_as(world.worker, NOW) as subject:
        assert [one.words for held in handover(subject, world.worker) for one in held.plan_lines] == ["School meets the bus at the gate."]
        assert "1 plan line" in owned_by(world.worker)
    other = factories.post("practitioner", of=world.worker.team, line_manager=world.manager)
    later = NOW + timedelta(days=1)
    reassign_work(child=world.child, holder=world.worker, to=other, by=world.manager, at=later)
    with acting_as(world.manager, later) as subject:
        assert PlanLine.objects.get(plan=plan, section="agency", until_number=None).owner_post == other
        assert "plan line" not in owned_by(world.worker)
        asked = question_of(subject, world.child, plan, [], later)
    assert [one.event.code for one in asked.happenings] == ["A-04"]  # one confirm, and no new version
    assert asked.state == "read"
