"""What was typed into a form, kept across a sign-in or a proof of who it is, and put back into the form once.

It stays on the server, in the session of the same browser, for the same person and the same page alone. Files are not kept, and
nothing of what is typed into the pages of intelligence and of sealed sets: a session is no place for either.
"""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode

TYPED, KEPT = "typed", "kept"
MOST_BYTES, MOST_FORMS = 100_000, 3
NEVER_KEPT = ("/intelligence/", "/sealed/")


def sent(request: HttpRequest) -> str:
    """What a form sent, as text; empty where nothing was, where it may not be kept, or far too much."""
    text = request.POST.urlencode() if request.method == "POST" and not request.path_info.startswith(NEVER_KEPT) else ""
    return text if len(text) <= MOST_BYTES else ""


def way_back(request: HttpRequest, typed: str, of: Any) -> str:
    """The address to come back to: the same page, with the key under which what `of` (a person's key) has typed there is kept."""
    if not typed:
        return request.get_full_path() if request.method == "GET" else request.path
    key = secrets.token_urlsafe(16)
    held = dict(list(request.session.get(TYPED, {}).items())[1 - MOST_FORMS :])
    request.session[TYPED] = {**held, key: {"of": str(of), "path": request.path, "typed": typed}}
    return f"{request.get_full_path()}{'&' if request.GET else '?'}{urlencode({KEPT: key})}"


def put_back(request: HttpRequest) -> QueryDict | None:
    """What this person had typed on this page before they were asked who they are; given once."""
    key = request.GET.get(KEPT, "")
    held = request.session.get(TYPED, {}) if key else {}
    if key not in held:
        return None
    one = held.pop(key)
    request.session[TYPED] = held
    if one["of"] != str(request.user.pk) or one["path"] != request.path:
        return None
    messages.info(request, "What you typed is back in the form. If you had chosen a file, choose it again. Nothing has been sent yet.")
    return QueryDict(one["typed"])
