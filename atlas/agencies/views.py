"""Choose the post, and the purpose, that are active in this session; every look and act carries both."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from atlas.agencies.forms import ChoosePostForm, ChoosePurposeForm
from atlas.agencies.middleware import ACTIVE_POST, ACTIVE_PURPOSE
from atlas.agencies.queries import posts_held
from atlas.gate.days import day_of
from atlas.gate.policy import ROLE


@login_required
def choose_post(request: HttpRequest) -> HttpResponse:
    """Let a person who holds several posts say which one is active; a person without any is told whom to ask."""
    posts = list(posts_held(user_id=request.user.pk, on=day_of(request.at)))  # type: ignore[attr-defined, arg-type]
    form = ChoosePostForm.of(request, posts=posts)
    if form.is_valid():
        request.session[ACTIVE_POST] = form.cleaned_data["post"]
        request.session.pop(ACTIVE_PURPOSE, None)  # the other post's
        return redirect("desk:view_my_work")
    return render(request, "agencies/choose_post.html", {"form": form, "posts": posts})


@login_required
def choose_purpose(request: HttpRequest) -> HttpResponse:
    """Let a person say what they act for from now on in this session: the active post's role names what it may be."""
    post = request.post  # type: ignore[attr-defined]
    if post is None:
        return redirect("agencies:choose_post")
    form = ChoosePurposeForm.of(request, role=ROLE[post.role], initial={"purpose": request.purpose})  # type: ignore[attr-defined]
    if form.is_valid():
        request.session[ACTIVE_PURPOSE] = form.cleaned_data["purpose"]
        return redirect("desk:view_my_work")
    return render(request, "agencies/choose_purpose.html", {"form": form})
