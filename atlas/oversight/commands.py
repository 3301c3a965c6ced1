"""Work is given to somebody else, child by child."""

from datetime import datetime

from django.db import connections

from atlas.agencies.models import Post
from atlas.allocation.commands import cover_child
from atlas.allocation.models import Allocation
from atlas.children.models import Child
from atlas.gate.act import Invalid, command
from atlas.gate.policy import ROLE, Permission
from atlas.tasks.models import Task

NOT_TO_THEM = "This cannot be given to that person. Choose somebody else, or ask the privacy officer."


@command(needs=Permission.REASSIGN_WORK)
def reassign_work(*, child: Child, holder: Post, to: Post, by: Post, at: datetime) -> Child:
    """Give a child, with every open task that this post owns about the child, to another worker: the child opens to them at once, and the
    main case system is still to be told. Raises Invalid for somebody who does not stand, from whom the child is shut, or who works no task.
    """
    if to.pk == holder.pk or not to.stands_on(at.date()) or not to.user.is_active:
        raise Invalid("Choose somebody else, who holds a post today.", "to")
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_may_be_told(%s::uuid[], %s)", [[to.pk], child.pk])
        may = cursor.fetchone()[0]
    if to.pk not in may or Permission.COMPLETE_TASK not in ROLE[to.role].permissions:
        raise Invalid(NOT_TO_THEM, "to")  # one text, whatever the reason
    if not Allocation.objects.filter(child=child, post=to, until_at__isnull=True).exists():
        cover_child(child=child, post=to, by=by, at=at)
    Task.objects.filter(child=child, owner_post=holder, state=Task.State.OPEN).update(owner_post=to)
    return child
