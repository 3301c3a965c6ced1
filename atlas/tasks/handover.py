"""What somebody can no longer do, because a conflict of interest shuts them out of the child, goes to their manager. Called by tick.

Source: protection.md 4.4: a block holds for worklists and notifications; real-life.md point 11: an unplanned end puts it on the manager's
tray the same minute. The block itself holds at once; this finds who does the work instead.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection

from atlas.agencies.models import Post
from atlas.agencies.queries import stand_in
from atlas.gate.models import Block, BlockSource
from atlas.tasks.jobs import send_email
from atlas.tasks.models import Alert, Task
from atlas.tasks.queries import not_shut

NAME = {"allocated": "Name another worker for this child", "return_interview": "Name another worker for the return interview"}
SUBJECT = "Atlas: somebody in your team knows a family"
WORDS = (
    "{name} has said in Atlas that they know a family whose child is recorded there. From now on they do not see that child; nobody has to say "
    "why.\n\nIf they worked with the child, what they had to do, and a task to name somebody else, wait for you: {address}\n"
)


def give_on(at: datetime) -> int:
    """Give the open tasks and alerts of whoever is shut out of their child to the manager, who is asked to name somebody else.

    Returns how many were given. One who is shut out too is passed over; where no manager is left, the team has them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT what, record, child, post, kind FROM gate_shut_work()")
        rows = cursor.fetchall()
    posts = _posts({post for _, _, _, post, _ in rows})
    for what, record, child, post_id, kind in rows:
        to = _successor(posts[post_id], child, at)
        owner = {"owner_post": to, "owner_team": None if to else posts[post_id].team}
        if what == "relationship":
            Task.objects.create(child_id=child, name=NAME[kind], about_label="gate.Relationship", about_id=record, **owner)
        elif what == "task":
            Task.objects.filter(pk=record).update(**owner)
        else:
            Alert.objects.filter(pk=record).update(**owner)
    return len(rows)


def _posts(ids: "set[UUID]") -> "dict[UUID, Post]":
    return Post.objects.select_related("team", "line_manager__line_manager").in_bulk(ids)


def _successor(post: Post, child_id: UUID, at: datetime) -> Post | None:
    """The nearest manager who is there and is not shut out of the child too."""
    line = [post.line_manager, post.line_manager.line_manager if post.line_manager else None]
    team = Post.objects.filter(team=post.team_id, role="manager").select_related("deputy").order_by("pk")
    candidates = [found for manager in (*line, *team) if (found := stand_in(manager, at)) and found.user_id != post.user_id]
    return next(iter(not_shut(candidates, child_id)), None)


def tell_managers(at: datetime) -> int:
    """Tell each worker's manager, by e-mail, that the worker has declared to know a family; never which. Returns how many were told of."""
    untold = list(Block.objects.filter(source=BlockSource.DECLARED, told_at__isnull=True).values_list("pk", "made_by"))
    posts = _posts({made_by for _, made_by in untold})
    for _, made_by in untold:
        manager = stand_in(posts[made_by].line_manager, at)
        if manager and manager.user.email:
            send_email.defer(
                to=manager.user.email, subject=SUBJECT, words=WORDS.format(name=posts[made_by].user.name, address=settings.ATLAS_ADDRESS)
            )
    Block.objects.filter(pk__in=[pk for pk, _ in untold]).update(told_at=at)
    return len(untold)
