"""The forms of what agencies do of what they were asked: they check what was typed, and write nothing."""

from typing import Any

from atlas.design.forms import DayField, Form, RadiosField, TextAreaField, TextField
from atlas.meetings.codes import Worked


class AnswerForm(Form):
    """Take it on, or say why not."""

    submit = "Answer"

    takes_on = RadiosField(label="Do you take it on?", choices=[("yes", "Yes"), ("no", "No")])
    words = TextField(label="If not: why, and what could be done instead?", required=False, max_length=500)

    def given(self) -> dict[str, Any]:
        """As the command takes it."""
        return {"takes_on": self.cleaned_data["takes_on"] == "yes", "words": self.cleaned_data["words"]}


class AfterAllForm(Form):
    """What was refused is taken on after all."""

    submit = "Take it on"

    words = TextField(label="What has changed?", max_length=300)
    due_on = DayField(label="By which day, if not by the one that was asked for?", required=False)

    def given(self) -> dict[str, Any]:
        """As the command takes it."""
        return {"takes_on": True, "words": self.cleaned_data["words"], "due_on": self.cleaned_data["due_on"]}


class EndForm(Form):
    """Done or not."""

    is_done = RadiosField(label="Was it done?", choices=[("yes", "Yes"), ("no", "No")])
    evidence = TextAreaField(label="What shows it? Or why was it not done?", rows=3, max_length=500)

    def given(self) -> dict[str, Any]:
        """As the command takes it."""
        return {"is_done": self.cleaned_data["is_done"] == "yes", "evidence": self.cleaned_data["evidence"]}


class JudgeForm(Form):
    """Whether it worked."""

    worked = RadiosField(label="Did it have the effect that was intended?", choices=[one for one in Worked.choices if one[0]])
    words = TextAreaField(label="How do you see it?", rows=3, max_length=500)

    def given(self) -> dict[str, Any]:
        """As the command takes it."""
        return {"worked": Worked(self.cleaned_data["worked"]), "words": self.cleaned_data["words"]}
