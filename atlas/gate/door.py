"""Through which door an act or a look came: the session and the device, as far as the audit may know them and no further; or a job."""

import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from hashlib import sha256
from hmac import new as keyed
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from atlas.gate.behalf import job_now

_request: ContextVar[HttpRequest | None] = ContextVar("atlas_door", default=None)


@dataclass(frozen=True)
class Door:
    """What every act and look carries of its request; all empty outside one (a delivery, tick)."""

    session: str = ""  # hashed: the audit's readers could otherwise take the session over
    request: str = ""
    device: str = ""  # phone, tablet, computer or other
    network: str = ""  # coarse: the first 24 bits (IPv6: 48), never the address
    on_behalf: str | None = None  # the job by which the service acts on the post's behalf


def note_door(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, below sessions: while a request is answered, what is written says through which door it came."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.audited_as = uuid.uuid4().hex  # type: ignore[attr-defined]
        reset = _request.set(request)
        try:
            return get_response(request)
        finally:
            _request.reset(reset)

    return answer


def door() -> Door:
    """The door of the request that is answered now. Asked afresh each time: signing in changes the session."""
    request = _request.get()
    if request is None:
        return Door(on_behalf=job_now())
    agent = request.META.get("HTTP_USER_AGENT", "")
    return Door(session_of(request), request.audited_as, device_of(agent), network_of(address_of(request)), job_now())  # type: ignore[attr-defined]


def at_the_door() -> dict[str, str | None]:
    """The same as columns of an act or a look."""
    return asdict(door())


def session_of(request: HttpRequest) -> str:
    """The session as the audit names it: 32 hex digits of its keyed hash; a person's grant stands for one where a system calls. Empty without."""
    through: str = getattr(request, "came_through", "")
    if through:
        return hashed(through)
    key = getattr(request, "session", None) and request.session.session_key
    return hashed(f"session:{key}") if key else ""


def hashed(text: str) -> str:
    """32 hex digits by which the same text is known again, and from which nobody without the key comes back to it."""
    return keyed(settings.SECRET_KEY.encode(), text.encode(), sha256).hexdigest()[:32]


def device_of(agent: str) -> str:
    """The class of device that a browser names; no more, since a full name singles a person out."""
    words = agent.lower()
    if not words:
        return ""
    if "ipad" in words or "tablet" in words or ("android" in words and "mobile" not in words):
        return "tablet"
    if "mobile" in words or "iphone" in words:
        return "phone"
    return "computer" if any(system in words for system in ("windows", "macintosh", "linux", "cros")) else "other"


def address_of(request: HttpRequest) -> str:
    """The address of the other side. Behind the council's own proxies (ATLAS_PROXIES, how many), the one that the last of them saw."""
    passed = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    given = passed[-settings.ATLAS_PROXIES] if 0 < settings.ATLAS_PROXIES <= len(passed) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(given))
    except ValueError:
        return "0.0.0.0"  # noqa: S104  (no address is known)


def network_of(address: str) -> str:
    """The network of an address: 24 bits of IPv4, 48 of IPv6; empty for what is no address."""
    try:
        version = ip_address(address).version
    except ValueError:
        return ""
    return str(ip_network(f"{address}/{24 if version == 4 else 48}", strict=False))
