"""Forms of statutory returns."""

from datetime import date
from typing import Any

from django import forms

from atlas.design.forms import DayField, Form
from atlas.design.scanning import ScannedFileField
from atlas.design.words import day
from atlas.returns.layouts import FIRST_YEAR, LAST_YEAR, collection_of, year_of

FILES = ("missing", "header", "episodes", "last")


class CheckReturnForm(Form):
    submit = "Check it"
    keeps_nothing = True

    year = forms.ChoiceField(label="Which year does it cover?", choices=[])
    missing = ScannedFileField(label="The Missing table, or the whole return as XML", help_text="CSV or XML, at most 20 MB")
    header = ScannedFileField(label="The Header table", required=False, help_text="Without it, two rules cannot be asked")
    episodes = ScannedFileField(label="The Episodes table", required=False, help_text="Without it, five rules cannot be asked")
    last = ScannedFileField(
        label="Last year’s Missing table, or last year’s return as XML", required=False,
        help_text="Without it, nobody can say whether what was open then was carried over",
    )  # fmt: skip

    def __init__(self, *arguments: Any, today: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field, now = self.fields["year"], min(collection_of(today), LAST_YEAR)
        assert isinstance(field, forms.ChoiceField)
        years = range(now, FIRST_YEAR - 1, -1)
        field.choices = [(str(year), f"{day(year_of(year)[0])} to {day(year_of(year)[1])}") for year in years]
        field.initial = str(now - 1)


class AnnexAForm(Form):
    submit = "Compare"
    keeps_nothing = True

    day = DayField(label="For which day was the workbook made?", help_text="The twelve months until that day are counted")
    workbook = ScannedFileField(label="The workbook", help_text=".xlsx, at most 50 MB")
