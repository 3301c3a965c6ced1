"""Direct work with a child, each aim with what came of it; and what the child said anywhere, with what was done or why not."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from atlas.children.models import Child
from atlas.directwork.models import DirectWorkSession, Programme
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
    """What the child said, where and when; and what came of it. `is_acted_on`: None while nobody has said."""

    at: datetime
    where: str
    said: str
    did: str
    is_acted_on: bool | None


@dataclass(frozen=True)
class Heard:
    """Everything that a child said and what came of it, the latest first; and in how many of the agreed versions of the plan the child's words stand."""

    rows: tuple[SaidDone, ...]
    versions: int
    with_words: int


def heard(subject: Subject, child: Child) -> Heard:
    """*You said, we did*: from the child's copies, from direct work, and from each agreed version of the plan (capabilities.md row 82)."""
    copies = ChildWords.objects.of_child(subject, child.pk).order_by("-sent_at")[:MOST_SHOWN]
    sessions = (
        DirectWorkSession.objects.of_child(subject, child.pk)
        .filter(met="held")
        .select_related("programme")
        .order_by("-happened_at")[:MOST_SHOWN]
    )
    versions = list(PlanVersion.objects.of_child(subject, child.pk).filter(agreed_at__isnull=False).order_by("-agreed_at")[:MOST_SHOWN])
    rows = [
        *(SaidDone(one.sent_at, "On their copy of the plan", _said(one), one.did, one.is_acted_on) for one in copies),
        *(
            SaidDone(one.happened_at, f"Direct work: {one.programme.get_theme_display()}", one.took_words, one.plan_changes and f"For the plan: {one.plan_changes}", None)
            for one in sessions
        ),
        *(
            SaidDone(one.agreed_at, f"Plan, version {one.number}", one.child_words, f"{one.get_with_child_display()}. {one.because}".strip(), True)
            for one in versions if one.child_words and one.agreed_at
        ),
    ]  # fmt: skip
    rows.sort(key=lambda one: one.at, reverse=True)
    return Heard(tuple(rows), len(versions), sum(bool(one.child_words) for one in versions))


def _said(one: ChildWords) -> str:
    about = f"{one.get_kind_display()}: {one.line_words}" if one.line_words else str(one.get_kind_display())
    return f"{about}. {one.words}" if one.words else about
