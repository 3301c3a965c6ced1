"""What every request of somebody signed in must pass: a session that holds, a second factor proved in it, and a post."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from atlas.accounts.models import Came, Way
from atlas.accounts.record import note
from atlas.accounts.sessions import ENROLLING, LAST_SEEN, ODD_TOLD, is_over, proved_at
from atlas.agencies.queries import posts_held
from atlas.design.typed import sent, way_back
from atlas.gate.days import day_of

GetResponse = Callable[[HttpRequest], HttpResponse]
NOBODY_S = ("/static/", "/health", "/ready", "/metrics", "/offline", "/browser_reports")  # answered alike to everybody
# All that a session without a second factor opens, and only while its enrolment is under way.
ENROLMENT = ("/accounts/choose_factor/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/reauthenticate/")
LEAVING = "/accounts/logout/"


def leave_newer_cookie(get_response: GetResponse) -> GetResponse:
    """Take no cookie back because the session that it names is over.

    Django does, and so signs out whoever signed in, in another tab, while that answer was on its way.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.session.keys():
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME)
        return get_response(request)

    return answer


def guard_session(get_response: GetResponse) -> GetResponse:
    """End a session that is over, and let nobody past without a second factor proved in it. There is no exemption."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.proved_at = None  # type: ignore[attr-defined]
        if not request.user.is_authenticated or request.path_info.startswith(NOBODY_S):
            return get_response(request)
        now = timezone.now()
        came = is_over(request, request.user, now.timestamp())
        if came is not None:
            return _end(request, came, now)
        if not _is_polling(request) and now.timestamp() - request.session[LAST_SEEN] > 60:
            request.session[LAST_SEEN] = now.timestamp()
        proved = proved_at(request)
        if proved is None and request.path_info != LEAVING:
            if not request.session.get(ENROLLING):
                return _end(request, Came.NO_PROOF, now)
            if not request.path_info.startswith(ENROLMENT):
                return redirect("accounts:choose_factor")
        request.proved_at = datetime.fromtimestamp(proved, UTC) if proved else None  # type: ignore[attr-defined]
        _tell_odd(request)
        return get_response(request)

    return answer


def require_post(get_response: GetResponse) -> GetResponse:
    """End the session of a person who holds no post any more. One whose active post ended, and who holds another, chooses."""

    def answer(request: HttpRequest) -> HttpResponse:
        is_without = request.user.is_authenticated and request.proved_at and request.post is None  # type: ignore[attr-defined]
        if is_without and not request.path_info.startswith((*NOBODY_S, LEAVING)):
            at = request.at  # type: ignore[attr-defined]
            if not posts_held(user_id=request.user.pk, on=day_of(at)).exists():  # type: ignore[arg-type]
                return _end(request, Came.NO_POST, at)
        return get_response(request)

    return answer


def _is_polling(request: HttpRequest) -> bool:
    """A page that refreshes itself, or asks how long its session lasts, is nobody at work."""
    asks = request.headers.get("HX-Request") == "true" or request.headers.get("X-Requested-With") == "stay"
    return request.method == "GET" and asks


def _end(request: HttpRequest, came: Came, at: datetime) -> HttpResponse:
    """End this session, and go to the sign-in page, which says why. What the person had typed waits for the same person."""
    note(came, Way.SESSION, at, request, request.user)  # type: ignore[arg-type]
    of, typed = request.user.pk, sent(request) if _is_our_form(request) else ""
    logout(request)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    back = way_back(request, typed, of) if came in {Came.IDLE, Came.OLD} else "/"
    return redirect(f"{reverse('account_login')}?{urlencode({'ended': came.value, 'next': back})}")


def _is_our_form(request: HttpRequest) -> bool:
    """Whether a page of ours sent this: nobody else's form is ever put before the person as their own. No password is kept."""
    is_page = request.method == "POST" and not request.path_info.startswith("/accounts/")
    return is_page and CsrfViewMiddleware(lambda _: HttpResponse()).process_view(request, None, (), {}) is None  # type: ignore[arg-type]


def _tell_odd(request: HttpRequest) -> None:
    """Tell a session, once, of a sign-in from a device or network that was new for this person."""
    odd = request.user.odd_sign_in_at  # type: ignore[union-attr]
    if odd is None or request.session.get(ODD_TOLD) == odd.isoformat() or request.method != "GET" or _is_polling(request):
        return
    request.session[ODD_TOLD] = odd.isoformat()
    when = timezone.localtime(odd)
    messages.warning(
        request,
        f"Somebody signed in to your account from a new device or network on {when:%d %B %Y at %H:%M}. If it was not you, ring your "
        "administrator now, and sign out everywhere else.",
    )
