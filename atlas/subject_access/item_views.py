"""What is in an answer: the record is gathered, weighed item by item, made into an answer, released, and fetched."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.design.forms import new_key
from atlas.gate.act import Invalid
from atlas.gate.events import Event
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.subject_access import forms
from atlas.subject_access.answer import grounds_counted
from atlas.subject_access.commands import answers, weighing
from atlas.subject_access.marked import pieces, whole_why
from atlas.subject_access.models import AnswerItem, SubjectAccessAnswer, SubjectAccessRequest
from atlas.subject_access.queries import (
    SHOWN,
    answer_with_request,
    item_with_request,
    items_shown,
    next_after,
    progress,
    request_with_people,
)
from atlas.subject_access.rules import Asked, Ground
from atlas.subject_access.views import page_of

ON_A_PAGE = 25


def _items(done: Any) -> str:
    return reverse("subject_access:view_answer_items", args=[done.pk])


@page(about=SubjectAccessRequest, needs=Permission.GATHER_RECORD, rows=request_with_people)
def gather_record(request: PageRequest, asked: SubjectAccessRequest) -> HttpResponse:
    """Gather the record, or gather it again."""
    lead = (
        "Everything that Atlas holds about the child is listed, in the order of the child’s life, and what may be about somebody else is marked. "
        "Intelligence and sealed sets are not in it.",
        "Gathered again: what you decided stands, but for what has changed since.",
    )
    return answer(
        request, forms.GatherForm.of(request), lambda given: weighing.gather_record(request=asked, **given), then=_items, heading="Gather the record",
        caption=asked.child.name, back=page_of(asked), lead=lead,
    )  # fmt: skip


@page(about=SubjectAccessRequest, needs=Permission.VIEW_ANSWER_ITEMS, rows=request_with_people)
def view_answer_items(request: PageRequest, asked: SubjectAccessRequest) -> HttpResponse:
    """What was gathered, with what is marked and what was decided."""
    which = request.GET.get("which", "undecided")
    which = which if which in SHOWN else "undecided"
    found = Paginator(items_shown(asked, which), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, pieces(one)) for one in found.object_list]
    unmarked = [one.number for one, _ in rows if not one.marks and not one.outcome]
    shown = {
        "asked": asked, "which": which, "lists": SHOWN, "items": Page(rows, found.number, found.paginator), "done": progress(asked), "unmarked": unmarked,
        "key": new_key(), "grounds": dict(Ground.choices),
    }  # fmt: skip
    return render(request, "subject_access/view_answer_items.html", shown)


@page(about=SubjectAccessRequest, needs=Permission.WEIGH_ITEM, rows=request_with_people)
def give_unmarked(request: PageRequest, asked: SubjectAccessRequest) -> HttpResponse:
    """Give those items of a page of the list in which nothing is marked."""
    form = forms.GiveUnmarkedForm.of(request)
    return answer(
        request, form, lambda given: weighing.give_unmarked(request=asked, numbers=form.given(), **acting(request)), then=lambda done: _items(asked),
        heading="Give what is not marked", caption=asked.child.name, back=_items(asked),
        lead=("Read each of them first: the helper marks words, and cannot know whom a sentence is about.",),
    )  # fmt: skip


@page(about=AnswerItem, needs=Permission.WEIGH_ITEM, rows=item_with_request)
def weigh_item(request: PageRequest, item: AnswerItem) -> HttpResponse:
    """Decide about one item."""
    form = forms.WeighForm.of(request, item=item)

    def then(done: Any) -> str:
        following = next_after(item)
        return reverse("subject_access:weigh_item", args=[following.pk]) if following else _items(item.request)

    return answer(
        request, form, lambda given: weighing.weigh_item(item=item, weighed=form.given(), **acting(request)), then=then, heading=item.heading,
        template="subject_access/weigh_item.html", caption=item.request.child.name, back=_items(item.request), item=item, pieces=pieces(item), whole=whole_why(item),
    )  # fmt: skip


@page(about=SubjectAccessRequest, needs=Permission.RECORD_OPINION, rows=request_with_people)
def record_opinion(request: PageRequest, asked: SubjectAccessRequest) -> HttpResponse:
    """What somebody said who was asked."""

    def act(given: dict[str, Any]) -> object:
        return weighing.record_opinion(request=asked, **given | {"asked": Asked(given["asked"])})

    return answer(
        request,
        forms.OpinionForm.of(request),
        act,
        then=page_of,
        heading="What somebody said who was asked",
        caption=asked.child.name,
        back=page_of(asked),
    )


@page(about=SubjectAccessRequest, needs=Permission.MAKE_SUBJECT_ANSWER, rows=request_with_people)
def make_subject_answer(request: PageRequest, asked: SubjectAccessRequest) -> HttpResponse:
    """Make the answer from what was decided."""
    then = lambda done: reverse("subject_access:view_subject_answer", args=[done.pk])  # noqa: E731
    return answer(
        request, forms.MakeAnswerForm.of(request), lambda given: answers.make_subject_answer(request=asked, **given), then=then, heading="Make the answer",
        caption=asked.child.name, back=page_of(asked), lead=("It is made from what you decided to give. Then a second person reads it.",),
    )  # fmt: skip


@page(about=SubjectAccessAnswer, needs=Permission.VIEW_SUBJECT_ANSWER, rows=answer_with_request)
def view_subject_answer(request: PageRequest, made: SubjectAccessAnswer) -> HttpResponse:
    """The answer as whoever asks will read it, and the log of what was removed."""
    may = ROLE[request.post.role].permissions
    shown = {
        "made": made, "asked": made.request, "counted": grounds_counted(made.removals), "grounds": dict(Ground.choices),
        "may_release": made.released_at is None and Permission.RELEASE_SUBJECT_ANSWER in may,
        "may_download": made.released_at is not None and not made.request.is_over and Permission.DOWNLOAD_SUBJECT_ANSWER in may,
    }  # fmt: skip
    return render(request, "subject_access/view_subject_answer.html", shown)


@page(about=SubjectAccessAnswer, needs=Permission.RELEASE_SUBJECT_ANSWER, rows=answer_with_request)
def release_subject_answer(request: PageRequest, made: SubjectAccessAnswer) -> HttpResponse:
    """Put it before a second person; of the two, one is the privacy officer."""
    return answer(
        request, forms.ReleaseForm.of(request), lambda given: answers.release_subject_answer(answer=made, **given), then=lambda done: page_of(made.request),
        heading="May this answer be given?", caption=made.request.child.name, back=reverse("subject_access:view_subject_answer", args=[made.pk]),
        warning="What is handed over cannot be taken back. Read it as the person would who must not learn where this child is.",
    )  # fmt: skip


@page(about=SubjectAccessAnswer, needs=Permission.DOWNLOAD_SUBJECT_ANSWER, rows=answer_with_request, event=Event.DOWNLOAD)
def download_subject_answer(request: PageRequest, made: SubjectAccessAnswer) -> HttpResponse:
    """The released answer on paper."""
    problem = "" if request.method == "POST" else answers.why_not_fetched(made)  # the command asks by itself
    if request.method == "POST":
        try:
            content = answers.download_subject_answer(answer=made, **acting(request) | {"key": None})
        except Invalid as refused:
            problem = refused.message
        else:
            response = HttpResponse(content, content_type="application/pdf")
            response["Content-Disposition"] = f'attachment; filename="answer-{made.number}.pdf"'
            return response
    shown = {"made": made, "asked": made.request, "problem": problem, "key": new_key()}
    return render(
        request, "subject_access/download_subject_answer.html", shown, status=409 if problem and request.method == "POST" else 200
    )
