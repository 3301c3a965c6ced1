"""Is it the same child? How does one know; what would settle it; and which record is written on from now on."""

from typing import Any
from uuid import UUID

from atlas.children.models import Child
from atlas.design.forms import DayField, Form, RadiosField, TextAreaField
from atlas.design.words import day
from atlas.linkage.models import PairDecision

OUTCOMES = [(value, label) for value, label in PairDecision.Outcome.choices if value != PairDecision.Outcome.TAKEN_BACK]


class DecidePairForm(Form):
    submit = "Keep this decision"

    outcome = RadiosField(label="Are these two records of the same child?", choices=OUTCOMES)
    because = TextAreaField(
        label="How do you know?", help_text="Whom you asked, what you looked up, and what they said", max_length=1000, rows=4
    )
    stands = RadiosField(
        label="If it is the same child: which record is written on from now on?", required=False, choices=[],
        help_text="Both stay. The other one says that this one is written on.",
    )  # fmt: skip
    settles = TextAreaField(
        label="If you cannot tell yet: what would settle it?",
        required=False,
        max_length=500,
        rows=2,
        help_text="For example: ask the school for the pupil number",
    )
    ask_again_on = DayField(label="If you cannot tell yet: on which day should it be asked again?", required=False)

    def __init__(self, *arguments: Any, children: tuple[Child, Child], **options: Any) -> None:
        super().__init__(*arguments, **options)
        sides = zip(("The record on the left", "The record on the right"), children, strict=True)
        self.let_choose(
            "stands",
            [
                (str(child.pk), f"{side}: {child.name}, born {day(child.born_on) if child.born_on else 'on a day not known'}")
                for side, child in sides
            ],
        )

    def standing(self) -> UUID | None:
        """The record that was chosen to stand."""
        return UUID(self.cleaned_data["stands"]) if self.cleaned_data.get("stands") else None


class JoinedForm(Form):
    """Nothing to fill in: one tap."""

    submit = "It is joined there"


class TakeBackPairForm(Form):
    submit = "Take this decision back"

    because = TextAreaField(label="Why is it taken back?", max_length=1000, rows=3)
