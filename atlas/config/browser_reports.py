"""Where a browser tells that a page tried what its Content Security Policy forbids (protection.md table E4; OWASP ASVS 5.0.0, 3.4.7).

Anybody can send such a report, and an address in one may hold anything: of each, only the rule and the kind of source reach the log, in words of our own,
and no more than sixty in a minute of each process.
"""

import json
import logging
import time
from collections import deque
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

logger = logging.getLogger("atlas.browser_reports")
MOST_BYTES = 16 * 1024
MOST_A_MINUTE = 60
RULES = (
    "default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem", "style-src-attr", "img-src", "font-src",
    "connect-src", "worker-src", "manifest-src", "form-action", "frame-ancestors", "frame-src", "base-uri", "object-src", "media-src",
)  # fmt: skip
SOURCES = ("inline", "eval", "data", "blob", "https", "http")
_told: deque[float] = deque(maxlen=MOST_A_MINUTE)


@csrf_exempt
@require_POST
def browser_reports(request: HttpRequest) -> HttpResponse:
    """Take a browser's report. Nothing is said back, whatever it held."""
    told = int(request.META.get("CONTENT_LENGTH") or 0)
    if 0 < told <= MOST_BYTES:
        for rule, source in _said(request.body)[:10]:
            if _has_room(time.monotonic()):
                logger.warning("A page tried what the Content Security Policy forbids: %s, from %s", rule, source)
    return HttpResponse(status=204)


def _said(body: bytes) -> list[tuple[str, str]]:
    """Rule and kind of source of each violation in a report of either form (CSP 2 `csp-report`; the Reporting API's list)."""
    try:
        given: Any = json.loads(body)
    except (ValueError, RecursionError):
        return []
    parts = given if isinstance(given, list) else [given]
    found = [part.get("csp-report") or part.get("body") for part in parts if isinstance(part, dict)]
    return [(_rule(one), _source(one)) for one in found if isinstance(one, dict)]


def _rule(report: dict[str, Any]) -> str:
    said = report.get("effectiveDirective") or report.get("effective-directive") or report.get("violated-directive")
    return next((rule for rule in RULES if rule == said), "another rule")


def _source(report: dict[str, Any]) -> str:
    said = str(report.get("blockedURL") or report.get("blocked-uri") or "")
    return next((source for source in SOURCES if said.startswith(source)), "elsewhere")


def _has_room(now: float) -> bool:
    if len(_told) == MOST_A_MINUTE and now - _told[0] < 60:
        return False
    _told.append(now)
    return True
