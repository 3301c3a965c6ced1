"""The trigger plan: its page, its form, its paper."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.children.models import Child
from atlas.design.words import reference_of, when
from atlas.gate.events import Event
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.missing.commands import trigger
from atlas.missing.forms.trigger import ConfirmForm, TriggerActionForm, TriggerPlanForm
from atlas.missing.models import TriggerAction, TriggerPlan
from atlas.missing.queries.plans import children_with_plan, on_paper, plans_with_child, ready
from atlas.missing.views.episode import NOT_THE_POLICE
from atlas.sealed.rules import RING
from atlas.sharing.pdf import pdf_of

MOST_VERSIONS = 10


def to_plan(record: Any) -> str:
    """The address of a child's trigger plan."""
    return reverse("missing:view_trigger_plan", args=[record.child_id])


@page(about=Child, needs=Permission.VIEW_TRIGGER_PLAN, rows=children_with_plan)
def view_trigger_plan(request: PageRequest, child: Child) -> HttpResponse:
    """What is known and agreed before the child goes missing, ready for whoever looks."""
    plan = getattr(child, "trigger_plan", None)
    versions = plan.versions.select_related("written_by__user").order_by("-number")[:MOST_VERSIONS] if plan else ()
    found = ready(request.subject, child, plan, is_sealed=child.is_location_sealed)  # type: ignore[attr-defined]
    shown = {
        "child": child, "plan": plan, "ready": found, "versions": list(versions), "now": request.at, "ring": RING,
        "profile": getattr(child, "missing_profile", None),
        "not_the_police": NOT_THE_POLICE, "may_write": Permission.WRITE_TRIGGER_PLAN in ROLE[request.post.role].permissions,
    }  # fmt: skip
    return render(request, "missing/view_trigger_plan.html", shown)


@page(about=TriggerPlan, needs=Permission.VIEW_TRIGGER_PLAN, rows=plans_with_child, event=Event.PRINT)
def print_trigger_plan(request: PageRequest, plan: TriggerPlan) -> HttpResponse:
    """The same as a PDF, marked on every page with who printed it and when."""
    mark = f"Printed by {request.post}, {when(request.at)}, reference {reference_of(plan.pk)}"
    found = ready(request.subject, plan.child, plan, is_sealed=plan.is_location_sealed)  # type: ignore[attr-defined]
    response = HttpResponse(pdf_of(on_paper(request.subject, plan.child, found), mark), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="ready-to-search.pdf"'
    return response


@page(about=Child, needs=Permission.WRITE_TRIGGER_PLAN, rows=children_with_plan)
def write_trigger_plan(request: PageRequest, child: Child) -> HttpResponse:
    """Write the plan with the child and whoever cares for the child, or change it."""
    is_sealed: bool = child.is_location_sealed  # type: ignore[attr-defined]
    form, back = TriggerPlanForm.of(request, is_sealed=is_sealed), reverse("missing:view_trigger_plan", args=[child.pk])
    lead = ("Write it with the child and with whoever cares for the child, before it is needed. The child may read it.",)
    return answer(
        request, form, lambda given: trigger.write_trigger_plan(child=child, words=form.words(), **acting(request)), then=lambda done: back,
        heading="Trigger plan", caption=child.name, back=back, lead=lead, warning=trigger.NOT_WHERE if is_sealed else "",
        edits=lambda: TriggerPlan.objects.filter(child=child).first(),
    )  # fmt: skip


@page(about=TriggerPlan, needs=Permission.WRITE_TRIGGER_PLAN)
def confirm_trigger_plan(request: PageRequest, plan: TriggerPlan) -> HttpResponse:
    """Say that it was read, and is still right."""
    lead = ("You have read it with whoever keeps it. If anything is wrong, go back and change it.",)
    return _do(request, plan, ConfirmForm, trigger.confirm_trigger_plan, "plan", "Is the trigger plan still right?", lead=lead)


@page(about=TriggerPlan, needs=Permission.WRITE_TRIGGER_PLAN)
def add_trigger_action(request: PageRequest, plan: TriggerPlan) -> HttpResponse:
    """Agree a step beforehand."""
    return _do(request, plan, TriggerActionForm, trigger.add_trigger_action, "plan", "Agree a step beforehand")


@page(about=TriggerAction, needs=Permission.WRITE_TRIGGER_PLAN)
def withdraw_trigger_action(request: PageRequest, action: TriggerAction) -> HttpResponse:
    """Take a step out."""
    lead = (f"{action.trigger_words}: {action.actor_words}: {action.action_words}",)
    return _do(request, action, ConfirmForm, trigger.withdraw_trigger_action, "action", "Take this step out of the plan?", lead=lead)


def _do(request: PageRequest, about: Any, form: Any, verb: Any, name: str, heading: str, **more: Any) -> HttpResponse:
    return answer(
        request, form.of(request), lambda given: verb(**{name: about}, **given), then=to_plan, heading=heading, caption=about.child.name,
        back=to_plan(about), **more,
    )  # fmt: skip
