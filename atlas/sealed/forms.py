"""Forms of sealed sets. What is typed to be sealed is kept nowhere: no draft, no session, no memory of the browser."""

from typing import Any

from django import forms

from atlas.agencies.models import Post
from atlas.design.forms import Form, RadiosField, TextAreaField, TextField
from atlas.sealed.rules import LEAST_REASON, MOST_TEXT, SETS

SEALED = "sealed_"  # how the name of a box begins


class SealForm(Form):
    """One line for each place of a set; all may stay empty but one."""

    submit = "Seal"

    def __init__(self, *arguments: Any, kind: str, **options: Any) -> None:
        for field, name in SETS[kind][1].items():
            line = TextField(label=name, required=False, max_length=MOST_TEXT)
            line.widget.attrs["autocomplete"] = "off"
            line.autosave = False  # type: ignore[attr-defined]
            self.base_fields = {**self.base_fields, f"{SEALED}{field}": line}  # type: ignore[misc]
        super().__init__(*arguments, **options)

    @property
    def values(self) -> dict[str, str]:
        """What was typed, field by field."""
        return {name.removeprefix(SEALED): text for name, text in self.cleaned_data.items() if name.startswith(SEALED)}


class OpenForm(Form):
    """Why somebody must see what is sealed: now, so that there is nothing to save for later."""

    submit = "Open for 15 minutes"
    keeps_nothing = True

    reason = TextAreaField(
        label="Why must you see this now?",
        rows=3,
        max_length=MOST_TEXT,
        help_text=f"At least {LEAST_REASON} characters. It is kept with your name.",
    )


class LiftForm(Form):
    """Why a set need no longer be sealed."""

    submit = "Propose it to a custodian"
    is_warning = True

    because = TextAreaField(label="Why?", help_text="The custodian reads it. Write no part of what is sealed.", max_length=500, rows=3)


class LiftLocationForm(LiftForm):
    """The same of a location, and what becomes of it."""

    field_order = ("becomes", "because")
    becomes = RadiosField(
        label="What becomes of it?",
        choices=[
            ("put_back", "It goes back to the contact details: everybody who works with the child may read where the child is"),
            ("closed", "It is closed where it lies: what it holds is no longer true, or no longer needed"),
        ],
    )


class PutBackForm(Form):
    """Nothing is asked: two people have decided."""

    submit = "Put it back now"
    is_warning = True
    keeps_nothing = True


class CustodianForm(Form):
    """Who keeps the child's sealed sets."""

    submit = "Name as custodian"

    post = forms.ChoiceField(label="Who?", choices=[])

    def __init__(self, *arguments: Any, posts: list[Post], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.posts = {str(post.pk): post for post in posts}
        self.let_choose(
            "post",
            [
                ("", "Choose a person"),
                *((key, f"{post.user.name}, {post.title}, {post.team.name}") for key, post in self.posts.items()),
            ],
        )


class EndCustodianForm(CustodianForm):
    submit = "End as custodian"
    is_warning = True
