"""A new version of the threshold document, as it was agreed."""

from typing import Any

from atlas.design.forms import DayField, Form, TextAreaField, TextField
from atlas.guidance.commands import LEVELS, Edition
from atlas.guidance.models import ThresholdDocument


class SetThresholdsForm(Form):
    """Opens with the words of the version in force, so that a new one says only what changes."""

    submit = "Put this version into force"

    title = TextField(label="What is it called?", max_length=200)
    edition = TextField(label="Which version is this?", help_text="For example: 2026, version 2", max_length=40)
    owner = TextField(label="Who answers for it?", max_length=200)
    valid_from = DayField(label="From which day does it hold?")
    review_on = DayField(label="When is it looked at again?")
    name_1 = TextField(label="Level 1 is called", max_length=80)
    words_1 = TextAreaField(label="Level 1 is right when", rows=3, max_length=1000)
    name_2 = TextField(label="Level 2 is called", max_length=80)
    words_2 = TextAreaField(label="Level 2 is right when", rows=3, max_length=1000)
    name_3 = TextField(label="Level 3 is called", max_length=80)
    words_3 = TextAreaField(label="Level 3 is right when", rows=3, max_length=1000)
    name_4 = TextField(label="Level 4 is called", max_length=80)
    words_4 = TextAreaField(label="Level 4 is right when", rows=3, max_length=1000)

    def __init__(self, *arguments: Any, held: ThresholdDocument | None = None, **options: Any) -> None:
        if held is not None:
            words = {f"{part}_{number}": text for number, *both in held.named for part, text in zip(("name", "words"), both, strict=True)}
            options["initial"] = {"title": held.title, "owner": held.owner, **words}
        super().__init__(*arguments, **options)

    def typed(self) -> Edition:
        """What was typed, as the command takes it."""
        given = self.cleaned_data
        levels = tuple((given[f"name_{number}"], given[f"words_{number}"]) for number in range(1, LEVELS + 1))
        return Edition(given["title"], given["edition"], given["owner"], given["valid_from"], given["review_on"], levels)
