"""The door's clock and the active post: read once for each request."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from atlas.agencies.models import Post
from atlas.agencies.queries import post_held, posts_held
from atlas.gate.days import day_of
from atlas.gate.policy import ROLE, Purpose

ACTIVE_POST, ACTIVE_PURPOSE = "active_post", "active_purpose"


class ActivePost:
    """Gives each request its moment (`request.at`) and the one active post of its session (`request.post`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = timezone.now()  # type: ignore[attr-defined]
        # Not `post`, which Django keeps for what was sent: the attribute is upper-case there, lower-case here.
        request.post = self._active_post(request)  # type: ignore[attr-defined]
        request.purpose = self._active_purpose(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def _active_post(self, request: HttpRequest) -> Post | None:
        if not request.user.is_authenticated:
            return None
        person, day, chosen = request.user.pk, day_of(request.at), request.session.get(ACTIVE_POST)  # type: ignore[attr-defined]
        if chosen:
            return post_held(user_id=person, post_id=UUID(chosen), on=day)
        posts = list(posts_held(user_id=person, on=day)[:2])
        if len(posts) == 1:
            request.session[ACTIVE_POST] = str(posts[0].pk)
            return posts[0]
        return None

    def _active_purpose(self, request: HttpRequest) -> Purpose | None:
        post: Post | None = request.post  # type: ignore[attr-defined]
        if post is None:
            return None
        purposes, chosen = ROLE[post.role].purposes, request.session.get(ACTIVE_PURPOSE)
        return Purpose(chosen) if chosen in purposes else purposes[0]
