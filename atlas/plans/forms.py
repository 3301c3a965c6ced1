"""The forms of a safety plan: they check what was typed, and write nothing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django import forms

from atlas.agencies.models import Agency, Post
from atlas.chronology.forms import moment
from atlas.chronology.kinds import Kind
from atlas.design.forms import CheckboxesField, DayField, Form, RadiosField, TextAreaField, TextField
from atlas.flow import EVENTS
from atlas.plans.commands.lines import LineGiven
from atlas.plans.commands.plan import Agreed, Answers
from atlas.plans.models import PlanDecision, PlanLine, WithChild
from atlas.plans.queries.question import Question, in_sentences
from atlas.plans.rules.parts import HINTS, Section
from atlas.sharing.copy import Audience

BY_HAND = [(event.kind.value, event.kind.words) for event in EVENTS if event.by_hand and event.kind is not None]


class LineForm(Form):
    """One line of a plan. What is done by somebody by some day asks for both."""

    listens = ("words", "risk_words", "evidence")
    submit = "Keep this line"

    section = forms.ChoiceField(label="Which part of the plan?", choices=Section.choices)
    words = TextAreaField(label="What does it say?", help_text="Short and plain. The child may read it.", rows=3, max_length=2000)
    risk = forms.ChoiceField(label="What of the exploitation assessment does it answer?", required=False)
    risk_words = TextField(label="Or in your words: which harm or worry?", required=False, max_length=300)
    owner = RadiosField(label="Whose is it?", required=False)
    owner_words = TextField(label="Their name and role, if it is somebody else", required=False, max_length=120)
    due_on = DayField(label="By when?", required=False)
    evidence = TextField(label="How shall we see that it works?", required=False, max_length=300)
    telephone = TextField(label="Telephone number", required=False, max_length=20, width=20)
    agency = forms.ChoiceField(label="Agency, if it is another than that of whoever does it", required=False)
    on_child_copy = forms.BooleanField(
        label="The child’s own copy may hold this line", required=False,
        help_text="It names nobody whom the child did not name to us, no place that must stay unsaid, and nothing about an investigation.",
    )  # fmt: skip
    left_out_of = CheckboxesField(label="Leave it out of these copies", choices=Audience.choices, required=False)

    def __init__(
        self,
        *arguments: Any,
        people: Iterable[Post],
        agencies: Iterable[Agency],
        risks: Iterable[Any],
        line: PlanLine | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.people, self.agencies = {str(one.pk): one for one in people}, {str(one.pk): one for one in agencies}
        others = [("child", "The child"), ("carer", "A parent or carer"), *((pk, str(one)) for pk, one in self.people.items())]
        self.let_choose("owner", [*others, ("other", "Somebody else: write who")])
        self.let_choose("agency", [("", "That of whoever does it"), *((pk, one.name) for pk, one in self.agencies.items())])
        self.risks = {str(one.pk): one for one in risks}
        self.let_choose("risk", [("", "Nothing of it"), *((pk, one.words[:100]) for pk, one in self.risks.items())])
        if line is not None:
            self.initial = {
                **self.initial,
                "section": line.section, "owner": str(line.owner_post_id) if line.whose == PlanLine.Owner.POST else line.whose,
                "agency": str(line.agency_id or ""), "left_out_of": line.left_out_of,
                "risk": str(line.risk_id or ""),
            }  # fmt: skip
        self.fields["section"].help_text = HINTS.get(Section(self.initial["section"]), "") if self.initial.get("section") else ""

    def given(self) -> LineGiven:
        """As the command takes it."""
        of, owner = self.cleaned_data, self.cleaned_data.get("owner", "")
        risk = self.risks.get(of["risk"])
        return LineGiven(
            risk=(risk._meta.label, risk.pk) if risk else None,
            section=of["section"], words=of["words"], risk_words=of["risk_words"] or (risk.words[:300] if risk else ""), whose="post" if owner in self.people else owner,
            owner_post=self.people.get(owner), owner_words=of["owner_words"], agency=self.agencies.get(of["agency"]), due_on=of["due_on"],
            evidence=of["evidence"], telephone=of["telephone"], left_out_of=tuple(of["left_out_of"]), on_child_copy=of["on_child_copy"],
        )  # fmt: skip


class RewriteLineForm(LineForm):
    """The same, of a line that is there."""

    edits = {
        "words": "words", "risk_words": "risk_words", "owner_words": "owner_words", "due_on": "due_on", "evidence": "evidence",
        "telephone": "telephone", "on_child_copy": "on_child_copy",
    }  # fmt: skip


class EndLineForm(Form):
    listens = ("because",)
    submit = "Take the line out"

    because = TextField(label="Why is it not needed any more?", max_length=300)


class ProgressForm(Form):
    listens = ("words",)
    submit = "Save"

    status = RadiosField(label="Where does it stand?", choices=PlanLine.Status.choices)
    words = TextField(label="How do we know, or why not?", max_length=300)


class CheckForm(Form):
    submit = "It still holds"
    binds = True


class BreakForm(Form):
    listens = ("words",)
    submit = "It needs a new answer"

    words = TextField(label="What does not hold any more?", help_text="For example: the number is not in use", max_length=200)


class ReadForm(Form):
    """What somebody says after reading what happened. It holds for what the page showed: `events` names it."""

    listens: ClassVar[tuple[str, ...]] = ("reason", "also")
    submit = "The plan is still right"

    events = forms.CharField(required=False, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = TextAreaField(label="Why?", rows=3, max_length=2000)
    strategy = RadiosField(label="Is a strategy discussion needed?", choices=PlanDecision.Strategy.choices, required=False)
    also = TextAreaField(label="What it asks besides", rows=3, required=False, max_length=2000)

    def __init__(self, *arguments: Any, question: Question, at: datetime, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.at = at
        self.initial["events"] = ",".join(str(one.entry.pk) for one in question.happenings)
        self.initial["opened"] = at.isoformat()
        if not question.asks_strategy:
            del self.fields["strategy"]
        if question.asks_also:
            self.fields["also"].help_text = f"For each, what was done or why not. {in_sentences(question.asks_also)}"
        else:
            del self.fields["also"]
        self.lay_out()

    def answers(self) -> Answers:
        """As the command takes it."""
        of = self.cleaned_data
        events = tuple(UUID(one) for one in of["events"].split(",") if _is_id(one))
        return Answers(events, of["reason"], of.get("strategy", ""), of.get("also", ""), _seconds(of["opened"], self.at))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _seconds(opened: str, at: datetime) -> int | None:
    """How long the page was open: a measure, told by the browser; nothing hangs on it."""
    try:
        return max(0, int((at - datetime.fromisoformat(opened)).total_seconds()))
    except (ValueError, TypeError):
        return None


class NoPlanForm(ReadForm):
    submit = "No safety plan is needed"


class AgreeForm(ReadForm):
    listens = (*ReadForm.listens, "child_words", "no_view_because")
    submit = "This plan is agreed"

    with_child = RadiosField(label="How does the child stand to it?", choices=WithChild.choices)
    child_words = TextAreaField(label="What does the child say, in the child’s words?", rows=3, required=False, max_length=2000)
    no_view_because = TextField(label="If it was not shared, or the child was not asked: why", required=False, max_length=300)
    review_on = DayField(label="Read it again before the time limit, on", required=False)

    def agreed(self) -> Agreed:
        """As the command takes it."""
        of = self.cleaned_data
        return Agreed(of["with_child"], of["child_words"], of["no_view_because"], of["review_on"])


class ClosePlanForm(Form):
    listens = ("because", "child_words", "opens_again")
    submit = "Close the plan"

    because = TextAreaField(label="Why can it be closed?", rows=2)
    child_words = TextAreaField(label="What does the child say of it, in the child’s words?", rows=2)
    opens_again = TextAreaField(label="What would open a plan again?", rows=2)
    told = TextField(label="Who is told?", max_length=300)


class EventForm(Form):
    listens = ("words",)
    submit = "Write it down"

    kind = forms.ChoiceField(label="What happened?", choices=[("", "Choose"), *BY_HAND])
    happened_at = moment(label="When did it happen?")
    words = TextAreaField(label="In a sentence", rows=2, max_length=200)
    source = TextField(label="Who told us, or how do we know?", max_length=80)

    def clean_kind(self) -> Kind:
        """The kind that was chosen."""
        return next(event.kind for event in EVENTS if event.kind is not None and event.kind.value == self.cleaned_data["kind"])


class PatternForm(Form):
    listens = ("reason",)
    submit = "Keep what I make of it"

    reason = TextAreaField(label="What do you make of it, and what follows?", rows=3)
    quiet_until = DayField(label="Quiet until, unless more happens")
