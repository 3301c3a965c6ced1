"""The forms of direct work: they check what was typed, and write nothing."""

from collections.abc import Iterable
from typing import Any

from django import forms

from atlas.agencies.models import Post
from atlas.chronology.forms import moment
from atlas.design.forms import COUNT, Form, RadiosField, TextAreaField, TextField
from atlas.directwork.commands import MOST_SESSIONS, SessionGiven, WorkPlanned
from atlas.directwork.rules import Advocate, Interpreter, Met, Outcome, Speaks, Theme, Tool
from atlas.plans.models import PlanLine


class StartProgrammeForm(Form):
    listens = ("aim",)
    submit = "Begin"
    aside = ("tool_words", "speaks_words")

    line = RadiosField(label="Which line of the plan does it serve?")
    aim = TextAreaField(
        label="What is the aim?", rows=2, max_length=1000, help_text="What the child will know, or be able to do. The child may read it"
    )
    theme = RadiosField(label="What is it about?", choices=Theme.choices)
    tool = RadiosField(label="With what?", choices=Tool.choices)
    tool_words = TextField(label="The name of the tool, if it has one", max_length=120, required=False)
    planned = forms.IntegerField(label="How many sessions of direct work?", min_value=1, max_value=MOST_SESSIONS, initial=6, widget=COUNT)
    worker = RadiosField(label="Who does it?")
    speaks = RadiosField(label="How does the child communicate?", choices=Speaks.choices, initial=Speaks.SPEECH.value)
    speaks_words = TextField(label="More about that: the language, the signs, the device", max_length=200, required=False)

    def __init__(self, *arguments: Any, lines: Iterable[PlanLine], people: Iterable[Post], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.lines, self.people = {str(one.pk): one for one in lines}, {str(one.pk): one for one in people}
        self.let_choose("line", [(pk, f"{one.get_section_display()}: {one.words[:160]}") for pk, one in self.lines.items()])
        self.let_choose("worker", [(pk, f"{one}, {one.team.agency.name}") for pk, one in self.people.items()])

    def planned_work(self) -> WorkPlanned:
        """What was typed, as the command takes it."""
        given = self.cleaned_data
        return WorkPlanned(
            given["aim"], Theme(given["theme"]), Tool(given["tool"]), given["tool_words"], given["planned"], Speaks(given["speaks"]), given["speaks_words"]
        )  # fmt: skip


class RecordSessionForm(Form):
    listens = ("planned", "done", "took_words", "took_part_words", "learned", "plan_changes", "next_words", "not_met_words")
    submit = "Keep it"
    aside = ("planned", "interpreter", "not_met_words")

    met = RadiosField(label="Did you meet?", choices=Met.choices, initial=Met.HELD.value)
    happened_at = moment(label="When was it, or was it to be?")
    place = TextField(label="Where?", max_length=120, required=False)
    planned = TextAreaField(label="What did you plan to do, if it was something else?", rows=2, required=False)
    done = TextAreaField(label="What did you do together?", rows=3, required=False)
    took_words = TextAreaField(
        label="What did the child take from it?", rows=3, required=False, help_text="In the child’s words, or as they showed it. “Did not want to say” is an answer"
    )  # fmt: skip
    took_part_words = TextAreaField(
        label="How did the child find it?", rows=2, required=False, help_text="In the child’s words, or as they showed it"
    )
    learned = TextAreaField(label="What did we learn?", rows=2, required=False)
    plan_changes = TextAreaField(
        label="What should change in the plan?", rows=2, required=False, help_text="Empty: nothing. Whoever works with the child gets it as a task"
    )  # fmt: skip
    next_words = TextAreaField(label="What is next?", rows=2, required=False)
    advocate = RadiosField(
        label="Was an advocate offered?", choices=Advocate.choices, required=False, help_text="Somebody who is only there for the child"
    )
    interpreter = RadiosField(label="Who interpreted?", choices=Interpreter.choices, initial=Interpreter.NOT_NEEDED.value, required=False)
    not_met_words = TextField(label="If you did not meet: what do you know of why?", max_length=300, required=False)

    def given(self) -> SessionGiven:
        """What was typed, as the command takes it."""
        typed_now = {name: value for name, value in self.cleaned_data.items() if name not in {"key", "base", "met", "interpreter"}}
        return SessionGiven(
            **typed_now, met=Met(self.cleaned_data["met"]), interpreter=self.cleaned_data["interpreter"] or Interpreter.NOT_NEEDED
        )


class EndProgrammeForm(Form):
    listens = ("outcome_words", "outcome_child_words")
    submit = "End the work"

    outcome = RadiosField(label="What came of the aim?", choices=Outcome.choices)
    outcome_words = TextAreaField(label="How do we know?", rows=3, help_text="What is different now")
    outcome_child_words = TextAreaField(
        label="What does the child say that it changed?", rows=3, help_text="In the child’s words. “Did not want to say” is an answer"
    )
