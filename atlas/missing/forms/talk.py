"""The form of the conversation: before, during and after, in the child's words; autosaved, and usable on a phone."""

from datetime import datetime
from typing import Any

from atlas.chronology.forms import moment
from atlas.chronology.moments import Moment
from atlas.design.forms import CheckboxesField, Form, RadiosField, TextAreaField, TextField
from atlas.missing.codes import ANSWERS, FULL_ANSWERS, AnswerList, Considered, HowKnown, Mentioned
from atlas.missing.commands.talk import Conversation
from atlas.missing.models import ReturnInterview

WORDS = ("before_words", "during_words", "after_words", "help_words", "professional_view", "held_where", "how_child_communicates",
         "interpreter", "advocate_answer", "considered_missing", "places_answer", "people_answer")  # fmt: skip
MENTIONS = 4
YES_NO = [("yes", "Yes"), ("no", "No")]


def answers_to(question: AnswerList) -> CheckboxesField:
    """Ticks for one question; *none* and *did not want to say* are among them."""
    listed = list(ANSWERS[question].items())
    return CheckboxesField(
        label=question.label, required=False,
        choices=[*listed, *FULL_ANSWERS.items()],
    )  # fmt: skip


class TalkForm(Form):
    """The whole conversation. Nothing is required to save it as a draft; `record_interview` says what is still needed."""

    submit = "Record the interview"
    keeps_on_phone = True
    aside = ("how_child_communicates", "interpreter", "considered_missing", "pull", "place_1", "place_2", "place_3", "person_1", "person_2", "person_3",
             "harm_known", "sign", "substance", "travel", "device")  # fmt: skip

    explained = RadiosField(label="Have you said what stays here, what must be passed on, and to whom?", choices=YES_NO, required=False)
    seen_alone = RadiosField(label="Did you talk alone?", choices=YES_NO, required=False)
    advocate_answer = TextField(label="Advocate offered: what did the child say?", required=False, max_length=200)
    how_child_communicates = TextField(label="How does the child communicate?", required=False, max_length=200)
    interpreter = TextField(label="Interpreter", help_text="Never a relative or someone from the home", required=False, max_length=200)
    considered_missing = RadiosField(label="Did the child think of themself as missing?", choices=Considered.choices, required=False)
    before_words = TextAreaField(label="Before: what was happening?", help_text="In the child's words", required=False)
    push = answers_to(AnswerList.PUSH)
    pull = answers_to(AnswerList.PULL)
    during_words = TextAreaField(label="While away: where, with whom, and what happened?", help_text="In the child's words", required=False)
    stayed = answers_to(AnswerList.STAYED)
    places_answer = RadiosField(label="Were any places named?", choices=Mentioned.choices, initial=Mentioned.NOT_ASKED)
    place_0 = TextField(label="Place 1", required=False, max_length=300)
    place_1 = TextField(label="Place 2", required=False, max_length=300)
    place_2 = TextField(label="Place 3", required=False, max_length=300)
    place_3 = TextField(label="Place 4", required=False, max_length=300)
    with_whom = answers_to(AnswerList.WITH)
    people_answer = RadiosField(label="Were any people named?", choices=Mentioned.choices, initial=Mentioned.NOT_ASKED)
    person_0 = TextField(label="Person 1, as the child named them", required=False, max_length=300)
    person_1 = TextField(label="Person 2", required=False, max_length=300)
    person_2 = TextField(label="Person 3", required=False, max_length=300)
    person_3 = TextField(label="Person 4", required=False, max_length=300)
    harm = answers_to(AnswerList.HARM)
    harm_known = RadiosField(label="How is the harm known?", choices=HowKnown.choices, required=False)
    sign = answers_to(AnswerList.SIGN)
    substance = answers_to(AnswerList.SUBSTANCE)
    travel = answers_to(AnswerList.TRAVEL)
    device = answers_to(AnswerList.DEVICE)
    after_words = TextAreaField(label="After: how did you get back, and how are you now?", help_text="In the child's words", required=False)
    help = answers_to(AnswerList.HELP)
    help_words = TextAreaField(label="What would help, and what should happen next time?", help_text="In the child's words", required=False)
    professional_view = TextAreaField(label="Your own view", help_text="Kept apart from the child's words", required=False)
    held_where = TextField(label="Where did you talk?", required=False, max_length=200)
    held_at = moment(label="When did you talk?", required=False)

    def conversation(self, interview: ReturnInterview, at: datetime) -> Conversation:
        """What was typed, as the command takes it."""
        given = self.cleaned_data
        texts: dict[str, Any] = {name: given[name] for name in WORDS}
        if given["seen_alone"]:
            texts["seen_alone"] = given["seen_alone"] == "yes"
        if given["explained"] == "yes" and interview.explained_at is None:
            texts["explained_at"] = at
        questions = {**{question.value: question.value for question in AnswerList}, "with": "with_whom"}
        return Conversation(
            texts=texts,
            answers={question: given[name] for question, name in questions.items()},
            harm_known=dict.fromkeys(given["harm"], given["harm_known"]) if given["harm_known"] else {},
            places=[{"words": given[f"place_{n}"]} for n in range(MENTIONS)],
            people=[{"words": given[f"person_{n}"]} for n in range(MENTIONS)],
        )

    @property
    def held(self) -> Moment:
        """When they talked."""
        found: Moment = self.cleaned_data["held_at"]
        return found

    def values_in(self, record: ReturnInterview) -> dict[str, Any]:
        """The whole conversation as it stands; only when they talked is said anew."""
        kept = self.kept(record)
        return {name: kept.get(name) for name in self.fields if name not in {"key", "base", "held_at"}}

    @staticmethod
    def kept(interview: ReturnInterview) -> dict[str, Any]:
        """What was typed before, from the draft."""
        kept: dict[str, Any] = {name: getattr(interview, name) for name in WORDS}
        kept["seen_alone"] = {True: "yes", False: "no", None: ""}[interview.seen_alone]
        kept["explained"] = "yes" if interview.explained_at else ""
        for answer in interview.answers.filter(is_withdrawn=False):
            kept.setdefault("with_whom" if answer.question == "with" else answer.question, []).append(answer.code)
            if answer.question == "harm" and answer.how_known:
                kept["harm_known"] = answer.how_known
        for name, rows in (("place", interview.locations), ("person", interview.associates)):
            for number, row in enumerate(rows.filter(is_withdrawn=False)[:MENTIONS]):
                kept[f"{name}_{number}"] = row.words
        return kept
