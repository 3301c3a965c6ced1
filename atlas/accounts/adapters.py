"""What Atlas asks of the sign-in package: nobody signs up, no answer says who exists, nobody enters without a second factor."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from axes.handlers.proxy import AxesProxyHandler
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from atlas.accounts.models import Came, Way
from atlas.accounts.queries import has_second_factor
from atlas.accounts.record import end_sessions, name_device, note, note_signed_in, suspend_if_dormant
from atlas.accounts.rules import SUSPENDED_AFTER
from atlas.accounts.secrets import decrypted, encrypted
from atlas.accounts.sessions import ENROLLING, ODD_TOLD, begin
from atlas.agencies.models import User
from atlas.gate.door import address_of
from atlas.gate.page import STEP_UP, PageRequest

# The one answer to everything that does not let somebody in.
QUIET = (
    "You cannot sign in with that. Check it and try again. After several wrong tries, wait 15 minutes. If it still does not work, ring your "
    "agency's Atlas administrator."
)


def quiet(request: HttpRequest) -> HttpResponse:
    """The constant answer to somebody who is not let in: back to the sign-in page, with the one sentence."""
    clear_login(request)
    messages.error(request, QUIET)
    return redirect("account_login")


def refusal(request: PageRequest, user: User) -> Came | None:
    """Why a person who has proved a first factor is not let in; None where they are."""
    if not user.is_active:
        return Came.NOT_OPEN
    if suspend_if_dormant(user, request.at):
        return Came.NOT_USED
    is_opening = request.session.get(ENROLLING) or getattr(request, "council_proved", False)
    return None if is_opening or has_second_factor(user) else Came.NO_FACTOR


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator, with a post."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        **dict.fromkeys(("username_password_mismatch", "too_many_login_attempts", "account_inactive"), QUIET),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def authenticate(self, request: PageRequest, **credentials: Any) -> User | None:
        """The person with this name and password, if they may go on. Whoever they are not, one password is hashed, and one answer given."""
        is_locked = AxesProxyHandler.is_locked(request, credentials)
        AuthenticationBackend.unstash_authenticated_user()
        found = authenticate(request, **credentials)
        stopped = AuthenticationBackend.unstash_authenticated_user()  # the right password of an account that is not open
        came: Came | None = Came.LOCKED
        if is_locked:
            User().set_password(credentials.get("password", ""))  # no quicker than a wrong password
        else:
            came = refusal(request, found) if found else Came.NOT_OPEN if stopped else Came.WRONG
        if came is None:
            return found
        named = User.objects.filter(username=credentials.get("username", "")).first()
        note(came, Way.PASSWORD, request.at, request, named)
        return None

    def pre_login(self, request: PageRequest, user: User, **_: Any) -> HttpResponse | None:
        """Whatever way somebody comes, password, passkey or council, the same is asked."""
        came = refusal(request, user)
        if came is None:
            return None
        note(came, _way(request, user), request.at, request, user)
        return quiet(request)

    def logout(self, request: PageRequest) -> None:
        """End the session at the person's own wish, and write it down."""
        if isinstance(request.user, User):
            note(Came.SIGNED_OUT, Way.SESSION, request.at, request, request.user)
        super().logout(request)

    def login(self, request: PageRequest, user: User) -> None:
        """Begin the session, under a new key."""
        before = user.last_login
        super().login(request, user)
        begin(request, user, request.at.timestamp())
        odd = user.odd_sign_in_at
        is_told = odd is None or request.at - odd > SUSPENDED_AFTER or (before is not None and (before - odd).total_seconds() > 60)
        if odd is not None and is_told:
            request.session[ODD_TOLD] = odd.isoformat()
        if request.session.get(ENROLLING):
            note(Came.ENROLLED, Way.ENROLMENT, request.at, request, user)
        else:
            note_signed_in(request, user, _way(request, user), request.at)

    def post_login(self, request: HttpRequest, user: User, **given: Any) -> HttpResponse:
        """The package has listed the session by now: let its list say what kind of device it is on."""
        answered: HttpResponse = super().post_login(request, user, **given)
        name_device(request)
        return answered

    def get_login_stages(self) -> list[str]:
        """The stages of signing in, with our own second factor."""
        ours = f"{SecondFactor.__module__}.{SecondFactor.__name__}"
        return [ours if stage.endswith("mfa.stages.AuthenticateStage") else stage for stage in super().get_login_stages()]

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """How a person proves again who they are: by a second factor or passkey. A password alone only during the enrolment."""
        methods = super().get_reauthentication_methods(user)
        return [method for method in methods if method["id"] != "reauthenticate"] or methods

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whether the person must prove again who they are before changing how they sign in."""
        proved = getattr(self.request, "proved_at", None)
        return proved is None or self.request.at - proved > STEP_UP

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address of the other side."""
        return address_of(request)


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors, in the words of Atlas."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": QUIET}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The service, as the person's device names it."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Atlas"}

    def encrypt(self, text: str) -> str:
        """A secret as it rests in the database: never in clear."""
        return encrypted(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret itself."""
        return decrypted(encrypted_text)

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002  (the package's own word)
        """A first name for a passkey, which the person may change."""
        return "My passkey"


class SecondFactor(AuthenticateStage):  # type: ignore[misc]
    """The second factor at sign-in. Only the council's sign-on, where its token states that it has asked for one, takes its place."""

    login: Login

    def _should_handle(self, request: HttpRequest) -> bool:
        return not getattr(request, "council_proved", False) and super()._should_handle(request)


def _way(request: HttpRequest, user: User) -> Way:
    records = get_authentication_records(request, user)
    if any(record.get("passwordless") for record in records):
        return Way.PASSKEY
    return Way.COUNCIL if any(record["method"] == "socialaccount" for record in records) else Way.PASSWORD


class Sessions(DefaultUserSessionsAdapter):  # type: ignore[misc]
    """Ending the other sessions ends them whatever the list holds."""

    def end_sessions(self, sessions: list[UserSession]) -> None:
        """End every session of the person but this one."""
        if sessions:
            end_sessions(sessions[0].user, keeping=context.request)
