"""Which post is one working in?"""

from typing import Any

from django import forms

from atlas.agencies.models import Post
from atlas.design.forms import Form, RadiosField


class ChoosePostForm(Form):
    """Choose one of the posts that the person holds today."""

    post = RadiosField(label="Which post are you working in now?", choices=[])

    def __init__(self, *args: Any, posts: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["post"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(post.pk), f"{post.title}, {post.team.name}, {post.team.agency.name}") for post in posts]
