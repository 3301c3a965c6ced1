"""The forms of what is done while a child is missing: they check what was typed, and write nothing."""

from atlas.chronology.forms import exact
from atlas.design.forms import Form, RadiosField, TextAreaField, TextField
from atlas.missing.codes import HowTold


class StepForm(Form):
    submit = "It is done"

    words = TextAreaField(label="What was decided or done, and by whom?", required=False, rows=3)
    taken_at = exact("When? Leave empty for now", required=False)


class ToldForm(Form):
    submit = "Record that they were told"

    name = TextField(label="Whom did you speak with, or leave word for?", max_length=120)
    how = RadiosField(label="How?", choices=HowTold.choices, initial=HowTold.TELEPHONE)
    words = TextAreaField(label="What was said?", required=False, rows=2)
    told_at = exact("When? Leave empty for now", required=False)


class DoNotTellForm(Form):
    submit = "Do not tell a parent yet"
    is_warning = True

    whom = TextField(label="Which parent?", help_text="One of them, or both", max_length=120)
    reason = TextAreaField(label="What could happen if the parent knew?", rows=3)


class LetBeToldForm(Form):
    submit = "The parent may be told"

    because = TextAreaField(label="Why may the parent be told now?", rows=2)
