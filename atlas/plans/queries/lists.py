"""How far many plans can be relied on, in one statement: for the child's page, and for whoever answers for a team."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from atlas.agencies.models import Post
from atlas.chronology.models import Entry
from atlas.clocks.models import Clock
from atlas.flow import EVENT
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.plans.models import PlanLine, SafetyPlan
from atlas.plans.queries.question import BEFORE, PLAN_KEYS
from atlas.plans.rules.reviews import FRESHNESS_WORDS, Freshness, freshness

_PLAN, _WAITING = ("id", "child_id", "number", "decided_at"), ("unanswered", "answer_by", "is_broken")


@dataclass(frozen=True)
class PlanState:
    """One child's plan at a glance: when it was last true, what waits, until when."""

    plan: SafetyPlan
    state: Freshness
    waiting: tuple[str, ...]
    due_at: datetime | None

    @property
    def words(self) -> str:
        """Its state in words."""
        return FRESHNESS_WORDS[self.state] if self.plan.number else "Being written"


def plans_with_waiting(subject: Subject, at: datetime) -> "QuerySet[SafetyPlan]":
    """Open plans that the subject reads, each with the codes of the events that nobody has answered, and the clock that runs for them."""
    return _with_waiting(SafetyPlan.objects.visible_to(subject), at, day_of(at))


def _with_waiting(plans: "QuerySet[SafetyPlan]", at: datetime, today: date) -> "QuerySet[SafetyPlan]":
    began = ExpressionWrapper(OuterRef("began_at") - BEFORE, output_field=DateTimeField())
    running = Clock.objects.filter(outcome=Clock.Outcome.RUNNING, limit__in=PLAN_KEYS)
    asked = Q(recorded_at__gt=began) | Q(Exists(running.filter(started_by=OuterRef("pk"))))
    unanswered = Entry.objects.filter(asked, child=OuterRef("child"), recorded_at__lte=at, plan_answer__isnull=True).exclude(event="")
    clock = running.filter(child=OuterRef("child"))
    gone = Q(owner_post__until_on__isnull=False, owner_post__until_on__lt=today)
    in_force = Q(until_number__isnull=True) | Q(until_number__gt=OuterRef("number"))
    broken = PlanLine.objects.filter(in_force, Q(failed_at__isnull=False) | gone, plan=OuterRef("pk"), from_number__lte=OuterRef("number"))
    return plans.filter(closed_at__isnull=True).annotate(
        unanswered=ArraySubquery(unanswered.order_by("happened_at").values("event")),
        answer_by=Subquery(clock.order_by("due_at").values("due_at")[:1]), is_broken=Exists(broken),
    )  # fmt: skip


def plans_waiting(subject: Subject, at: datetime) -> "QuerySet[SafetyPlan]":
    """The same, what must be answered first standing first; then those that were longest ago said to be true."""
    return (
        plans_with_waiting(subject, at)
        .select_related("child")
        .order_by(F("answer_by").asc(nulls_last=True), F("decided_at").asc(nulls_first=True), "pk")
    )


def state_of(plan: SafetyPlan, at: datetime) -> PlanState:
    """A plan from `plans_with_waiting`, at a glance."""
    codes, due_at = plan.unanswered, plan.answer_by  # type: ignore[attr-defined]
    is_late = due_at is not None and due_at < at
    state = freshness(codes, is_late=is_late, has_broken_line=plan.is_broken)  # type: ignore[attr-defined]
    told = Counter(event.kind.words for code in codes if (event := EVENT.get(code)) and event.kind)
    words = tuple(f"{said} ({many} times)" if many > 1 else said for said, many in told.items())
    return PlanState(plan, state, words, due_at)


def plan_state(subject: Subject, child_id: UUID, at: datetime) -> PlanState | None:
    """The child's plan at a glance; None where there is none, or none that the subject reads."""
    plan = _with_waiting(SafetyPlan.objects.of_child(subject, child_id), at, day_of(at)).first()
    return state_of(plan, at) if plan else None


def plan_told(child: str, at: datetime, today: date) -> Subquery:
    """On a child's row (`child`: its key), the open plan and what waits, as far as whoever acts may read it: for a page that asks of the child once."""
    plans = _with_waiting(SafetyPlan.objects.filter(child=OuterRef(child)), at, today)
    return Subquery(plans.values(told=JSONObject(**{name: name for name in (*_PLAN, *_WAITING)}))[:1])


def state_told(told: dict[str, Any] | None, at: datetime) -> PlanState | None:
    """The child's plan at a glance, from what `plan_told` gave; None where there is none, or none that whoever acts reads."""
    if told is None:
        return None
    plan = SafetyPlan(**{name: told[name] for name in _PLAN})
    plan.decided_at = _moment(told["decided_at"])
    plan.unanswered, plan.answer_by, plan.is_broken = told["unanswered"], _moment(told["answer_by"]), told["is_broken"]  # type: ignore[attr-defined]
    return state_of(plan, at)


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def lines_owned_by(subject: Subject, post: Post) -> "QuerySet[PlanLine]":
    """What a post still has to do by plans that are open, as far as the subject sees it."""
    open_lines = PlanLine.objects.visible_to(subject).filter(owner_post=post, until_number__isnull=True, plan__closed_at__isnull=True)
    return open_lines.filter(status=PlanLine.Status.OPEN).select_related("child").order_by("due_on", "pk")
