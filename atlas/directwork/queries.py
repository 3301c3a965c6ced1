"""Direct work with a child, each aim with what came of it; and what the child said anywhere, with what was done or why not."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from atlas.children.models import Child
from atlas.directwork.models import DirectWorkSession, Programme
from atlas.directwork.rules import Met
from atlas.gate.context import Subject
from atlas.plans.models import PlanLine, PlanVersion, SafetyPlan
from atlas.sharing.models import ChildWords

MOST_SHOWN = 100


def programmes_of(subject: Subject, child: Child) -> "QuerySet[Programme]":
    """The direct work with a child, what runs first, then the latest; each with its sessions in order."""
    sessions = DirectWorkSession.objects.select_related("recorded_by__user").order_by("number")
    rows = (
        Programme.objects.of_child(subject, child.pk)
        .select_related("worker__user", "worker__team__agency")
        .prefetch_related(Prefetch("sessions", sessions))
    )
    return rows.order_by("ended_at", "-began_at", "pk")[:MOST_SHOWN]


def lines_to_serve(child: Child) -> list[PlanLine]:
    """The lines of the child's open plan that direct work may serve: as they stand now, by part."""
    plan = SafetyPlan.objects.filter(child=child, closed_at__isnull=True).first()
    return (
        []
        if plan is None
        else list(plan.lines.filter(until_number__isnull=True, ended_at__isnull=True).order_by("section", "added_at", "pk"))
    )


@dataclass(frozen=True)
class SaidDone:
    """What the child said, where, when and of what; and what came of it, under its label. `waits`: the words that nobody has answered yet."""

    at: datetime
    where: str
    about: str
    said: str
    label: str
    came_of_it: str
    waits: UUID | None = None


@dataclass(frozen=True)
class Heard:
    """Everything that a child said and what came of it, the latest first; and in how many of the agreed versions of the plan the child's words stand."""

    rows: tuple[SaidDone, ...]
    versions: int
    with_words: int


def heard(subject: Subject, child: Child) -> Heard:
    """*You said, we did*: from the child's copies, from direct work, and from each agreed version of the plan (capabilities.md row 82)."""
    copies = ChildWords.objects.of_child(subject, child.pk).order_by("-sent_at")[:MOST_SHOWN]
    held = DirectWorkSession.objects.of_child(subject, child.pk).filter(met=Met.HELD)
    sessions = held.select_related("programme").order_by("-happened_at")[:MOST_SHOWN]
    versions = list(PlanVersion.objects.of_child(subject, child.pk).filter(agreed_at__isnull=False).order_by("-agreed_at")[:MOST_SHOWN])
    rows = [
        *(_on_copy(one) for one in copies),
        *(_in_work(one, versions) for one in sessions),
        *(
            SaidDone(one.agreed_at, f"Safety plan, version {one.number}", "", one.child_words, str(one.get_with_child_display()), one.because)
            for one in versions if one.child_words and one.agreed_at
        ),
    ]  # fmt: skip
    rows.sort(key=lambda one: one.at, reverse=True)
    return Heard(tuple(rows), len(versions), sum(bool(one.child_words) for one in versions))


def _on_copy(one: ChildWords) -> SaidDone:
    label = "We did" if one.is_acted_on else "Not acted on, because" if one.did else "Nobody has answered yet" if one.wants_answer else ""
    said = one.words or str(one.get_kind_display())
    about = f"{one.get_kind_display()}: {one.line_words}" if one.line_words else str(one.get_kind_display()) if one.words else ""
    return SaidDone(one.sent_at, "On their copy of the plan", about, said, label, one.did, one.pk if one.wants_answer else None)


def _in_work(one: DirectWorkSession, versions: list[PlanVersion]) -> SaidDone:
    """What the child took from a session; what should change in the plan, and the first version that was agreed after it."""
    since = [version for version in versions if version.agreed_at and version.agreed_at >= one.recorded_at]
    after = f" Version {since[-1].number} was agreed after this: {since[-1].because}" if since and one.plan_changes else ""
    waits = " No new version of the plan has been agreed since." if one.plan_changes and not since else ""
    label = "For the plan" if one.plan_changes else "Nothing was to change in the plan"
    return SaidDone(
        one.happened_at, f"Direct work: {one.programme.get_theme_display()}", "", one.took_words, label, f"{one.plan_changes}{after}{waits}"
    )
