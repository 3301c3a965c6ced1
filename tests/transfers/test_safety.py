"""Safety plan, assessment, referral and warning notices are handed over with the child, named without what is in them."""

from datetime import timedelta
from typing import Any

import pytest

from atlas.agencies.models import TeamPurpose
from atlas.children.models import Child
from atlas.exploitation.models import ExploitationAssessment, Measure
from atlas.gate.context import acting_as
from atlas.meetings.models import AgencyAction
from atlas.meetings.queries.actions import OPEN
from atlas.plans.models import PlanLine, SafetyPlan
from atlas.plans.queries.reading import open_plan
from atlas.tasks.models import Task
from atlas.transfers.commands.answer import answer_transfer, take_transfer_reply
from atlas.transfers.commands.safety import ASK_WHO_ANSWERS, READ_THE_ACTIONS, READ_THE_SAFETY_PLAN, TELL_WHO_DECIDES
from atlas.transfers.commands.start import send_transfer
from atlas.transfers.models import Transfer
from tests import factories
from tests.exploitation.given import finished, referred
from tests.meetings.given import met
from tests.plans.given import agreed
from tests.transfers.test_transfers import AT, LATER, guest_there, of, offer_of, replied, started, there
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
EARLIER = AT - timedelta(hours=1)


def safe() -> World:
    """A child with a plan, an assessment, a referral that waits and a measure."""
    world = make_world()
    agreed(world, EARLIER)
    finished(world, at=EARLIER)
    referred(world, EARLIER)
    return world


def test_what_keeps_the_child_safe_is_named_and_handed_over() -> None:
    world, other = safe(), there()
    transfer = started(world, other)
    opened = dict(transfer.view["open"])
    assert opened["Safety plan"] == ["Version 1, last said to be true 5 May 2026 17:00, to be read again by 28 July 2026"]
    assert opened["Assessment of exploitation"] == ["Finished 5 May 2026 17:00"]
    assert opened["Referral to the National Referral Mechanism"] == [
        "Referred 5 May 2026, reference FE-7. Waits for the decision on reasonable grounds"
    ]
    assert opened["Warning notices and other measures"] == ["Hotel information request, since 5 May 2026"]
    assert not any(word in str(transfer.view) for word in ("Aunt Ola", "moderate", "The Crown", "Mostly"))
    answer_transfer(transfer=of(other.manager, transfer), is_accepted=True, lead=other.worker, by=other.manager, at=LATER)
    with acting_as(other.worker, LATER):
        plan = open_plan(Child.objects.get())
        assert plan is not None and plan.number == 1  # nothing was decided anew
        line = PlanLine.objects.get(section="agency", until_number=None)
        assert (line.owner_post, line.agency) == (other.worker, other.worker.team.agency)
        for name in (READ_THE_SAFETY_PLAN, TELL_WHO_DECIDES, ASK_WHO_ANSWERS):
            assert Task.objects.get(name=name).owner_post == other.worker, name
        assert ExploitationAssessment.objects.count() == Measure.objects.count() == 1
    with acting_as(world.worker, LATER):
        assert not SafetyPlan.objects.exists() and not ExploitationAssessment.objects.exists()


def test_what_agencies_agreed_to_do_is_named_by_agency_and_day() -> None:
    world, other = make_world(), there()
    made, _ = met(world, EARLIER)
    with acting_as(world.manager, EARLIER):
        asked = list(AgencyAction.objects.filter(child=world.child, state__in=OPEN).select_related("agency"))
    assert asked and made
    transfer = started(world, other)
    lines = dict(transfer.view["open"])["What agencies agreed to do"]
    assert len(lines) == len(asked) and all(line.startswith(f"{asked[0].agency.name}, by ") for line in lines[:1])
    assert not any(one.words in str(lines) for one in asked)
    answer_transfer(transfer=of(other.manager, transfer), is_accepted=True, lead=other.worker, by=other.manager, at=LATER)
    with acting_as(other.worker, LATER):
        assert Task.objects.get(name=READ_THE_ACTIONS).owner_post == other.worker
        assert AgencyAction.objects.filter(state__in=OPEN).count() == len(asked)


def test_where_nobody_in_atlas_works_with_the_child_the_plan_ends_here() -> None:
    world, harwick = safe(), factories.authority("Harwick")
    asked: Any = send_transfer(
        child=world.child, to_authority=harwick, guest=guest_there(), offer=offer_of(world.child), by=world.manager, at=AT
    )
    with acting_as(world.manager, AT):
        transfer = Transfer.objects.get()
        plan = SafetyPlan.objects.get()
    answer = replied(transfer, asked, "accepted", AT, world.manager)
    take_transfer_reply(transfer=of(world.manager, transfer), answer=answer, by=world.manager, at=LATER)
    front_door = factories.post("front_door", of=factories.team("Front door", TeamPurpose.FRONT_DOOR))
    with acting_as(front_door, LATER):
        closed = SafetyPlan.objects.get(pk=plan.pk)
        assert closed.closed_at == LATER and "Harwick" in closed.closed_because
        assert not Task.objects.filter(state="open").exists()
