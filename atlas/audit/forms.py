"""What came of an odd look."""

from atlas.audit.commands import MOST_WORDS
from atlas.audit.models import OddLook
from atlas.design.forms import Form, RadiosField, TextAreaField


class CloseOddLookForm(Form):
    submit = "Save"

    outcome = RadiosField(label="What came of it?", choices=OddLook.Outcome.choices)
    words = TextAreaField(
        label="What did you ask, and what did you find?", help_text=f"At most {MOST_WORDS} letters", max_length=MOST_WORDS, rows=4
    )
