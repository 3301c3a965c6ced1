"""The forms of kinds of meeting: they check what was typed, and write nothing."""

from collections.abc import Sequence
from typing import Any

from django import forms

from atlas.agencies.models import Authority
from atlas.design.forms import COUNT, CheckboxesField, Form, RadiosField, TextField
from atlas.gate.policy import ROLE
from atlas.meetings.codes import Group, Settles
from atlas.meetings.commands.kinds import MAY_CHAIR
from atlas.meetings.models import LocalMeetingKind
from atlas.meetings.rules.local_kinds import ANSWERS, MOST_DAYS, KindGiven

CHAIRS: list[tuple[str, str]] = sorted(((key, ROLE[key].name) for key in MAY_CHAIR), key=lambda one: one[1])
QUORUM = [(one.value, one.label) for one in Group if one is not Group.FAMILY]
TOLD = "Somebody must be there who may decide for each of these; or it is said why not, and what they know is written down."


class MeetingKindForm(Form):
    """What a kind of meeting is."""

    submit = "Add this kind"

    authority = RadiosField(label="For which authority?", choices=[])
    name = TextField(label="What is it called?", max_length=80, help_text="For example: Transition meeting")
    decides = RadiosField(label="What does it decide?", choices=[(key, one.name) for key, one in ANSWERS.items()])
    chaired_by = CheckboxesField(label="Who may chair it?", choices=CHAIRS)
    is_independent = forms.BooleanField(label="The chair is neither who works with the child nor in the line above", required=False)
    quorum = CheckboxesField(label="Who must be there?", choices=QUORUM, required=False, help_text=TOLD)
    settles = CheckboxesField(label="What must be answered before its record closes?", choices=Settles.choices, initial=[Settles.DECISION])
    with_family = forms.BooleanField(label="The child and the family are asked", required=False)
    record_within = forms.IntegerField(
        label="Within how many working days is its record out?", initial=MOST_DAYS, min_value=1, max_value=MOST_DAYS, widget=COUNT,
        help_text=f"At most {MOST_DAYS}; 1 where it decides on section 47 enquiries",
    )  # fmt: skip
    until_age = forms.IntegerField(
        label="Until which birthday may somebody be taken there?",
        initial=18,
        min_value=18,
        max_value=25,
        widget=COUNT,
        help_text="18; a panel up to 25",
    )

    def __init__(self, *arguments: Any, authorities: Sequence[Authority], kind: LocalMeetingKind | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.authorities = {str(one.pk): one for one in authorities}
        if kind is not None or len(self.authorities) == 1:
            del self.fields["authority"]
        else:
            self.let_choose("authority", [(key, one.name) for key, one in self.authorities.items()])
        if kind is not None:
            self.submit = "Change it from now on"
            self.initial = {**self.initial, **_said(kind)}
        self.lay_out()

    def authority_chosen(self) -> Authority:
        """The authority for which it is."""
        return self.authorities[self.cleaned_data.get("authority") or next(iter(self.authorities))]

    def given(self) -> KindGiven:
        """As the commands take it."""
        of = self.cleaned_data
        return KindGiven(
            of["name"], of["decides"], tuple(of["chaired_by"]), tuple(Group(one) for one in of["quorum"]), tuple(Settles(one) for one in of["settles"]),
            of["is_independent"], of["with_family"], of["record_within"], of["until_age"],
        )  # fmt: skip


def _said(kind: LocalMeetingKind) -> dict[str, Any]:
    """What stands now."""
    decides = next((key for key, one in ANSWERS.items() if list(one.answers) == list(kind.answers)), "")
    same = ("name", "chaired_by", "quorum", "settles", "is_independent", "with_family", "record_within", "until_age")
    return {"decides": decides, **{name: getattr(kind, name) for name in same}}


class EndKindForm(Form):
    """Nothing to fill in."""

    submit = "End this kind"
