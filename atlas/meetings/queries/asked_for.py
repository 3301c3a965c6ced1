"""What the form that calls a meeting holds before anybody types: the kind that was decided on, why, and who chairs it as a rule. Each can be changed."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from atlas.children.models import Child
from atlas.gate.context import Subject
from atlas.meetings.rules.kinds import OF_STRATEGY, SHIPPED_BY_KEY
from atlas.missing.models import StepTaken
from atlas.missing.rules.steps import STEP_STRATEGY
from atlas.plans.models import PlanDecision

if TYPE_CHECKING:
    from collections.abc import Iterable

LATELY = timedelta(days=7)  # an older decision is another discussion's


def asked_for(subject: Subject, child: Child, kind: str, at: datetime) -> "dict[str, str]":
    """What the form holds first, where the page that leads here says the kind: for a strategy discussion the words of whoever decided on it, on the missing
    episode or the safety plan, as far as they are open to whoever calls it; and as its chair whoever calls it, where their role chairs it.
    """
    of = SHIPPED_BY_KEY.get(kind)
    if of is None:
        return {}
    given = {"kind": kind}
    if subject.post.role in of.chaired_by:
        given["chair"] = str(subject.post.pk)
    if of.answers == OF_STRATEGY:
        given["why"] = max(_decided(subject, child, at), default=(at, ""))[1]
    return given


def _decided(subject: Subject, child: Child, at: datetime) -> "Iterable[tuple[datetime, str]]":
    steps = StepTaken.objects.of_child(subject, child.pk).filter(step=STEP_STRATEGY.key, taken_at__gte=at - LATELY)
    plans = PlanDecision.objects.of_child(subject, child.pk).filter(strategy=PlanDecision.Strategy.YES, decided_at__gte=at - LATELY)
    return [*steps.values_list("taken_at", "words"), *plans.values_list("decided_at", "reason")]
