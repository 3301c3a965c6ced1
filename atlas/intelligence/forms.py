"""Forms of the intelligence unit. What is typed into them stands nowhere but on the page until it is sent: they keep no draft."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from atlas.agencies.models import Agency
from atlas.connections.grades import Information, Source
from atlas.design.forms import CheckboxesField, DayField, Form, RadiosField, TextAreaField, TextField, chosen
from atlas.design.words import day
from atlas.intelligence.commands import OldGrading, Sanitised, Supplied
from atlas.intelligence.models import Raw
from atlas.intelligence.rules import Capacity, Checked, FactOrOpinion, Handling, is_wider

NOT_KEPT = "What you type here is kept nowhere until you send it."
SHARED = [(Handling.PERMITTED.value, Handling.PERMITTED.label), (Handling.CONDITIONS.value, Handling.CONDITIONS.label)]


def _source() -> RadiosField:
    return RadiosField(label="How reliable is the source?", choices=Source.choices)


def _information() -> RadiosField:
    return RadiosField(label="How is the information known?", choices=Information.choices)


def _conditions() -> TextAreaField:
    return TextAreaField(
        label="Conditions, if there are any", rows=2, required=False, help_text="They stand beside it wherever it is shown"
    )


class RecordIntelligenceForm(Form):
    submit = "Record this intelligence"
    keeps_nothing = True

    wording = TextAreaField(
        label="What is known?", rows=6, help_text=f"In your own unit’s wording: nobody outside it reads this. {NOT_KEPT}"
    )
    known_on = DayField(label="When did your unit come to know it?")
    reference = TextField(label="Your own reference for it", max_length=40, width=20)
    source_reference = TextField(
        label="Your own reference to the source", max_length=40, width=20, help_text="Where your unit keeps who said it. Never a name"
    )
    source = _source()
    information = _information()
    handling = RadiosField(label="Handling", choices=SHARED)
    conditions = _conditions()
    review_on = DayField(label="When must it be looked at again?")

    def __init__(self, *arguments: Any, latest: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["review_on"].help_text = f"After today, and no later than {day(latest)}"

    def supplied(self) -> Supplied:
        """What was typed, as the commands take it. Without a handling of its own, it waits for that of the older code."""
        given = self.cleaned_data
        return Supplied(
            wording=given["wording"], reference=given["reference"], source_reference=given["source_reference"], source=Source(given["source"]),
            information=Information(given["information"]), handling=Handling(given.get("handling") or Handling.AUTHOR_ONLY),
            known_on=given["known_on"], review_on=given["review_on"], conditions=given["conditions"],
        )  # fmt: skip


class RecordOldIntelligenceForm(RecordIntelligenceForm):
    submit = "Take over this entry"

    field_order = ("wording", "known_on", "reference", "source_reference", "old_source", "old_information", "old_handling")
    handling = None  # type: ignore[assignment]
    known_on = DayField(label="When did your unit come to know it, if that is known?", required=False)
    old_source = TextField(label="Grade of the source, as it came", max_length=10, width=5, help_text="A to E in the older scheme")
    old_information = TextField(
        label="Grade of the information, as it came", max_length=10, width=5, help_text="1 to 5 in the older scheme"
    )
    old_handling = TextField(
        label="Handling code, as it came", max_length=10, width=5,
        help_text="2 may be shared, 5 may be shared with conditions. 1, 3, 4 and anything else stay with your unit",
    )  # fmt: skip

    def old(self) -> OldGrading:
        """The older grading, as the command takes it."""
        given = self.cleaned_data
        return OldGrading(given["old_source"], given["old_information"], given["old_handling"])


class ProposeProductForm(Form):
    submit = "Propose this wording"
    keeps_nothing = True

    wording = TextAreaField(
        label="What partners will read", rows=5, help_text=f"In new words, written so that nobody can tell who said it. {NOT_KEPT}"
    )
    month = forms.DateField(
        label="In which month did it happen?", input_formats=["%m %Y", "%m/%Y", "%B %Y", "%b %Y"],
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}), help_text="For example 4 2026. Never the day",
        error_messages={"required": "Enter the month and year, for example 4 2026.", "invalid": "Enter the month and year, for example 4 2026."},
    )  # fmt: skip
    capacity = RadiosField(label="As what does the child appear in it?", choices=Capacity.choices)
    fact_or_opinion = RadiosField(label="Is it a fact or an opinion?", choices=FactOrOpinion.choices)
    source = _source()
    information = _information()
    handling = RadiosField(label="Who may read it?", choices=[])
    conditions = _conditions()
    named_agencies = CheckboxesField(label="With conditions: which agencies may read it?", choices=[], required=False)
    checked = CheckboxesField(label="Have you checked all of this?", choices=Checked.choices)
    time_words = TextField(label="No exact time: what did you look at or change?", max_length=200)
    place_words = TextField(label="No exact place: what did you look at or change?", max_length=200)
    unique_phrase_words = TextField(label="No phrase of the source’s own: what did you look at or change?", max_length=200)
    only_one_could_know_words = TextField(label="Nothing that only one person could know: what did you look at or change?", max_length=200)

    def __init__(self, *arguments: Any, raw: Raw, agencies: Sequence[Agency], **options: Any) -> None:
        super().__init__(*arguments, **options)
        handling, named = self.fields["handling"], self.fields["named_agencies"]
        assert isinstance(handling, forms.ChoiceField)
        assert isinstance(named, forms.MultipleChoiceField)
        handling.choices = [(value, label) for value, label in Handling.choices if not is_wider(value, raw.handling)]
        named.choices = [(str(one.pk), one.name) for one in agencies]
        for name in ("source", "information", "handling", "conditions"):
            self.initial.setdefault(name, getattr(raw, name))

    def clean_checked(self) -> list[str]:
        """All four, or what is missing."""
        ticked = chosen(self, "checked")
        if missing := [str(one.label) for one in Checked if one.value not in ticked]:
            raise forms.ValidationError(f"Check the wording and confirm: {'; '.join(missing)}.")
        return ticked

    def sanitised(self) -> Sanitised:
        """What was typed, as the command takes it."""
        given = self.cleaned_data
        return Sanitised(
            wording=given["wording"], source=Source(given["source"]), information=Information(given["information"]),
            handling=Handling(given["handling"]), fact_or_opinion=FactOrOpinion(given["fact_or_opinion"]), capacity=Capacity(given["capacity"]),
            month=given["month"], checked={one: given[f"{one.value}_words"] for one in Checked}, conditions=given["conditions"],
            named_agencies=tuple(UUID(one) for one in chosen(self, "named_agencies")),
        )  # fmt: skip


class ReleaseProductForm(Form):
    submit = "Release this wording"
    binds = True
    keeps_nothing = True


class DeclineProductForm(Form):
    submit = "Send it back"
    binds = True
    keeps_nothing = True

    reason = TextAreaField(label="What must be changed before it can be released?", rows=3, help_text=NOT_KEPT)


class ReviewIntelligenceForm(Form):
    submit = "Keep it until then"
    edits = {"review_on": "review_on"}
    is_statement = True
    keeps_nothing = True

    review_on = DayField(label="When must it be looked at again?")

    def __init__(self, *arguments: Any, latest: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["review_on"].help_text = f"After today, and no later than {day(latest)}"


class WithdrawProductForm(Form):
    submit = "Withdraw it now"
    is_warning = True
    keeps_nothing = True

    reason = TextAreaField(label="Why is it withdrawn?", rows=2, help_text=NOT_KEPT)
