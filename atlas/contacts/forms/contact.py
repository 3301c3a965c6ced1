"""What is asked of whoever raises a contact, and of whoever decides on it. They check what was typed, and write nothing."""

from typing import Any

from django import forms

from atlas.agencies.models import Authority, Team
from atlas.children.commands import Known
from atlas.children.models import Child
from atlas.contacts.codes import WITHOUT_ACCOUNT, Concern, HowAnswered, IsSafe, Level, NotAnswered, Outcome, ParentsTold, Rating, SetAside
from atlas.contacts.commands.answering import Telling
from atlas.contacts.commands.deciding import Deciding
from atlas.contacts.commands.raising import Raised
from atlas.contacts.models import AgencyAsk, Contact
from atlas.contacts.rules.typed import born_on, others_on_lines
from atlas.design.forms import DayField, Form, RadiosField, TextAreaField, TextField
from atlas.guidance.models import ThresholdDocument

YES_NO = (("yes", "Yes"), ("no", "No"))


def levels(document: ThresholdDocument | None) -> list[tuple[str, str]]:
    """The four levels to choose from, as the document in force calls them."""
    return [(str(int(level)), document.name_of(level) if document else str(level.label)) for level in Level]


class RaiseContactForm(Form):
    """Ten fields; five must be filled in. Who raises it, and for whom they work, the account says."""

    keeps_on_phone = True
    listens = ("words",)
    hears_harm = False  # what is told of harm belongs here, and goes to the front door
    submit = "Send to the front door"

    name = TextField(label="Who is the child?", help_text="The name, or what the child is called, or “not known”", max_length=200)
    born_words = TextField(label="Date of birth, or about how old", required=False, max_length=60, width=20)
    where_words = TextField(label="School, address, or where the child can be found", required=False, max_length=300)
    concern = RadiosField(label="What worries you most?", choices=Concern.choices)
    words = TextAreaField(
        label="What worries you? What happened, and when?", help_text="Also who else is there. Write what you saw and heard, and what you think apart from it.",
        rows=5, max_length=4000,
    )  # fmt: skip
    said = TextAreaField(
        label="What does the child say?", help_text="In the child’s words, if they said something", rows=2, required=False, max_length=2000
    )
    is_safe = RadiosField(label="Is the child safe now?", choices=IsSafe.choices)
    parents_told = RadiosField(label="Do the parents know that you raise this?", choices=ParentsTold.choices)
    level_given = RadiosField(label="What do you think is needed?", choices=[], required=False)
    others = TextAreaField(
        label="Other children you are worried about too", help_text="One on each line: name, date of birth or age. Each gets a contact of their own.",
        rows=2, required=False, max_length=1000,
    )  # fmt: skip

    def __init__(self, *arguments: Any, document: ThresholdDocument | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("level_given", levels(document))

    def raised(self) -> Raised:
        """What was typed, as the command takes it."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in {"key", "base", "others", "level_given"}}
        level = self.cleaned_data["level_given"]
        return Raised(**given, level_given=Level(int(level)) if level else None, others=tuple(others_on_lines(self.cleaned_data["others"])))


class PublicContactForm(Form):
    """For anybody without an account: what the front door needs to find the child, and no more."""

    keeps_nothing = True
    submit = "Send"

    authority = forms.ChoiceField(label="Where does the child live?", choices=[])
    source = RadiosField(label="Who are you?", choices=[(one.value, one.label) for one in WITHOUT_ACCOUNT])
    name = TextField(label="Who is the child? If it is you, your name", help_text="What the child is called is enough", max_length=200)
    born_words = TextField(label="Date of birth, or about how old", required=False, max_length=60, width=20)
    where_words = TextField(label="School, address, or where the child can be found", required=False, max_length=300)
    concern = RadiosField(label="What is it mostly about?", choices=Concern.choices)
    words = TextAreaField(label="What worries you? What happened, and when?", rows=5, max_length=4000)
    is_safe = RadiosField(label="Is the child safe now?", choices=IsSafe.choices)
    who_words = TextField(label="Your name, if you wish", required=False, max_length=200)
    reach_words = TextField(label="A telephone number on which it is safe to ring you, if you wish", required=False, max_length=200)

    def __init__(self, *arguments: Any, authorities: list[Authority], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("authority", [(str(one.pk), one.name) for one in authorities])

    def said(self) -> dict[str, str]:
        """What was typed, trimmed, as the database's function takes it."""
        kept = ("source", "name", "born_words", "where_words", "concern", "words", "is_safe", "who_words", "reach_words")
        return {name: str(self.cleaned_data[name]).strip() for name in kept}


class RateContactForm(Form):
    submit = "Set the rating"

    rating = RadiosField(label="How soon must the hub look at this?", choices=Rating.choices)


class MatchContactForm(Form):
    submit = "Go on"

    child = RadiosField(label="Which child is it?", choices=[], required=False)
    search = TextField(
        label="Not among these? Look for another name, or a number", required=False, max_length=200,
        help_text="Another spelling, a former name, an NHS number or the main system’s number. Nothing is matched by it yet.",
    )  # fmt: skip

    def __init__(self, *arguments: Any, found: list[tuple[Child, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.children = {str(child.pk): child for child, _ in found}
        self.let_choose("child", [(str(child.pk), f"{child.name}, {_born(child)}: {why}") for child, why in found])

    def clean(self) -> dict[str, Any]:
        """A child must be chosen; one who was found by the words just typed is chosen next."""
        given = super().clean() or {}
        if not self.errors and not given.get("child"):
            self.add_error("child", "Choose a child of this list, look for another name, or record the child.")
        return given


def _born(child: Child) -> str:
    return f"born {child.born_on:%-d %B %Y}" if child.born_on else "date of birth not known"


class RegisterFromContactForm(Form):
    submit = "Record the child, and match the contact"

    forename = TextField(label="First name, or what the child is called", max_length=100)
    surname = TextField(label="Surname, if known", required=False, max_length=100)
    born_on = DayField(label="Date of birth, if known", required=False)

    def __init__(self, *arguments: Any, contact: Contact, **options: Any) -> None:
        forename, _, surname = contact.name.strip().partition(" ")
        options.setdefault("initial", {"forename": forename[:100], "surname": surname[:100], "born_on": born_on(contact.born_words)})
        super().__init__(*arguments, **options)

    def known(self) -> Known:
        """What is known of who the child is."""
        return Known(self.cleaned_data["forename"], self.cleaned_data["surname"], self.cleaned_data["born_on"])


class SetAsideContactForm(Form):
    submit = "Set it aside"

    why = RadiosField(label="Why does it lead to no decision here?", choices=SetAside.choices)
    words = TextAreaField(label="What did you do to find out, and what did you find?", rows=3, max_length=500)


class DecideContactForm(Form):
    listens = ("rationale",)
    hears_harm = False
    submit = "Record the decision"

    level = RadiosField(label="Which level is it?", choices=[])
    outcome = RadiosField(label="What follows?", choices=Outcome.choices)
    criteria = TextAreaField(label="Which words of the threshold document do you go by?", rows=2, max_length=1000)
    rationale = TextAreaField(
        label="Why?",
        help_text="What you know, from whom, what it means for this child. The child may read it one day.",
        rows=5,
        max_length=4000,
    )
    options = TextAreaField(label="What else did you weigh, and why not that?", rows=3, max_length=2000)
    proportionate = TextAreaField(label="Why is this enough, and not more than is needed?", rows=2, max_length=1000)
    dissent = TextAreaField(
        label="Who sees it otherwise, and how?", help_text="Leave it empty if nobody does", rows=2, required=False, max_length=1000
    )

    def __init__(self, *arguments: Any, document: ThresholdDocument | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("level", levels(document))

    def decision(self) -> Deciding:
        """What was typed, as the command takes it."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in {"key", "base", "level"}}
        return Deciding(level=Level(int(self.cleaned_data["level"])), **given)


class SecondViewForm(Form):
    submit = "Give this view"

    agrees = RadiosField(label="Do you agree with the decision?", choices=(("yes", "Yes"), ("no", "No, I see it otherwise")))
    level = RadiosField(label="Which level do you see?", choices=[])
    reasons = TextAreaField(label="Why?", rows=3, max_length=2000)

    def __init__(self, *arguments: Any, document: ThresholdDocument | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("level", levels(document))


class AskAgencyForm(Form):
    submit = "Ask them"

    team = forms.ChoiceField(label="Whom do you ask?", choices=[])
    about = TextField(label="Who is the child, as they need it to look?", max_length=300)
    question = TextAreaField(
        label="What do you ask?",
        help_text="They see this and who the child is; not who raised the contact, nor what was typed.",
        rows=3,
        max_length=1000,
    )

    def __init__(self, *arguments: Any, teams: list[Team], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.teams = {str(team.pk): team for team in teams}
        self.let_choose("team", [("", "Choose a team"), *((str(team.pk), f"{team.agency.name}: {team.name}") for team in teams)])


class AnswerAskForm(Form):
    listens = ("reply",)
    hears_harm = False  # it goes to the front door
    submit = "Send this answer"

    knows = RadiosField(label="What do you know?", choices=AgencyAsk.Knows.choices)
    reply = TextAreaField(
        label="What, and since when?",
        help_text="Facts with their dates; what you think apart from them",
        rows=5,
        required=False,
        max_length=4000,
    )


class AnswerReferrerForm(Form):
    submit = "Record it, and close the contact"

    how = RadiosField(label="How are they told?", choices=HowAnswered.choices, required=False)
    words = TextAreaField(
        label="What are they told?", help_text="That it was looked at, what happens next as far as they may know, and what they can do. Nothing of the record.",
        rows=4, required=False, max_length=2000,
    )  # fmt: skip
    not_answered = RadiosField(label="Or: they get no answer, because", choices=NotAnswered.choices, required=False)
    because = TextAreaField(
        label="Why exactly?", help_text="Needed where they get no answer. They do not read it.", rows=2, required=False, max_length=500
    )

    def __init__(self, *arguments: Any, has_account: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("how", [one for one in HowAnswered.choices if has_account or one[0] != HowAnswered.SCREEN])

    def telling(self) -> Telling:
        """What was typed, as the command takes it."""
        given = self.cleaned_data
        how, why = given["how"], given["not_answered"]
        return Telling(HowAnswered(how) if how else None, given["words"], NotAnswered(why) if why else None, given["because"])
