"""Who works with a child, who answers for the child, and with whom nobody works."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Value

from atlas.allocation.models import Allocation, ResponsibleTeam
from atlas.children.models import Child
from atlas.gate.context import Subject


@dataclass(frozen=True)
class Works:
    """Who works with a child now: a worker in a capacity, or (no name) the team that answers for the child."""

    capacity: str
    name: str
    team: str
    telephone: str
    is_front_door: bool


def who_works(subject: Subject, child: Child) -> list[Works]:
    """Who works with the child now, the longest first, and the team that answers for the child. One statement."""
    of_post = ("post__user__first_name", "post__user__last_name", "post__team__name", "post__user__telephone")
    posts = Allocation.objects.of_child(subject, child.pk).filter(until_at__isnull=True)
    teams = ResponsibleTeam.objects.of_child(subject, child.pk).filter(until_at__isnull=True)
    rows = posts.values_list("capacity", *of_post, Value(value=False), "from_at").union(
        teams.values_list(Value(""), Value(""), Value(""), "team__name", Value(""), "is_front_door", "from_at"), all=True
    )
    return [
        Works(str(Allocation.Capacity(capacity).label) if capacity else "", f"{first} {last}".strip(), team, telephone, is_front_door)
        for capacity, first, last, team, telephone, is_front_door, _ in sorted(rows, key=lambda row: row[-1])
    ]


def unallocated(subject: Subject) -> "QuerySet[ResponsibleTeam]":
    """The children with whom nobody works, with the team that answers, the longest wait first."""
    working = Allocation.objects.filter(child=OuterRef("child"), until_at__isnull=True)
    teams = ResponsibleTeam.objects.visible_to(subject).filter(~Exists(working), until_at__isnull=True)
    return teams.select_related("child", "team").order_by("from_at")
