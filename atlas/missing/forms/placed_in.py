"""Forms of the placed-in register, and of what the responsible authority is asked."""

from dataclasses import fields
from typing import Any

from django import forms

from atlas.agencies.models import Authority
from atlas.children.commands import Known
from atlas.design.forms import DayField, Form, RadiosField, TextAreaField, TextField
from atlas.missing.commands.placed_in import NoticeOf
from atlas.missing.models import PlacedInNotice
from atlas.missing.rules.interview import RESPONSIBLE_USUAL_DAYS
from atlas.people.models import Sex
from atlas.sharing.forms import GuestForm
from atlas.sharing.rules import GUEST_MOST_DAYS


class PlacedInForm(Form):
    submit = "Record the notice"

    forename = TextField(label="First name", max_length=60)
    surname = TextField(label="Surname", max_length=60)
    born_on = DayField(label="Date of birth")
    sex = RadiosField(label="Sex", choices=Sex.choices, initial=Sex.UNKNOWN)
    responsible = RadiosField(label="Which authority placed the child here?", choices=[])
    placed_on = DayField(label="When did the placement begin?")
    is_emergency = forms.BooleanField(label="It was made in an emergency", required=False)
    heard_from = RadiosField(label="Who told us?", choices=PlacedInNotice.HeardFrom.choices, initial=PlacedInNotice.HeardFrom.AUTHORITY)
    notified_on = DayField(label="When did that authority give notice?", help_text="Leave empty if it gave none", required=False)
    risk_told = TextAreaField(label="What did it say of risk?", required=False, rows=3)
    home_name = TextField(
        label="Home or carer",
        help_text="Leave out where it must not be known. Never write the address here",
        required=False,
        max_length=120,
    )
    home_telephone = TextField(label="Telephone of the home or carer", required=False, max_length=30, width=20)
    worker_name = TextField(label="The child’s worker there", required=False, max_length=120)
    worker_telephone = TextField(label="The worker’s telephone", required=False, max_length=30, width=20)
    out_of_hours_telephone = TextField(label="That authority’s number out of hours", required=False, max_length=30, width=20)
    is_new = forms.BooleanField(label="I looked: this child is not recorded here yet", required=False)

    def __init__(self, *arguments: Any, authorities: list[Authority], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.authorities = {str(one.pk): one for one in authorities}
        self.let_choose("responsible", [(pk, one.name) for pk, one in self.authorities.items()])

    def known(self) -> Known:
        """Who the child is."""
        given = self.cleaned_data
        return Known(given["forename"], given["surname"], given["born_on"], Sex(given["sex"]))

    def authority(self) -> Authority:
        """Who placed the child."""
        return self.authorities[self.cleaned_data["responsible"]]

    def notice(self) -> NoticeOf:
        """The notice, as the command takes it."""
        return NoticeOf(**{field.name: self.cleaned_data[field.name] for field in fields(NoticeOf)})


class EndPlacedInForm(Form):
    submit = "End the notice"

    ended_on = DayField(label="Since when?")
    reason = TextAreaField(label="Where does the child’s care go on?", help_text="No address", rows=2)


class AskResponsibleForm(GuestForm):
    submit = "Make the link"

    guest_name = TextField(label="Their worker’s name", max_length=100)
    organisation = TextField(label="Authority and team", max_length=120)
    family_told = RadiosField(label="Does the family know about this?", choices=[("yes", "Yes"), ("no", "No")])
    family_reason = TextAreaField(label="If not, why not?", rows=2, required=False)
    days = forms.IntegerField(
        label="For how many days may they answer?", min_value=1, max_value=GUEST_MOST_DAYS, initial=RESPONSIBLE_USUAL_DAYS,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
    )  # fmt: skip

    def __init__(self, *arguments: Any, worker: str, authority: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, value in (("guest_name", worker), ("organisation", authority)):
            self.initial.setdefault(name, value)


class TakeReplyForm(Form):
    binds = True  # who takes it over has read the interview as it stands

    submit = "Take it over"
