"""Forms of tasks and alerts."""

from atlas.clocks.rules import MissedReason
from atlas.design.forms import Form, RadiosField, TextAreaField
from atlas.tasks.models import Notice


class AcknowledgeForm(Form):
    """Nothing to fill in: one tap."""

    submit = "I am acting on this"


class MissedReasonForm(Form):
    edits = {"reason": "missed_reason", "words": "missed_words"}

    reason = RadiosField(label="Why was it missed?", choices=MissedReason.choices)
    words = TextAreaField(label="What else should be known?", required=False, rows=2)


class CallForm(Form):
    submit = "Save"

    answer = RadiosField(label="What came of the call?", choices=Notice.Answer.choices)
