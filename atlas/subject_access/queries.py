"""Requests that wait, the items of one, and who may answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from atlas.agencies.models import Authority, Post
from atlas.agencies.queries import agencies_serving, posts_standing
from atlas.children.models import Child
from atlas.gate.context import Subject
from atlas.subject_access.models import AnswerItem, Clarification, SubjectAccessAnswer, SubjectAccessRequest

ANSWERS = "information_rights"
SHOWN = {"undecided": "Still to decide", "marked": "Marked, still to decide", "out": "With a removal", "all": "All"}


@dataclass(frozen=True)
class Waiting:
    """A request in the list: by when, and whether that day is over."""

    request: SubjectAccessRequest
    due_on: date | None
    is_late: bool


def requests_of(authority: Authority, subject: Subject) -> "QuerySet[Any]":
    """The requests about an authority's children whom this subject may see: those that are not over first."""
    rows = SubjectAccessRequest.objects.filter(authority=authority).filter(child__in=Child.objects.visible_to(subject))
    rows = rows.select_related("child", "officer__user").prefetch_related("clarifications")
    return rows.order_by(Case(When(ended_at=None, then=Value(0)), default=Value(1), output_field=IntegerField()), "received_on", "pk")


def waiting(rows: Iterable[SubjectAccessRequest], today: date) -> list[Waiting]:
    """These requests with by when each is answered; those due soonest first, then those that are over."""
    found = [Waiting(one, due := one.due_on(), due is not None and due < today and not one.is_over) for one in rows]
    return sorted(found, key=lambda one: (one.request.is_over, one.due_on or date.max, str(one.request.pk)))


def request_with_people() -> "QuerySet[Any]":
    """Requests with what their page names."""
    people = ("child", "authority", "officer__user", "received_by__user", "accepted_by__user", "ended_by__user")
    return SubjectAccessRequest.objects.select_related(*people).prefetch_related("clarifications")


def clarification_with_request() -> "QuerySet[Any]":
    """Questions to whoever asks, with their request."""
    return Clarification.objects.select_related("request__child")


def item_with_request() -> "QuerySet[Any]":
    """Items with their request."""
    return AnswerItem.objects.select_related("request__child", "decided_by__user")


def answer_with_request() -> "QuerySet[Any]":
    """Answers with their request, and who released them."""
    return SubjectAccessAnswer.objects.select_related("request__child", "request__authority", "made_by__user", "released_by__user")


def officers(authority: Authority, today: date) -> "QuerySet[Post]":
    """The posts that may answer a request about a child of this authority."""
    return posts_standing(today).filter(role=ANSWERS, team__agency__in=agencies_serving([authority.pk]))


def items_shown(request: SubjectAccessRequest, which: str) -> "QuerySet[Any]":
    """The items of a request that a list shows (SHOWN), in the order of the child's life."""
    rows = request.items.filter(is_gone=False).select_related("decided_by__user").order_by("number")
    if which == "undecided":
        return rows.filter(outcome="")
    if which == "marked":
        return rows.filter(outcome="").exclude(marks=[])
    return rows.filter(outcome__in=["part", "leave_out"]) if which == "out" else rows


def progress(request: SubjectAccessRequest) -> dict[str, int]:
    """How many items there are, how many are decided, how many of the undecided are marked, and from how many something is removed."""
    undecided = Q(outcome="")
    found: dict[str, int] = request.items.filter(is_gone=False).aggregate(
        all=Count("pk"), undecided=Count("pk", filter=undecided), marked=Count("pk", filter=undecided & ~Q(marks=[])),
        out=Count("pk", filter=Q(outcome__in=["part", "leave_out"])),
    )  # fmt: skip
    return found


def next_after(item: AnswerItem) -> AnswerItem | None:
    """The next item in the order of the child's life about which nobody has decided: after this one, or from the beginning."""
    rows = item.request.items.filter(is_gone=False, outcome="").exclude(pk=item.pk).order_by("number")
    return rows.filter(number__gt=item.number).first() or rows.first()
