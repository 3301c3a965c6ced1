"""Forms about how long records are kept. They check what was typed, and write nothing."""

from collections.abc import Iterable
from typing import Any

from django import forms

from atlas.agencies.models import Agency
from atlas.design.forms import COUNT, DayField, Form, RadiosField, TextAreaField, TextField
from atlas.retention.commands import ClassGiven, HoldGiven
from atlas.retention.models import Hold, RetentionDate
from atlas.retention.rules import EVENT_WORDS


class ClassForm(Form):
    submit = "Put it before a second person"

    years = forms.IntegerField(label="For how many years?", min_value=1, max_value=200, widget=COUNT)
    counted_from = RadiosField(label="Counted from what?", choices=[(one.value, words.capitalize()) for one, words in EVENT_WORDS.items()])
    from_on = DayField(label="From which day on?", help_text="Tomorrow or later. Until then the class in force holds.")
    ground = TextField(label="On what ground?", max_length=200, help_text="For example: local policy")
    source = TextField(
        label="Who decided it, and when?", max_length=300, help_text="For example: retention schedule, cabinet of 4 March 2026"
    )
    because = TextAreaField(label="Why, for the second person?", max_length=500, rows=3)

    def given(self) -> ClassGiven:
        """What was typed."""
        typed = {name: value for name, value in self.cleaned_data.items() if name in ClassGiven.__dataclass_fields__}
        return ClassGiven(**typed)


class RetentionDateForm(Form):
    submit = "Write it down"

    kind = RadiosField(label="Which date?", choices=RetentionDate.Kind.choices)
    on = DayField(label="The day")
    source_words = TextField(label="Which paper says so, and where is it?", max_length=200)


class ChildHoldForm(Form):
    submit = "Hold it"

    demand = RadiosField(label="What demands it?", choices=Hold.Demand.choices)
    demand_words = TextField(label="Who demands it?", max_length=200, help_text="With the reference of their letter")
    reason = TextAreaField(label="Why may nothing of it go?", max_length=500, rows=3)
    review_on = DayField(
        label="By when does somebody look at it again?", help_text="Within a year. It holds on after that day, and is named as late."
    )

    def given(self) -> HoldGiven:
        """What was typed."""
        typed = {name: value for name, value in self.cleaned_data.items() if name in HoldGiven.__dataclass_fields__}
        return HoldGiven(**typed)


class HoldForm(ChildHoldForm):
    matter = forms.ChoiceField(
        label="About what?", required=False, choices=[("", "Whatever it is about"), *Hold.Matter.choices],
        help_text="If you leave this and the rest empty, nothing at all of this authority goes.",
    )  # fmt: skip
    agency = forms.ChoiceField(
        label="Of which agency?", required=False, help_text="Children with whom it worked, or of whom it wrote something"
    )
    period_from = DayField(
        label="From which day?", required=False, help_text="Children of whom something was recorded, or who were worked with, in a period"
    )
    period_until = DayField(label="Until which day?", required=False)

    field_order = ("demand", "demand_words", "matter", "agency", "period_from", "period_until", "reason", "review_on")

    def __init__(self, *arguments: Any, agencies: Iterable[Agency], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.agencies = {str(one.pk): one for one in agencies}
        self.let_choose("agency", [("", "Any"), *((key, one.name) for key, one in self.agencies.items())])

    def clean_agency(self) -> Agency | None:
        """The agency chosen, if any."""
        return self.agencies.get(self.cleaned_data["agency"])


class ReviewHoldForm(Form):
    submit = "It is still needed"

    words = TextAreaField(label="Why is it still needed?", max_length=500, rows=3)
    review_on = DayField(label="By when does somebody look again?", help_text="Within a year")


class LiftHoldForm(Form):
    submit = "Put it before a second person"
    is_warning = True

    because = TextAreaField(label="Why is it not needed any more?", max_length=500, rows=3)


class SelectDueForm(Form):
    submit = "Select"

    at_most = forms.IntegerField(
        label="How many at most?",
        required=False,
        min_value=1,
        widget=COUNT,
        help_text="The longest due first. Leave it empty for everything that is due.",
    )


class SetAsideForm(Form):
    submit = "Put it before a second person"
    is_warning = True

    because = TextAreaField(label="What have you looked at, for the second person?", max_length=500, rows=3)


class RestoreForm(Form):
    submit = "Restore it"

    reason = TextAreaField(label="Why is it kept?", max_length=500, rows=3)
