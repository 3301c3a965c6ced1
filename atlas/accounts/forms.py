"""Opening an account, ending a post, enrolling; and the forms of the sign-in package where Atlas asks more."""

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from atlas.accounts.commands import CLEARED_FOR
from atlas.accounts.queries import has_too_many_wrong_codes
from atlas.accounts.record import use_code
from atlas.agencies.models import Post, Team, User
from atlas.design.forms import DayField, Form, RadiosField, TextAreaField, TextField
from atlas.gate.policy import ROLES, SERVICES


class FindAccountForm(Form):
    """Find an account by name."""

    submit = "Find"
    named = TextField(label="Name or username", required=False, max_length=100)


class OpenAccountForm(Form):
    """Who is to have an account, and their first post."""

    submit = "Open the account"
    forename = TextField(label="First name", max_length=150)
    surname = TextField(label="Last name", max_length=150)
    username = forms.RegexField(
        r"^[a-z0-9.\-]{3,60}$", label="Username", help_text="Small letters, numbers, points and hyphens. It cannot be changed later.",
        error_messages={"invalid": "Use 3 to 60 small letters, numbers, points and hyphens, for example rowan.example"},
    )  # fmt: skip
    email = forms.EmailField(label="Work e-mail address", help_text="For notices about this account. Never for a code.")
    telephone = TextField(label="Work telephone", required=False, max_length=30)
    team = forms.ChoiceField(label="Team", choices=[])
    role = forms.ChoiceField(label="Role", choices=[])
    title = TextField(label="Title of the post", max_length=100)
    from_on = DayField(label="First day in the post")
    council_subject = TextField(
        label="Identifier at the council's sign-on", required=False, max_length=255,
        help_text="The unchanging identifier (sub) from whoever runs the sign-on. Leave empty if the person does not use it.",
    )  # fmt: skip

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = _offer_posts(self, teams)


def _offer_posts(form: Form, teams: list[Team]) -> dict[str, Team]:
    """Let a form choose among these teams and the roles that people hold; gives the teams by key."""
    by_key = {str(team.pk): team for team in teams}
    for name, choices in (
        ("team", [(key, f"{team.name}, {team.agency.name}") for key, team in by_key.items()]),
        ("role", [(role.key, role.name) for role in ROLES if role.key not in SERVICES]),
    ):
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choose"), *choices]
    return by_key


class GivePostForm(Form):
    """Which post somebody is given, and why."""

    submit = "Propose it to a second person"
    team = forms.ChoiceField(label="Team", choices=[])
    role = forms.ChoiceField(label="Role", choices=[])
    title = TextField(label="Title of the post", max_length=100)
    from_on = DayField(label="First day in the post")
    until_on = DayField(label="Last day in the post", required=False, help_text="Leave empty if none is agreed.")
    because = TextAreaField(label="Why?", max_length=500, rows=2)

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = _offer_posts(self, teams)


class ExtendPostForm(Form):
    """Until when a post goes on, and why."""

    submit = "Propose it to a second person"
    until_on = DayField(label="New last day", required=False, help_text="Leave empty if none is agreed.")
    because = TextAreaField(label="Why?", max_length=500, rows=2)


class ConfirmForm(Form):
    """Do it, or go back."""

    is_warning = True

    def __init__(self, *args: Any, submit: str, **kwargs: Any) -> None:
        self.submit = submit
        super().__init__(*args, **kwargs)


class EndPostForm(Form):
    """Now, or the last day of a post. What it gives: `last_on`, None for now."""

    submit = "End the post"
    is_warning = True
    when = RadiosField(label="When does it end?", choices=[("now", "Now, at once"), ("day", "With a day")])
    last_on = DayField(label="Last day in this post", required=False, help_text="Only where it ends with a day.")

    def clean(self) -> dict[str, Any]:
        """Ask for the day where it ends with one; leave it out where it ends now."""
        given = dict(super().clean() or self.cleaned_data)
        chosen = given.pop("when", None)
        if chosen == "day" and given.get("last_on") is None and not self.has_error("last_on"):
            self.add_error("last_on", "Enter the last day, for example 27 3 2026, or choose “Now, at once”.")
        return given if chosen == "day" else {**given, "last_on": None}


class ChangeClearanceForm(Form):
    """What a post is cleared for, and how long the vetting lasts."""

    submit = "Propose it to a second person"
    clearance = RadiosField(label="Cleared for", choices=[(str(level.value), words.capitalize()) for level, words in CLEARED_FOR.items()])
    reference = TextField(label="Reference of the vetting", required=False, max_length=40, help_text="Needed for intelligence and above")
    until = DayField(label="Last day of the vetting", required=False)
    because = TextAreaField(label="Why?", max_length=500, rows=2)


class ChangeLineForm(Form):
    """Who manages a post and who stands in for it, and why."""

    submit = "Propose it to a second person"
    manager = forms.ChoiceField(
        label="Line manager", choices=[], required=False, help_text="Sees the post's children, and answers for its work."
    )
    deputy = forms.ChoiceField(label="Deputy", choices=[], required=False, help_text="Is asked in its place while it is away.")
    because = TextAreaField(label="Why?", max_length=500, rows=2)

    def __init__(self, *args: Any, posts: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posts = {str(post.pk): post for post in posts}
        for name in ("manager", "deputy"):
            self.let_choose(
                name,
                [
                    ("", "Nobody"),
                    *((key, f"{post.user.name}, {post.title}, {post.team.name}") for key, post in self.posts.items()),
                ],
            )


class SetCouncilSubjectForm(Form):
    """Who this person is at the council's sign-on."""

    council_subject = TextField(
        label="Identifier at the council's sign-on", required=False, max_length=255,
        help_text="The unchanging identifier (sub), never a name or an e-mail address. Leave empty to end signing in that way.",
    )  # fmt: skip


class EnrolForm(Form):
    """The password of one's own account, chosen once."""

    submit = "Continue"
    password = forms.CharField(
        label="Choose a password", max_length=200, strip=False,
        help_text="At least 12 characters. Three words that do not belong together are strong and easy to keep.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean_password(self) -> str:
        """Refuse one that is short or known to be common."""
        validate_password(self.cleaned_data["password"], User())
        return str(self.cleaned_data["password"])


class _FewWrongCodes:
    """Looks at no code where too many wrong ones were given lately; and takes one of an authenticator once, in whichever process."""

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        """The code, if it is right, and was not used before."""
        from atlas.accounts.adapters import QUIET  # the adapter stands above its forms

        at = context.request.at
        if has_too_many_wrong_codes(self.user, at):
            raise ValidationError(QUIET)
        code = str(super().clean_code())  # type: ignore[misc]
        if not use_code(self.authenticator, at):
            raise ValidationError(QUIET)
        return code


class CodeForm(_FewWrongCodes, AuthenticateForm):  # type: ignore[misc]
    """The one-time code at sign-in."""


class ConfirmCodeForm(_FewWrongCodes, ReauthenticateForm):  # type: ignore[misc]
    """The one-time code before something that asks again."""


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey is always one that knows its holder: by PIN, finger or face. One that does not is no sign-in by itself."""

    passwordless = forms.BooleanField(required=False)

    def clean_passwordless(self) -> bool:
        """Whatever was sent, ask for it."""
        return True
