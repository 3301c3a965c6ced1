"""Forms of sharing: the eight Caldicott questions and nothing else. They check what was typed, and write nothing."""

from datetime import date
from typing import Any

from django import forms

from atlas.agencies.models import Post
from atlas.design.forms import CheckboxesField, DayField, Form, RadiosField, TextAreaField, TextField
from atlas.design.scanning import ScannedFileField
from atlas.design.words import day
from atlas.gate.policy import ROLE, Purpose
from atlas.sharing.commands.disclosure import Grounds, Guest
from atlas.sharing.commands.export import Wanted
from atlas.sharing.exports.lists import Exportable, Statutory
from atlas.sharing.models import OF_TRANSFER, CarerWords, Export, GuestAnswer, GuestRequest
from atlas.sharing.rules import (
    CARER_DAYS,
    GUEST_MOST_DAYS,
    GUEST_USUAL_DAYS,
    MOST_ANSWER,
    MOST_CHILDREN,
    MOST_DAYS,
    MOST_EXPORT_DAYS,
    MOST_TOGETHER,
    PURPOSES,
    USUAL_DAYS,
    USUAL_EXPORT_DAYS,
    Ground,
)

TOLD = [("yes", "Yes, they know"), ("no", "No")]
DAYS_WIDGET = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"})


class GroundsForm(Form):
    """Why, on which ground, and whether the family knows."""

    purpose = RadiosField(label="What is it for?", choices=[(purpose.value, words) for purpose, words in PURPOSES.items()])
    ground = RadiosField(label="On which lawful ground?", choices=Ground.choices)
    family_told = RadiosField(label="Does the family know about this?", choices=TOLD)
    family_reason = TextAreaField(
        label="If not, why not?", rows=2, required=False, help_text="For example: telling them could put the child in danger"
    )

    agreed = RadiosField(
        label="Does the young person, who is 18, agree?", choices=[("yes", "Yes, they agree"), ("no", "No, or not asked")], required=False,
        help_text="Without their yes, only a legal duty, danger to somebody’s life, law enforcement or a court lets you share",
    )  # fmt: skip

    def __init__(self, *arguments: Any, is_adult: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not is_adult:
            del self.fields["agreed"]

    def grounds(self, reason: str) -> Grounds:
        """What was typed, as the commands take it."""
        given = self.cleaned_data
        return Grounds(
            Purpose(given["purpose"]), Ground(given["ground"]), reason, given["family_told"] == "yes", given["family_reason"],
            given.get("asked_words", ""), given.get("agreed") == "yes",
        )  # fmt: skip


class DiscloseForm(GroundsForm):
    submit = "Share"

    field_order = ("recipient", "purpose", "reason", "ground", "items", "agreed", "family_told", "family_reason", "days")
    recipient = forms.ChoiceField(label="With whom?", choices=[])
    reason = TextAreaField(label="Why do they need it?", rows=3, help_text="Write it as the child could read it one day")
    items = CheckboxesField(label="What do they need? Tick only that.", choices=[])
    days = forms.IntegerField(
        label="For how many days may they open it?", min_value=1, max_value=MOST_DAYS, initial=USUAL_DAYS, widget=DAYS_WIDGET,
        help_text=f"At most {MOST_DAYS}",
    )  # fmt: skip

    def __init__(self, *arguments: Any, posts: list[Post], items: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.posts = {str(post.pk): post for post in posts}
        who, what = self.fields["recipient"], self.fields["items"]
        assert isinstance(who, forms.ChoiceField)
        assert isinstance(what, forms.MultipleChoiceField)
        who.choices = [
            ("", "Choose a person"),
            *((key, f"{post.team.agency.name}: {post.user.name}, {post.title}") for key, post in self.posts.items()),
        ]
        what.choices = items


class RefuseForm(GroundsForm):
    submit = "Record that it was not shared"

    field_order = ("asked_words", "purpose", "reason", "ground", "family_told", "family_reason")
    asked_words = TextAreaField(label="Who asked, and what for?", rows=3)
    reason = TextAreaField(
        label="Why is it not shared?", rows=3, help_text="For example: sharing it would harm the child more than not sharing it"
    )


class ReshareForm(Form):
    submit = "Share the same again"

    days = forms.IntegerField(
        label="For how many more days from today?", min_value=1, max_value=MOST_DAYS, initial=USUAL_DAYS, widget=DAYS_WIDGET
    )


class WithdrawForm(Form):
    submit = "End it now"
    is_warning = True

    reason = TextAreaField(label="Why does it end?", rows=2, max_length=200)


class ExportForm(Form):
    submit = "Export"

    recipient = forms.ChoiceField(label="For whom, with a post in Atlas?", choices=[], required=False)
    outside_name = TextField(label="Or for somebody outside: their name", required=False, max_length=100)
    outside_organisation = TextField(label="Where they work", required=False, max_length=120)
    purpose = RadiosField(label="What is it for?", choices=[])
    reason = TextAreaField(label="Why do they need it?", rows=3)
    period = RadiosField(label="For which collection?", choices=[])
    from_on = DayField(label="From which day?")
    until_on = DayField(label="Until which day?")
    columns = CheckboxesField(label="What do they need? Tick only that.", choices=[])
    format = RadiosField(label="As what?", choices=[])
    days = forms.IntegerField(
        label="For how many days may it be fetched?", min_value=1, max_value=MOST_EXPORT_DAYS, initial=USUAL_EXPORT_DAYS, widget=DAYS_WIDGET,
        help_text=f"At most {MOST_EXPORT_DAYS}",
    )  # fmt: skip

    def __init__(self, *arguments: Any, listed: Exportable | Statutory, posts: list[Post], by: Post, today: date, **options: Any) -> None:
        self.listed, self.posts = listed, {str(post.pk): post for post in posts}
        super().__init__(*arguments, **options)
        if isinstance(listed, Statutory):
            self.periods = {f"{last.year}": (first, last) for first, last in listed.periods(today)}
            own = [("period", [(key, f"{day(first)} to {day(last)}") for key, (first, last) in self.periods.items()])]
            formats = [Export.Format(one) for one in listed.writes]
        else:
            self.fields["columns"].initial = [column.key for column in listed.columns if column.is_usual]
            own = [("columns", [(column.key, column.name) for column in listed.columns])]
            formats = [one for one in Export.Format if one != Export.Format.XML]
        self.fields["format"].initial = next(iter(formats)) if isinstance(listed, Statutory) else Export.Format.XLSX
        for name, choices in (
            (
                "recipient",
                [("", "Nobody with a post in Atlas"), *((key, f"{post.team.agency.name}: {post}") for key, post in self.posts.items())],
            ),
            ("purpose", [(purpose.value, PURPOSES[purpose]) for purpose in ROLE[by.role].purposes if purpose in PURPOSES]),
            ("format", [(one.value, one.label) for one in formats]),
            *own,
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _rows(self) -> list[Any]:
        for name in ("from_on", "until_on", "columns") if isinstance(self.listed, Statutory) else ("period",):
            del self.fields[name]
        return super()._rows()

    def wanted(self) -> Wanted:
        """What was typed, as the command takes it."""
        given = self.cleaned_data
        return Wanted(
            listed=self.listed.key, columns=self.listed.columns if isinstance(self.listed, Statutory) else tuple(given["columns"]), format=Export.Format(given["format"]),
            period=self.periods[given["period"]] if isinstance(self.listed, Statutory) else (given["from_on"], given["until_on"]),
            purpose=Purpose(given["purpose"]), reason=given["reason"], recipient=self.posts.get(given["recipient"]), outside_name=given["outside_name"],
            outside_organisation=given["outside_organisation"], days=given["days"],
        )  # fmt: skip


class ExportManyForm(ExportForm):
    submit = "Propose it to the privacy officer"

    at_most = forms.IntegerField(
        label="How many children at most?", min_value=MOST_CHILDREN + 1, max_value=MOST_TOGETHER, widget=DAYS_WIDGET,
        help_text=f"From {MOST_CHILDREN + 1} to {MOST_TOGETHER}. The file holds no more, whatever is added until it is made",
    )  # fmt: skip


class GuestForm(Form):
    """Somebody without an account: by name, with a number that somebody checked. Each form says in its own words whom it asks."""

    guest_name = TextField(label="Whom do you ask?", max_length=100)
    organisation = TextField(label="Where do they work?", max_length=120)
    number = TextField(
        label="Their mobile number", max_length=20, width=20, help_text="A code goes there by text. Never a number that came in an e-mail"
    )
    checked_by = TextField(label="Who made sure that the number is theirs?", max_length=100)
    checked_on = DayField(label="On which day?", help_text="Within the last 90 days")

    def guest(self) -> Guest:
        """Who it is, as the command takes it."""
        given = self.cleaned_data
        return Guest(given["guest_name"], given["organisation"], given["number"], given["checked_by"], given["checked_on"])


class AskGuestForm(GroundsForm, GuestForm):
    submit = "Make the link"

    field_order = (
        "guest_name", "organisation", "number", "checked_by", "checked_on", "question", "items", "purpose", "reason", "ground", "agreed",
        "family_told", "family_reason", "days",
    )  # fmt: skip
    guest_name = TextField(label="Whom do you ask?", max_length=100, help_text="One named person, for example Dr Sample Doctor")
    organisation = TextField(
        label="Where do they work?", max_length=120, help_text="For example a surgery, a school, a hotel, another council"
    )
    question = TextAreaField(
        label="What do you ask?", rows=5, max_length=4000,
        help_text="One question, as they may read it. No other child, no address, no intelligence",
    )  # fmt: skip
    items = CheckboxesField(label="Must they be told who the child is? Tick only what they need.", choices=[], required=False)
    reason = TextAreaField(label="Why is it necessary to ask them?", rows=3, help_text="Write it as the child could read it one day")
    days = forms.IntegerField(
        label="For how many days may they answer?", min_value=1, max_value=GUEST_MOST_DAYS, initial=GUEST_USUAL_DAYS, widget=DAYS_WIDGET,
        help_text=f"At most {GUEST_MOST_DAYS}",
    )  # fmt: skip

    def __init__(self, *arguments: Any, items: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("items", items)


class WithdrawGuestRequestForm(Form):
    submit = "Take it back now"
    is_warning = True

    reason = TextAreaField(label="Why?", rows=2, max_length=150)


class SendCodeForm(Form):
    submit = "Send me a code"


class ProveForm(Form):
    submit = "Go on"

    code = TextField(label="The code from the text message", max_length=12, width=10, help_text="6 digits, for example 123 456")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


K = GuestAnswer.Kind
WAYS = {
    GuestRequest.Asks.QUESTION: (K.WORDS, K.FILE, K.RING_BACK),
    GuestRequest.Asks.WHETHER: (K.ACCEPTED, K.REFUSED, K.RING_BACK),
    GuestRequest.Asks.OUTCOME: (K.OUTCOME, K.FILE, K.RING_BACK),
    GuestRequest.Asks.TRANSFER: (K.ACCEPTED, K.REFUSED, K.RING_BACK),
}
_RING = "To be rung back: on which number, and when you can speak"
WORDS_FOR = {
    GuestRequest.Asks.WHETHER: f"If no: why not. {_RING}",
    GuestRequest.Asks.OUTCOME: f"When the child was met, by whom, and what came of it. {_RING}",
    GuestRequest.Asks.TRANSFER: f"If yes: who takes over, with a number. If no: why not. {_RING}",
}


class AnswerForm(Form):
    submit = "Send"

    kind = RadiosField(label="How do you answer?", choices=GuestAnswer.Kind.choices)
    words = TextAreaField(
        label="What you want to say", rows=8, required=False, max_length=MOST_ANSWER,
        help_text=_RING,
    )  # fmt: skip
    file = ScannedFileField(
        label="A photograph or a scanned page", required=False, help_text="JPEG or PNG, up to 8 MB. Only the picture itself is kept",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )  # fmt: skip

    def asks(self, asked: str) -> "AnswerForm":
        """The same form with the ways of answering that this request takes."""
        ways = self.fields["kind"]
        assert isinstance(ways, forms.ChoiceField)
        said = OF_TRANSFER if asked == GuestRequest.Asks.TRANSFER else {str(kind): str(kind.label) for kind in K}
        ways.choices = [(str(kind), said[kind]) for kind in WAYS[GuestRequest.Asks(asked)]]
        self.fields["words"].help_text = self["words"].help_text = WORDS_FOR.get(GuestRequest.Asks(asked), _RING)
        if K.FILE not in WAYS[GuestRequest.Asks(asked)]:
            del self.fields["file"]  # no box for what cannot be sent
        return self

    def clean(self) -> dict[str, Any]:
        """Each way of answering holds what it takes."""
        given = super().clean() or self.cleaned_data
        kind, words = given.get("kind"), (given.get("words") or "").strip()
        if kind == GuestAnswer.Kind.FILE and not given.get("file"):
            self.add_error("file", "Choose the photograph, or answer in words.")
        if kind != GuestAnswer.Kind.FILE and given.get("file"):
            self.add_error("kind", "You chose a file: say that you answer with a photograph, or leave the file out.")
        if kind == GuestAnswer.Kind.WORDS and not words:
            self.add_error("words", "Write your answer, or choose to be rung back.")
        if kind in {GuestAnswer.Kind.REFUSED, GuestAnswer.Kind.OUTCOME} and not words:
            self.add_error(
                "words",
                "Say why not." if kind == GuestAnswer.Kind.REFUSED else "Write when the child was met, by whom, and what came of it.",
            )
        if kind == GuestAnswer.Kind.RING_BACK and not words:
            self.add_error("words", "Write the number to ring, and when you can speak.")
        return given


class CarerPageForm(GuestForm):
    submit = "Make the link"

    guest_name = TextField(label="To which carer?", max_length=100)
    organisation = TextField(
        label="Who is this to the child?", max_length=120, help_text="For example: her foster carer, the home’s night worker"
    )
    number = TextField(label="Their mobile number", max_length=20, width=20, help_text="A code goes there by text")
    agreed = TextAreaField(
        label="What did you agree with this carer?", required=False, rows=4, max_length=1000,
        help_text="For example: ring us when she is 30 minutes late. No place, no other child, no suspicion",
    )  # fmt: skip
    days = forms.IntegerField(
        label="For how many days?", min_value=1, max_value=GUEST_MOST_DAYS, initial=CARER_DAYS, widget=DAYS_WIDGET,
        help_text=f"At most {GUEST_MOST_DAYS}; then give it anew",
    )  # fmt: skip


class AnswerCarerForm(Form):
    submit = "Tell the carer"

    did = TextAreaField(label="What did you do?", help_text="The carer reads this under “You said, we did”", max_length=500, rows=3)


class SayAsCarerForm(Form):
    submit = "Send it to us"

    kind = RadiosField(label="What do you want to tell us?", choices=CarerWords.Kind.choices)
    words = TextAreaField(label="In your words", required=False, max_length=1000, rows=4)
