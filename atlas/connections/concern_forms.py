"""Forms of people of concern and groups, and the grounds that every such entry has. They check what was typed, and write nothing."""

from typing import ClassVar

from atlas.connections.commands import GroupGiven, PersonGiven
from atlas.connections.grades import Information, Source
from atlas.connections.grounds import Grounds
from atlas.connections.models import Group, PersonOfConcern
from atlas.design.forms import DayField, Form, RadiosField, TextAreaField, TextField
from atlas.gate.policy import REGIME_WORDS

GROUNDS = ("why", "purpose_words", "regime", "source_words", "source", "information")
ADULT = (("yes", "18 or over"), ("not_known", "Under 18, or not known: then I ring the front door"))


class GroundsForm(Form):
    """The grounds of an entry."""

    why = TextAreaField(label="What is known?", help_text="Facts, and who saw them. Name no child.", rows=4, max_length=2000)
    purpose_words = TextField(label="What is it held for?", max_length=200)
    regime = RadiosField(label="On what basis?", choices=[(one.value, words) for one, words in REGIME_WORDS.items()], initial="uk_gdpr")
    source_words = TextField(label="Who says so, and as of when?", max_length=200)
    source = RadiosField(label="How reliable is the source?", choices=Source.choices)
    information = RadiosField(label="How is it known?", choices=Information.choices)

    def grounds(self) -> Grounds:
        """As the command takes it."""
        return Grounds(**{name: self.cleaned_data[name] for name in GROUNDS})


class RenewForm(GroundsForm):
    """The grounds of an entry, looked at again."""

    submit = "It still matters"
    edits: ClassVar[dict[str, str]] = {name: name for name in GROUNDS}


class PersonForm(GroundsForm):
    """An adult who is a person of concern."""

    submit = "Write them down"

    name = TextField(label="What is the person’s name?", max_length=120)
    other_names = TextField(label="What else are they called?", required=False, max_length=200)
    is_adult = RadiosField(label="How old are they?", choices=ADULT)
    adult_words = TextField(label="How is it known that they are 18 or over?", required=False, max_length=200)
    born_on = DayField(label="When were they born, if it is known?", required=False)
    capacity = RadiosField(label="In what capacity?", choices=PersonOfConcern.Capacity.choices)
    field_order = ("name", "other_names", "is_adult", "adult_words", "born_on", "capacity")

    def given(self) -> PersonGiven:
        """As the command takes it."""
        of = self.cleaned_data
        return PersonGiven(
            of["name"], of["capacity"], self.grounds(), of["is_adult"] == "yes", of["adult_words"], of["born_on"], of["other_names"]
        )


class GroupForm(GroundsForm):
    """A group."""

    submit = "Write it down"

    name = TextField(label="What do others call it?", help_text="Name no child.", max_length=120)
    kind = RadiosField(label="Who is in it?", choices=Group.Kind.choices)
    harm_words = TextField(label="How are children harmed by it, or in it?", required=False, max_length=300)
    field_order = ("name", "kind", "harm_words")

    def given(self) -> GroupGiven:
        """As the command takes it."""
        of = self.cleaned_data
        return GroupGiven(of["name"], of["kind"], self.grounds(), of["harm_words"])


class RemoveForm(Form):
    """That an entry is deleted."""

    submit = "Delete it"
    is_warning = True
