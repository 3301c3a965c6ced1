"""Leave and sickness: who is away from when until when, and who covers meanwhile, without anything being reallocated."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from atlas.agencies.models import Post, Shift
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import Permission
from atlas.oversight import commands
from atlas.oversight.forms import EndLeaveForm, LeaveForm
from atlas.oversight.held import colleagues, is_of_line, leave_with_post, posts_with_line


@page(about=Post, needs=Permission.RECORD_LEAVE, rows=posts_with_line)
def record_leave(request: PageRequest, post: Post) -> HttpResponse:
    """Say that a worker of one's line is away, and who covers."""
    if not is_of_line(request.post, post):
        raise Http404
    form, back = LeaveForm.of(request, posts=colleagues(request.subject, post)), reverse("oversight:view_handover", args=[post.pk])

    def act(covered_by: str, **given: Any) -> Shift:
        return commands.record_leave(post=post, covered_by=form.posts[covered_by], **given)

    return answer(
        request, form, lambda given: act(**given), then=lambda done: back, heading=f"{post.user.name} is away", back=back,
        lead=(
            "Nothing is reallocated. Whoever covers sees these children, and what is to be done, from then until then; alerts go to them.",
            "On the rota they take the place too, where they are of the same team and free.",
        ),
    )  # fmt: skip


@page(about=Shift, needs=Permission.END_LEAVE, rows=leave_with_post)
def end_leave(request: PageRequest, shift: Shift) -> HttpResponse:
    """Say that a worker is back earlier."""
    if not is_of_line(request.post, shift.post):
        raise Http404
    back = reverse("oversight:view_handover", args=[shift.post_id])
    return answer(
        request, EndLeaveForm.of(request), lambda given: commands.end_leave(leave=shift, **given), then=lambda done: back,
        heading=f"{shift.post.user.name} is back", back=back, lead=("What was opened to whoever covered ends now.",),
    )  # fmt: skip
