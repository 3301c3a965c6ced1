"""What follows when a second factor is proved, added, removed, or given wrongly: told by the sign-in package, each for one request."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from atlas.accounts.models import Came, Way
from atlas.accounts.record import end_sessions, note, rotate, tell_factors_changed, tell_password_changed
from atlas.accounts.sessions import ENROLLING, prove
from atlas.agencies.models import User


def proved(*, request: HttpRequest, user: User, authenticator: Authenticator, reauthenticated: bool, **_: Any) -> None:
    """A second factor or passkey was proved: the session notes when. Proved again in a session, its key changes."""
    at = request.at  # type: ignore[attr-defined]
    prove(request, user, at.timestamp())
    if reauthenticated:
        rotate(request)
        note(Came.CONFIRMED, _way(authenticator), at, request, user)


def added(*, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """A factor was added: the other sessions end, the person is told. The first one ends the enrolment and is its own proof."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    at = request.at  # type: ignore[attr-defined]
    if request.session.pop(ENROLLING, None):
        prove(request, user, at.timestamp())
        rotate(request)
    _changed(Came.FACTOR_ADDED, request, user, authenticator)


def removed(*, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """A factor was removed: the other sessions end, the person is told."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        _changed(Came.FACTOR_REMOVED, request, user, authenticator)


def password_changed(*, request: HttpRequest, user: User, **_: Any) -> None:
    """The person changed their password: they are told, in case it was somebody else."""
    tell_password_changed(user, request.at)  # type: ignore[attr-defined]


def failed(*, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """A wrong code was given."""
    note(Came.WRONG_CODE, _way(authenticator), request.at, request, user)  # type: ignore[attr-defined]


def _changed(came: Came, request: HttpRequest, user: User, authenticator: Authenticator) -> None:
    at = request.at  # type: ignore[attr-defined]
    end_sessions(user, keeping=request)
    note(came, _way(authenticator), at, request, user)
    tell_factors_changed(user, at)


def _way(authenticator: Authenticator) -> Way:
    return Way.PASSKEY if authenticator.type == Authenticator.Type.WEBAUTHN else Way.CODE
