"""What has been shared about a child, and what has been shared with a post."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from atlas.agencies.models import Post
from atlas.agencies.queries import posts_standing
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.clocks.models import LocalLimit
from atlas.clocks.queries import bank_holidays_changed, in_force
from atlas.clocks.rules import TimeLimit
from atlas.flow import EVENT
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.gate.policy import ROLES, Permission
from atlas.sharing.models import ChildWords, CopyGiven, Disclosure, Export, ExportFile, GuestRequest
from atlas.sharing.rules import CARER_ANSWER, CHILD_ANSWER, CHILD_COMPLAINT

MOST_SHOWN = 200


def disclosures_of(subject: Subject, child: Child) -> "QuerySet[Disclosure]":
    """Every decision on sharing about a child, the latest first; row security shows a recipient only their own."""
    rows = Disclosure.objects.of_child(subject, child.pk)
    return rows.select_related("recipient__user", "recipient__team__agency", "made_by__user").order_by("-made_at", "pk")[:MOST_SHOWN]


def shared_with(post: Post, at: datetime) -> "QuerySet[Disclosure]":
    """What has been shared with a post and has not ended, what ends first on top."""
    rows = Disclosure.objects.filter(recipient=post, until_at__gt=at, outcome=Disclosure.Outcome.SHARED)
    return rows.select_related("made_by__user", "made_by__team__agency").order_by("until_at", "pk")[:MOST_SHOWN]


def exports() -> "QuerySet[Export]":
    """Exports with who made them and for whom, and whether the file may be fetched now; row security says which.

    `is_open` is false where a child in the file is shut by now: then how many there are is not said either.
    """
    rows = Export.objects.select_related("made_by__user", "made_by__team__agency", "recipient__user", "recipient__team__agency")
    return rows.annotate(is_open=Exists(ExportFile.objects.filter(export=OuterRef("pk"))))


def exports_of(post: Post, at: datetime) -> tuple["QuerySet[Export]", "QuerySet[Export]"]:
    """What a post has exported, the latest first; and what others exported for it and it may still fetch."""
    rows = exports()
    mine = rows.filter(made_by=post).order_by("-asked_at", "pk")[:MOST_SHOWN]
    return mine, rows.filter(recipient=post, state=Export.State.READY, until_at__gt=at).order_by("until_at", "pk")[:MOST_SHOWN]


def recipients(subject: Subject) -> list[Post]:
    """The posts that could be given something: whoever may open a disclosure, by agency and name; not the sharer."""
    roles = [role.key for role in ROLES if Permission.VIEW_DISCLOSURE in role.permissions]
    posts = posts_standing(day_of(subject.at)).filter(role__in=roles, is_service=False).exclude(pk=subject.post.pk)
    return list(posts.order_by("team__agency__name", "user__last_name", "user__first_name", "pk"))


def guest_requests() -> "QuerySet[GuestRequest]":
    """Questions to people without an account, each with the child, the asker and what came back, but without what was sent. A child's own page
    is among the copies that were given.
    """
    return (
        GuestRequest.objects.exclude(asks=GuestRequest.Asks.CHILD).select_related("child", "made_by__user", "answer").defer("answer__file")
    )


def guest_requests_of(subject: Subject, child: Child) -> list[tuple[GuestRequest, str]]:
    """The questions about a child with how each stands, the latest first; row security shows them to those alone who may ask."""
    rows = (
        GuestRequest.objects.of_child(subject, child.pk)
        .exclude(asks=GuestRequest.Asks.CHILD)
        .select_related("made_by__user")
        .order_by("-made_at", "pk")[:MOST_SHOWN]
    )
    return [(row, row.state(subject.at)) for row in rows]


def clock_of_carer(at: datetime) -> dict[str, Any]:
    """The clock of an answer to a carer who sends words now: see `_clock`."""
    return _clock(CARER_ANSWER, at)


def clock_of_child(kind: str, at: datetime) -> dict[str, Any]:
    """The clock of an answer to a child who sends words of this kind now: see `_clock`; under `plan`, that of what EV-49 asks of the safety plan."""
    asked = EVENT["EV-49"].limit
    plan = {"plan": _clock(asked, at)} if asked else {}
    return _clock(CHILD_COMPLAINT if kind in ChildWords.BY_DATE else CHILD_ANSWER, at) | plan


def _clock(rule: TimeLimit, at: datetime) -> dict[str, Any]:
    """A clock that starts now, as the database's function takes it: the product default, and under `of` each authority's own limit, by the
    authority's id. The page is a guest's, and knows neither the child nor whose it is; the function does.
    """
    own = LocalLimit.objects.filter(limit=rule.key).values_list("authority", flat=True).distinct()
    return _held(rule, at) | {"of": {str(authority): _held(in_force(rule, authority, Moment(at))[0], at) for authority in own}}


def _held(rule: TimeLimit, at: datetime) -> dict[str, str]:
    start, changes = Moment(at), bank_holidays_changed()
    deadline = rule.due(start, changes)
    assert deadline is not None
    return {
        "limit": rule.key, "limit_version": rule.version, "limit_name": rule.name, "why": rule.explain(start, changes),
        "due_at": deadline.earliest.isoformat(),
    }  # fmt: skip


def copies_given(subject: Subject, child: Child) -> "QuerySet[CopyGiven]":
    """Every copy that was given, of whatever plan, the latest first."""
    rows = CopyGiven.objects.of_child(subject, child.pk).select_related("made_by__user", "request")
    return rows.order_by("-given_at", "pk")[:MOST_SHOWN]


def said_by_child(subject: Subject, child: Child) -> "QuerySet[ChildWords]":
    """What the child said about their copies, the latest first, each with what was done about it, or why not."""
    rows = ChildWords.objects.of_child(subject, child.pk).select_related("copy_given", "written_by__user", "did_by__user")
    return rows.order_by("-sent_at", "pk")[:MOST_SHOWN]
