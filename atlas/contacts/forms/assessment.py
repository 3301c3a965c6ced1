"""The forms of a child and family assessment: they check what was typed, and write nothing."""

from atlas.chronology.forms import moment
from atlas.contacts.commands.assessing import Finding
from atlas.contacts.models import Assessment
from atlas.contacts.rules.factors import FACTORS
from atlas.design.forms import CheckboxesField, DayField, Form, RadiosField, TextAreaField


class StartAssessmentForm(Form):
    """Nothing to fill in: one tap."""

    submit = "Start it now"


class ChildSeenForm(Form):
    listens = ("words",)
    submit = "Record it"

    seen_at = moment(label="When was the child seen?")
    seen_alone = RadiosField(label="Alone?", choices=(("yes", "Yes"), ("no", "No")))
    words = TextAreaField(
        label="What did the child say or show?",
        help_text="In the child’s words. If the child was not alone, why not.",
        rows=4,
        max_length=2000,
    )


class ReviewAssessmentForm(Form):
    listens = ("words",)
    submit = "Record it"

    words = TextAreaField(
        label="What did you agree?", help_text="What is known, what is still to find out, and by when", rows=4, max_length=2000
    )


class ExtendAssessmentForm(Form):
    submit = "Record it"

    reason = TextAreaField(label="Why does it take longer?", rows=3, max_length=1000)
    until_on = DayField(label="Until when?")


class AuthoriseAssessmentForm(Form):
    listens = ("analysis",)
    submit = "Authorise it"

    analysis = TextAreaField(label="What did it find, and what does it mean for the child?", rows=8, max_length=8000)
    factors = CheckboxesField(label="Which factors were found?", choices=list(FACTORS.items()))
    outcome = RadiosField(label="What follows?", choices=Assessment.Outcome.choices)

    def finding(self) -> Finding:
        """What was typed, as the command takes it."""
        given = self.cleaned_data
        return Finding(Assessment.Outcome(given["outcome"]), tuple(given["factors"]), given["analysis"])
