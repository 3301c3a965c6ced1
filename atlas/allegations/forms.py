"""What was said of somebody who works with children; and what a receiver decides."""

from typing import Any

from crispy_forms_gds.layout import Layout, Submit
from django import forms

from atlas.agencies.models import Post
from atlas.allegations.models import DECISIONS, OUTCOMES, WorksAs
from atlas.design.forms import DayField, Form, RadiosField, TextAreaField, TextField


class RecordAllegationForm(Form):
    submit = "Pass it on"
    is_statement = True

    words = TextAreaField(
        label="What was said?", rows=5, max_length=8000,
        help_text="In the child's own words. Do not ask the child to prove it or to say it again, and ask nothing more than you need to keep the child safe.",
    )  # fmt: skip
    works_as = RadiosField(label="What do they do with children?", choices=WorksAs.choices)
    worker = TextField(
        label="If they work with Atlas: their name", required=False, max_length=100,
        help_text="Send the form once to look them up, then choose. Leave it empty for anybody else.",
    )  # fmt: skip
    which = RadiosField(
        label="Who is meant?", choices=[], required=False, help_text="Choose with care: nobody should be taken for somebody else."
    )
    name = TextField(
        label="Or anybody else: who is it, as the child named them?", required=False, max_length=120,
        help_text="A first name, or “the driver on Friday night”, is enough",
    )  # fmt: skip
    works_for = TextField(
        label="Where do they work?", required=False, max_length=200, help_text="The home, the firm or the employer, or “not known”"
    )

    def __init__(self, *arguments: Any, found: list[Post], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.posts = {str(post.pk): post for post in found}
        which = self.fields["which"]
        assert isinstance(which, forms.ChoiceField)
        which.choices = [
            (pk, f"{post.user.name}, {post.title}, {post.team.name}, {post.team.agency.name}") for pk, post in self.posts.items()
        ]
        if not found:
            del self.fields["which"]
            self.helper.layout = Layout(*(name for name in self.fields), Submit("submit", self.submit))


class ReceiveAllegationForm(Form):
    """Nothing to fill in: one tap."""

    submit = "I have received this"


class DecideAllegationForm(Form):
    submit = "Decide"
    is_statement = True

    answer = RadiosField(label="What do you decide?", choices=[(one.value, one.label) for one in DECISIONS])
    meets_on = DayField(label="On which day is the strategy meeting?", required=False, help_text="Only where you call one.")
    words = TextAreaField(label="Why, and what did you advise?", rows=5, max_length=8000)


class CloseAllegationForm(Form):
    submit = "Close it"
    is_statement = True

    answer = RadiosField(label="What did it come to?", choices=[(one.value, one.label) for one in OUTCOMES])
    words = TextAreaField(label="What was found, and what was done?", rows=5, max_length=8000)
