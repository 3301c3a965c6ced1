"""Somebody is told of a meeting by e-mail: a reference and what to do, never a name of a child."""

from typing import TYPE_CHECKING

from atlas.tasks.jobs import send_email

if TYPE_CHECKING:
    from atlas.agencies.models import Post


def tell(post: "Post | None", subject: str, words: str) -> bool:
    """Tell a post, where there is one and its holder has an address. Gives whether somebody was told."""
    if post is None or not post.user.email:
        return False
    send_email.defer(to=post.user.email, subject=subject, words=words)
    return True
