"""Forms: an authority's own time limit, and a change of a bank holiday."""

from collections.abc import Sequence
from typing import Any

from django import forms

from atlas.agencies.models import Authority
from atlas.clocks.rules import AMOUNTS, MOST_LOCALLY
from atlas.design.forms import DayField, Form, RadiosField, TextField


class SetLocalLimitForm(Form):
    submit = "Set this time limit"

    authority = RadiosField(label="For which authority?", choices=[])
    count = forms.IntegerField(
        label="How many?", min_value=1, max_value=MOST_LOCALLY, widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"})
    )  # fmt: skip
    unit = RadiosField(
        label="Counted in", choices=[(unit, f"{unit}s".capitalize()) for unit in AMOUNTS],
        help_text="Hours run day and night. All others end with the last second of their last day; the day of the start is day 0.",
    )  # fmt: skip
    source = TextField(label="Who decided it, and when?", help_text="For example: Fernleigh protocol, June 2026", max_length=200)
    valid_from = DayField(label="From which day?", help_text="Tomorrow at the earliest")
    valid_until = DayField(
        label="Until which day?", help_text="That day included. Leave it empty where no end has been decided", required=False
    )

    def __init__(self, *arguments: Any, authorities: Sequence[Authority], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.authorities = {str(one.pk): one for one in authorities}
        self.let_choose("authority", [(key, one.name) for key, one in self.authorities.items()])

    def clean_authority(self) -> Authority:
        """The authority chosen."""
        return self.authorities[self.cleaned_data["authority"]]


class ChangeBankHolidayForm(Form):
    submit = "Record this change"

    day = DayField(label="Which day?")
    becomes = RadiosField(
        label="What is it now?",
        choices=[("holiday", "A bank holiday: not counted as a working day"), ("working", "No bank holiday any more: counted as a working day")],
    )  # fmt: skip
    name = TextField(label="What is it called?", help_text="For example: Bank holiday for the coronation", max_length=120)
    source = TextField(label="Where was it published?", help_text="For example: royal proclamation, 10 September 2022", max_length=200)
