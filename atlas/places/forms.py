"""Forms of places. They check what was typed, and write nothing."""

from collections.abc import Iterable
from typing import Any

from django import forms

from atlas.agencies.models import Agency
from atlas.connections.concern_forms import GroundsForm
from atlas.design.forms import Form, TextField
from atlas.places.commands import PlaceGiven
from atlas.places.position import HOW
from atlas.places.rules import PlaceType


class PlaceForm(GroundsForm):
    """A place."""

    submit = "Write it down"

    name = TextField(
        label="How is it spoken of?", help_text="For example “a hotel near the station”. No address, no name of a business.", max_length=120
    )
    type = forms.ChoiceField(label="What kind of place is it?", choices=PlaceType.choices)
    exact = TextField(
        label="Which place exactly?", required=False, max_length=200,
        help_text="Name and address. A home is shown to your agency and the partner who answers for it alone; a business, to the council and the police.",
    )  # fmt: skip
    named_as = TextField(
        label="By which words do children and workers name it?", required=False, max_length=300,
        help_text="With commas between them, for example: the arcade, Sampies. What names it so is counted before and after a panel looks at it. No child’s name.",
    )  # fmt: skip
    position = TextField(
        label="Where does it lie?", required=False, max_length=40, help_text=f"{HOW} Kept to the hundred metres. Of a home, leave it empty."
    )
    controlled_by_words = TextField(label="Who controls it?", required=False, max_length=200)
    responsible = forms.ChoiceField(label="Which partner answers for it?", required=False)
    field_order = ("name", "type", "exact", "position", "named_as", "controlled_by_words", "responsible")

    def __init__(self, *arguments: Any, agencies: Iterable[Agency], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.agencies = {str(one.pk): one for one in agencies}
        self.let_choose("responsible", [("", "Nobody yet"), *((pk, one.name) for pk, one in self.agencies.items())])

    def given(self) -> PlaceGiven:
        """As the command takes it."""
        of = self.cleaned_data
        return PlaceGiven(
            of["name"],
            of["type"],
            self.grounds(),
            of["exact"],
            of["controlled_by_words"],
            self.agencies.get(of["responsible"]),
            tuple(filter(str.strip, of["named_as"].split(","))),
            of["position"],
        )


class PositionForm(Form):
    """Where a place lies."""

    submit = "Keep it"

    position = TextField(
        label="Where does it lie?",
        required=False,
        max_length=40,
        help_text=f"{HOW} Kept to the hundred metres. Empty takes it off the map.",
    )
