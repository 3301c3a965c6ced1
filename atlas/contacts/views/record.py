"""A child's contacts and child and family assessments; each step of an assessment."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.children.models import Child
from atlas.clocks.models import Clock
from atlas.contacts.commands import assessing
from atlas.contacts.forms import assessment as forms
from atlas.contacts.models import Assessment
from atlas.contacts.queries.queue import assessments_about, assessments_with_people, contacts_about, mirrored_assessments
from atlas.contacts.rules.factors import FACTORS
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission

P = Permission
MOST = 50
STEPS = (P.RECORD_CHILD_SEEN, P.REVIEW_ASSESSMENT, P.EXTEND_ASSESSMENT, P.AUTHORISE_ASSESSMENT)


@page(about=Child, needs=P.VIEW_SCREENING)
def view_screening(request: PageRequest, child: Child) -> HttpResponse:
    """What was raised about the child, what was decided, and the child and family assessments, here and in the main case system."""
    subject = request.subject
    shown = {
        "child": child, "contacts": list(contacts_about(subject, child.pk)[:MOST]), "assessments": list(assessments_about(subject, child.pk)[:MOST]),
        "mirrored": mirrored_assessments(subject, child.pk, request.at), "main_system": settings.ATLAS_MAIN_SYSTEM_LINK,
        "may_start": P.START_ASSESSMENT in ROLE[request.post.role].permissions and assessing.is_kept_here(child),
    }  # fmt: skip
    return render(request, "contacts/view_screening.html", shown)


@page(about=Assessment, needs=P.VIEW_ASSESSMENT, rows=assessments_with_people)
def view_assessment(request: PageRequest, assessment: Assessment) -> HttpResponse:
    """One assessment: its two clocks, whether the child was seen, what was agreed on the way, how it ended."""
    may = ROLE[request.post.role].permissions
    shown = {
        "assessment": assessment, "now": request.at, "factors": [FACTORS.get(code, code) for code in assessment.factors],
        "clocks": list(Clock.objects.filter(about_id=assessment.pk).order_by("due_at", "pk")), "may": {str(step) for step in STEPS if step in may},
    }  # fmt: skip
    return render(request, "contacts/view_assessment.html", shown)


@page(about=Child, needs=P.START_ASSESSMENT)
def start_assessment(request: PageRequest, child: Child) -> HttpResponse:
    """Start one, for a child with whom one works."""
    back = reverse("contacts:view_screening", args=[child.pk])
    return answer(
        request, forms.StartAssessmentForm.of(request), lambda given: assessing.start_assessment(child=child, **given), then=_to,
        heading="Start a child and family assessment", caption=child.name, back=back,
        lead=("Its time counts from the contact that led to it, where there was one; otherwise from now.",),
    )  # fmt: skip


def _to(done: object) -> str:
    assert isinstance(done, Assessment)
    return reverse("contacts:view_assessment", args=[done.pk])


def _step(request: PageRequest, assessment: Assessment, form: Any, act: Any, heading: str, *lead: str) -> HttpResponse:
    back = _to(assessment)
    return answer(request, form, act, then=lambda done: back, heading=heading, caption=assessment.child.name, back=back, lead=lead)


@page(about=Assessment, needs=P.RECORD_CHILD_SEEN, rows=assessments_with_people)
def record_child_seen(request: PageRequest, assessment: Assessment) -> HttpResponse:
    """Write down that the child was seen."""

    def act(given: dict[str, Any]) -> object:
        return assessing.record_child_seen(assessment=assessment, seen_alone=given.pop("seen_alone") == "yes", **given)

    return _step(request, assessment, forms.ChildSeenForm.of(request), act, "The child was seen")


@page(about=Assessment, needs=P.REVIEW_ASSESSMENT, rows=assessments_with_people)
def review_assessment(request: PageRequest, assessment: Assessment) -> HttpResponse:
    """Write down what manager and worker agreed on the way."""
    form = forms.ReviewAssessmentForm.of(request)
    return _step(request, assessment, form, lambda given: assessing.review_assessment(assessment=assessment, **given), "Looked at together")


@page(about=Assessment, needs=P.EXTEND_ASSESSMENT, rows=assessments_with_people)
def extend_assessment(request: PageRequest, assessment: Assessment) -> HttpResponse:
    """Say why it takes longer."""
    form = forms.ExtendAssessmentForm.of(request)
    lead = "Nothing pauses the clock: it stays as it is, and this stands beside it."
    return _step(
        request, assessment, form, lambda given: assessing.extend_assessment(assessment=assessment, **given), "It takes longer", lead
    )


@page(about=Assessment, needs=P.AUTHORISE_ASSESSMENT, rows=assessments_with_people)
def authorise_assessment(request: PageRequest, assessment: Assessment) -> HttpResponse:
    """Authorise it, as the manager."""
    form = forms.AuthoriseAssessmentForm.of(request)

    def act(given: dict[str, Any]) -> object:
        return assessing.authorise_assessment(assessment=assessment, finding=form.finding(), **acting(request))

    return _step(request, assessment, form, act, "Authorise the assessment")
