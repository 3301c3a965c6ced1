"""The catalogue of what changes a child's life: as practice.md section 7 has it, and what each row starts."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.flow import ALSO, EVENTS, PLAN_DECISION, PLAN_TODAY, RiskEvent, happened
from atlas.gate.context import acting_as
from atlas.tasks.models import Task
from tests.factories import NOW
from tests.world import World, make_world

PRACTICE = Path(__file__).resolve().parents[3] / "shared/reference/practice.md"
# Where ours says more than the source's line, or says it otherwise; each with its reason in flow.py.
OTHERWISE = {"EV-04": {"N", "C"}, "EV-42": {"C"}}


def test_the_catalogue_is_that_of_the_reference() -> None:
    if not PRACTICE.exists():
        pytest.skip("needs ../shared/reference/practice.md")
    section = PRACTICE.read_text().split("\n## 7.")[1].split("\n## 8.")[0]
    rows = {cells[1].strip(): cells[5] for line in section.splitlines() if (cells := line.split("|")) and line.startswith("| EV-")}
    ours = {event.code: event for event in EVENTS if event.code.startswith("EV")}
    assert list(ours) == list(rows) and len(rows) == 50
    for code, cell in rows.items():
        said = set(re.findall(r"\b(NRM|POL|HLT|LV|N|C|R|S|P)\b", re.sub(r"\([^)]*\)", "", cell)))
        assert OTHERWISE.get(code, said) == said and (code == "EV-04" or said == {str(e) for e in ours[code].effects}), (code, cell)
        assert ("same day" in cell) == (ours[code].limit is PLAN_TODAY) or code in {"EV-37"}, (code, cell)


def test_each_kind_stands_in_one_row() -> None:
    kinds = [event.kind for event in EVENTS if event.kind is not None] + [*ALSO]
    assert len(kinds) == len(set(kinds)) and len({event.code for event in EVENTS}) == len(EVENTS)


def asked(world: World) -> list[str]:
    """The time limits of the plan that run for the child."""
    with acting_as(world.worker, NOW):
        running = Clock.objects.filter(child=world.child, outcome=Clock.Outcome.RUNNING, limit__in=[PLAN_DECISION.key, PLAN_TODAY.key])
        return sorted(running.values_list("limit", flat=True))


def tell(world: World, *kinds: Kind, is_historic: bool = False) -> list[Entry]:
    with acting_as(world.worker, NOW):
        return [happened(kind, child=world.child, at=Moment(NOW - timedelta(hours=3)), is_historic=is_historic) for kind in kinds]


@pytest.mark.django_db
def test_without_a_plan_a_strategy_question_asks_and_a_confirmation_does_not() -> None:
    world = make_world()
    tell(world, Kind.SUSPENDED, Kind.MOVE_PLANNED)
    assert asked(world) == []
    tell(world, Kind.WEAPON_FOUND)
    assert asked(world) == ["plan_decision"]


@pytest.mark.django_db
def test_with_a_plan_one_question_waits_however_much_happens_and_an_urgent_one_beside_it() -> None:
    world = make_world()
    tell(world, Kind.PLAN_STARTED, Kind.SUSPENDED, Kind.NEW_COMPANY, Kind.MISSING_OVERNIGHT)
    assert asked(world) == ["plan_decision"]
    (entry,) = tell(world, Kind.HOSPITAL_ASSAULT)
    tell(world, Kind.DEBT_OR_THREAT, Kind.ARRESTED)
    assert asked(world) == ["plan_decision", "plan_today"]
    with acting_as(world.worker, NOW):
        task = Task.objects.get(child=world.child, clock__limit="plan_today")
        assert (task.owner_post, task.about_id, task.entry) == (world.worker, entry.pk, entry)
        # from when it was written down, not from when it happened
        assert Clock.objects.get(limit="plan_today").due_at == NOW + timedelta(hours=24)


@pytest.mark.django_db
def test_a_closed_plan_and_what_is_historic_ask_nothing() -> None:
    world = make_world()
    with acting_as(world.worker, NOW - timedelta(days=2)):
        happened(Kind.PLAN_STARTED, child=world.child, at=Moment(NOW - timedelta(days=2)))
    with acting_as(world.worker, NOW - timedelta(days=1)):
        happened(Kind.PLAN_CLOSED, child=world.child, at=Moment(NOW - timedelta(days=1)))
    tell(world, Kind.SUSPENDED)
    tell(world, Kind.WEAPON_FOUND, is_historic=True)
    assert asked(world) == []


def test_what_asks_has_a_time_limit_and_what_only_is_noted_has_none() -> None:
    def row(code: str) -> RiskEvent:
        return next(event for event in EVENTS if event.code == code)

    assert row("EV-15").limit is None and row("EV-43").limit is None
    assert all((event.limit is not None) == event.asks for event in EVENTS)
    assert row("EV-10").limit is PLAN_TODAY and row("EV-13").limit is PLAN_DECISION
