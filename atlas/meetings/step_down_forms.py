"""The forms of a step-down."""

from collections.abc import Iterable
from typing import Any

from django import forms

from atlas.agencies.models import Post
from atlas.chronology.forms import exact
from atlas.design.forms import DayField, Form, TextAreaField, TextField
from atlas.meetings.commands.step_down import StepDownGiven
from atlas.meetings.forms import person


class StepDownForm(Form):
    """Why a child protection plan ends, and the first meeting after it."""

    submit = "Step down, and call the meeting"

    ended_on = DayField(label="On which day does the child protection plan end?")
    evidence = TextAreaField(label="What has changed, since when, and how do you know that it lasts?", rows=5, max_length=4000)
    child_view = TextAreaField(
        label="What does the child say of it?", required=False, rows=3, max_length=2000, help_text="In the child’s own words"
    )
    no_view_because = TextField(label="If it is not known: why?", required=False, max_length=300)
    contingency = TextAreaField(label="What would show that it does not hold, and what is done then?", rows=3, max_length=2000)
    meets_at = exact("When is the first child in need meeting?")
    chair = forms.ChoiceField(label="Who chairs it?", help_text="Somebody who does not work with the child, nor stands in the line above")
    minute_taker = forms.ChoiceField(label="Who takes the minutes?", required=False)
    place = TextField(label="Where?", required=False, max_length=200)

    def __init__(self, *arguments: Any, chairs: Iterable[Post], takers: Iterable[Post], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.chairs, self.takers = {str(one.pk): one for one in chairs}, {str(one.pk): one for one in takers}
        self.let_choose("chair", [("", "Choose"), *((pk, person(one)) for pk, one in self.chairs.items())])
        self.let_choose("minute_taker", [("", "The chair"), *((pk, person(one)) for pk, one in self.takers.items())])

    def given(self) -> StepDownGiven:
        """As the command takes it."""
        of = self.cleaned_data
        return StepDownGiven(
            of["ended_on"], of["evidence"], of["contingency"], self.chairs[of["chair"]], of["meets_at"].at, of["child_view"], of["no_view_because"],
            self.takers.get(of["minute_taker"]), of["place"],
        )  # fmt: skip


class TakeOnForm(Form):
    """Nothing to fill in."""

    submit = "Look into it"
