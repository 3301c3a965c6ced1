"""Forms of requests for a record. They check what was typed, and write nothing."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms

from atlas.agencies.models import Post
from atlas.design.forms import CheckboxesField, DayField, Form, RadiosField, TextAreaField, TextField
from atlas.gate.act import Invalid
from atlas.subject_access.commands.requests import Accepted
from atlas.subject_access.commands.weighing import Weighed
from atlas.subject_access.marks import PROPOSES, Why
from atlas.subject_access.models import AnswerItem, SubjectAccessRequest
from atlas.subject_access.rules import Asked, Asks, Ground, Refusal

YES_NO = [("yes", "Yes"), ("no", "No")]
BOOLEAN = {"yes": True, "no": False}


class ReceiveForm(Form):
    submit = "Write it down"

    asks = RadiosField(label="Who asks?", choices=Asks.choices)
    name = TextField(label="Their name", max_length=200)
    words = TextAreaField(label="What do they ask for?", rows=3, max_length=1000, help_text="In their words. They need not say why")
    received_on = DayField(
        label="On which day did it come?", help_text="By letter, e-mail, telephone or in person, to any agency that works here"
    )


class AcceptForm(Form):
    submit = "Accept it, and open the record"

    identity_words = TextField(
        label="What showed who they are?",
        max_length=300,
        help_text="What was looked at, and by whom. Somebody whom we know well need show nothing: say so",
    )
    proof_asked_on = DayField(
        label="When were they asked to show it?",
        required=False,
        help_text="Leave it empty if it was clear. If they were asked, the month runs from the day on which they showed it",
    )
    proved_on = DayField(label="When was it clear who they are?")
    right_words = TextAreaField(
        label="What showed that they may ask for this child?", rows=3, max_length=500, required=False,
        help_text="A parent: parental responsibility, and no order against it. Somebody authorised: the authority, signed. Empty for the child"
    )  # fmt: skip
    child_understands = RadiosField(
        label="A parent asks: does the child understand what it means to ask for their own record?",
        choices=[("", "A parent does not ask"), *YES_NO],
        required=False,
    )
    child_agrees = RadiosField(
        label="If the child does: do they want the parent to have it?", choices=[("", "Not asked"), *YES_NO], required=False,
        help_text="Ask the child alone, away from the parent",
    )  # fmt: skip
    how = RadiosField(label="How will the answer reach them?", choices=SubjectAccessRequest.How.choices)
    safe_words = TextAreaField(
        label="Why is that safe?",
        rows=3,
        max_length=500,
        help_text="Who else lives there, opens the post, or reads the e-mail? Is this the address that we know to be safe?",
    )
    officer = forms.ChoiceField(label="Who answers it?", help_text="The record opens to them, for 90 days at most")

    def __init__(self, *arguments: Any, posts: Iterable[Post], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.posts = {str(post.pk): post for post in posts}
        self.let_choose("officer", [("", "Choose"), *((key, str(post)) for key, post in self.posts.items())])

    def given(self) -> Accepted:
        """What was typed."""
        typed = self.cleaned_data
        return Accepted(
            typed["identity_words"], typed["right_words"], BOOLEAN.get(typed["child_understands"]), BOOLEAN.get(typed["child_agrees"]), typed["proof_asked_on"],
            typed["proved_on"], typed["how"], typed["safe_words"], self.posts[typed["officer"]],
        )  # fmt: skip


class ReopenForm(Form):
    submit = "Open it again"


class RefuseForm(Form):
    submit = "Turn it down"
    is_warning = True

    why = RadiosField(label="Why?", choices=Refusal.choices)
    words = TextAreaField(
        label="What did you tell them?",
        rows=4,
        max_length=500,
        help_text="Why, and that they may complain to you and to the Information Commissioner",
    )


class AskClarificationForm(Form):
    submit = "Write it down"

    words = TextAreaField(label="What were they asked?", rows=3, max_length=500)
    asked_on = DayField(label="On which day?")


class RecordClarificationForm(Form):
    submit = "Write it down"

    answer = TextAreaField(label="What did they answer?", rows=3, max_length=500)
    answered_on = DayField(label="On which day?")


class ExtendForm(Form):
    submit = "Take two more months"

    because = TextAreaField(label="Why, as you told them?", rows=3, max_length=500)


class HandedOverForm(Form):
    submit = "Write it down"

    words = TextAreaField(
        label="To whom was it handed, how, and who was there?",
        rows=3,
        max_length=500,
        help_text="A child does not read this alone: say who helped",
    )


class GatherForm(Form):
    submit = "Gather the record"


class OpinionForm(Form):
    submit = "Write it down"

    asked = RadiosField(label="Who was asked?", choices=Asked.choices)
    who_words = TextField(label="Their name and what they are", max_length=200)
    words = TextAreaField(label="What did they say?", rows=4, max_length=1000)
    given_on = DayField(label="On which day?")


class GiveUnmarkedForm(Form):
    submit = "I have read them: give them"

    numbers = forms.CharField(widget=forms.HiddenInput, max_length=400)

    def given(self) -> list[int]:
        """The numbers of the items that the page showed."""
        return [int(number) for number in self.cleaned_data["numbers"].split(",") if number.isdecimal()]


class MakeAnswerForm(Form):
    submit = "Make the answer"


class ReleaseForm(Form):
    submit = "Put it before a second person"

    because = TextAreaField(label="Why may it be given, for the second person?", rows=3, max_length=500)


class WeighForm(Form):
    """What goes of one item. The helper's marks are ticked at first: whoever decides takes the tick away."""

    submit = "Save, and go on"
    keeps_nothing = True  # what is typed here is what must not stand anywhere else

    outcome = RadiosField(label="What do you decide?", choices=AnswerItem.Outcome.choices)
    take_out = CheckboxesField(label="Take out, of what is marked", choices=[], required=False)
    words = TextAreaField(
        label="Take out these words too",
        rows=3,
        max_length=4000,
        required=False,
        help_text="One on each line, just as they stand above. Each place in which they stand is taken out",
    )
    words_ground = forms.ChoiceField(label="On which ground, for those words?", required=False, choices=[("", "Choose"), *Ground.choices])
    ground = forms.ChoiceField(
        label="If you leave all of it out: on which ground?", required=False, choices=[("", "Choose"), *Ground.choices]
    )
    quiet = RadiosField(
        label="Does the answer say that something was left out?", choices=[("no", "Yes, in a few words"), ("yes", "No: that alone would harm somebody")], initial="no"
    )  # fmt: skip
    because = TextAreaField(
        label="Why?",
        rows=2,
        max_length=500,
        required=False,
        help_text="For the second person, and for whoever looks into a complaint. It is not in the answer",
    )

    def __init__(self, *arguments: Any, item: AnswerItem, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.item = item
        self.marked = [mark for mark in item.marks if mark[0] >= 0]
        texts = [text for _, text in item.lines]
        self.let_choose(
            "take_out",
            [
                (str(place), f"“{texts[line][start:end]}”: {Why(why).label.lower()}")
                for place, (line, start, end, why) in enumerate(self.marked)
            ],
        )
        if not self.marked:
            del self.fields["take_out"]
        if not self.is_bound:
            self._begin(item)
        self.lay_out()

    def _begin(self, item: AnswerItem) -> None:
        if item.outcome:
            kept = {(line, start, end) for line, start, end, _ in item.cuts}
            ticked = [str(place) for place, (line, start, end, _) in enumerate(self.marked) if (line, start, end) in kept]
            words = [
                item.lines[line][1][start:end]
                for line, start, end, _ in item.cuts
                if [line, start, end] not in [mark[:3] for mark in self.marked]
            ]
            grounds = [ground for line, start, end, ground in item.cuts if [line, start, end] not in [mark[:3] for mark in self.marked]]
            self.initial = {**self.initial,
                "outcome": item.outcome, "take_out": ticked, "ground": item.ground, "quiet": "yes" if item.is_quiet else "no", "because": item.because,
                "words": "\n".join(dict.fromkeys(words)), "words_ground": grounds[0] if grounds else "",
            }  # fmt: skip
        elif self.marked:
            self.initial = {
                **self.initial,
                "outcome": AnswerItem.Outcome.PART,
                "take_out": [str(place) for place in range(len(self.marked))],
            }

    def given(self) -> Weighed:
        """What was typed. Raises Invalid for words that do not stand in the item, and for words without a ground."""
        typed = self.cleaned_data
        ticked = [self.marked[int(place)] for place in typed.get("take_out") or ()]
        cuts = [(line, start, end, PROPOSES[Why(why)]) for line, start, end, why in ticked]
        if typed["words"].strip():
            if not typed["words_ground"]:
                raise Invalid("Choose the ground on which these words are taken out.", "words_ground")
            cuts += [(*place, Ground(typed["words_ground"])) for place in self._places(typed["words"])]
        return Weighed(
            AnswerItem.Outcome(typed["outcome"]), tuple(cuts), Ground(typed["ground"]) if typed["ground"] else None, typed["quiet"] == "yes", typed["because"]
        )  # fmt: skip

    def _places(self, words: str) -> Iterator[tuple[int, int, int]]:
        """Where each of these lines stands in the item, whatever its capitals. Raises Invalid for one that does not."""
        for one in filter(None, (line.strip() for line in words.splitlines())):
            found = [
                (number, match.start(), match.end())
                for number, (_, text) in enumerate(self.item.lines)
                for match in re.finditer(re.escape(one), text, re.IGNORECASE)
            ]
            if not found:
                raise Invalid(f"“{one}” does not stand in this item. Copy the words from above.", "words")
            yield from found
