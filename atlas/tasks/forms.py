"""Forms of tasks and alerts."""

from typing import Any

from atlas.clocks.rules import MissedReason
from atlas.design.forms import Form, RadiosField, TextAreaField
from atlas.tasks.models import Notice
from atlas.tasks.queries import ToRing


class AcknowledgeForm(Form):
    """Nothing to fill in: one tap."""

    submit = "I am acting on this"


class TakeOverForm(Form):
    """Nothing to fill in: one tap."""

    submit = "I take this over"


class MissedReasonForm(Form):
    edits = {"reason": "missed_reason", "words": "missed_words"}

    reason = RadiosField(label="Why was it missed?", choices=MissedReason.choices)
    words = TextAreaField(label="What else should be known?", required=False, rows=2)


class CallForm(Form):
    """Whom did you ring, and what came of it? The next of the ladder is chosen already."""

    submit = "Save"

    to = RadiosField(label="Whom did you ring?", choices=[])
    answer = RadiosField(label="What came of the call?", choices=Notice.Answer.choices)

    def __init__(self, *arguments: Any, listed: list[ToRing], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("to", [(one.key, f"{one.name}, {one.number}") for one in listed])
        self.posts = {one.key: one.post for one in listed}
