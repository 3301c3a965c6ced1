"""The forms of the director's standing list."""

from atlas.design.forms import DayField, Form, TextField


class HoldInViewForm(Form):
    """Why, and until when."""

    submit = "Hold in view"

    because = TextField(label="Why do you hold this child in view?", max_length=200, help_text="Whoever works with the child reads it.")
    review_on = DayField(label="On which day do you look at it again?", help_text="Within 90 days")


class OutOfViewForm(Form):
    """Why not any more."""

    submit = "Take out of view"

    because = TextField(label="Why do you not hold this child in view any more?", max_length=200)
