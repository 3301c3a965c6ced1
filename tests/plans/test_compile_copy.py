"""One plan, a copy for each recipient: by part and by line, and what is not in it was never in it."""

from datetime import timedelta

import pytest

from atlas.agencies.models import AgencyKind
from atlas.gate.context import acting_as
from atlas.plans.commands.lines import LineGiven, add_line, end_line
from atlas.plans.commands.plan import agree_plan
from atlas.plans.models import PlanLine, SafetyPlan
from atlas.plans.queries.copies import compile_copy, for_a_phone
from atlas.sharing.commands.copies import Given, record_copy_given
from atlas.sharing.copy import Audience, CompiledCopy
from tests import factories
from tests.factories import NOW
from tests.plans.given import AGREED, action, agreed, answers, fresh, written
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def parts(copy: CompiledCopy) -> list[str]:
    return [block.key for block in copy.blocks]


def compiled(world: World, plan: SafetyPlan, audience: Audience) -> CompiledCopy:
    with acting_as(world.worker, LATER):
        return compile_copy(SafetyPlan.objects.get(pk=plan.pk), audience)


def test_each_recipient_gets_their_own_parts() -> None:
    world = make_world()
    plan = written(world)
    given = LineGiven(
        "disruption", "Police visit the arcade.", whose="post", owner_post=world.police, due_on=(NOW + timedelta(days=9)).date()
    )
    add_line(plan=plan, given=given, by=world.worker, at=NOW)
    add_line(
        plan=plan, given=LineGiven("carer", "Ring her aunt first.", whose="carer", left_out_of=("placement",)), by=world.worker, at=NOW
    )
    agree_plan(plan=plan, answers=answers(world, plan, NOW), agreed=AGREED, by=world.worker, at=NOW)
    got = {audience: parts(compiled(world, plan, audience)) for audience in Audience}
    assert got[Audience.CHILD] == ["signals", "child"]  # only what somebody let through
    assert got[Audience.CARER] == ["safe_people", "safe_places", "signals", "carer"]
    assert got[Audience.PLACEMENT] == ["safe_people", "safe_places", "signals"]
    assert got[Audience.POLICE] == ["worries", "disruption"]
    assert got[Audience.SCHOOL] == []
    assert "my_view" in got[Audience.PROFESSIONAL] and "disruption" in got[Audience.PROFESSIONAL]


def test_an_agency_s_own_line_reaches_its_copy_and_only_its_own() -> None:
    world = make_world()
    plan = agreed(world)
    school = factories.agency("Moss Academy", kind=AgencyKind.SCHOOL)
    add_line(plan=plan, given=LineGiven("agency", "A named adult meets her at the gate.", whose="other", owner_words="Ms Vale", agency=school,
                                        due_on=(NOW + timedelta(days=3)).date()), by=world.worker, at=LATER)  # fmt: skip
    agree_plan(plan=fresh(world, plan, LATER), answers=answers(world, plan, LATER), agreed=AGREED, by=world.worker, at=LATER)
    lines = [line.words for block in compiled(world, plan, Audience.SCHOOL).blocks for line in block.lines]
    assert len(lines) == 1 and lines[0].startswith("A named adult meets her at the gate. (Ms Vale, by ")


def test_signals_stay_off_a_phone_until_it_is_recorded_who_else_can_open_it() -> None:
    world = make_world()
    copy = compiled(world, agreed(world), Audience.CHILD)
    assert parts(for_a_phone(copy, "")) == ["child"] and parts(for_a_phone(copy, "Nobody")) == ["signals", "child"]


def test_the_child_s_next_copy_says_first_what_is_new() -> None:
    world = make_world()
    plan = agreed(world)
    given = Given(to_whom="The child and her aunt", is_safe_to_hold=False, safe_reason="Others hold her phone.")
    record_copy_given(child=world.child, copy=compiled(world, plan, Audience.CHILD), given=given, about=plan, by=world.worker, at=LATER)
    add_line(
        plan=plan, given=LineGiven("child", "I keep the spare key at Ola’s.", whose="child", on_child_copy=True), by=world.worker, at=LATER
    )
    with acting_as(world.worker, LATER):
        gone = PlanLine.objects.get(plan=plan, section="signals", until_number=None)
    end_line(line=gone, because="Somebody else knows it.", by=world.worker, at=LATER)
    agree_plan(plan=fresh(world, plan, LATER), answers=answers(world, plan, LATER), agreed=AGREED, by=world.worker, at=LATER)
    copy = compiled(world, plan, Audience.CHILD)
    assert parts(copy) == ["new", "child"] and [line.words for line in copy.blocks[0].lines] == ["I keep the spare key at Ola’s."]


def test_nothing_of_an_unagreed_version_is_in_any_copy() -> None:
    world = make_world()
    plan = agreed(world)
    add_line(plan=plan, given=action(world, "Not agreed yet."), by=world.worker, at=LATER)
    assert all("Not agreed yet" not in line.words for block in compiled(world, plan, Audience.PROFESSIONAL).blocks for line in block.lines)
