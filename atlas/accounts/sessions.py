"""What a session carries from sign-in to its end, and why it is over. Times are seconds since 1970, given by the door.

Everything is judged here, on the server, whatever the cookie says.
"""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from atlas.accounts.device import device
from atlas.accounts.models import Came
from atlas.accounts.rules import ABSOLUTE, IDLE

if TYPE_CHECKING:
    from atlas.agencies.models import User

BEGUN, LAST_SEEN, PROVED, ENROLLING, ODD_TOLD = "begun", "last_seen", "proved", "enrolling", "odd_told"


def begun(user: "User", at: float, on: str = "Another browser on another system") -> dict[str, Any]:
    """What a session carries from its beginning: when, on what kind of device, under which number of the account."""
    return {BEGUN: {"at": at, "epoch": user.session_epoch, "device": on}, LAST_SEEN: at}


def begin(request: HttpRequest, user: "User", at: float) -> None:
    """Begin the session of somebody who has just signed in."""
    request.session.update(begun(user, at, device(request)))


def prove(request: HttpRequest, user: "User", at: float) -> None:
    """Note that this session has just proved a second factor or a passkey. Before sign-in it is noted for whoever signs in next."""
    request.session[PROVED] = [str(user.pk), at]


def proved_at(request: HttpRequest) -> float | None:
    """When this session last proved a second factor or a passkey of the person signed in; None if it never did."""
    held = request.session.get(PROVED)
    return float(held[1]) if held and held[0] == str(request.user.pk) else None


def is_over(request: HttpRequest, user: "User", now: float) -> Came | None:
    """Why this session is over; None while it holds."""
    held = request.session.get(BEGUN)
    if held is None or held["epoch"] != user.session_epoch:
        return Came.ENDED
    if now - held["at"] >= ABSOLUTE.total_seconds():
        return Came.OLD
    if now - request.session.get(LAST_SEEN, held["at"]) >= IDLE.total_seconds():
        return Came.IDLE
    return Came.DEVICE if held["device"] != device(request) else None


def left(request: HttpRequest, now: float) -> float:
    """The seconds until this session ends, if nothing more is done."""
    held = request.session[BEGUN]
    return max(0.0, min(request.session[LAST_SEEN] + IDLE.total_seconds(), held["at"] + ABSOLUTE.total_seconds()) - now)
