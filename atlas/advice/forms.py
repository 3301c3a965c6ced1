"""Whom does one ask what about a child? What is the answer, and what is made of it?"""

from typing import Any

from atlas.advice.models import Referral
from atlas.agencies.models import Team
from atlas.chronology.forms import moment
from atlas.design.forms import Form, RadiosField, TextAreaField, TextField


class ReferForm(Form):
    submit = "Ask them"

    team = RadiosField(label="Whom do you ask?", choices=[])
    wants = RadiosField(label="What do you want from them?", choices=Referral.Wants.choices)
    question = TextAreaField(
        label="What do you ask?", help_text="What you know, what worries you, and what you need to know from them", max_length=1000, rows=5
    )

    def __init__(self, *arguments: Any, teams: list[Team], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("team", [(str(team.pk), f"{team.name}, {team.agency.name}") for team in teams])
        self.teams = {str(team.pk): team for team in teams}


class AcceptForm(Form):
    """Nothing to fill in: one tap."""

    submit = "I take this on"


class SendBackForm(Form):
    submit = "Send it back"

    reason = TextAreaField(label="Why does it go back, and whom should they ask instead?", max_length=500, rows=3)


class AdviceForm(Form):
    submit = "Give this advice"

    answer = TextAreaField(label="What do you advise, and why?", max_length=2000, rows=6)


class TelephoneForm(Form):
    submit = "Write it down"

    asked_words = TextField(label="Who rang you?", max_length=200, help_text="Name, role and where they work")
    given_at = moment(label="When did you speak?")
    question = TextAreaField(label="What did they ask?", max_length=1000, rows=3)
    answer = TextAreaField(label="What did you advise, and why?", max_length=2000, rows=5)


class DecideForm(Form):
    outcome = RadiosField(label="What do you make of it?", choices=Referral.Outcome.choices)
    words = TextAreaField(
        label="Why?", help_text="Needed where you do not take it, or not all of it", required=False, max_length=500, rows=3
    )
