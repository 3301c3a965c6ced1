"""Find a child: by number, or by name and date of birth."""

from typing import Any

from django import forms

from atlas.design.forms import CheckboxesField, DayField, Form, RadiosField, TextAreaField, TextField
from atlas.desk.commands import MOST_WORDS
from atlas.desk.models import FrontDoorQuestion
from atlas.gate.policy import Shape
from atlas.people.rules import nhs_number
from atlas.statuses.commands.doubt import MOST_KNOWN, MOST_WRONG


class DeclareConnectionForm(Form):
    """No reason is asked; a note of one's own may be kept."""

    submit = "I know this family: shut me out"
    is_warning = True

    because = TextField(
        label="A note of your own, if you wish", required=False, max_length=200,
        help_text="It stands on your list of declared connections. You need not say anything.",
    )  # fmt: skip


class GuardForm(Form):
    """Who is to stand on a child's list of names, and why."""

    is_warning = True
    names = CheckboxesField(label="Who may see the child?", help_text="Others can be named later.", choices=[])
    because = TextAreaField(label="Why?", help_text="Everybody on the list reads this.", max_length=200, rows=3)

    def __init__(self, *arguments: Any, offered: list[tuple[str, str]], submit: str, **options: Any) -> None:
        self.submit = submit
        super().__init__(*arguments, **options)
        self.let_choose("names", offered)


class NameHolderForm(Form):
    submit = "Put on the list"

    names = forms.ChoiceField(label="Who?", choices=[])
    because = TextAreaField(label="Why do they need to see the child?", max_length=200, rows=2)

    def __init__(self, *arguments: Any, offered: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("names", [("", "Choose a person or a team"), *offered])


class RemoveHolderForm(Form):
    because = TextAreaField(label="Why?", max_length=200, rows=2)

    def __init__(self, *arguments: Any, submit: str = "Take off the list", **options: Any) -> None:
        self.submit = submit
        super().__init__(*arguments, **options)


class ApproveProposalForm(Form):
    """Nothing to fill in: what is approved stands on the page."""

    submit = "Approve it, and do it now"
    is_warning = True


class DeclineProposalForm(Form):
    submit = "Do not approve it"

    because = TextAreaField(label="Why not?", help_text="The person who proposed it reads this.", max_length=500, rows=3)


class WithdrawProposalForm(Form):
    """Nothing to fill in."""

    submit = "Take it back"


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

    def __init__(self, *arguments: Any, shape: Shape = Shape.OWN, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.shape = shape

    def clean(self) -> dict[str, Any]:
        """Something must be given; of those who ask the front door, two identifiers (protection.md 4.5)."""
        given = super().clean() or {}
        if not self.errors and not given.get("name") and not given.get("number"):
            self.add_error("name", "Enter a name or a number.")
        elif not self.errors and self.shape is Shape.ASK and not has_two_identifiers(given):
            self.add_error(
                "born_on",
                "Enter two of these: the whole name, the full date of birth, the NHS number. One of them is the date or the number.",
            )
        return given


def has_two_identifiers(given: dict[str, Any]) -> bool:
    """Whether two things were typed by which a child is known, one of them the full date of birth or an NHS number."""
    typed = [given.get("name"), given.get("born_on"), given.get("number")]
    return sum(bool(one) for one in typed) >= 2 and bool(given.get("born_on") or nhs_number(given.get("number") or ""))


class AnswerFrontDoorQuestionForm(Form):
    outcome = RadiosField(label="What came of it?", choices=FrontDoorQuestion.Outcome.choices)
    words = TextAreaField(label="In a few words", help_text=f"At most {MOST_WORDS} letters", max_length=MOST_WORDS, rows=3, required=False)
