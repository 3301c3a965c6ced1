"""The forms of a trigger plan: they check what was typed, and write nothing."""

from typing import Any

from django import forms

from atlas.design.forms import Form, RadiosField, TextAreaField, TextField
from atlas.missing.codes import KeptBy, MadeWith
from atlas.missing.rules.trigger_plan import SAYS_WHERE
from atlas.missing.words import HINTS, PLAN


def line(name: str, *, is_required: bool = False) -> TextField:
    """A box of one line, called as on the plan's page."""
    return TextField(label=PLAN[name], help_text=HINTS.get(name, ""), required=is_required, max_length=200)


def box(name: str) -> TextAreaField:
    """A box of several lines, called as on the plan's page."""
    return TextAreaField(label=PLAN[name], help_text=HINTS.get(name, ""), required=False, rows=2, max_length=4000)


class TriggerPlanForm(Form):
    edits = {name: name for name in PLAN}

    submit = "Save the trigger plan"
    aside = ("telephone_words", "online_words", "transport_words", "communication_words", "known_as_words")

    kept_by = RadiosField(label=PLAN["kept_by"], choices=KeptBy.choices)
    keeper_words = line("keeper_words", is_required=True)
    made_with = RadiosField(label=PLAN["made_with"], choices=MadeWith.choices)
    looks_words = box("looks_words")
    health_words = box("health_words")
    worry_words = box("worry_words")
    people_words = box("people_words")
    places_words = box("places_words")
    known_as_words = line("known_as_words")
    communication_words = box("communication_words")
    telephone_words = box("telephone_words")
    online_words = box("online_words")
    transport_words = box("transport_words")
    safe_people_words = box("safe_people_words")
    safe_places_words = box("safe_places_words")
    reach_words = box("reach_words")
    return_words = box("return_words")

    def __init__(self, *arguments: Any, is_sealed: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if is_sealed:
            for name in SAYS_WHERE:
                del self.fields[name]
            self.edits = {name: name for name in PLAN if name not in SAYS_WHERE}  # type: ignore[misc]
            self.helper.layout.fields = [*self._rows(), self.helper.layout.fields[-1]]

    def words(self) -> dict[str, str]:
        """What was typed, as the command takes it."""
        return {name: self.cleaned_data[name] for name in self.edits}


class TriggerActionForm(Form):
    submit = "Add the step"

    trigger = TextField(label="When does it begin?", help_text="For example: 30 minutes late and no answer", max_length=200)
    actor = TextField(label="Who does it?", help_text="The role, and a name if there is one", max_length=200)
    action = TextAreaField(label="What is done?", rows=2)
    within_minutes = forms.IntegerField(
        label="Within how many minutes? Leave empty if it does not matter", required=False, min_value=1, max_value=60 * 24 * 7,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
    )  # fmt: skip


class ConfirmForm(Form):
    submit = "It is still right"
    binds = True  # who confirms it has read it as it stands
