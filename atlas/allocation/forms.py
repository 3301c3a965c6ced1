"""Who covers?"""

from typing import Any

from django import forms

from atlas.agencies.models import Post
from atlas.design.forms import Form, RadiosField


class CoverForm(Form):
    submit = "Let them cover"

    post = RadiosField(label="Who covers until the main system says who it is?", choices=[])

    def __init__(self, *arguments: Any, posts: list[Post], **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["post"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(post.pk), f"{post.user.name}, {post.title}") for post in posts]
        self.posts = {str(post.pk): post for post in posts}
