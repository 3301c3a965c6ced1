"""Forms of copies: how one was given, to which phone, what a child said, and what was done. They check what was typed, and write nothing."""

from typing import Any

from django import forms

from atlas.design.forms import Form, RadiosField, TextAreaField, TextField
from atlas.sharing import words_for_children as words
from atlas.sharing.commands.copies import Given
from atlas.sharing.copy import CompiledCopy
from atlas.sharing.forms import DAYS_WIDGET
from atlas.sharing.models import ChildWords, CopyGiven
from atlas.sharing.rules import CHILD_DAYS, PhoneGone

YES_NO = [("yes", "Yes"), ("no", "No")]
SAFE_HELP = "Who else could find or read it? Write what the child said about this"


class RecordCopyGivenForm(Form):
    """How a copy was given. The default for a child is to hand over nothing."""

    submit = "Record it"

    how = RadiosField(
        label="How did they get it?", choices=[(str(how), str(how.label)) for how in CopyGiven.How if how != CopyGiven.How.PHONE],
        initial=CopyGiven.How.REHEARSED.value,
    )  # fmt: skip
    to_whom = TextField(label="To whom?", max_length=120, help_text="For the child: the child, and who was there")
    safe = RadiosField(label="Is it safe for them to hold?", choices=YES_NO)
    safe_reason = TextAreaField(label="Why, or why not?", rows=3, max_length=500, help_text=SAFE_HELP)

    def given(self) -> Given:
        """What was typed, as the command takes it."""
        typed = self.cleaned_data
        return Given(CopyGiven.How(typed["how"]), typed["to_whom"], typed["safe"] == "yes", typed["safe_reason"])


class GiveChildPageForm(Form):
    """To which phone, and who else can open it: asked with the child, each time."""

    submit = "Make the link"

    telephone = TextField(
        label="The child’s mobile number", max_length=20, width=20, help_text="A code goes there by text, each time that they open the page"
    )
    confirmed = RadiosField(
        label="Did the child say just now that this is their number, and that they have the phone?", choices=YES_NO,
        help_text="Ask each time: a lost, taken or new phone ends the page",
    )  # fmt: skip
    who_else_can_open = TextField(
        label="Who else can open the phone? Ask the child", max_length=200, required=False,
        help_text="“Nobody” is an answer. Empty: safe people, safe places and signals stay off the phone",
    )  # fmt: skip
    safe_reason = TextAreaField(label="Why is it safe to have on the phone?", rows=3, max_length=500, help_text=SAFE_HELP)
    days = forms.IntegerField(
        label="For how many days?", min_value=1, max_value=CHILD_DAYS, initial=CHILD_DAYS, widget=DAYS_WIDGET,
        help_text=f"At most {CHILD_DAYS}; then see the child, and give it anew"
    )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What was typed, as the command takes it."""
        typed = self.cleaned_data
        return {
            "telephone": typed["telephone"], "is_number_confirmed": typed["confirmed"] == "yes", "who_else_can_open": typed["who_else_can_open"],
            "safe_reason": typed["safe_reason"], "days": typed["days"],
        }  # fmt: skip

    def invalid(self, problem: Any) -> None:
        """The command speaks of the number's being confirmed by another name."""
        if problem.field == "is_number_confirmed":
            self.add_error("confirmed", problem.message)
        else:
            super().invalid(problem)


class WithdrawChildPageForm(Form):
    submit = "Shut the page now"
    is_warning = True

    why = RadiosField(label="Why?", choices=PhoneGone.choices)


class RecordChildWordsForm(Form):
    submit = "Write it down"

    line = RadiosField(label="About which line?", choices=[], required=False)
    kind = RadiosField(label="What did the child say?", choices=ChildWords.Kind.choices)
    words = TextAreaField(label="In the child’s words", rows=4, max_length=1000, required=False)

    def __init__(self, *arguments: Any, copy: CompiledCopy, **options: Any) -> None:
        super().__init__(*arguments, **options)
        lines = [(line.key, line.words[:120]) for block in copy.blocks for line in block.lines]
        self.let_choose("line", [("", "The whole of it"), *lines])


class AnswerChildForm(Form):
    submit = "Tell the child"

    acted = RadiosField(label="Did you act on it?", choices=[("yes", "Yes: we did"), ("no", "No: not acted on, because")])
    did = TextAreaField(
        label="What did you do, or why not?", rows=3, max_length=500,
        help_text="The child reads this. Short words, short sentences. No name, no place, nothing that another reader of the phone must not know",
    )  # fmt: skip


class ChildCodeForm(Form):
    submit = words.GO_ON

    code = TextField(label=words.CODE_LABEL, max_length=12, width=10, help_text=words.CODE_HINT)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


class SayAsChildForm(Form):
    submit = words.SEND

    kind = forms.ChoiceField(choices=ChildWords.Kind.choices, widget=forms.HiddenInput)
    line = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)
    words = TextAreaField(
        label="", rows=6, max_length=1000, required=False, error_messages={"max_length": words.TOO_LONG},
    )  # fmt: skip

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["words"].widget.attrs["autocomplete"] = "off"  # else the browser keeps it, to put it back after a restart

    def asking(self) -> "SayAsChildForm":
        """The same form, asking what this kind of answer asks."""
        kind = str(self["kind"].value() or "")
        field = self.fields["words"]
        field.label = self["words"].label = words.ASKS.get(kind, words.ASKS["words"])
        field.help_text = self["words"].help_text = "" if kind == ChildWords.Kind.WORDS else words.MAY_BE_EMPTY
        return self

    def clean(self) -> dict[str, Any]:
        """Words are words."""
        given = super().clean() or self.cleaned_data
        if given.get("kind") == ChildWords.Kind.WORDS and not (given.get("words") or "").strip() and "words" not in self.errors:
            self.add_error("words", words.WRITE_SOMETHING)
        return given
