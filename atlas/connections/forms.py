"""Forms of ties, of declarations, and of who is kept out. They check what was typed, and write nothing."""

from typing import Any
from uuid import UUID

from crispy_forms_gds.layout import Layout, Submit
from django import forms

from atlas.agencies.models import Post
from atlas.connections.commands import Home
from atlas.connections.models import Suggestion, Tie
from atlas.design.forms import CheckboxesField, DayField, Form, RadiosField, TextAreaField, TextField
from atlas.gate.models import BlockSource

WHY = (
    (BlockSource.MANAGER.value, "There is a conflict of interest"),
    (BlockSource.WISH.value, "The child, or a parent or carer, asked that this worker be kept out"),
)


class BlockWorkerForm(Form):
    submit = "Keep them out"
    is_warning = True
    is_statement = True

    worker = forms.ChoiceField(label="Whom?", choices=[])
    source = RadiosField(label="Why?", choices=WHY)
    because = TextAreaField(
        label="Say more, if it helps", rows=2, max_length=200, required=False,
        help_text="Read by those who answer for conflicts of interest. The worker is not told and does not see it.",
    )  # fmt: skip

    def __init__(self, *arguments: Any, posts: list[Post], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.users = {str(post.user_id): post.user for post in posts}
        worker = self.fields["worker"]
        assert isinstance(worker, forms.ChoiceField)
        named = {str(post.user_id): f"{post.user.name}, {post.title}, {post.team.agency.name}" for post in posts}
        worker.choices = [("", "Choose a worker"), *sorted(named.items(), key=lambda one: one[1])]


class LiftBlockForm(Form):
    submit = "Propose it to a second person"

    because = TextAreaField(label="Why may the worker see the child again?", max_length=200, rows=3)


class RecordTieForm(Form):
    submit = "Write it down"

    name = TextField(label="Name of the other child", help_text="First name and surname, as recorded", max_length=200)
    born_on = DayField(label="Date of birth of the other child")
    kind = RadiosField(label="What are they to each other?", choices=Tie.Kind.choices)
    grade = RadiosField(label="How sure is it?", choices=Tie.Grade.choices)
    source = TextField(label="Who says so, or where is it written?", max_length=60)


class EndTieForm(Form):
    submit = "End it"
    binds = True

    is_error = RadiosField(
        label="What is right?",
        choices=[("no", "It was so, and is over"), ("yes", "It never was: it was written down by mistake")],
        help_text="Where it was so, whoever was kept out while it stood stays kept out.",
    )


class MakeDeclarationForm(Form):
    submit = "Declare"

    surnames = TextField(
        label="Surnames of the people you live with", required=False, max_length=200, help_text="With a comma between them. Your own is known.",
    )  # fmt: skip
    house = TextField(label="House number or name, and flat", required=False, max_length=60, width=10)
    street = TextField(label="Street", required=False, max_length=100)
    postcode = TextField(label="Postcode", required=False, max_length=8, width=10)
    telephones = TextField(
        label="Your own telephone numbers", required=False, max_length=120, help_text="With a comma between them; not the one for work"
    )
    schools = CheckboxesField(label="Which of these schools do children of yours go to?", choices=[], required=False)

    def __init__(self, *arguments: Any, schools: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("schools", schools)
        if not schools:
            del self.fields["schools"]
            self.helper.layout = Layout(*(name for name in self.fields), Submit("submit", self.submit))

    def home(self, given: dict[str, Any]) -> Home:
        """What was typed, as the command takes it."""
        return Home(
            surnames=tuple(given["surnames"].split(",")), house=given["house"], street=given["street"], postcode=given["postcode"],
            telephones=tuple(given["telephones"].split(",")), schools=tuple(UUID(pk) for pk in given.get("schools") or ()),
        )  # fmt: skip


class DecideSuggestionForm(Form):
    submit = "Decide"
    binds = True

    outcome = RadiosField(label="What do you decide?", choices=Suggestion.Outcome.choices)
    words = TextAreaField(
        label="Why?", rows=2, max_length=200, required=False, help_text="Needed where there is no conflict. The worker does not see it."
    )
