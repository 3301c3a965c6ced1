"""The page of one worker: all that would be nobody's if they left, and giving it to others child by child."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import ROLE, Permission
from atlas.oversight import commands
from atlas.oversight.forms import ReassignForm
from atlas.oversight.held import colleagues, handover, held_by, leave_of, posts_of_line, posts_with_line


@page(about=Post, needs=Permission.VIEW_HANDOVER, rows=posts_with_line)
def view_handover(request: PageRequest, post: Post) -> HttpResponse:
    """What one worker holds: children, running clocks, booked interviews, tasks. For the worker, and for the worker's line."""
    if not held_by(request.subject, post):
        raise Http404
    may = ROLE[request.post.role].permissions
    shown = {
        "post": post, "lines": handover(request.subject, post), "now": request.at, "is_over": not post.stands_on(day_of(request.at)),
        "may_give": Permission.REASSIGN_WORK in may, "may_allocate": Permission.ALLOCATE_INTERVIEW in may,
        "leave": list(leave_of(post, request.at)), "may_leave": Permission.RECORD_LEAVE in may and request.post.pk != post.pk,
        "others": posts_of_line(request.subject) if Permission.REASSIGN_WORK in may else [],
    }  # fmt: skip
    return render(request, "oversight/view_handover.html", shown)


@page(about=Child, needs=Permission.REASSIGN_WORK)
def reassign_work(request: PageRequest, child: Child, holder: Any) -> HttpResponse:
    """Give a child and what is to be done to another worker."""
    post = posts_with_line().filter(pk=holder).first()
    if post is None or not held_by(request.subject, post):
        raise Http404
    form, back = ReassignForm.of(request, posts=colleagues(request.subject, post)), reverse("oversight:view_handover", args=[post.pk])

    def act(to: str, **given: Any) -> Child:
        return commands.reassign_work(child=child, holder=post, to=form.posts[to], **given)

    return answer(
        request, form, lambda given: act(**given), then=lambda done: back, heading="Who works with the child now?",
        caption=f"{child.name}, until now with {post.user.name}", back=back,
        lead=("The child opens to them at once, and the tasks become theirs. It closes to whoever only covered. Tell the main case system too.",),
    )  # fmt: skip
