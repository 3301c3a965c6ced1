"""The pages of the safety plan."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.children.models import Child
from atlas.chronology.models import Entry
from atlas.copies.queries import copies_about
from atlas.design.words import when
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.plans import forms
from atlas.plans.commands import happening, lines
from atlas.plans.commands import plan as verbs
from atlas.plans.models import PlanLine, SafetyPlan
from atlas.plans.queries.choosing import agencies_of, risks_of, who_may_own
from atlas.plans.queries.copies import compile_copy, for_a_phone
from atlas.plans.queries.lists import plans_waiting, state_of
from atlas.plans.queries.pace import changes_of_pace
from atlas.plans.queries.question import question_of
from atlas.plans.queries.reading import open_plan, read_plan
from atlas.plans.rules.parts import Section
from atlas.plans.rules.reviews import FRESHNESS_WORDS
from atlas.sharing import copy_forms
from atlas.sharing.commands import copies
from atlas.sharing.copies_given import or_child_link
from atlas.sharing.copy import Audience, CompiledCopy
from atlas.sharing.models import CopyGiven
from atlas.sharing.reading_age import hard_lines


def to_plan(record: Any) -> str:
    """The address of the safety plan of the child whom a record is about."""
    return reverse("plans:view_plan", args=[record.child_id])


@page(about=Child, needs=Permission.VIEW_PLAN)
def view_plan(request: PageRequest, child: Child) -> HttpResponse:
    """The child's safety plan: when it was last true, what has happened since, line by line what that touches."""
    return _show(request, child)


@page(about=SafetyPlan, needs=Permission.VIEW_PLAN)
def read_safety_plan(request: PageRequest, plan: SafetyPlan) -> HttpResponse:
    """The same, from a record of the plan; a closed one as it was."""
    return _show(request, plan.child, plan)


@page(about=PlanLine, needs=Permission.VIEW_PLAN)
def read_line(request: PageRequest, line: PlanLine) -> HttpResponse:
    """The same, from one of its lines."""
    return _show(request, line.child, line.plan)


@page(about=Entry, needs=Permission.VIEW_PLAN)
def read_question(request: PageRequest, entry: Entry) -> HttpResponse:
    """The same, from something that happened and waits for an answer."""
    return _show(request, entry.child)


def _show(request: PageRequest, child: Child, plan: SafetyPlan | None = None) -> HttpResponse:
    plan, may = plan or open_plan(child), ROLE[request.post.role].permissions
    shown: dict[str, Any] = {
        "child": child,
        "plan": plan,
        "now": request.at,
        "words_of": FRESHNESS_WORDS,
        "may": may,
        "P": Permission,
        "audiences": Audience.choices,
        "paces": changes_of_pace(child, request.at),
    }
    if plan is None:
        shown["question"] = question_of(request.subject, child, None, [], request.at)
        shown["before"] = list(SafetyPlan.objects.of_child(request.subject, child.pk).order_by("-closed_at")[:5])
        return render(request, "plans/view_plan.html", {**shown, "read": None})
    read = read_plan(request.subject, plan, request.at)
    shown["copies"] = copies_about([read.version.pk]) if read.version else []
    return render(request, "plans/view_plan.html", {**shown, "read": read, "question": read.question})


@page(needs=Permission.VIEW_PLANS)
def view_plans(request: PageRequest) -> HttpResponse:
    """The plans that one answers for, by what waits longest: a list of what is unanswered, never a rank of children."""
    shown = Paginator(plans_waiting(request.subject, request.at), 50).get_page(request.GET.get("page"))
    states = [state_of(plan, request.at) for plan in shown]
    return render(request, "plans/view_plans.html", {"page": shown, "states": states, "now": request.at})


@page(about=Child, needs=Permission.START_PLAN)
def start_plan(request: PageRequest, child: Child) -> HttpResponse:
    """Begin a plan: with the child, line by line."""
    lead = ("Write it with the child where that is safe, and with whoever cares for the child. Nothing is in force before it is agreed.",)
    return _about_child(request, child, forms.CheckForm.of(request), verbs.start_plan, "Begin a safety plan", submit="Begin", lead=lead)


@page(about=Child, needs=Permission.DECIDE_NO_PLAN)
def decide_no_plan(request: PageRequest, child: Child) -> HttpResponse:
    """Say why what happened needs no plan."""
    question = question_of(request.subject, child, None, [], request.at)
    form = forms.NoPlanForm.of(request, question=question, at=request.at)
    return answer(
        request, form, lambda given: verbs.decide_no_plan(child=child, answers=form.answers(), **acting(request)), then=to_plan,
        template="plans/confirm_plan.html", heading="Is a safety plan needed?", caption=child.name, back=reverse("plans:view_plan", args=[child.pk]),
        question=question, read=None, now=request.at,
    )  # fmt: skip


@page(about=Child, needs=Permission.RECORD_EVENT)
def record_event(request: PageRequest, child: Child) -> HttpResponse:
    """Write down what happened."""
    form, back = forms.EventForm.of(request), reverse("desk:view_child", args=[child.pk])
    lead = ("What it asks of the safety plan, and by when, follows at once.",)
    return answer(
        request, form, lambda given: happening.record_event(child=child, **given), then=lambda done: back, heading="Something has happened",
        caption=child.name, back=back, lead=lead,
    )  # fmt: skip


@page(about=Child, needs=Permission.ANSWER_PATTERN)
def answer_pattern(request: PageRequest, child: Child, pattern: str) -> HttpResponse:
    """Look at a change of pace, with the facts that show it, and say what one makes of it."""
    found = next(((one, entries) for one, entries in changes_of_pace(child, request.at) if one.key == pattern), None)
    if found is None:
        raise Http404
    seen, form = found[0], forms.PatternForm.of(request)
    facts = tuple(f"{entry.kind_words}, {when(entry.happened)}. {entry.words}" for entry in found[1])
    return answer(
        request, form, lambda given: happening.answer_pattern(child=child, pattern=seen.key, cited=seen.cited, **given), then=to_plan,
        heading="A change of pace", caption=child.name, back=reverse("plans:view_plan", args=[child.pk]), lead=(seen.words, *facts),
    )  # fmt: skip


@page(about=SafetyPlan, needs=Permission.CONFIRM_PLAN)
def confirm_plan(request: PageRequest, plan: SafetyPlan) -> HttpResponse:
    """Read what happened, and say that the plan is still right."""
    return _answer(request, plan, forms.ReadForm, "Is the plan still right?", lambda form: verbs.confirm_plan(
        plan=plan, answers=form.answers(), **acting(request)))  # fmt: skip


@page(about=SafetyPlan, needs=Permission.AGREE_PLAN)
def agree_plan(request: PageRequest, plan: SafetyPlan) -> HttpResponse:
    """Agree the version that is being made."""
    return _answer(request, plan, forms.AgreeForm, "Agree this version", lambda form: verbs.agree_plan(
        plan=plan, answers=form.answers(), agreed=form.agreed(), **acting(request)))  # fmt: skip


def _answer(request: PageRequest, plan: SafetyPlan, kind: Any, heading: str, act: Callable[[Any], object]) -> HttpResponse:
    read = read_plan(request.subject, plan, request.at)
    form = kind.of(request, question=read.question, at=request.at)
    return answer(
        request, form, lambda given: act(form), then=to_plan, template="plans/confirm_plan.html", heading=heading, caption=plan.child.name,
        back=to_plan(plan), question=read.question, read=read, now=request.at,
    )  # fmt: skip


@page(about=SafetyPlan, needs=Permission.CLOSE_PLAN)
def close_plan(request: PageRequest, plan: SafetyPlan) -> HttpResponse:
    """Close a plan that is not needed any more."""
    return _do(request, plan, forms.ClosePlanForm, verbs.close_plan, "plan", "Close the safety plan")


@page(about=SafetyPlan, needs=Permission.RECORD_COPY_GIVEN)
def record_copy_given(request: PageRequest, plan: SafetyPlan, audience: str) -> HttpResponse:
    """See what one recipient would get, and record how they got it."""
    copy = _copy(plan, audience)
    form = copy_forms.RecordCopyGivenForm.of(request)
    return answer(
        request, form, lambda typed: copies.record_copy_given(child=plan.child, copy=copy, given=form.given(), about=plan, **acting(request)),
        then=_to_copy, **_copy_page(plan, copy),
    )  # fmt: skip


@page(about=SafetyPlan, needs=Permission.GIVE_CHILD_PAGE)
def give_child_page(request: PageRequest, plan: SafetyPlan) -> HttpResponse:
    """Give the child their copy as a page on their phone."""
    copy, form = _copy(plan, Audience.CHILD), copy_forms.GiveChildPageForm.of(request)
    made: list[CopyGiven] = []

    def act(typed: dict[str, Any]) -> object:
        shown = for_a_phone(copy, typed["who_else_can_open"])
        made.append(copies.give_child_page(child=plan.child, copy=shown, about=plan, **form.given(), **acting(request)))
        return made[0]

    answered = answer(request, form, act, then=to_plan, **_copy_page(plan, copy))
    return or_child_link(request, answered, made)


def _to_copy(made: Any) -> str:
    return reverse("sharing:view_copy_given", args=[made.pk])


def _copy(plan: SafetyPlan, audience: str) -> CompiledCopy:
    if plan.number == 0 or audience not in Audience.values:
        raise Http404
    return compile_copy(plan, Audience(audience))


def _copy_page(plan: SafetyPlan, copy: CompiledCopy) -> dict[str, Any]:
    heading = f"A copy for: {copy.audience.label.lower()}"
    return {
        "template": "plans/record_copy_given.html",
        "heading": heading,
        "caption": plan.child.name,
        "back": to_plan(plan),
        "copy": copy,
        "plan": plan,
        "hard": hard_lines(copy) if copy.audience == Audience.CHILD else [],
    }


@page(about=SafetyPlan, needs=Permission.ADD_LINE)
def add_line(request: PageRequest, plan: SafetyPlan) -> HttpResponse:
    """Write a line."""
    part, risk = request.GET.get("part", ""), request.GET.get("risk", "")
    initial = {"risk": risk} | ({"section": part} if part in Section.values else {})
    form = forms.LineForm.of(request, initial=initial, **_choices(request, plan.child))
    return answer(
        request, form, lambda given: lines.add_line(plan=plan, given=form.given(), **acting(request)), then=to_plan, heading="Write a line",
        caption=plan.child.name, back=to_plan(plan),
    )  # fmt: skip


@page(about=PlanLine, needs=Permission.ADD_LINE)
def rewrite_line(request: PageRequest, line: PlanLine) -> HttpResponse:
    """Write a line anew: it stands in the next version."""
    form = forms.RewriteLineForm.of(request, line=line, **_choices(request, line.child))
    return answer(
        request, form, lambda given: lines.rewrite_line(line=line, given=form.given(), **acting(request)), then=to_plan, heading="Change this line",
        caption=line.child.name, back=to_plan(line),
    )  # fmt: skip


def _choices(request: PageRequest, child: Child) -> dict[str, Any]:
    """Who may own a line, and for which agency."""
    return {"people": who_may_own(child, request.post, request.at), "agencies": agencies_of(child), "risks": risks_of(child)}


@page(about=PlanLine, needs=Permission.ADD_LINE)
def end_line(request: PageRequest, line: PlanLine) -> HttpResponse:
    """Take a line out of the next version."""
    return _do(request, line, forms.EndLineForm, lines.end_line, "line", "Take this line out?", lead=(line.words,))


@page(about=PlanLine, needs=Permission.ADD_LINE)
def record_progress(request: PageRequest, line: PlanLine) -> HttpResponse:
    """Say what came of a line."""
    return _do(request, line, forms.ProgressForm, lines.record_progress, "line", "What came of it?", lead=(line.words,))


@page(about=PlanLine, needs=Permission.ADD_LINE)
def check_line(request: PageRequest, line: PlanLine) -> HttpResponse:
    """Say that it was read with the child and still holds."""
    return _do(
        request,
        line,
        forms.CheckForm,
        lines.check_line,
        "line",
        "Did you read it with the child, and does it still hold?",
        lead=(line.words,),
    )


@page(about=PlanLine, needs=Permission.ADD_LINE)
def break_line(request: PageRequest, line: PlanLine) -> HttpResponse:
    """Say that it does not hold any more."""
    return _do(request, line, forms.BreakForm, lines.break_line, "line", "What does not hold any more?", lead=(line.words,))


def _about_child(request: PageRequest, child: Child, form: Any, verb: Any, heading: str, *, submit: str = "", **more: Any) -> HttpResponse:
    if submit:
        form.submit = submit
        form.lay_out()
    return answer(
        request, form, lambda given: verb(child=child, **given), then=to_plan, heading=heading, caption=child.name,
        back=reverse("plans:view_plan", args=[child.pk]), **more,
    )  # fmt: skip


def _do(request: PageRequest, about: Any, form: Any, verb: Any, name: str, heading: str, **more: Any) -> HttpResponse:
    return answer(
        request, form.of(request), lambda given: verb(**{name: about}, **given), then=to_plan, heading=heading, caption=about.child.name,
        back=to_plan(about), **more,
    )  # fmt: skip
