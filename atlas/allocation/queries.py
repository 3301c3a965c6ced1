"""Who works with a child, who answers for the child, and with whom nobody works."""

from django.db.models import Exists, OuterRef, QuerySet

from atlas.allocation.models import Allocation, ResponsibleTeam
from atlas.children.models import Child
from atlas.gate.context import Subject


def allocations_of(child: Child) -> "QuerySet[Allocation]":
    """Who works or worked with the child, the present first."""
    return Allocation.objects.filter(child=child).select_related("post__user", "post__team__agency").order_by("-from_at")


def responsible_team(child: Child) -> ResponsibleTeam | None:
    """The team that answers for the child now."""
    return ResponsibleTeam.objects.filter(child=child, until_at__isnull=True).select_related("team").first()


def unallocated(subject: Subject) -> "QuerySet[ResponsibleTeam]":
    """The children with whom nobody works, with the team that answers, the longest wait first."""
    working = Allocation.objects.filter(child=OuterRef("child"), until_at__isnull=True)
    teams = ResponsibleTeam.objects.visible_to(subject).filter(~Exists(working), until_at__isnull=True)
    return teams.select_related("child", "team").order_by("from_at")
