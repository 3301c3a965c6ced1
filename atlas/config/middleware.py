"""What every request must pass: no NUL bytes, a live session, and a second factor."""

from collections.abc import Callable
from time import time

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect

from atlas.gate.drafts import keep_typed

GetResponse = Callable[[HttpRequest], HttpResponse]
OPEN_PATHS = ("/accounts/", "/static/", "/health")
LAST_SEEN, SECOND_FACTOR = "last_seen", "second_factor"


def refuse_nul(get_response: GetResponse) -> GetResponse:
    """Refuse a request whose path or query holds a NUL byte, which PostgreSQL cannot keep."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("The address holds a character that cannot be used.")
        return get_response(request)

    return answer


def require_second_factor(get_response: GetResponse) -> GetResponse:
    """Let nobody past without a second factor, and end a session that was left alone. There is no exemption."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated or request.path_info.startswith(OPEN_PATHS):
            return get_response(request)
        now = time()
        if now - request.session.get(LAST_SEEN, now) > settings.SESSION_IDLE_SECONDS:
            back = keep_typed(request, get_response)
            logout(request)
            return redirect_to_login(back) if back else redirect(settings.LOGIN_URL)
        if now - request.session.get(LAST_SEEN, 0) > 60:
            request.session[LAST_SEEN] = now
        if not request.session.get(SECOND_FACTOR):
            if not is_mfa_enabled(request.user):
                return redirect("mfa_activate_totp")
            request.session[SECOND_FACTOR] = True  # signing in has asked for it
        return get_response(request)

    return answer
