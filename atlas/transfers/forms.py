"""Forms of transfers: they check what was typed, and write nothing."""

from typing import Any

from django import forms

from atlas.agencies.models import Authority, Post
from atlas.design.forms import CheckboxesField, Form, RadiosField, TextAreaField, TextField
from atlas.sharing.forms import GuestForm
from atlas.sharing.rules import GUEST_MOST_DAYS
from atlas.transfers.commands.start import Offer

ALWAYS = ("who", "number", "worker", "status", "legal")  # what goes along unless it is unticked


class OfferForm(Form):
    """What is said of a transfer, whoever is asked."""

    moves_home = RadiosField(
        label="Where will the child live?", choices=[("yes", "In the other authority"), ("no", "Where the child lives now")]
    )
    reason = TextAreaField(label="Why does the child move?", help_text="As the child could read it one day. No address", rows=2)
    must_know = TextAreaField(
        label="What must they know on the first day?", help_text="No other child, no address, no intelligence", rows=4, required=False
    )
    items = CheckboxesField(label="Which records go along?", choices=[])
    family_told = RadiosField(label="Does the family know about this?", choices=[("yes", "Yes"), ("no", "No")])
    family_reason = TextAreaField(label="If not, why not?", rows=2, required=False)

    def __init__(self, *arguments: Any, items: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("items", items)
        self.initial.setdefault("items", [key for key, _ in items if key.partition(":")[0] in ALWAYS])

    def offer(self) -> Offer:
        """What was typed, as the command takes it."""
        given = self.cleaned_data
        return Offer(
            given["reason"], given["must_know"], given["moves_home"] == "yes", given["family_told"] == "yes", given["family_reason"],
            tuple(given["items"]),
        )  # fmt: skip


class StartTransferForm(OfferForm):
    submit = "Offer the child"
    field_order = ("to_post", "moves_home", "reason", "must_know", "items", "family_told", "family_reason")

    to_post = RadiosField(label="Which manager there is to answer?", choices=[])

    def __init__(self, *arguments: Any, managers: list[Post], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.posts = {str(post.pk): post for post in managers}
        self.let_choose("to_post", [(pk, f"{post}, {post.team.name}, {post.team.agency.name}") for pk, post in self.posts.items()])


class SendTransferForm(OfferForm, GuestForm):
    submit = "Make the link"
    field_order = (
        "to_authority", "guest_name", "organisation", "number", "checked_by", "checked_on", "moves_home", "reason", "must_know", "items",
        "family_told", "family_reason", "days",
    )  # fmt: skip

    to_authority = forms.ChoiceField(label="To which authority?", choices=[])
    guest_name = TextField(label="Who is to answer there?", help_text="A manager who may say yes for that authority", max_length=100)
    organisation = TextField(label="Council and team", max_length=120)
    days = forms.IntegerField(
        label="For how many days may they answer?", min_value=1, max_value=GUEST_MOST_DAYS, initial=GUEST_MOST_DAYS,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
    )  # fmt: skip

    def __init__(self, *arguments: Any, authorities: list[Authority], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.authorities = {str(one.pk): one for one in authorities}
        self.let_choose("to_authority", [("", "Choose an authority"), *((pk, one.name) for pk, one in self.authorities.items())])


class AnswerTransferForm(Form):
    binds = True  # who answers has read the offer as it stands

    submit = "Send the answer"

    answer = RadiosField(
        label="Does your authority take over responsibility for this child?", choices=[("yes", "Yes, from this moment"), ("no", "No")]
    )
    lead = RadiosField(label="If yes: who works with the child?", choices=[], required=False)
    words = TextAreaField(label="If no: why not?", help_text="They read this", rows=3, required=False, max_length=1000)

    def __init__(self, *arguments: Any, leads: list[Post], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.posts = {str(post.pk): post for post in leads}
        self.let_choose("lead", [(pk, f"{post}, {post.team.name}") for pk, post in self.posts.items()])


class WithdrawTransferForm(Form):
    submit = "Take the offer back"
    is_warning = True

    reason = TextAreaField(label="Why?", rows=2, max_length=300)


class TakeTransferReplyForm(Form):
    binds = True

    submit = "Take it over"
