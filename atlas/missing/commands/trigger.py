"""A trigger plan is written before a child goes missing, confirmed, and its steps are agreed."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.missing.codes import PlanWritten
from atlas.missing.models import TriggerAction, TriggerPlan, TriggerPlanVersion
from atlas.missing.rules.trigger_plan import SAYS_WHERE
from atlas.missing.words import PLAN
from atlas.sealed.queries import is_location_sealed

if TYPE_CHECKING:
    from atlas.agencies.models import Post

NOT_WHERE = (
    "A sealed location exists, so nothing that says where the child is, or how the child is reached, is written here. Ring the custodians."
)


@command(needs=Permission.WRITE_TRIGGER_PLAN)
def write_trigger_plan(*, child: Child, words: Mapping[str, str], by: "Post", at: datetime) -> TriggerPlan:
    """Write the child's trigger plan, or change it; what is written is also confirmed.

    `words`: by the fields of PLAN; what is not given stays. Raises Invalid where it says nothing, and where it would say where a child is
    whose location is sealed.
    """
    plan = TriggerPlan.objects.filter(child=child).first()
    before = {name: getattr(plan, name) if plan else "" for name in PLAN}
    after = {name: words.get(name, before[name]).strip() for name in PLAN}
    changed = [name for name in PLAN if after[name] != before[name]]
    if is_location_sealed(child.pk) and any(after[name] for name in changed if name in SAYS_WHERE):
        raise Invalid(NOT_WHERE)
    if not any(after[name] for name in PLAN if name not in {"kept_by", "made_with", "keeper_words"}):
        raise Invalid("Write what those who look for the child must know. One box is enough to begin with.")
    is_new = plan is None
    plan = plan or TriggerPlan(child=child)
    for name in changed:
        setattr(plan, name, after[name])
    plan.confirmed_at, plan.confirmed_by = at, by
    plan.save(force_insert=is_new)
    _keep_version(plan, PlanWritten.WRITTEN if is_new else PlanWritten.CHANGED, changed, by, at)
    happened(Kind.TRIGGER_PLAN_WRITTEN, child=child, at=Moment(at, Precision.MINUTE), about=plan, words=_names(changed))
    return plan


@command(needs=Permission.WRITE_TRIGGER_PLAN)
def confirm_trigger_plan(*, plan: TriggerPlan, by: "Post", at: datetime) -> TriggerPlan:
    """Say that one has read the trigger plan with whoever keeps it, and that it is still right."""
    plan.confirmed_at, plan.confirmed_by = at, by
    plan.save(update_fields=["confirmed_at", "confirmed_by"])
    _keep_version(plan, PlanWritten.CONFIRMED, [], by, at)
    happened(Kind.TRIGGER_PLAN_CONFIRMED, child=plan.child, at=Moment(at, Precision.MINUTE), about=plan)
    return plan


@command(needs=Permission.WRITE_TRIGGER_PLAN)
def add_trigger_action(
    *, plan: TriggerPlan, trigger: str, actor: str, action: str, within_minutes: int | None = None, by: "Post", at: datetime
) -> TriggerAction:
    """Add a step to the end of those agreed in advance."""
    for text, field, words in ((trigger, "trigger", "when it begins"), (actor, "actor", "who does it"), (action, "action", "what is done")):
        if not text.strip():
            raise Invalid(f"Write {words}.", field)
    last = plan.actions.order_by("-place").first()
    step = TriggerAction(
        child=plan.child, plan=plan, place=last.place + 1 if last else 1, trigger_words=trigger.strip()[:200], actor_words=actor.strip()[:200],
        action_words=action.strip(), within_minutes=within_minutes,
    )  # fmt: skip
    step.save(force_insert=True)
    happened(Kind.TRIGGER_PLAN_WRITTEN, child=plan.child, at=Moment(at, Precision.MINUTE), about=plan, words="A step was added")
    return step


@command(needs=Permission.WRITE_TRIGGER_PLAN)
def withdraw_trigger_action(*, action: TriggerAction, by: "Post", at: datetime) -> TriggerAction:
    """Take a step out of the plan. Nothing is deleted."""
    action.is_withdrawn = True
    action.save(update_fields=["is_withdrawn"])
    happened(
        Kind.TRIGGER_PLAN_WRITTEN, child=action.child, at=Moment(at, Precision.MINUTE), about=action.plan, words="A step was taken out"
    )
    return action


def _keep_version(plan: TriggerPlan, why: PlanWritten, changed: list[str], by: "Post", at: datetime) -> None:
    last = plan.versions.order_by("-number").first()
    content = {name: text for name in PLAN if name not in SAYS_WHERE and (text := getattr(plan, name))}
    TriggerPlanVersion(
        child=plan.child, plan=plan, number=last.number + 1 if last else 1, why=why, changed=_names(changed), content=content, written_at=at,
        written_by=by,
    ).save(force_insert=True)  # fmt: skip


def _names(changed: list[str]) -> str:
    """The boxes that changed, by name alone: the chronology says that the plan was written, not what is in it."""
    return ", ".join(PLAN[name] for name in changed)[:300]
