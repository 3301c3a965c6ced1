"""Forms of copies: they check what was typed, and write nothing."""

from datetime import datetime

from django.utils import timezone

from atlas.copies.models import Channel
from atlas.copies.rules import MOST_REASON, MOST_REFERENCE, Receipt
from atlas.design.forms import Form, MomentField, RadiosField, TextField, Typed


def _filed_at(typed: Typed) -> datetime | None:
    if typed.local is None or typed.precision == "date":
        raise ValueError("Give the time as well, or leave it empty for now.")
    return timezone.make_aware(typed.local)


class ReceiptForm(Form):
    submit = "Save"

    state = RadiosField(
        label="What became of it in the main system?",
        choices=[("filed", "I have filed this"), ("failed", "It could not be filed")],
        initial="filed",
    )
    reference = TextField(
        label="The main system's reference", help_text="The number of the document there, if it gives one", required=False, max_length=MOST_REFERENCE, width=20
    )  # fmt: skip
    filed_at = MomentField(label="When was it filed?", help_text="Leave it empty for now", required=False, build=_filed_at)
    reason = TextField(label="If it could not be filed, why?", required=False, max_length=MOST_REASON)

    def receipt(self) -> Receipt:
        """What was said."""
        given = self.cleaned_data
        return Receipt(given["state"] == "filed", given["reference"].strip(), given["filed_at"], given["reason"])


class SendAgainForm(Form):
    submit = "Send it again"


class ChannelForm(Form):
    edits = {"channel": "channel"}

    submit = "Save"

    channel = RadiosField(label="How are copies sent?", choices=Channel.choices)
