"""The forms of challenges: they check what was typed, and write nothing."""

from collections.abc import Iterable
from typing import Any

from django import forms

from atlas.agencies.models import Post
from atlas.design.forms import Form, RadiosField, TextAreaField
from atlas.meetings.codes import ChallengeAbout
from atlas.meetings.commands.challenging import ChallengeGiven
from atlas.meetings.forms import person
from atlas.meetings.models import AgencyAction


class ChallengeForm(Form):
    """Put something to another agency."""

    submit = "Put it to them"

    about = RadiosField(label="What is it about?", choices=ChallengeAbout.choices)
    action = forms.ChoiceField(label="Which agency action, if it is one?", required=False)
    put_to = forms.ChoiceField(label="To whom is it put?", help_text="Somebody of your own level in the other agency")
    words = TextAreaField(label="How do you see it, and why?", rows=4, max_length=2000)
    asked = TextAreaField(label="What do you ask of them?", rows=3, max_length=1000)
    interim = TextAreaField(label="How is the child safe until it is settled?", rows=3, max_length=500)
    is_unsafe = forms.BooleanField(
        label="The child is not safe until it is settled", required=False, help_text="Then they have until the end of the day, and every stage is shorter."
    )  # fmt: skip

    def __init__(
        self, *arguments: Any, people: Iterable[Post], actions: Iterable[AgencyAction], is_of_child: bool, chosen: str = "", **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.people, self.actions = {str(one.pk): one for one in people}, {str(one.pk): one for one in actions}
        self.let_choose("put_to", [("", "Choose"), *((pk, person(one)) for pk, one in self.people.items())])
        self.let_choose("action", [("", "None"), *((pk, f"{one.agency.name}: {one.words[:80]}") for pk, one in self.actions.items())])
        if not is_of_child:
            del self.fields["interim"]
        if (action := self.actions.get(chosen)) is not None:
            owner = str(action.owner_post_id or "")
            self.initial = {
                **self.initial,
                "about": ChallengeAbout.ACTION,
                "action": chosen,
                "put_to": owner if owner in self.people else "",
            }
        self.lay_out()

    def given(self) -> ChallengeGiven:
        """As the command takes it."""
        of = self.cleaned_data
        return ChallengeGiven(
            ChallengeAbout(of["about"]), self.people[of["put_to"]], of["words"], of["asked"], of.get("interim", ""), of["is_unsafe"],
            self.actions.get(of["action"]),
        )  # fmt: skip


class WordsForm(Form):
    """An answer."""

    submit = "Answer"

    words = TextAreaField(label="What will you do, or why not?", rows=4, max_length=2000)

    def given(self) -> dict[str, Any]:
        """As the command takes it."""
        return {"words": self.cleaned_data["words"]}


class AttemptForm(WordsForm):
    """What was tried."""

    submit = "Keep it"

    words = TextAreaField(label="With whom did you speak, and what came of it?", rows=4, max_length=2000)


class ClimbForm(Form):
    """To the next stage, and why."""

    submit = "To the next stage"

    reason = TextAreaField(label="Why does it go on?", rows=3, max_length=1000)
    is_urgent = forms.BooleanField(label="It is urgent: to the heads of service at once", required=False)

    def given(self) -> dict[str, Any]:
        """As the command takes it."""
        return {"reason": self.cleaned_data["reason"], "is_urgent": self.cleaned_data["is_urgent"]}


class CloseChallengeForm(Form):
    """How it ended."""

    submit = "End it"

    is_settled = RadiosField(label="Is it settled?", choices=[("yes", "Yes"), ("no", "No: we still see it otherwise, and it is kept")])
    evidence = TextAreaField(label="What shows it? Or how do you still see it?", rows=4, max_length=2000)

    def given(self) -> dict[str, Any]:
        """As the command takes it."""
        return {"is_settled": self.cleaned_data["is_settled"] == "yes", "evidence": self.cleaned_data["evidence"]}
