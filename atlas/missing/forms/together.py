"""Forms about several children: one report, one return, and which episodes belong together."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from atlas.children.models import Child
from atlas.design.forms import CheckboxesField, Form, RadiosField, TextAreaField, TextField
from atlas.missing.commands.report import Report
from atlas.missing.forms.episode import ReportMissingForm, ReturnForm
from atlas.missing.models import Episode

ADD, LEAVE_OUT, LOOK = "add", "leave_out", "look"  # buttons that choose children and send nothing


class ReportTogetherForm(ReportMissingForm):
    """The report of one child, or of several: what is said of all is typed once; each of the others has a box of their own for what they wore.

    The others are carried by their ids alone. `find`: which of the ids that were sent are children whom the person may report.
    """

    others = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *arguments: Any, find: Callable[[Iterable[str]], list[Child]], **options: Any) -> None:
        self.find = find
        self.children: list[Child] = []
        super().__init__(*arguments, **options)
        if self.is_bound:
            self._take(self.data.get("others", ""))

    def _take(self, others: str) -> None:
        self.children = self.find(others.split())
        before = list(self.fields)
        for child in self.children:
            label = f"What was {child.name} wearing, and what did they take?"
            self.fields[f"wore_{child.pk}"] = TextField(label=label, required=False, max_length=300)
        place = before.index("taken") + 1
        self.order_fields([*before[:place], *(f"wore_{child.pk}" for child in self.children), *before[place:]])
        self.lay_out()

    def put_back(self, typed: QueryDict) -> None:
        """Show what was typed before, with the children who were chosen."""
        super().put_back(typed)
        self._take(typed.get("others", ""))

    def choose(self, typed: QueryDict) -> None:
        """Take a child in, or leave one out, and keep all that was typed: nothing is sent yet."""
        again = typed.copy()
        others = [pk for pk in again.get("others", "").split() if pk != again.get(LEAVE_OUT)]
        if added := again.get(ADD):
            others.append(str(added))
        again["others"] = " ".join(dict.fromkeys(others))
        self.put_back(again)

    def report(self) -> Report:
        """What was typed, as the command takes it for the first child."""
        own = {"key", "base", "others", *(f"wore_{child.pk}" for child in self.children)}
        return Report(**{name: value for name, value in self.cleaned_data.items() if name not in own})

    def wore(self) -> dict[UUID, str]:
        """What each of the others wore and took."""
        return {child.pk: self.cleaned_data[f"wore_{child.pk}"] for child in self.children}


class ReturnTogetherForm(ReturnForm):
    """A return; where others are missing together with the child, whether they are back too. Nobody is ticked beforehand."""

    also = CheckboxesField(label="Who else is back, at the same time and place?", choices=[], required=False)

    def __init__(self, *arguments: Any, waiting: list[Episode], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.waiting = {str(episode.pk): episode for episode in waiting}
        if not waiting:
            del self.fields["also"]
            self.lay_out()
            return
        also = self.fields["also"]
        assert isinstance(also, forms.MultipleChoiceField)
        also.help_text = "Each is talked with apart. Whoever is not ticked stays missing."
        also.choices = [(pk, episode.child.name) for pk, episode in self.waiting.items()]

    def back_too(self) -> list[Episode]:
        """The episodes of those who were ticked."""
        return [self.waiting[pk] for pk in self.cleaned_data.get("also", [])]


class MissingTogetherForm(Form):
    submit = "Write it down"

    other = RadiosField(label="With whom?", choices=[])
    because = TextAreaField(
        label="How is it known?", help_text="For example: seen together at the station by staff", rows=2, max_length=500
    )

    def __init__(self, *arguments: Any, offered: list[tuple[Episode, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.episodes = {str(episode.pk): episode for episode, _ in offered}
        self.let_choose("other", [(str(one.pk), _named(one, why)) for one, why in offered])


def _named(episode: Episode, why: str) -> str:
    tied = f", {why.lower()}" if why else ""
    return f"{episode.child.name}{tied}: {episode.get_state_display().lower()}, reported {episode.reported.words()}"


class SplitMissingTogetherForm(Form):
    submit = "They were not together"

    because = TextAreaField(label="How is it known that they were not together?", rows=2, max_length=500)
