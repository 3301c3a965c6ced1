"""Find a child: by number, or by name and date of birth."""

from typing import Any

from atlas.design.forms import DayField, Form, TextAreaField, TextField
from atlas.statuses.commands.doubt import MOST_KNOWN, MOST_WRONG


class DeclareConnectionForm(Form):
    """Nothing to fill in: no reason is asked."""

    submit = "I know this family: shut me out"
    is_warning = True


class WrongFactForm(Form):
    submit = "Ask for it to be put right"

    wrong = TextAreaField(
        label="What is wrong, and what is right?", help_text=f"At most {MOST_WRONG} letters", max_length=MOST_WRONG, rows=3
    )
    known = TextField(label="How do you know?", help_text="For example: the child said so; the court's letter", max_length=MOST_KNOWN)


class FindChildForm(Form):
    submit = "Find"

    name = TextField(label="Name", help_text="First name and surname, as far as known", required=False, max_length=200)
    born_on = DayField(label="Date of birth", required=False)
    number = TextField(
        label="Or a number", help_text="NHS number, police reference or the main system's number", required=False, max_length=60, width=20
    )

    def clean(self) -> dict[str, Any]:
        """Something must be given."""
        given = super().clean() or {}
        if not self.errors and not given.get("name") and not given.get("number"):
            self.add_error("name", "Enter a name or a number.")
        return given
