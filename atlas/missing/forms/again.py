"""What does the record of a return interview tell, to somebody who was not there?"""

from atlas.design.forms import Form, RadiosField
from atlas.missing.codes import AnswerList
from atlas.missing.forms.talk import YES_NO, answers_to


class ReadAgainForm(Form):
    """The questions of the talk with the same answers. A question that the record does not tell of is left empty."""

    submit = "Record the second reading"

    push = answers_to(AnswerList.PUSH)
    pull = answers_to(AnswerList.PULL)
    stayed = answers_to(AnswerList.STAYED)
    with_whom = answers_to(AnswerList.WITH)
    harm = answers_to(AnswerList.HARM)
    sign = answers_to(AnswerList.SIGN)
    substance = answers_to(AnswerList.SUBSTANCE)
    travel = answers_to(AnswerList.TRAVEL)
    device = answers_to(AnswerList.DEVICE)
    help = answers_to(AnswerList.HELP)
    had_seen = RadiosField(
        label="Had you seen, or heard, how this talk was coded before?",
        help_text="Either answer is fine. If you had, the two are shown side by side but not counted",
        choices=YES_NO,
    )

    def codes(self) -> dict[str, list[str]]:
        """What was chosen, by question."""
        return {
            question.value: self.cleaned_data["with_whom" if question == AnswerList.WITH else question.value] for question in AnswerList
        }
