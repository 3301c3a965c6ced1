"""Forms of deliveries."""

from typing import Any

from django import forms

from atlas.design.forms import Form, RadiosField
from atlas.feeds.commands import SSD
from atlas.feeds.police import forces

LAYOUTS = [(SSD, "Main case system (Standard Safeguarding Dataset)")]


class ReceiveForm(Form):
    submit = "Read it and show what it would do"

    layout = RadiosField(label="Who sent it?", choices=[])
    is_historic = RadiosField(
        label="Is it live or historic?", choices=[("live", "Live: start clocks and tell people"), ("historic", "Historic: older records, nobody is told")],
        initial="live",
    )  # fmt: skip
    file = forms.FileField(label="The file", help_text="CSV, .xlsx, or a zip of CSV files; at most 50 MB")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["layout"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*LAYOUTS, *((force.layout, force.name) for force in forces().values())]


class MapCodeForm(Form):
    submit = "That is what it means"

    meaning = RadiosField(label="What does it mean?", choices=[])

    def __init__(self, *arguments: Any, meanings: list[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["meaning"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(meaning, meaning) for meaning in meanings]


class DecideMatchForm(Form):
    submit = "That is the child"

    child_id = RadiosField(label="Who is this row about?", choices=[])

    def __init__(self, *arguments: Any, children: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["child_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*children, ("new", "None of these: a child who is not yet recorded")]


class ConfirmForm(Form):
    """Nothing to fill in: one tap."""

    submit = "Yes"
