"""Which period? And to whom is it given?"""

from datetime import date, datetime
from typing import Any, Self
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, QueryDict

from atlas.agencies.codes import SkillKind
from atlas.agencies.models import Post, Shift
from atlas.chronology.forms import exact
from atlas.chronology.moments import YEARS
from atlas.design.forms import DayField, Form, RadiosField, TextField, Typed
from atlas.design.words import when
from atlas.oversight.rules import periods


class PeriodForm(Form):
    """Whole days in London, the first and the last included. Without an answer it is the last twelve months."""

    submit = "Show"

    key = None  # type: ignore[assignment]  # it asks, and changes nothing
    from_on = DayField(label="Returns from")
    until_on = DayField(label="Until (that day included)")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.helper.form_method = "get"

    @classmethod
    def on(cls, today: date, request: HttpRequest) -> Self:
        """The form of a page that is read: what was typed, or the last twelve months."""
        is_typed = any(name.startswith(("from_on", "until_on")) for name in request.GET)
        return cls(request.GET if is_typed else _typed(*periods(today)["Last 12 months"]))

    def clean(self) -> dict[str, Any]:
        """Raises, in words, for a period that cannot be."""
        days = {name: day for name in ("from_on", "until_on") if (day := self.cleaned_data.get(name))}
        for name, day in days.items():
            if day.year not in YEARS:
                self.add_error(name, f"The year {day.year} cannot be right. Enter a year from {YEARS[0]} to {YEARS[-1]}.")
        if len(days) == 2 and days["from_on"] > days["until_on"]:
            self.add_error("until_on", "The period ends before it begins. Enter a last day that is on or after the first day.")
        return self.cleaned_data

    @property
    def period(self) -> tuple[date, date]:
        """The first and the last day of a form that is valid."""
        return self.cleaned_data["from_on"], self.cleaned_data["until_on"]


def period_query(from_on: date, until_on: date) -> str:
    """The period as the end of an address."""
    return urlencode(_typed(from_on, until_on))


def _typed(from_on: date, until_on: date) -> dict[str, int]:
    parts = {"from_on": from_on, "until_on": until_on}
    return {f"{name}_{n}": part for name, day in parts.items() for n, part in enumerate((day.day, day.month, day.year))}


NOT_COVERED = "Enter the day and the time: what is not known cannot be covered."


class ReassignForm(Form):
    """To whom?"""

    submit = "Give it to them"
    offers = "to"

    to = RadiosField(label="To whom?", choices=[])

    def __init__(self, *arguments: Any, posts: list[Post], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose(self.offers, [(str(post.pk), f"{post.user.name}, {post.title}, {post.team.name}") for post in posts])
        self.posts = {str(post.pk): post for post in posts}


class LeaveForm(ReassignForm):
    """From when until when, and who covers?"""

    submit = "Record it"

    to = None  # type: ignore[assignment]
    from_at = exact("Away from", otherwise=NOT_COVERED)
    until_at = exact("Until", otherwise=NOT_COVERED, help_text="For sickness, as far as one can say: it can be ended earlier")
    covered_by = RadiosField(label="Who covers?", choices=[])

    offers = "covered_by"


class EndLeaveForm(Form):
    """Nothing to fill in: one tap."""

    submit = "They are back"


class SkillForm(Form):
    """What is somebody trained in, or which language do they speak?"""

    kind = RadiosField(label="What?", choices=SkillKind.choices)
    until_on = DayField(label="Until when does the training count?", required=False)
    words = TextField(
        label="Which language? Or: woman, or man, if the worker agrees that it is written down", required=False, max_length=60, width=20
    )


class ContactPointForm(Form):
    """Whom does one ask, and who stands in?"""

    post = RadiosField(label="Whom does one ask?", choices=[])
    deputy = RadiosField(label="Who stands in?", choices=[])

    def __init__(self, *arguments: Any, posts: list[Post], **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in ("post", "deputy"):
            self.let_choose(name, [(str(post.pk), f"{post.user.name}, {post.title}, {post.team.name}") for post in posts])
        self.posts = {str(post.pk): post for post in posts}


def shift_words(shift: Shift) -> str:
    """A shift in words: who, from when until when."""
    return f"{shift.post.user.name}, {when(shift.from_at)} to {when(shift.until_at)}"


def stretch_typed(given: QueryDict) -> dict[str, Typed]:
    """What the boxes show where a gap of the rota is filled: its beginning and its end, as the address says them; nothing else of the address."""
    found = {}
    for name, value in (("from_at", given.get("from", "")), ("until_at", given.get("until", ""))):
        try:
            found[name] = Typed(datetime.fromisoformat(value).replace(tzinfo=None), "minute")
        except ValueError:
            continue
    return found


class ShiftForm(ReassignForm):
    """Who, from when until when?"""

    submit = "Put them on"
    offers = "post"

    to = None  # type: ignore[assignment]
    post = RadiosField(label="Who?", choices=[])
    from_at = exact("From", otherwise=NOT_COVERED)
    until_at = exact("Until", otherwise=NOT_COVERED)


class SwapForm(Form):
    """With whom, for what?"""

    submit = "Swap it"

    to = RadiosField(label="With whom?", choices=[])

    def __init__(self, *arguments: Any, posts: list[Post], shifts: list[Shift], **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        self.posts = {f"post:{post.pk}": (post, None) for post in posts}
        self.shifts = {f"shift:{shift.pk}": (shift.post, shift) for shift in shifts}
        takes = [(key, f"{post.user.name} takes it, for none of theirs") for key, (post, _) in self.posts.items()]
        field.choices = [*takes, *((key, f"For theirs: {shift_words(shift)}") for key, (_, shift) in self.shifts.items())]

    def chosen(self, key: str) -> tuple[Post, Shift | None]:
        """Who takes the shift, and which of theirs is given for it."""
        return (self.posts | self.shifts)[key]


class TakeOffForm(Form):
    """Nothing to fill in: one tap."""

    submit = "Take them off"
