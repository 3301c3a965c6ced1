"""A safety plan, brought about by commands."""

from datetime import date, datetime, timedelta

from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.gate.context import acting_as
from atlas.plans.commands.happening import record_event
from atlas.plans.commands.lines import LineGiven, add_line
from atlas.plans.commands.plan import Agreed, Answers, agree_plan, start_plan
from atlas.plans.models import SafetyPlan
from atlas.plans.queries.question import unread
from tests.factories import NOW
from tests.world import World

LINES = (
    LineGiven("my_view", "I want to be asked before you ring my mum."),
    LineGiven("worries", "Older adults wait outside school on Fridays.", risk_words="Criminal exploitation"),
    LineGiven("safe_people", "Aunt Ola, evenings.", telephone="07700 900111"),
    LineGiven("safe_places", "The library on Moss Lane, until eight."),
    LineGiven("child", "I text Sam when I change my mind.", whose="child", on_child_copy=True),
    LineGiven("signals", "A blue heart to Ola: ring me now.", on_child_copy=True),
)
AGREED = Agreed("agreed", "It is okay. I picked the word.")


def action(world: World, words: str = "School meets the bus at the gate.", due_on: date | None = None) -> LineGiven:
    """A line that somebody must do."""
    return LineGiven(
        "agency", words, whose="post", owner_post=world.worker, due_on=due_on or (NOW + timedelta(days=14)).date(), evidence="Register",
        risk_words="Criminal exploitation",
    )  # fmt: skip


def written(world: World, at: datetime = NOW) -> SafetyPlan:
    """A plan that is being written, with a line of each kind."""
    plan = start_plan(child=world.child, by=world.worker, at=at)
    for given in (*LINES, action(world)):
        add_line(plan=plan, given=given, by=world.worker, at=at)
    return plan


def answers(world: World, plan: SafetyPlan | None, at: datetime, **more: str) -> Answers:
    """Everything that happened, read and answered."""
    with acting_as(world.worker, at):
        read = tuple(entry.pk for entry in unread(world.child, plan, at))
    said = {"reason": "Read with the child and her aunt.", "strategy": "no", "also": "Nothing further today.", **more}
    return Answers(read, said["reason"], said["strategy"], said["also"])


def agreed(world: World, at: datetime = NOW) -> SafetyPlan:
    """A plan in force."""
    plan = written(world, at)
    agree_plan(plan=plan, answers=answers(world, plan, at), agreed=AGREED, by=world.worker, at=at)
    return fresh(world, plan, at)


def fresh(world: World, plan: SafetyPlan, at: datetime) -> SafetyPlan:
    """The plan as it stands in the database."""
    with acting_as(world.worker, at):
        return SafetyPlan.objects.get(pk=plan.pk)


def tell(world: World, kind: Kind, at: datetime, words: str = "At the station") -> Entry:
    """Something happened, and the worker wrote it down."""
    return record_event(
        child=world.child,
        kind=kind,
        happened_at=Moment(at - timedelta(minutes=30)),
        words=words,
        source="Form tutor",
        by=world.worker,
        at=at,
    )
