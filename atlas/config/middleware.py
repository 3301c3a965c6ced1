"""What every request must pass before anything else, and what every answer carries. Sessions and second factors: accounts/middleware.py."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

GetResponse = Callable[[HttpRequest], HttpResponse]


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
