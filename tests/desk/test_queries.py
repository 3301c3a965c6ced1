"""The pages of plans, exploitation, direct work and contacts ask as many questions of the database when very full as when they hold one of each."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.chronology.kinds import Kind
from atlas.contacts.codes import Level as Need
from atlas.contacts.codes import Outcome
from atlas.contacts.commands.answering import ask_agency
from atlas.contacts.models import Assessment
from atlas.exploitation.codes import AssessmentKind, HarmKind, ItemKind, Level
from atlas.exploitation.commands.assessment import add_contribution, add_dissent
from atlas.exploitation.commands.measures import record_breach, start_measure
from atlas.exploitation.commands.nrm import keep_from_nrm
from atlas.feeds.commands.master import set_master
from atlas.feeds.rules import Mastered, System
from atlas.gate.context import acting_as
from atlas.plans.commands.lines import add_line
from atlas.plans.commands.plan import agree_plan, confirm_plan
from atlas.plans.models import SafetyPlan
from tests import factories
from tests.contacts.given import door
from tests.desk.test_pages import asked_by
from tests.directwork.test_direct_work import begin, hold
from tests.exploitation.given import begun, finished, harmed, judged, seen, written
from tests.factories import NOW
from tests.guards.test_pages import AGAIN
from tests.guards.test_pages import held as interviewed
from tests.plans.given import AGREED, action, agreed, answers, tell
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
HARM = list(HarmKind)


def lived(world: World, plan: SafetyPlan, at: datetime, number: int) -> None:
    """Something happens, a line is written, a version agreed, the plan confirmed; then something happens that nobody has answered."""
    tell(world, Kind.SUSPENDED, at, f"At Stone Lane {number}")
    add_line(plan=plan, given=action(world, f"Meets Jo at the bus {number}.", (at + timedelta(days=9)).date()), by=world.worker, at=at)
    agree_plan(plan=plan, answers=answers(world, plan, at), agreed=AGREED, by=world.worker, at=at)
    later = at + timedelta(minutes=10)
    tell(world, Kind.NEW_COMPANY, later, f"A man called Rav {number}")
    confirm_plan(plan=plan, answers=answers(world, plan, later), by=world.worker, at=later)
    tell(world, Kind.NEW_COMPANY, later + timedelta(minutes=10), f"A man called Rav {number}")


def assessed(world: World, at: datetime, number: int) -> None:
    """An assessment is finished, and one of each thing that the page of exploitation shows is written down beside it."""
    by: dict[str, Any] = {"by": world.worker, "at": at}
    day = at.date()
    review = begun(world, AssessmentKind.REVIEW, at)
    seen(world, review, words=f"Seen again {number}", last_seen_on=day, at=at)
    seen(
        world,
        review,
        code="few_friends",
        kind=ItemKind.VULNERABILITY,
        words=f"Alone {number}",
        source="",
        grade="",
        last_seen_on=None,
        at=at,
    )
    harmed(world, HARM[number], last_seen_on=day, at=at)
    add_contribution(assessment=review, who=f"School nurse {number}", words="Two visits", **by)
    add_dissent(assessment=review, who=f"DS Hale {number}", words="We would say 2", **by)
    written(world, review, at)
    judged(world, review, Level.SIGNIFICANT, is_harm=True, at=at)
    keep_from_nrm(child=world.child, reason=f"Asked police {number}", **by)
    measure = start_measure(child=world.child, kind="hotel", owner="DS Hale", started_on=day, against=f"The Crown {number}", **by)
    record_breach(measure=measure, happened_on=day, words="No answer came", **by)


def grows(signed_in: Any, post: Any, pages: dict[str, int], fill: Callable[[datetime, int], None], start: datetime) -> None:
    """Open each page with one of each, and again with five: within its bound, and not one question more."""
    fill(start, 0)
    few = {path: asked_by(signed_in(post, start + timedelta(hours=1)), path) for path in pages}
    for number in range(1, 5):
        fill(start + timedelta(hours=2 * number), number)
    for path, most in pages.items():
        many = asked_by(signed_in(post, start + timedelta(hours=12)), path)
        shown = "\n".join(sql[:150] for sql in many)
        assert len(many) <= len(few[path]), f"{path}: {len(few[path])}, then {len(many)}\n{shown}"
        assert len(few[path]) <= most, f"{path}: {len(few[path])} of {most}\n{shown}"


def test_the_plan_the_list_of_plans_and_the_childs_page(signed_in: Any) -> None:
    world = make_world()
    interviewed(world)
    finished(world, at=AGAIN)
    plan = agreed(world, AGAIN)
    programme = begin(world)
    pages = {
        reverse("plans:view_plan", args=[world.child.pk]): 24, reverse("plans:confirm_plan", args=[plan.pk]): 22,
        reverse("desk:view_child", args=[world.child.pk]): 13,
        reverse("directwork:view_direct_work", args=[world.child.pk]): 14, reverse("directwork:view_you_said", args=[world.child.pk]): 14,
    }  # fmt: skip

    def fill(at: datetime, number: int) -> None:
        lived(world, plan, at, number)
        hold(world, programme)

    grows(signed_in, world.worker, pages, fill, AGAIN + timedelta(hours=1))


def test_exploitation(signed_in: Any) -> None:
    world = make_world()
    first = finished(world, Level.MODERATE, at=NOW)
    pages = {
        reverse("exploitation:view_exploitation", args=[world.child.pk]): 19,
        reverse("exploitation:view_exploitation_assessment", args=[first.pk]): 13,
    }
    grows(signed_in, world.worker, pages, lambda at, number: assessed(world, at, number), NOW + timedelta(hours=1))


@pytest.mark.parametrize("reads", ["front door", "worker"])
def test_a_contact_and_what_came_of_contacts(signed_in: Any, reads: str) -> None:
    there = door()
    world = there.world
    officer = factories.post("data_officer", of=factories.team("Data"))
    set_master(authority=world.authority, record=Mastered.ASSESSMENT, system=System.ATLAS, by=officer, at=NOW)
    contact = there.decided(NOW, outcome=Outcome.ASSESSMENT, level=Need.FOUR).contact
    with acting_as(world.worker, NOW):
        assessment = Assessment.objects.get()

    def fill(at: datetime, number: int) -> None:
        there.decided(at, name=f"Ashby {number}")
        ask_agency(contact=contact, team=world.police.team, about="Ashby", question=f"Known? {number}", by=there.screener, at=at)

    of_door = {reverse("contacts:view_contact", args=[contact.pk]): 16}
    of_worker = {
        reverse("contacts:view_screening", args=[world.child.pk]): 16,
        reverse("contacts:view_assessment", args=[assessment.pk]): 16,
    }
    post, pages = (there.screener, of_door) if reads == "front door" else (world.worker, of_worker)
    grows(signed_in, post, pages, fill, NOW + timedelta(hours=1))
