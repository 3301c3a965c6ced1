"""Children with whom nobody works, and letting somebody cover for a child."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.agencies.queries import posts_standing
from atlas.allocation import commands
from atlas.allocation.forms import CoverForm
from atlas.allocation.models import Allocation
from atlas.allocation.queries import unallocated
from atlas.children.models import Child
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, answer, page
from atlas.gate.policy import Permission


@page(needs=Permission.VIEW_UNALLOCATED)
def view_unallocated(request: PageRequest) -> HttpResponse:
    """The worklist of children with whom nobody works."""
    rows = list(unallocated(request.subject)[:200])
    return render(request, "allocation/view_unallocated.html", {"rows": rows, "now": request.at})


@page(about=Child, needs=Permission.COVER_CHILD)
def cover_child(request: PageRequest, child: Child) -> HttpResponse:
    """Let a colleague of the team cover, in two taps."""
    posts = posts_standing(day_of(request.at)).filter(team=request.post.team, role="practitioner")
    form = CoverForm.of(request, posts=list(posts))

    def act(post: str, **given: Any) -> Allocation:
        return commands.cover_child(child=child, post=form.posts[post], **given)

    return answer(
        request, form, lambda given: act(**given), then=lambda done: reverse("desk:view_child", args=[child.pk]), heading="Cover for a child", caption=child.name,
        back=reverse("desk:view_child", args=[child.pk]),
    )  # fmt: skip
