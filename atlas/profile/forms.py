"""Forms of profiles. They check what was typed, and write nothing."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms

from atlas.agencies.models import Post
from atlas.design.forms import DayField, Form, RadiosField, TextAreaField, TextField
from atlas.profile.commands import Decided
from atlas.profile.models import AnalysisRun, Finding

NUMBER_OF_PEOPLE = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"})


class RunProfileForm(Form):
    """Which period, and how many live here."""

    submit = "Make it"

    from_on = DayField(label="First day")
    last_on = DayField(
        label="Last day",
        help_text="A quarter, a half-year or a year that is over. Each figure is compared with the same length of time before it. The days of one profile may not "
        "lie within those of another: keep to one length, say a year that ends later each quarter.",
    )
    living_here = forms.IntegerField(
        label="How many under 18 live in the area?", required=False, widget=NUMBER_OF_PEOPLE,
        help_text="From the newest mid-year estimate of the Office for National Statistics. Without it no rates are given.",
    )  # fmt: skip


class ImpactAssessmentForm(Form):
    """What whoever records it judges."""

    submit = "Record it"

    judged_words = TextAreaField(
        label="What do you judge?",
        help_text="Whether it is needed and no more than is needed, what could go wrong for whom, and what is done about it. It stands for a year, or "
        "until what runs changes.",
    )


class DecideFindingForm(Form):
    """What is decided on a finding."""

    submit = "Decide"

    decision = RadiosField(label="What is decided?", choices=Finding.Decision.choices)
    action_words = TextAreaField(label="What is done?", required=False, help_text="If something is done. No child’s name.")
    owner = forms.ChoiceField(label="Whose is it?", required=False)
    measure_words = TextField(label="How will it be seen whether it worked?", required=False, max_length=300)
    measured_on = DayField(label="When is that looked at?", required=False)
    reason = TextAreaField(label="Why?", required=False, help_text="If nothing is done, say why.")

    def __init__(self, *arguments: Any, posts: Iterable[Post], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.posts = {str(one.pk): one for one in posts}
        self.let_choose(
            "owner",
            [("", "Choose"), *((pk, f"{one.user.get_full_name()}, {one.title}, {one.team.agency.name}") for pk, one in self.posts.items())],
        )

    def given(self) -> Decided:
        """As the command takes it."""
        of = self.cleaned_data
        return Decided(
            of["decision"], of["action_words"], self.posts.get(of["owner"]), of["measure_words"], of["measured_on"], of["reason"]
        )


def usual_period(today: date, newest: AnalysisRun | None) -> dict[str, date]:
    """The last whole quarter; beside an earlier profile the days that follow on it, as many, if they are over, or its own."""
    if newest:
        days = newest.until_on - newest.from_on
        first = newest.until_on if newest.until_on + days <= today else newest.from_on
        return {"from_on": first, "last_on": first + days - timedelta(days=1)}
    first = date(today.year, today.month - (today.month - 1) % 3, 1)
    last = first - timedelta(days=1)
    return {"from_on": date(last.year, last.month - 2, 1), "last_on": last}
