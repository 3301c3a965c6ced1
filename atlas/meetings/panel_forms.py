"""The forms of panels: they check what was typed, and write nothing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from django import forms

from atlas.agencies.models import Post
from atlas.chronology.forms import exact
from atlas.design.forms import COUNT, CheckboxesField, Form, RadiosField, TextAreaField, TextField
from atlas.design.forms import Typed as TypedMoment
from atlas.meetings.codes import ClosedAs, Evidence, Group, Part
from atlas.meetings.commands.calling import Called
from atlas.meetings.commands.panels import MOST_TERM, MemberNamed, PanelOpened
from atlas.meetings.commands.recording import Decided, OfPanel
from atlas.meetings.forms import DecisionForm, person
from atlas.meetings.models import MeetingDecision, Panel, PanelMember
from atlas.meetings.rules.kinds import MeetingKind
from atlas.meetings.rules.terms import TERMS

OF_PANEL = (Part.CHAIR, Part.DEPUTY_CHAIR, Part.MINUTE_TAKER, Part.MEMBER)


def _ask_terms(form: Form, said: dict[str, str]) -> None:
    """Let a form ask each point of the terms."""
    for point in TERMS:
        box = TextAreaField(label=point.name, help_text=point.hint, rows=2, max_length=MOST_TERM, initial=said.get(point.key, ""))
        form.fields[point.key] = box
        box.error_messages["required"] = f"Answer “{point.name}”."
    form.lay_out()


class PanelForm(Form):
    """A panel and its terms."""

    submit = "Open it"

    kind = RadiosField(label="What is it?")
    name = TextField(label="What is it called?", max_length=120)
    every_days = forms.IntegerField(label="After how many days does it meet again?", initial=28, min_value=1, max_value=92, widget=COUNT)

    def __init__(self, *arguments: Any, kinds: Iterable[MeetingKind], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.kinds = {kind.key: kind for kind in kinds}
        self.let_choose("kind", [(kind.key, kind.name) for kind in self.kinds.values()])
        _ask_terms(self, {})

    def opened(self) -> PanelOpened:
        """As the command takes it."""
        of = self.cleaned_data
        return PanelOpened(self.kinds[of["kind"]], of["name"], {point.key: of[point.key] for point in TERMS}, of["every_days"])


class TermsForm(Form):
    """The terms of a panel, looked at again."""

    submit = "They stand for another year"

    every_days = forms.IntegerField(label="After how many days does it meet again?", min_value=1, max_value=92, widget=COUNT)

    def __init__(self, *arguments: Any, panel: Panel, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["every_days"].initial = panel.every_days
        _ask_terms(self, panel.terms)

    def terms(self) -> dict[str, str]:
        """Point of the terms: what is agreed on it."""
        return {point.key: self.cleaned_data[point.key] for point in TERMS}


class MemberForm(Form):
    """Who sits on a panel."""

    submit = "Name them"

    post = forms.ChoiceField(label="Who?")
    part = RadiosField(label="As what?", choices=[(one.value, one.label) for one in OF_PANEL], initial=Part.MEMBER)
    group = forms.ChoiceField(label="For whom do they speak?", required=False, choices=[("", "As their agency does"), *Group.choices])
    deputy = forms.ChoiceField(label="Who comes in their place?", required=False, help_text="Somebody of the same agency")

    def __init__(self, *arguments: Any, people: Iterable[Post], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.people = {str(one.pk): one for one in people}
        offered = [(pk, f"{person(one)} ({one.role_name})") for pk, one in self.people.items()]
        self.let_choose("post", [("", "Choose"), *offered])
        self.let_choose("deputy", [("", "Nobody yet"), *offered])

    def named(self) -> MemberNamed:
        """As the command takes it."""
        of = self.cleaned_data
        return MemberNamed(self.people[of["post"]], of["part"], of["group"], self.people.get(of["deputy"]))


class PanelMeetingForm(Form):
    """The next meeting of a panel."""

    submit = "Call it, and ask everybody"

    starts_at = exact("When does it start?")
    minutes = forms.IntegerField(label="How many minutes?", initial=120, min_value=5, max_value=720, widget=COUNT)
    chair = forms.ChoiceField(label="Who chairs it?")
    minute_taker = forms.ChoiceField(label="Who takes the minutes?", required=False, help_text="The chair need not type.")
    by_telephone = forms.BooleanField(label="By telephone or video", required=False)
    place = TextField(label="Where?", required=False, max_length=200)
    joining = TextField(label="How does one join from afar?", required=False, max_length=300)

    def __init__(
        self, *arguments: Any, kind: MeetingKind, members: Iterable[PanelMember], takers: Iterable[Post], on: Any, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.kind = kind
        there = list(members)
        own_takers = [one.post for one in there if one.part == Part.MINUTE_TAKER]
        self.chairs = {str(one.post_id): one.post for one in there if one.post.role in kind.chaired_by}
        self.takers = {str(one.pk): one for one in (*own_takers, *takers)}
        self.fields["starts_at"].initial = TypedMoment(datetime.combine(on, time(10)), "minute")
        self.let_choose("chair", [(pk, person(one)) for pk, one in self.chairs.items()])
        self.let_choose("minute_taker", [("", "The chair"), *((pk, person(one)) for pk, one in self.takers.items())])
        self.fields["minute_taker"].initial = str(own_takers[0].pk) if own_takers else ""

    def called(self) -> Called:
        """As the command takes it."""
        of = self.cleaned_data
        return Called(
            self.kind, of["starts_at"], self.chairs[of["chair"]], of["minutes"], self.takers.get(of["minute_taker"]), of["place"], of["joining"],
            of["by_telephone"],
        )  # fmt: skip


class PanelDecisionForm(DecisionForm):
    """What a panel decides of one thing on its list."""

    evidence = CheckboxesField(
        label="If less is asked: what shows that it may be?",
        required=False,
        choices=Evidence.choices,
        help_text="For what is not there, write in words why it is safe enough",
    )
    closed_as = forms.ChoiceField(label="If the child is let go: why?", required=False, choices=[("", "Not chosen"), *ClosedAs.choices])
    passed_to = forms.ChoiceField(label="If it is passed on: to which panel or group?", required=False, help_text="No child is passed on")

    def __init__(self, *arguments: Any, is_child: bool, panels: Iterable[Panel], now: MeetingDecision | None, **options: Any) -> None:
        super().__init__(*arguments, now=now, **options)
        self.panels = {str(one.pk): one for one in panels}
        self.let_choose("passed_to", [("", "None"), *((pk, one.name) for pk, one in self.panels.items())])
        for name in ("passed_to",) if is_child else ("evidence", "closed_as"):
            del self.fields[name]
        if now is not None:
            self.initial = {**self.initial, "evidence": now.evidence, "closed_as": now.closed_as, "passed_to": str(now.passed_to_id or "")}
        self.lay_out()

    def decided(self) -> Decided:
        """As the command takes it."""
        of = self.cleaned_data
        panel = OfPanel(of.get("evidence", ()), of.get("closed_as", ""), self.panels.get(of.get("passed_to", "")))
        return replace(super().decided(), of_panel=panel)


class EndForm(Form):
    """That a place on a panel ends."""

    submit = "End it"
