"""Direct work with a child of Fernleigh: one programme that has come to its end and one that runs, with sessions and what the child took from them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.directwork.commands import SessionGiven, WorkPlanned, end_programme, record_session, start_programme
from atlas.directwork.rules import Advocate, Met, Outcome, Theme, Tool
from atlas.gate.context import acting_as
from atlas.plans.commands.lines import LineGiven, add_line
from atlas.plans.commands.plan import start_plan
from atlas.plans.models import PlanLine, SafetyPlan

DONE = (
    SessionGiven(
        Moment(None), place="Walking home from school", done="Walked both ways home and marked where it feels safe.", took_words="I can go by the shops.",
        took_part_words="It was okay. Better than sitting.", learned="The cut behind the flats is where they wait.", advocate=Advocate.NO_FOR_NOW,
        plan_changes="The way by the shops, not the cut.", next_words="The bus on Fridays.",
    ),
    SessionGiven(Moment(None), met=Met.NOT_MET, not_met_words="She was at her nan's; her carer had not been told."),
    SessionGiven(
        Moment(None), place="The youth club", done="Played through three messages: what would you do?", took_words="If he says it is our secret, that is the sign.",
        took_part_words="Funny, and then not.", advocate=Advocate.YES, next_words="Meet the advocate together.",
    ),
)  # fmt: skip


WORDS = "I text Priya when I change my mind on the way home."


def work(named: dict[str, Post], children: Sequence[Child], now: datetime) -> None:
    """Three meetings of work with the first of these children that serves a line of the plan, reached in part; and a programme that has begun since."""
    worker, child = named["social.worker"], children[0]
    with acting_as(worker, now):
        plan = SafetyPlan.objects.filter(child=child, closed_at=None).first()
        line = plan.lines.filter(until_number=None, ended_at=None).order_by("section", "added_at").first() if plan else None
    line = line or _planned(child, worker, now - timedelta(days=41))
    at = max(now - timedelta(days=40), line.added_at + timedelta(hours=1))
    apart = (now - at) / 5
    aim = WorkPlanned("She knows two safe ways home, and whom to ring.", Theme.OUT, Tool.MAP, planned=4)
    programme = start_programme(child=child, line=line, planned=aim, worker=worker, by=worker, at=at)
    for number, given in enumerate(DONE, 1):
        when = at + apart * number
        record_session(programme=programme, given=replace(given, happened_at=Moment(when)), by=worker, at=when + timedelta(hours=3))
    end_programme(
        programme=programme, outcome=Outcome.PARTLY, outcome_words="She goes by the shops on four days of five.", outcome_child_words="Fridays are still hard.",
        by=worker, at=now - apart,
    )  # fmt: skip
    next_aim = WorkPlanned("She can tell when somebody wants a favour back.", Theme.DEBT, Tool.CARDS, planned=6)
    start_programme(child=child, line=line, planned=next_aim, worker=worker, by=worker, at=now - apart / 2)


def _planned(child: Child, worker: Post, at: datetime) -> PlanLine:
    """A plan with one line, where the year has made none; it is being written."""
    plan = start_plan(child=child, by=worker, at=at)
    return add_line(plan=plan, given=LineGiven("child", WORDS, whose="child", on_child_copy=True), by=worker, at=at)
