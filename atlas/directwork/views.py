"""The pages of direct work, and *you said, we did*."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.children.models import Child
from atlas.directwork import commands, forms
from atlas.directwork.models import Programme
from atlas.directwork.queries import heard, lines_to_serve, programmes_of
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.plans.queries.choosing import who_may_own


def _to(record: Any) -> str:
    return reverse("directwork:view_direct_work", args=[record.child_id])


@page(about=Child, needs=Permission.VIEW_DIRECT_WORK)
def view_direct_work(request: PageRequest, child: Child) -> HttpResponse:
    """The direct work with a child: each aim, its sessions, and what came of it."""
    return _show(request, child)


@page(about=Programme, needs=Permission.VIEW_DIRECT_WORK)
def read_programme(request: PageRequest, programme: Programme) -> HttpResponse:
    """The same, from a record of the work."""
    return _show(request, programme.child)


def _show(request: PageRequest, child: Child) -> HttpResponse:
    programmes = [(work, list(work.sessions.all())) for work in programmes_of(request.subject, child)]
    shown = {
        "child": child,
        "programmes": programmes,
        "lines": lines_to_serve(child),
        "may": ROLE[request.post.role].permissions,
        "P": Permission,
    }
    return render(request, "directwork/view_direct_work.html", shown)


@page(about=Child, needs=Permission.START_PROGRAMME)
def start_programme(request: PageRequest, child: Child) -> HttpResponse:
    """Begin direct work that serves a line of the plan."""
    people = list(who_may_own(child, request.post, request.at).select_related("user", "team__agency"))
    form = forms.StartProgrammeForm.of(request, lines=lines_to_serve(child), people=people, initial={"worker": str(request.post.pk)})

    def act(given: dict[str, Any]) -> Programme:
        return commands.start_programme(
            child=child, line=form.lines[given["line"]], planned=form.planned_work(), worker=form.people[given["worker"]], **acting(request)
        )

    back = reverse("directwork:view_direct_work", args=[child.pk])
    lead = () if form.lines else ("There is no line of a safety plan yet. Begin the plan first: direct work serves one of its lines.",)
    return answer(request, form, act, then=_to, heading="Begin direct work", caption=child.name, back=back, lead=lead)


@page(about=Programme, needs=Permission.RECORD_SESSION)
def record_session(request: PageRequest, programme: Programme) -> HttpResponse:
    """Write down one session."""
    form = forms.RecordSessionForm.of(request)

    def act(given: dict[str, Any]) -> object:
        return commands.record_session(programme=programme, given=form.given(), **acting(request))

    return answer(
        request, form, act, then=_to, heading="A session of direct work", caption=f"{programme.child.name}: {programme.get_theme_display()}", back=_to(programme),
        template="directwork/record_session.html", child=programme.child, lead=(f"Aim: {programme.aim}",),
    )  # fmt: skip


@page(about=Programme, needs=Permission.END_PROGRAMME)
def end_programme(request: PageRequest, programme: Programme) -> HttpResponse:
    """End the work, with what came of its aim."""
    return answer(
        request, forms.EndProgrammeForm.of(request), lambda given: commands.end_programme(programme=programme, **given), then=_to,
        heading="End the direct work", caption=programme.child.name, back=_to(programme), lead=(f"Aim: {programme.aim}",),
    )  # fmt: skip


@page(about=Child, needs=Permission.VIEW_YOU_SAID)
def view_you_said(request: PageRequest, child: Child) -> HttpResponse:
    """What the child said anywhere, and what was done, or why not."""
    may_answer = Permission.ANSWER_CHILD in ROLE[request.post.role].permissions
    return render(
        request, "directwork/view_you_said.html", {"child": child, "heard": heard(request.subject, child), "may_answer": may_answer}
    )
