"""Why a record is opened in an emergency; what its review came to."""

from typing import Any

from atlas.break_glass.commands import MOST_WORDS
from atlas.break_glass.models import BreakGlassReview
from atlas.break_glass.rules import LEAST_REASON, MOST_REASON
from atlas.design.forms import Form, RadiosField, TextAreaField, TextField
from atlas.gate.policy import IN_EMERGENCY, PURPOSE_WORDS, ROLE


class BreakGlassForm(Form):
    submit = "Open for four hours and tell those who must know"
    is_warning = True

    purpose = RadiosField(label="What do you act for?", choices=())
    reason = TextAreaField(
        label="Why can it not wait?",
        help_text=f"What happened, and what you will do: at least {LEAST_REASON} characters, in words of your own",
        min_length=LEAST_REASON, max_length=MOST_REASON, rows=4,
    )  # fmt: skip
    callback = TextField(label="A number where you can be rung back now", max_length=40, min_length=5, width=20)

    def __init__(self, *arguments: Any, role: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["purpose"].choices = [(one.value, PURPOSE_WORDS[one]) for one in ROLE[role].purposes if one in IN_EMERGENCY]  # type: ignore[attr-defined]


class ReviewBreakGlassForm(Form):
    outcome = RadiosField(label="What did the review come to?", choices=BreakGlassReview.Outcome.choices)
    words = TextAreaField(
        label="What did you ask, and what did you find?", help_text=f"At most {MOST_WORDS} letters", max_length=MOST_WORDS, rows=4
    )
