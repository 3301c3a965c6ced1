"""Who works with a child, who answers for the child, and with whom nobody works."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Exists, OuterRef, QuerySet, Value

from atlas.allocation.models import Allocation, Promise, ResponsibleTeam, TalkWish, TrustedAdult
from atlas.children.models import Child
from atlas.feeds.handling import Fact
from atlas.gate.context import Subject
from atlas.gate.kept import Kept


@dataclass(frozen=True)
class Works:
    """Who works with a child now: a worker in a capacity, or (no name) the team that answers for the child.

    `as_at` and `fact`: when the main system last said so, and what; None where it is Atlas that says it.
    """

    capacity: str
    name: str
    team: str
    telephone: str
    is_front_door: bool
    as_at: datetime | None
    fact: Fact | None


def who_works(subject: Subject, child: Child) -> list[Works]:
    """Who works with the child now, the longest first, and the team that answers for the child. One statement."""
    rows = _WORKS.values(child.pk) if Allocation.objects.may_read(subject, child.pk) else []
    works = []
    for capacity, first, last, team, telephone, is_front_door, as_at, pk, _ in sorted(rows, key=lambda row: row[-1]):
        words, name = str(Allocation.Capacity(capacity).label) if capacity else "", f"{first} {last}".strip()
        fact = Fact(child.pk, Allocation._meta.label, pk, f"{words}: {name}") if as_at else None
        works.append(Works(words, name, team, telephone, is_front_door, as_at, fact))
    return works


def _works(child_id: UUID) -> "QuerySet[Any, Any]":
    of_post = ("post__user__first_name", "post__user__last_name", "post__team__name", "post__user__telephone")
    posts = Allocation.objects.filter(child=child_id, until_at__isnull=True)
    teams = ResponsibleTeam.objects.filter(child=child_id, until_at__isnull=True)
    none = Value(None, DateTimeField())
    return posts.values_list("capacity", *of_post, Value(value=False), "as_at", "pk", "from_at").union(
        teams.values_list(Value(""), Value(""), Value(""), "team__name", Value(""), "is_front_door", none, "pk", "from_at"), all=True
    )


_WORKS = Kept(_works)


def promises_to(subject: Subject, children: "Iterable[UUID]") -> "QuerySet[Promise]":
    """What was promised to these children and is still to be kept, the oldest first; as far as the subject may see it."""
    open_ones = Promise.objects.visible_to(subject).filter(child__in=list(children), ended_at__isnull=True)
    return open_ones.select_related("made_by__user").order_by("made_at", "pk")


def trusted_by(subject: Subject, children: "Iterable[UUID]") -> "QuerySet[TrustedAdult]":
    """The grown-ups whom these children say they trust, the latest said first; as far as the subject may see it."""
    trusted = TrustedAdult.objects.visible_to(subject).filter(child__in=list(children), ended_at__isnull=True)
    return trusted.order_by("-said_at", "pk")


def talk_wish(subject: Subject, child_id: UUID) -> TalkWish | None:
    """With whom the child would rather talk, as the child last said it; None where nobody wrote it down or the subject may not see it."""
    return TalkWish.objects.visible_to(subject).filter(child=child_id).order_by("-said_at", "pk").first()


def unallocated(subject: Subject) -> "QuerySet[ResponsibleTeam]":
    """The children with whom nobody works, with the team that answers, the longest wait first."""
    working = Allocation.objects.filter(child=OuterRef("child"), until_at__isnull=True)
    teams = ResponsibleTeam.objects.visible_to(subject).filter(~Exists(working), until_at__isnull=True)
    return teams.select_related("child", "team").order_by("from_at", "pk")
