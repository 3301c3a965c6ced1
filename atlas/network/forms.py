"""Forms of links. They check what was typed, and write nothing."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from atlas.children.models import Child
from atlas.connections.concern_forms import GROUNDS, GroundsForm
from atlas.connections.models import Group, PersonOfConcern
from atlas.design.forms import DayField, Form, RadiosField, TextAreaField, TextField
from atlas.gate.act import Invalid
from atlas.network.codes import Capacity, Confidence, DrawnIn, LinkKind
from atlas.network.commands import WITH, End, LinkGiven
from atlas.network.models import Link, Together
from atlas.people.rules import name_key
from atlas.places.models import Place

NO_CHILD = "No one child of that name and date of birth is open to you. Check both, or choose a person, a group or a place."
NOT_STATED = (("", "Nobody has said"), *((value, label) for value, label in DrawnIn.choices if value))


class LinkForm(GroundsForm):
    """What a link says."""

    listens: ClassVar[tuple[str, ...]] = ("why", "concern_words")
    aside: ClassVar[tuple[str, ...]] = ("drawn_in", "drawn_in_words", "concern_words")
    aside_words: ClassVar[str] = "Who drew whom in, or a concern about harm to others, where somebody stated it"

    kind = RadiosField(label="What ties them?", choices=LinkKind.choices)
    capacity = RadiosField(
        label="In what capacity does this child stand in it?",
        choices=Capacity.choices,
        help_text="A child is a child first. None of these is a suspicion.",
    )
    other_capacity = forms.ChoiceField(
        label="And the other child, where it is a child?", required=False, choices=[("", "It is no child"), *Capacity.choices]
    )
    first_seen_on = DayField(label="When was it first known to be so?", required=False)
    last_seen_on = DayField(label="When was it last known to be so?", required=False)
    confidence = RadiosField(
        label="How sure is it?",
        choices=Confidence.choices,
        help_text="That two were seen together is never more than low.",
        initial=Confidence.LOW,
    )
    drawn_in = RadiosField(label="Did one draw the other in?", choices=NOT_STATED, required=False, initial="")
    drawn_in_words = TextField(label="Who said so?", required=False, max_length=200)
    concern_words = TextField(
        label="Is there a concern that this child harms others too?", required=False, max_length=300,
        help_text="It stands beside what is done to the child, never instead. It needs an assessment of exploitation of the last three months.",
    )  # fmt: skip
    field_order: tuple[str, ...] = (
        "kind", "capacity", "other_capacity", "first_seen_on", "last_seen_on", "why", "source_words", "source", "information", "confidence",
        "purpose_words", "regime", "drawn_in", "drawn_in_words", "concern_words",
    )  # fmt: skip

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["why"].help_text = "Facts, and who saw them."
        self.fields["purpose_words"].initial = "Keeping this child safe"

    def given(self) -> LinkGiven:
        """As the command takes it."""
        of = self.cleaned_data
        names = ("first_seen_on", "last_seen_on", "concern_words", "drawn_in", "drawn_in_words", "other_capacity")
        return LinkGiven(of["kind"], of["capacity"], self.grounds(), of["confidence"], **{name: of[name] for name in names})


class RecordLinkForm(LinkForm):
    """A link, and with whom or what."""

    submit = "Write it down"

    what = forms.ChoiceField(label="Whom or what is the child tied to?", required=False)
    name = TextField(label="Or the name of another child", required=False, max_length=200, help_text="First name and surname, as recorded")
    born_on = DayField(label="Date of birth of the other child", required=False)
    field_order: tuple[str, ...] = ("what", "name", "born_on", *LinkForm.field_order)

    def __init__(self, *arguments: Any, ends: Iterable[PersonOfConcern | Group | Place], children: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.ends = {str(one.pk): one for one in ends}
        self.children = children
        named = [(pk, f"{one} ({one.looked_at_as})") for pk, one in self.ends.items()]
        self.let_choose(
            "what",
            [
                ("", "Another child, named below" if named else "Another child, named below. No person, group or place is open to you"),
                *named,
            ],
        )

    def end(self) -> End:
        """The other end. Raises Invalid for none, for both, and for a child who cannot be told."""
        of = self.cleaned_data
        chosen, named = self.ends.get(of["what"]), of["name"].strip()
        if chosen is not None and named:
            raise Invalid(WITH, "what")
        if chosen is not None:
            return chosen
        if not named or of["born_on"] is None:
            raise Invalid(f"{WITH} Of another child, give the name and the date of birth.", "name" if not named else "born_on")
        found: list[Child] = [one for one in self.children.filter(born_on=of["born_on"]) if name_key(one.name) == name_key(named)]
        if len(found) != 1:
            raise Invalid(NO_CHILD, "name")
        return found[0]


class CorrectLinkForm(LinkForm):
    """A link, put right."""

    submit = "Put it right"
    binds = True

    words = TextAreaField(label="What was wrong?", rows=2, max_length=300)
    field_order: tuple[str, ...] = (*LinkForm.field_order, "words")

    def __init__(self, *arguments: Any, link: Link, **options: Any) -> None:
        names = (
            *GROUNDS,
            "kind",
            "capacity",
            "other_capacity",
            "first_seen_on",
            "last_seen_on",
            "confidence",
            "drawn_in",
            "drawn_in_words",
            "concern_words",
        )
        options["initial"] = {name: getattr(link, name) for name in names}
        super().__init__(*arguments, **options)
        if link.other_child_id is None:
            del self.fields["other_capacity"]
            self.lay_out()

    def given(self) -> LinkGiven:
        """As the command takes it."""
        self.cleaned_data.setdefault("other_capacity", "")
        return super().given()


class RenewLinkForm(GroundsForm):
    """A link, looked at again."""

    submit = "It still stands"
    binds = True
    listens: ClassVar[tuple[str, ...]] = ("why",)

    last_seen_on = DayField(
        label="When was it last known to be so?", required=False, help_text="Leave it empty where nothing new is known."
    )
    field_order = ("last_seen_on", *GROUNDS)

    def __init__(self, *arguments: Any, link: Link, **options: Any) -> None:
        options["initial"] = {name: getattr(link, name) for name in GROUNDS}
        super().__init__(*arguments, **options)
        self.fields["why"].help_text = "Facts, and who saw them."


class EndLinkForm(Form):
    """That a link ends."""

    submit = "End it"
    binds = True

    is_error = RadiosField(
        label="What is right?", choices=[("no", "It was so, and is over"), ("yes", "It never was: it was written down by mistake")]
    )
    words = TextAreaField(label="Why?", rows=2, max_length=300)


class SearchTogetherForm(Form):
    """That it be looked which children are missing together."""

    submit = "Look now"


class AnswerTogetherForm(Form):
    """What somebody who knows the children says to what was told."""

    submit = "Answer"
    binds = True

    answer = RadiosField(label="What is right?", choices=Together.Answer.choices)
    words = TextAreaField(label="What do you know, and from whom?", rows=2, max_length=300)
