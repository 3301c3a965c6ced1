"""Which post is one working in?"""

from typing import Any

from atlas.agencies.models import Post
from atlas.design.forms import Form, RadiosField
from atlas.gate.policy import PURPOSE_WORDS, Role


class ChoosePostForm(Form):
    """Choose one of the posts that the person holds today."""

    post = RadiosField(label="Which post are you working in now?", choices=[])

    def __init__(self, *args: Any, posts: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.let_choose("post", [(str(post.pk), f"{post.title}, {post.team.name}, {post.team.agency.name}") for post in posts])


class ChoosePurposeForm(Form):
    """Choose one of the purposes that the role may act for."""

    purpose = RadiosField(
        label="What are you doing this for?",
        help_text="You see the children whom you may see for that purpose, and what you do is written down with it. The rest is as before.",
        choices=[],
    )

    def __init__(self, *args: Any, role: Role, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.let_choose("purpose", [(purpose.value, PURPOSE_WORDS[purpose]) for purpose in role.purposes])
