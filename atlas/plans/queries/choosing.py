"""Who may own a line of a plan, and for which agency."""

from datetime import datetime

from django.db.models import Q, QuerySet

from atlas.agencies.models import Agency, Post
from atlas.agencies.queries import agencies_serving
from atlas.children.models import Child
from atlas.exploitation.models import AssessmentItem, Harm
from atlas.exploitation.queries import live_harm, live_items
from atlas.gate.days import day_of
from atlas.gate.models import Relationship


def who_may_own(child: Child, by: Post, at: datetime) -> "QuerySet[Post]":
    """Whoever works with the child now, their managers, and whoever writes: by name."""
    held = Relationship.live(at).filter(child=child, holder_post__isnull=False).values("holder_post")
    posts = Post.objects.filter(Q(pk__in=held) | Q(reports__in=held) | Q(pk=by.pk) | Q(pk=by.line_manager_id), is_service=False)
    return (
        posts.filter(Q(until_on__isnull=True) | Q(until_on__gte=day_of(at)))
        .select_related("user", "team__agency")
        .distinct()
        .order_by("user__last_name", "pk")
    )


def agencies_of(child: Child) -> "QuerySet[Agency]":
    """The agencies that serve the child's authorities, by name."""
    return agencies_serving({child.responsible_authority_id, child.host_authority_id})


def risks_of(child: Child) -> "list[AssessmentItem | Harm]":
    """What of the exploitation assessment a line may answer: harm first, then what was seen and where."""
    return [*live_harm(child), *live_items(child).filter(kind__in=["indicator", "context", "vulnerability"])]
