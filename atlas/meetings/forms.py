"""The forms of meetings: they check what was typed, and write nothing."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django import forms

from atlas.agencies.models import Agency, Post
from atlas.children.models import Child
from atlas.chronology.forms import exact
from atlas.design.forms import COUNT, CheckboxesField, DayField, Form, RadiosField, TextAreaField, TextField
from atlas.meetings.codes import OF_FAMILY, Answer, Attended, Audience, Group, ItemKind, Part, Reply, Settles
from atlas.meetings.commands.actions import ActionGiven
from atlas.meetings.commands.calling import Called, Held
from atlas.meetings.commands.inviting import Asked
from atlas.meetings.commands.recording import Decided, Said
from atlas.meetings.commands.telephone import Telephoned
from atlas.meetings.models import Invitation, MeetingDecision
from atlas.meetings.rules.kinds import OF_STRATEGY, MeetingKind

LEFT_OUT = ("", "Not chosen")


def person(post: Post) -> str:
    """A post as one chooses it."""
    return f"{post.user.name}, {post.title}, {post.team.agency.name}"


class CallForm(Form):
    """Call a meeting about a child."""

    submit = "Call it"

    kind = forms.ChoiceField(label="What kind of meeting?")
    why = TextAreaField(label="Why is it needed?", help_text="Plain and kind: the child may read it one day.", rows=3, max_length=2000)
    starts_at = exact("When does it start?")
    minutes = forms.IntegerField(label="How many minutes?", initial=60, min_value=5, max_value=720, widget=COUNT)
    chair = forms.ChoiceField(label="Who chairs it?")
    minute_taker = forms.ChoiceField(label="Who takes the minutes?", required=False, help_text="The chair need not type.")
    by_telephone = forms.BooleanField(label="By telephone or video", required=False)
    place = TextField(label="Where?", required=False, max_length=200)
    joining = TextField(label="How does one join from afar?", required=False, max_length=300)
    others = CheckboxesField(label="The same meeting for", required=False, help_text="Each child has a record of their own.")

    def __init__(
        self,
        *arguments: Any,
        kinds: Iterable[MeetingKind],
        chairs: Iterable[Post],
        takers: Iterable[Post],
        others: Iterable[Child],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.kinds, self.chairs = {kind.key: kind for kind in kinds}, {str(one.pk): one for one in chairs}
        self.takers, self.siblings = {str(one.pk): one for one in takers}, {str(one.pk): one for one in others}
        self.let_choose("kind", [(kind.key, kind.name) for kind in self.kinds.values()])
        self.let_choose("chair", [("", "Choose"), *((pk, f"{person(one)} ({one.role_name})") for pk, one in self.chairs.items())])
        self.let_choose("minute_taker", [("", "The chair"), *((pk, person(one)) for pk, one in self.takers.items())])
        if self.siblings:
            self.let_choose("others", [(pk, one.name) for pk, one in self.siblings.items()])
        else:
            del self.fields["others"]
        self.lay_out()

    def called(self) -> Called:
        """As the command takes it."""
        of = self.cleaned_data
        return Called(
            self.kinds[of["kind"]], of["starts_at"], self.chairs[of["chair"]], of["minutes"], self.takers.get(of["minute_taker"]), of["place"],
            of["joining"], of["by_telephone"],
        )  # fmt: skip


class TelephoneForm(Form):
    """A strategy discussion held at once by telephone: eight fields."""

    submit = "Keep it, and tell the day"

    held_at = exact("When did you speak?")
    police = TextField(label="Whom of the police did you ring?", help_text="Name, rank or number, telephone", max_length=120)
    known = TextAreaField(label="What is known to the two of you?", rows=4, max_length=4000)
    answer = RadiosField(label="What is decided?", choices=[(one.value, one.label) for one in OF_STRATEGY])
    reason = TextAreaField(label="Why?", rows=3, max_length=2000)
    plan = TextAreaField(label="What keeps the child safe until the day takes over?", rows=3, max_length=2000)
    child_told = TextField(label="Who tells the child and the family, what and when?", max_length=500)
    health = TextField(label="Whom of health does the day ask, and by when?", max_length=120)

    def said(self) -> Telephoned:
        """As the command takes it."""
        of = self.cleaned_data
        return Telephoned(
            **{**{name: of[name] for name in Telephoned.__dataclass_fields__}, "held_at": of["held_at"].at, "answer": Answer(of["answer"])}
        )


class MoveForm(Form):
    """Another time, and why."""

    submit = "Move it"

    starts_at = exact("When does it start now?")
    because = TextField(label="Why is it moved?", max_length=300)


class BecauseForm(Form):
    """A reason."""

    because = TextField(label="Why?", max_length=300)


class AgendaForm(Form):
    """One thing for the agenda."""

    submit = "Put it on the agenda"

    kind = RadiosField(label="What is it?", choices=ItemKind.choices)
    child = forms.ChoiceField(label="Which child?", required=False)
    held = forms.ChoiceField(
        label="Which person, group or place?", required=False, help_text="As it is recorded; or a name in words below, where it is not"
    )
    title = TextField(label="What is it called, if it is no child?", required=False, max_length=120, help_text="Name no child here.")
    why = TextAreaField(label="Why is it taken to this meeting?", rows=3, max_length=2000)
    is_aware = forms.BooleanField(label="I know what another panel has decided of this child", required=False)

    def __init__(self, *arguments: Any, children: Iterable[Child], held: "Iterable[Held]" = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.children = {str(one.pk): one for one in children}
        self.entries = {str(one.pk): one for one in held}
        named = [(pk, f"{one.name} ({one.looked_at_as})") for pk, one in self.entries.items()]
        self.let_choose("held", [LEFT_OUT, *named])
        self.let_choose("child", [LEFT_OUT, *((pk, one.name) for pk, one in self.children.items())])

    def given(self) -> dict[str, Any]:
        """As the command takes it."""
        of = self.cleaned_data
        return {
            "kind": ItemKind(of["kind"]),
            "child": self.children.get(of["child"]),
            "title": of["title"],
            "why": of["why"],
            "held": self.entries.get(of["held"]),
            "is_aware": of["is_aware"],
        }


class InviteForm(Form):
    """Ask somebody of one agency; or somebody without an account."""

    submit = "Ask them"

    part = RadiosField(label="As what?", choices=Part.choices, initial=Part.MEMBER)
    post = forms.ChoiceField(label="Who?", required=False)
    words = TextField(label="Their name and role, if they have no account here", required=False, max_length=120)
    group = forms.ChoiceField(label="For whom do they speak?", required=False, choices=[("", "As their agency does"), *Group.choices])
    child = forms.ChoiceField(label="Of which child’s family?", required=False)
    how = TextField(
        label="How are they asked?", required=False, max_length=120, help_text="For example by telephone, or in person by the social worker"
    )
    prepared_by = TextField(label="Who prepares them?", required=False, max_length=120)
    aside = ("words", "group", "child", "how", "prepared_by")

    def __init__(self, *arguments: Any, people: Iterable[Post], children: Iterable[Child], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.people, self.children = {str(one.pk): one for one in people}, {str(one.pk): one for one in children}
        self.let_choose("post", [("", "Somebody without an account"), *((pk, person(one)) for pk, one in self.people.items())])
        self.let_choose("child", [LEFT_OUT, *((pk, one.name) for pk, one in self.children.items())])

    def asked(self) -> Asked:
        """As the command takes it."""
        of = self.cleaned_data
        return Asked(
            of["part"], self.people.get(of["post"]), of["group"], of["words"], of["how"], of["prepared_by"], self.children.get(of["child"])
        )


class ReplyForm(Form):
    """Whether one comes."""

    submit = "Answer"

    reply = RadiosField(label="Do you come?", choices=[one for one in Reply.choices if one[0]])
    deputy = forms.ChoiceField(label="Who comes in your place?", required=False)
    words = TextField(label="Anything to say?", required=False, max_length=300, help_text="Needed where you cannot come")

    def __init__(self, *arguments: Any, colleagues: Iterable[Post], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("deputy", [("", "Nobody"), *((str(one.pk), person(one)) for one in colleagues)])

    def clean(self) -> dict[str, Any]:
        """A deputy as nobody, where none is chosen."""
        given = super().clean()
        given["deputy"] = given.get("deputy") or None
        return given


class AttendanceForm(Form):
    """Who was there."""

    attended = RadiosField(label="Were they there?", choices=[one for one in Attended.choices if one[0]])
    words = TextField(label="For which part, or why not?", required=False, max_length=300)
    is_able_to_decide = forms.BooleanField(label="They could decide for their agency", required=False, initial=True)
    view = TextAreaField(label="What did they say beforehand?", required=False, rows=3, help_text="Of the family, in their own words")

    def __init__(self, *arguments: Any, invitation: Invitation, **options: Any) -> None:
        super().__init__(*arguments, **options)
        del self.fields["is_able_to_decide" if invitation.part in OF_FAMILY else "view"]
        self.lay_out()


class HoldForm(Form):
    """When it began."""

    submit = "It was held"

    held_at = exact("When did it begin?")


class SaidForm(Form):
    """What somebody knows."""

    submit = "Keep it"

    words = TextAreaField(label="What is known?", rows=6, max_length=4000)
    source_words = TextField(label="How is it known, and as of when?", max_length=200)
    audience = RadiosField(label="Whose copy of the record holds it?", choices=Audience.choices, initial=Audience.PROFESSIONALS)
    agencies = CheckboxesField(label="Which agencies may read it, beside your own?", required=False)
    invitation = forms.ChoiceField(label="Written down for somebody else?", required=False)
    is_new = forms.BooleanField(label="It tells of harm or danger that was not known", required=False)
    aside: ClassVar[tuple[str, ...]] = ("audience", "agencies", "invitation")
    aside_words = "Who reads it: those who work with the child, unless you say otherwise"

    def __init__(
        self, *arguments: Any, agencies: Iterable[Agency], invitations: Iterable[Invitation] = (), is_led: bool = False, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("agencies", [(str(one.pk), one.name) for one in agencies])
        self.invitations = {str(one.pk): one for one in invitations}
        self.let_choose("invitation", [("", "No: it is my own"), *((pk, one.who) for pk, one in self.invitations.items())])
        if not (is_led and self.invitations):
            del self.fields["invitation"]
            self.lay_out()

    def said(self) -> Said:
        """As the commands take it."""
        of = self.cleaned_data
        return Said(
            of["words"], of["source_words"], of["audience"], of["agencies"], self.invitations.get(of.get("invitation", "")), of["is_new"]
        )


class BriefingForm(Form):
    """Nothing to fill in: what stands above is put before the meeting."""

    submit = "Put it before the meeting"


class RewriteSaidForm(SaidForm):
    """One's own entry, anew."""

    aside = ()

    edits: ClassVar[dict[str, str]] = {"words": "words", "source_words": "source_words"}


class DecisionForm(Form):
    """One point, what is decided and why."""

    submit = "Write it down"

    answer = RadiosField(label="What is decided?", required=False)
    words = TextAreaField(label="In words", required=False, rows=3, max_length=4000)
    reason = TextAreaField(label="Why?", rows=4, max_length=4000, help_text="What would have made it another decision, too")
    dissent_by = forms.ChoiceField(label="Which agency sees it otherwise?", required=False)
    dissent = TextField(label="How do they see it?", required=False, max_length=500)
    instead_of = forms.CharField(widget=forms.HiddenInput, required=False)
    aside = ("dissent_by", "dissent")
    aside_words = "If an agency sees it otherwise"

    def __init__(
        self, *arguments: Any, kind: MeetingKind, point: Settles, agencies: Iterable[Agency], now: MeetingDecision | None, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.agencies, self.point = {str(one.pk): one for one in agencies}, point
        self.let_choose("dissent_by", [("", "None"), *((pk, one.name) for pk, one in self.agencies.items())])
        if point is Settles.DECISION:
            self.let_choose("answer", [(one.value, one.label) for one in kind.answers])
            self.fields["answer"].required = True
            self.fields["answer"].error_messages["required"] = "Choose what is decided."
        else:
            del self.fields["answer"]
            self.fields["words"].required, self.fields["words"].label = True, point.label
            self.fields["words"].error_messages["required"] = f"Answer “{point.label}”."
        self.initial["instead_of"] = str(now.pk) if now else ""
        if now is not None:
            of = {
                "answer": now.answer,
                "words": now.words,
                "reason": now.reason,
                "dissent": now.dissent,
                "dissent_by": str(now.dissent_by_id or ""),
            }
            self.initial = {**self.initial, **of}
        self.lay_out()

    def decided(self) -> Decided:
        """As the command takes it."""
        of = self.cleaned_data
        instead = UUID(of["instead_of"]) if of["instead_of"] else None
        return Decided(
            self.point, of["reason"], of.get("answer", ""), of["words"], of["dissent"], self.agencies.get(of["dissent_by"]), instead
        )


class ActionForm(Form):
    """What an agency will do."""

    submit = "Ask for it"

    words = TextAreaField(label="What is to be done?", rows=3, max_length=2000)
    owner = forms.ChoiceField(label="By whom?", required=False)
    agency = forms.ChoiceField(label="Or by which agency, if they have no account here?", required=False)
    owner_words = TextField(label="Their name and role, if they have no account", required=False, max_length=120)
    due_on = DayField(label="By which day?", required=False)
    intended = TextField(label="What should be different for the child, or the place?", max_length=300)
    evidence_wanted = TextField(label="How shall we see that it was done, and that it worked?", max_length=300)
    aside = ("agency", "owner_words")
    aside_words = "If they have no account here"

    def __init__(self, *arguments: Any, people: Iterable[Post], agencies: Iterable[Agency], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.people, self.agencies = {str(one.pk): one for one in people}, {str(one.pk): one for one in agencies}
        self.let_choose("owner", [("", "Somebody without an account"), *((pk, person(one)) for pk, one in self.people.items())])
        self.let_choose("agency", [LEFT_OUT, *((pk, one.name) for pk, one in self.agencies.items())])

    def given(self) -> ActionGiven:
        """As the command takes it."""
        of = self.cleaned_data
        return ActionGiven(
            of["words"],
            of["intended"],
            of["evidence_wanted"],
            of["due_on"],
            self.people.get(of["owner"]),
            self.agencies.get(of["agency"]),
            of["owner_words"],
        )


class CloseForm(Form):
    """Close the record."""

    submit = "Close the record and send it"

    quorum_reason = TextField(
        label="If somebody whom the meeting needs was not there: why was it held all the same?", required=False, max_length=500
    )
