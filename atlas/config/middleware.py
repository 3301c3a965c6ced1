"""What every request must pass before anything else, and what every answer carries. Sessions and second factors: accounts/middleware.py."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseForbidden, HttpResponseNotAllowed
from django.shortcuts import redirect, render

from atlas.gate.act import OnlyShows
from atlas.gate.aside import NotKept
from atlas.gate.readonly import WHAT_TO_DO, forget, is_standby, read_only

GetResponse = Callable[[HttpRequest], HttpResponse]

METHODS = ("GET", "HEAD", "POST")  # all that a page or an operation of the API is asked with
WITHIN = {"iframe", "frame", "embed", "object", "fencedframe"}  # where a page of ours is part of another
MOST_SENT, MOST_FILES = 12 * 1024 * 1024, 210 * 1024 * 1024  # bytes of one request; and where partners' files are taken, four at once
TAKE_FILES = ("/deliveries/", "/returns/")


def refuse_method(get_response: GetResponse) -> GetResponse:
    """Answer no method that nothing here is asked with, TRACE among them (OWASP ASVS 5.0.0, 4.1.4 and 13.4.4)."""

    def answer(request: HttpRequest) -> HttpResponse:
        return get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)

    return answer


def stay_apart(get_response: GetResponse) -> GetResponse:
    """Let no other site load, show or send anything in the name of whoever is signed in here; a link from elsewhere may open a page
    (OWASP ASVS 5.0.0, 3.2.1, 3.5.1 and 3.5.8). A browser that does not say where a request comes from is held by the other means.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        is_foreign = request.headers.get("Sec-Fetch-Site", "none") in {"cross-site", "same-site"}
        if is_foreign and not _is_link(request):
            return HttpResponseForbidden("Another website asked for this. Open Atlas itself.", content_type="text/plain; charset=utf-8")
        answered = get_response(request)
        answered["Cross-Origin-Resource-Policy"] = "same-origin"
        return answered

    return answer


def _is_link(request: HttpRequest) -> bool:
    """Whether a person follows a link, or comes back from the council's sign-on: the whole window opens the page."""
    is_opened = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.headers.get("Sec-Fetch-Dest") not in WITHIN
    return is_opened and request.method in {"GET", "HEAD"}


def refuse_plain_api(get_response: GetResponse) -> GetResponse:
    """Refuse a call of the API that comes without TLS, where there is TLS: led on to it, nobody would notice what was sent in clear
    (OWASP ASVS 5.0.0, 4.1.2).
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if settings.SECURE_SSL_REDIRECT and request.path_info.startswith("/api/") and not request.is_secure():
            return HttpResponseForbidden('{"detail": "Call this over HTTPS."}', content_type="application/json")
        return get_response(request)

    return answer


def refuse_too_long(get_response: GetResponse) -> GetResponse:
    """Refuse what is longer than anything here may be, before a byte of it is read (OWASP ASVS 5.0.0, 5.2.1)."""

    def answer(request: HttpRequest) -> HttpResponse:
        most = MOST_FILES if request.path_info.startswith(TAKE_FILES) else MOST_SENT
        told = request.META.get("CONTENT_LENGTH") or "0"
        if not told.isdecimal() or int(told) > most:
            words = "What was sent is too long, so none of it was kept. Send a smaller file."
            return HttpResponse(words, status=413, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return answer


def refuse_nul(get_response: GetResponse) -> GetResponse:
    """Refuse a request whose path or query holds a NUL byte, which PostgreSQL cannot keep."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("The address holds a character that cannot be used.")
        return get_response(request)

    return answer


def keep_nowhere(get_response: GetResponse) -> GetResponse:
    """Let no browser, and nothing between, keep an answer: on a shared computer *Back* would show it after its reader has signed out
    (OWASP ASVS 5.0.0, 14.3.2). What is the same for everybody (`/static/`) is answered before, and may be kept.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        answered = get_response(request)
        answered["Cache-Control"] = "no-store"
        return answered

    return answer


NOT_TYPED = {"csrfmiddlewaretoken", "key", "base", "draft", "password", "code"}
LEAVING = "/accounts/logout/"
TAKES_NO_WRITES = "25006"  # PostgreSQL's word for it


class ReadOnlyAnswers:
    """What is answered where something was to be changed and Atlas only shows, or a look could not be written: what to do, with what was typed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """The page that says so; None where something else is wrong."""
        if isinstance(problem, NotKept):
            return self._said(
                request,
                "This cannot be shown now",
                "It cannot be written down that you looked, so nothing is shown. Use the emergency pack, and ring.",
            )
        refuses = isinstance(problem, DatabaseError) and getattr(problem.__cause__, "sqlstate", "") == TAKES_NO_WRITES
        if refuses:
            if not is_standby():
                forget()
            if request.path_info == LEAVING:  # whoever leaves has left: the session is marked as ended beside the looks
                request.session.flush()
                return redirect("account_login")
        if not (refuses or isinstance(problem, OnlyShows)):
            return None
        stands = read_only()
        return self._said(request, "Nothing was saved", f"{stands.words() if stands else 'Atlas only shows now.'} {WHAT_TO_DO}")

    def _said(self, request: HttpRequest, heading: str, words: str) -> HttpResponse:
        typed = [(name, "; ".join(values)) for name, values in request.POST.lists() if name not in NOT_TYPED and any(values)]
        return render(request, "design/read_only.html", {"heading": heading, "words": words, "typed": typed}, status=503)
