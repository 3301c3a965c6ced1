"""Who covers? What was promised, whom does the child trust, and who told the child?"""

from typing import Any

from atlas.agencies.codes import Sex
from atlas.agencies.models import Post
from atlas.allocation.models import Promise
from atlas.children.commands import Known
from atlas.chronology.forms import moment
from atlas.design.forms import DayField, Form, RadiosField, TextAreaField, TextField
from atlas.people.models import Sex as PersonSex


class CoverForm(Form):
    submit = "Let them cover"

    post = RadiosField(label="Who covers until the main system says who it is?", choices=[])

    def __init__(self, *arguments: Any, posts: list[Post], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("post", [(str(post.pk), f"{post.user.name}, {post.title}") for post in posts])
        self.posts = {str(post.pk): post for post in posts}


class PromiseForm(Form):
    words = TextAreaField(label="What did you promise?", help_text="As you said it to the child", max_length=300, rows=2)


class EndPromiseForm(Form):
    outcome = RadiosField(label="What came of it?", choices=Promise.Outcome.choices)
    words = TextAreaField(label="What did the child say, or why could it not be kept?", required=False, max_length=300, rows=2)


class TrustedAdultForm(Form):
    name = TextField(label="Whom does the child trust?", max_length=120)
    who = TextField(label="Who is this to the child?", help_text="For example: an aunt, a youth worker, the form tutor", max_length=120)


class TalkWishForm(Form):
    edits = {"sex": "sex", "language": "language", "words": "words"}

    sex = RadiosField(label="With whom would the child rather talk?", choices=Sex.choices)
    language = TextField(label="In which language?", help_text="Leave empty where it is English", required=False, max_length=60, width=20)
    words = TextAreaField(label="What else makes it easier for the child?", required=False, max_length=200, rows=2)


class EndTrustForm(Form):
    """Nothing to fill in: one tap."""

    submit = "The child does not trust them any more"


class TellChildForm(Form):
    told_at = moment(label="When was the child told?")
    told_by = TextField(label="Who told the child?", help_text="Best somebody whom the child knows already", max_length=120)
    words = TextAreaField(label="What did the child say?", required=False, max_length=150, rows=2)


class UnbornForm(Form):
    submit = "Record the unborn child"

    expected_on = DayField(label="When is the birth expected?")
    mother_name = TextField(label="What is the mother’s name?", max_length=200)
    surname = TextField(
        label="Which surname will the child have?",
        required=False,
        max_length=100,
        help_text="Leave empty where it is the mother’s, or not known",
    )
    source = TextField(label="Who told us?", max_length=60, help_text="For example: the midwife, Fernleigh Hospital")

    def known(self) -> Known:
        """What was typed, as the command takes it."""
        given = self.cleaned_data
        return Known("", given["surname"], None, expected_on=given["expected_on"], mother_name=given["mother_name"])


class BirthForm(Form):
    submit = "Record the birth"

    born_on = DayField(label="When was the child born?")
    forename = TextField(label="First name, if the child has one already", required=False, max_length=100)
    surname = TextField(label="Surname", required=False, max_length=100, help_text="Leave empty where it is as it is recorded")
    sex = RadiosField(label="Sex", choices=PersonSex.choices, initial=PersonSex.UNKNOWN)


class EndPregnancyForm(Form):
    submit = "Record it"

    ended_on = DayField(label="On which day?", help_text="About the day is enough. Nobody is asked why")
