"""What stands in a pack, as one post of the team may see it: who is missing and whom to ring, and what open safety plans say."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from atlas.children.models import Child
from atlas.desk.reaching import Number, if_i_go_missing, looked_for_now, numbers_to_ring
from atlas.gate.context import Subject
from atlas.missing.models import Episode
from atlas.plans.models import PlanLine, SafetyPlan
from atlas.plans.rules.parts import Section
from atlas.sealed.queries import location_sealed
from atlas.sealed.rules import RING

# Where a sealed location exists, what could say where the child lives is left out: those of the plan that name people and places.
SAYS_WHERE = frozenset({Section.SAFE_PEOPLE})


@dataclass
class Told:
    """One child in a pack."""

    name: str
    born_on: object
    reference: str
    episode: Episode | None = None
    if_missing: list[tuple[str, str]] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    plan: list[tuple[str, str]] = field(default_factory=list)
    sealed_words: str = ""


def told_to(subject: Subject) -> dict[UUID, Told]:
    """Every child of whom this post is told, by id: those missing now, and those with an open plan."""
    episodes = list(looked_for_now(subject))
    numbers = numbers_to_ring(subject, episodes)
    found: dict[UUID, Told] = {}
    for episode in episodes:
        one = _child(episode.child, is_sealed=episode.is_location_sealed)  # type: ignore[attr-defined]
        one.episode, one.if_missing, one.numbers = episode, if_i_go_missing(episode), numbers.get(episode.child_id, [])
        found[episode.child_id] = one
    _plans(subject, found)
    return found


def _child(child: Child, *, is_sealed: bool) -> Told:
    return Told(child.name, child.born_on, str(child.pk)[:8].upper(), sealed_words=RING if is_sealed else "")


def _plans(subject: Subject, found: dict[UUID, Told]) -> None:
    plans = SafetyPlan.objects.visible_to(subject).filter(closed_at__isnull=True, number__gt=0).select_related("child")
    held = {plan.pk: plan for plan in plans.annotate(is_sealed=location_sealed("child"))}
    said: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    lines = PlanLine.objects.visible_to(subject).filter(plan__in=held, until_number__isnull=True, from_number__gt=0)
    for line in lines.order_by("section", "from_number", "pk"):
        plan = held[line.plan_id]
        if line.from_number <= plan.number and not (plan.is_sealed and line.section in SAYS_WHERE):
            number = f" ({line.telephone})" if line.telephone else ""
            said[line.plan_id].append((Section(line.section).label, f"{line.words}{number}"))
    for plan in held.values():
        one = found.setdefault(plan.child_id, _child(plan.child, is_sealed=plan.is_sealed))
        one.plan = said[plan.pk]


def earliest(moment: datetime | None) -> float:
    """For the order: whoever has been missing longest stands first, and plans after."""
    return moment.timestamp() if moment else float("inf")
