"""Choose the post that is active in this session; every look and act carries it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from atlas.agencies.forms import ChoosePostForm
from atlas.agencies.middleware import ACTIVE_POST
from atlas.agencies.queries import posts_held


@login_required
def choose_post(request: HttpRequest) -> HttpResponse:
    """Let a person who holds several posts say which one is active; a person without any is told whom to ask."""
    posts = list(posts_held(user_id=request.user.pk, on=request.at.date()))  # type: ignore[attr-defined, arg-type]
    form = ChoosePostForm.of(request, posts=posts)
    if form.is_valid():
        request.session[ACTIVE_POST] = form.cleaned_data["post"]
        return redirect("desk:view_my_work")
    return render(request, "agencies/choose_post.html", {"form": form, "posts": posts})
