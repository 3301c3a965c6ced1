"""The form on which somebody says which place a child meant."""

from collections.abc import Iterable
from typing import Any

from django import forms

from atlas.design.forms import CheckboxesField, Form, RadiosField
from atlas.design.words import day
from atlas.missing.models import LocationMention
from atlas.missing.queries.mentions import MayBe
from atlas.places.models import Place

OTHER = "other"


class SettleMentionForm(Form):
    submit = "Keep it"

    settled = RadiosField(label="Which place is it?", choices=())
    place = forms.ChoiceField(label="Which other place?", required=False)

    def __init__(self, *arguments: Any, may_be: Iterable[MayBe], places: Iterable[Place], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.places = {str(one.pk): one for one in places}
        likely = [(str(one.place.pk), f"{one.place.name} ({one.place.get_type_display().lower()}; {one.why})") for one in may_be]
        rest = [(value, label) for value, label in LocationMention.Settled.choices if value != LocationMention.Settled.PLACE]
        self.let_choose("settled", [*likely, (OTHER, "Another place, chosen below"), *rest])
        self.let_choose(
            "place", [("", "Not chosen"), *((pk, f"{one.name} ({one.get_type_display().lower()})") for pk, one in self.places.items())]
        )

    def given(self) -> dict[str, Any]:
        """As the command takes it."""
        said = self.cleaned_data["settled"]
        if said in LocationMention.Settled.values:
            return {"settled": said, "place": None}
        return {"settled": LocationMention.Settled.PLACE, "place": self.places.get(self.cleaned_data["place"] if said == OTHER else said)}


class SettleMentionsForm(SettleMentionForm):
    """The same of several children at once: all of them are ticked, and one who is not meant is taken out."""

    submit = "Keep it for all that are ticked"

    mentions = CheckboxesField(
        label="Of which of them?", help_text="Take out whoever may have meant another place, and settle that one alone."
    )
    field_order = ("settled", "place", "mentions")

    def __init__(self, *arguments: Any, mentions: Iterable[LocationMention], **options: Any) -> None:
        self.alike = {str(one.pk): one for one in mentions}
        options["initial"] = {"mentions": list(self.alike), **options.get("initial", {})}
        super().__init__(*arguments, **options)
        self.let_choose("mentions", [(pk, _named(one)) for pk, one in self.alike.items()])
        self.fields["mentions"].error_messages["required"] = "Choose at least one of them."

    def chosen(self) -> list[LocationMention]:
        """Those that stayed ticked."""
        return [self.alike[pk] for pk in self.cleaned_data["mentions"]]


def _named(mention: LocationMention) -> str:
    held_at = mention.interview.held_at
    on = f", {day(held_at)}" if held_at else ""
    return f"{mention.child.name}, {mention.interview.episode.reference}{on}: “{mention.words}”"
